import CatalogStore
public import Lifecycle

extension Governance {
    /// Takes a version out of service for the moment, in every environment; everything else about it stays.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `reason-required`.
    public func suspendVersion(
        _ actor: Actor,
        api: String,
        version: String,
        reason: String
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try work.requireReason(reason, for: "a suspension")
            return try await work.setSuspension(of: api, version, reason: reason, isSuspended: true)
        }
    }

    /// Puts a suspended version back into service.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `reason-required`.
    public func resumeVersion(
        _ actor: Actor,
        api: String,
        version: String,
        reason: String
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try work.requireReason(reason, for: "resuming a version")
            return try await work.setSuspension(of: api, version, reason: reason, isSuspended: false)
        }
    }
}

extension UnitOfWork {
    func setSuspension(
        of apiName: String,
        _ versionName: String,
        reason: String,
        isSuspended: Bool
    ) async throws -> VersionDetail {
        let api = try await fullAPI(apiName)
        try actor.require(.suspendVersion, team: api.team)
        for name in try await transaction.apis.environments(of: api.id).sorted() {
            _ = try await lockedEnvironment(name)
        }
        let version = try await version(versionName, of: api, isLocking: true)
        let before = try await detail(of: version)
        let releases = before.releases.filter { $0.state == .published && $0.isSuspended != isSuspended }
        guard !releases.isEmpty else {
            let isPublished = before.releases.contains { $0.state == .published }
            throw Governance.illegal(
                "`\(api.name) \(version.version)` is "
                    + (!isPublished ? "not published" : isSuspended ? "suspended already" : "not suspended"),
                "nothing is left to do"
            )
        }
        for release in releases {
            try await transaction.releases.setSuspension(of: release.id, reason: isSuspended ? reason : nil)
        }
        let event = isSuspended ? "suspended" : "resumed"
        try await routeAgain(version, cause: "version.\(event)")
        let detail: AuditDetail = [
            "reason": .text(reason), "environments": .list(releases.map(\.environmentName).sorted()),
        ]
        let after = try await record(event, of: version, in: nil, from: before.state, reason: reason, evidence: detail)
        audit("version.\(event)", subject(of: version), detail)
        try await announce("version.\(event)", "\(api.name) \(version.version)", detail)
        return after
    }
}
