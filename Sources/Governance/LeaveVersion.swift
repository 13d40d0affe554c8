import CatalogStore
public import Lifecycle

/// When and how a version leaves.
public struct DeprecationDraft: Sendable, Hashable {
    /// When the deprecation takes effect; nil: now, or when it took effect already.
    public var effectiveAt: Moment?
    /// From here on the gate answers 410; nil: not yet known.
    public var sunsetAt: Moment?
    /// The version to move to.
    public var successor: String?
    /// A page for people.
    public var link: String?
    /// Why, in a person's words.
    public var reason: String

    /// Every field as it stands.
    public init(
        effectiveAt: Moment? = nil,
        sunsetAt: Moment? = nil,
        successor: String? = nil,
        link: String? = nil,
        reason: String
    ) {
        self.effectiveAt = effectiveAt
        self.sunsetAt = sunsetAt
        self.successor = successor
        self.link = link
        self.reason = reason
    }
}

extension Governance {
    /// Deprecates a published version, or changes the dates of one that is deprecated (RFC 9745, RFC 8594).
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (also the successor), `illegal-transition`,
    ///   `dates-out-of-order`, `reason-required`.
    public func deprecateVersion(
        _ actor: Actor,
        api: String,
        version: String,
        _ draft: DeprecationDraft
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try await work.leave(api, version, "deprecated") { work, version in
                try await work.deprecate(&version, draft)
            }
        }
    }

    /// Takes a deprecation back, its sunset included: the way out of an accident, so it needs a reason.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `reason-required`.
    public func undeprecateVersion(
        _ actor: Actor,
        api: String,
        version: String,
        reason: String
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try work.requireReason(reason, for: "taking a deprecation back")
            return try await work.leave(api, version, "undeprecated") { work, version in
                guard version.dates.deprecatedAt != nil else {
                    throw Self.illegal(
                        "`\(version.apiName) \(version.version)` is not deprecated",
                        "nothing is left to do"
                    )
                }
                version.dates = LeavingDates()
                version.successor = nil
                version.deprecationLink = nil
                version.deprecationReason = nil
                return reason
            }
        }
    }

    /// Sets when the gate starts to answer 410; a version that is not yet deprecated is deprecated by it.
    ///
    /// `at`: nil: now.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `dates-out-of-order`, `reason-required`.
    public func sunsetVersion(
        _ actor: Actor,
        api: String,
        version: String,
        at moment: Moment? = nil,
        reason: String
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try work.requireReason(reason, for: "a sunset")
            return try await work.leave(api, version, "sunset") { work, version in
                try await work.requirePublished(version)
                version.dates.announcedAt = version.dates.announcedAt ?? work.now
                let sunset = moment ?? work.now
                // A sunset ends a deprecation that had not begun: the earlier of the two dates is when it took effect.
                version.dates.deprecatedAt = min(version.dates.deprecatedAt ?? work.now, max(sunset, work.now))
                version.dates.sunsetAt = sunset
                version.deprecationReason = version.deprecationReason ?? reason
                return reason
            }
        }
    }

    static func illegal(_ what: String, _ mend: String) -> GovernanceError {
        GovernanceError(.illegalTransition, what, mend: mend)
    }
}

extension UnitOfWork {
    /// One step of leaving: finds and locks the version, changes its dates, tells gates, history and audit.
    ///
    /// `change`: changes the version's dates and returns the reason.
    func leave(
        _ apiName: String,
        _ versionName: String,
        _ event: String,
        _ change: @Sendable (UnitOfWork, inout APIVersion) async throws -> String
    ) async throws -> VersionDetail {
        let api = try await fullAPI(apiName)
        try actor.require(.leaveVersion, team: api.team)
        // Environments are locked before versions everywhere, so that a publication and this cannot wait for each other.
        for name in try await transaction.apis.environments(of: api.id).sorted() {
            _ = try await lockedEnvironment(name)
        }
        var version = try await version(versionName, of: api, isLocking: true)
        try refuseRetired(version)
        let before = try await detail(of: version)
        let reason = try await change(self, &version)
        try await transaction.versions.setLeaving(version)
        try await routeAgain(version, cause: "version.\(event)")
        let dates = version.dates
        let evidence: AuditDetail = [
            "announcedAt": .init(dates.announcedAt?.rfc3339), "deprecatedAt": .init(dates.deprecatedAt?.rfc3339),
            "sunsetAt": .init(dates.sunsetAt?.rfc3339), "successor": .init(version.successor), "reason": .text(reason),
        ]
        let after = try await record(
            event,
            of: version,
            in: nil,
            from: before.state,
            reason: reason,
            evidence: evidence
        )
        audit("version.\(event)", subject(of: version), evidence)
        try await announce("version.\(event)", "\(api.name) \(version.version)", evidence)
        return after
    }

    func deprecate(_ version: inout APIVersion, _ draft: DeprecationDraft) async throws -> String {
        try requireReason(draft.reason, for: "a deprecation")
        try await requirePublished(version)
        if let successor = draft.successor {
            let known = try await transaction.versions.find(successor, of: version.api, in: actor.organization)
            guard known != nil else { throw GovernanceError.notFound("version", "\(version.apiName) \(successor)") }
        }
        version.dates.announcedAt = version.dates.announcedAt ?? now
        version.dates.deprecatedAt = draft.effectiveAt ?? version.dates.deprecatedAt ?? now
        version.dates.sunsetAt = draft.sunsetAt
        version.successor = draft.successor
        version.deprecationLink = draft.link
        version.deprecationReason = draft.reason
        return draft.reason
    }

    fileprivate func requirePublished(_ version: APIVersion) async throws {
        let releases = try await transaction.releases.list(of: version.id, in: actor.organization)
        guard releases.contains(where: { $0.state == .published }) else {
            throw Governance.illegal(
                "`\(version.apiName) \(version.version)` is not published",
                "only what callers can reach is deprecated; retire it or leave it"
            )
        }
    }
}
