public import CatalogStore
public import Lifecycle

/// A version with what runs of it and the one word for its state.
public struct VersionDetail: Sendable, Hashable, Codable {
    /// The version.
    public var version: APIVersion
    /// Where it stands.
    public var state: VersionState
    /// The newest first; retired ones too.
    public var releases: [Release]
    /// nil where there is none.
    public var newestRevision: Revision?
}

extension Governance {
    /// A version with its releases.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showVersion(_ actor: Actor, api: String, version: String) async throws(GovernanceError) -> VersionDetail
    {
        try await read(actor) { work in
            try await work.detail(of: try await work.version(version, of: try await work.fullAPI(api)))
        }
    }

    /// A page of an API's versions, the greatest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listVersions(
        _ actor: Actor,
        api: String,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<VersionDetail> {
        try await read(actor) { work in
            let api = try await work.fullAPI(api)
            var after: (sortKey: [UInt8], id: APIVersionID)?
            if let cursor = page.cursor {
                guard let last = try await work.transaction.versions.find(cursor, of: api.id, in: actor.organization)
                else {
                    throw GovernanceError(
                        .cursorInvalid,
                        "`\(cursor)` is no cursor of this listing",
                        mend: "start without one"
                    )
                }
                after = (last.sortKey, last.id)
            }
            let rows = try await work.transaction.versions.list(
                of: api.id,
                in: actor.organization,
                after: after,
                limit: page.rowCount
            )
            let versions = Page(surplus: rows, for: page, byText: \.version)
            var details: [VersionDetail] = []
            for version in versions.items { details.append(try await work.detail(of: version)) }
            return Page(items: details, next: versions.next)
        }
    }

    /// A page of what happened to a version, the newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listHistory(
        _ actor: Actor,
        api: String,
        version: String,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<LifecycleHistoryEntry> {
        let before = try page.after(EventID.self)
        return try await read(actor) { work in
            let version = try await work.version(version, of: try await work.fullAPI(api))
            let rows = try await work.transaction.versions.history(
                of: version.id,
                in: actor.organization,
                before: before,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.id)
        }
    }
}

extension UnitOfWork {
    func detail(of version: APIVersion) async throws -> VersionDetail {
        let releases = try await transaction.releases.list(of: version.id, in: actor.organization)
        var newest: Revision?
        if version.lastRevisionNumber > 0 {
            newest = try await transaction.revisions.find(
                version.lastRevisionNumber,
                of: version.id,
                in: actor.organization
            )
        }
        let state = VersionState.derived(
            dates: version.dates,
            retiredAt: version.retiredAt,
            review: newest?.reviewState,
            releasesSuspended: releases.filter { $0.state == .published }.map(\.isSuspended),
            now: now
        )
        return VersionDetail(version: version, state: state, releases: releases, newestRevision: newest)
    }

    /// Writes a step of a version's life.
    func record(
        _ event: String,
        of version: APIVersion,
        in environment: EnvironmentID?,
        from before: VersionState,
        reason: String = "",
        evidence: AuditDetail = [:]
    ) async throws -> VersionDetail {
        let after = try await detail(of: try await self.version(version.version, id: version.api))
        try await transaction.versions.record(
            LifecycleEvent(
                id: .make(at: now),
                version: version.id,
                environment: environment,
                event: event,
                from: before.rawValue,
                to: after.state.rawValue,
                reason: reason,
                evidence: evidence.json,
                member: actor.member,
                occurredAt: now
            ),
            in: actor.organization
        )
        return after
    }

    private func version(_ name: String, id api: APIID) async throws -> APIVersion {
        guard let version = try await transaction.versions.find(name, of: api, in: actor.organization) else {
            throw GovernanceError.notFound("version", name)
        }
        return version
    }
}
