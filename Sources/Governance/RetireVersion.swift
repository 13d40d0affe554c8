import CatalogStore
public import Lifecycle

extension Governance {
    /// Takes a version off for good in an environment: from then on its callers get 410 with the successor, until nobody
    /// remembers it. With its last release the version itself is retired, and nothing brings it back.
    ///
    /// The way there is deprecation and sunset; before the sunset has passed, only an override with a reason by the governance
    /// team gets through.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `version-retired-for-good`,
    ///   `reason-required`.
    public func retireVersion(
        _ actor: Actor,
        api: String,
        version: String,
        environment: String = Environment.standardName,
        reason: String,
        overridesSunset: Bool = false
    ) async throws(GovernanceError) -> VersionDetail {
        try await change(actor) { work in
            try await work.retireVersion(api, version, environment, reason: reason, overridesSunset: overridesSunset)
        }
    }
}

extension UnitOfWork {
    func retireVersion(
        _ apiName: String,
        _ versionName: String,
        _ environmentName: String,
        reason: String,
        overridesSunset: Bool
    ) async throws -> VersionDetail {
        try requireReason(reason, for: "a retirement")
        let environment = try await lockedEnvironment(environmentName)
        let api = try await fullAPI(apiName)
        try actor.require(.leaveVersion, team: api.team)
        let version = try await version(versionName, of: api, isLocking: true)
        try refuseRetired(version)
        let before = try await detail(of: version)
        guard let release = try await transaction.releases.lockPublished(version.id, in: environment.id) else {
            throw Governance.illegal(
                "`\(api.name) \(version.version)` is not published in `\(environment.name)`",
                "nothing is left to retire there"
            )
        }
        let isPastSunset = version.dates.sunsetAt.map { $0 <= now } ?? false
        if !isPastSunset {
            guard overridesSunset else {
                throw Governance.illegal(
                    "`\(api.name) \(version.version)` has not passed its sunset"
                        + (version.dates.sunsetAt.map { " of \($0)" } ?? ": none is set"),
                    "deprecate it with a sunset and wait, or override with a reason"
                )
            }
            try actor.require(.overrideSunset, team: nil)
        }
        try await transaction.releases.retire(release.id, supersededBy: nil, at: now)
        let others = before.releases.filter { $0.state == .published && $0.id != release.id }
        if others.isEmpty { _ = try await transaction.versions.setRetired(version.id, at: now) }
        let subject = "\(api.name) \(version.version)"
        let generation = try await storeRouting(of: environment, cause: "version.retired", reason: subject)
        let detail: AuditDetail = [
            "environment": .text(environment.name), "reason": .text(reason), "generation": .number(generation),
            "beforeSunset": .truth(!isPastSunset),
        ]
        let after = try await record(
            "retired",
            of: version,
            in: environment.id,
            from: before.state,
            reason: reason,
            evidence: detail
        )
        audit("version.retired", self.subject(of: version), detail)
        try await announce("version.retired", subject, detail)
        return after
    }
}
