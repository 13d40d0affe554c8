import CatalogStore
import Lifecycle
import Manifest

/// Versions: submit what is new, publish what is approved, say what waits for people.
extension ManifestRun {
    /// The newest revision of the version that a manifest describes; nil where there is none yet.
    static func newestRevision(_ item: ManifestItem<APIVersionSpec>, _ work: UnitOfWork) async throws -> Revision? {
        let organization = work.actor.organization
        let teams = work.actor.teams(for: .readCatalog)
        guard let api = try await work.transaction.apis.find(item.spec.api.name, in: organization, teams: teams),
            let version = try await work.transaction.versions.find(item.spec.version, of: api.id, in: organization)
        else { return nil }
        return try await work.transaction.revisions.list(of: version.id, in: organization, before: nil, limit: 1).first
    }

    mutating func apply(_ item: ManifestItem<APIVersionSpec>) async throws -> ManifestChange {
        let api = try await work.fullAPI(item.spec.api.name)
        let store = work.transaction.versions
        let known = try await store.find(item.spec.version, of: api.id, in: work.actor.organization)
        if item.spec.state == .retired { return try await retire(item, known) }
        if let known { try work.refuseRetired(known) }

        let upstream = try await upstream(of: item)
        let submitted = try await submit(item, upstream)
        guard let version = try await store.find(item.spec.version, of: api.id, in: work.actor.organization),
            let revision = try await Self.newestRevision(item, work)
        else { throw GovernanceError.notFound("version", "\(api.name) \(item.spec.version)") }
        var fields = submitted ? ["definition"] : []
        var note: String?
        let live = try await liveRelease(of: version)
        let isLive = live.map { $0.revision == revision.id && $0.upstream == upstream?.id ?? $0.upstream } ?? false
        var awaits = false
        switch item.spec.state {
        case .draft, .retired:
            if live != nil { note = "it stays published: `draft` takes nothing back, `retired` does" }
        case .published, .suspended:
            if !isLive {
                note = try await publish(item, revision, upstream)
                awaits = note != nil
                if !awaits { fields.append("release") }
            }
            if try await setSuspension(item, version) { fields.append("state") }
        }
        return ManifestChange(
            .apiVersion,
            item,
            isNew: known == nil,
            fields: fields,
            awaits: awaits,
            note: note
        )
    }

    /// Sets the deprecation that a manifest describes. One that a manifest does not mention stays: it may be people's.
    mutating func deprecate(_ item: ManifestItem<APIVersionSpec>) async throws {
        guard let wanted = item.spec.deprecation, item.spec.state != .retired else { return }
        let api = try await work.fullAPI(item.spec.api.name)
        let version = try await work.version(item.spec.version, of: api)
        guard try await liveRelease(of: version) != nil else {
            amend(item.name, field: nil, note: "it is deprecated once it is published")
            return
        }
        let effectiveAt = wanted.deprecatedAt.map { Moment(unixSeconds: $0) } ?? version.dates.deprecatedAt
        let sunsetAt = wanted.sunsetAt.map { Moment(unixSeconds: $0) }
        let reason = wanted.reason ?? "deprecated by manifest"
        let isSame =
            version.dates.deprecatedAt != nil && version.dates.deprecatedAt == effectiveAt
            && version.dates.sunsetAt == sunsetAt && version.successor == wanted.successor
            && version.deprecationLink == wanted.link && version.deprecationReason == reason
        guard !isSame else { return }
        _ = try await work.leave(api.name, version.version, "deprecated") { work, version in
            try await work.deprecate(
                &version,
                DeprecationDraft(
                    effectiveAt: effectiveAt,
                    sunsetAt: sunsetAt,
                    successor: wanted.successor,
                    link: wanted.link,
                    reason: reason
                )
            )
        }
        amend(item.name, field: "deprecation", note: nil)
    }

    private func upstream(of item: ManifestItem<APIVersionSpec>) async throws -> Upstream? {
        guard let reference = item.spec.upstream else { return nil }
        guard let upstream = try await work.transaction.upstreams.newest(reference.name, in: work.actor.organization)
        else {
            throw GovernanceError(
                .upstreamNotFound,
                "there is no upstream `\(reference.name)`",
                mend: "describe it in a manifest of kind `Upstream`, or correct the name",
                places: [GovernanceError.Place("no such upstream", at: reference.place ?? item.place)]
            )
        }
        return upstream
    }

    /// Submits the definition where it, or the upstream that it is to run against, is not what the newest revision has.
    ///
    /// What was rejected is not handed in again by the same manifest: that would be asking until somebody gives in.
    private func submit(_ item: ManifestItem<APIVersionSpec>, _ upstream: Upstream?) async throws -> Bool {
        guard let definition = try ManifestDefinition(item) else {
            throw GovernanceError(.manifestInvalid, "the version has no definition", mend: "add `definition`")
        }
        let newest = try await Self.newestRevision(item, work)
        let isSameUpstream = upstream == nil || newest?.upstream == nil || newest?.upstream == upstream?.id
        if let newest, newest.specificationSHA256 == definition.sha256, isSameUpstream { return false }
        let reading = try definitions[item.name] ?? definition.reading(SystemClock())
        if let newest, newest.canonicalSHA256 == reading.content.canonicalSHA256, isSameUpstream { return false }
        _ = try await work.submitSpecification(
            SpecificationDraft(
                api: item.spec.api.name,
                version: item.spec.version,
                bytes: definition.bytes,
                fileName: definition.fileName,
                message: item.spec.message ?? "",
                upstream: upstream.map { .named($0.name) }
            ),
            reading
        )
        return true
    }

    /// Publishes the newest revision if people have approved it.
    ///
    /// - Returns: what it waits for; nil where it was published.
    private mutating func publish(
        _ item: ManifestItem<APIVersionSpec>,
        _ revision: Revision,
        _ upstream: Upstream?
    ) async throws -> String? {
        guard revision.reviewState == .approved else {
            switch revision.reviewState {
            case .rejected: return "revision #\(revision.number) was rejected; change the definition"
            case .changesRequested:
                return "changes to revision #\(revision.number) are requested; change the definition"
            default: return "revision #\(revision.number) awaits its review"
            }
        }
        do {
            _ = try await work.publishVersion(
                PublicationDraft(
                    api: item.spec.api.name,
                    version: item.spec.version,
                    revision: revision.number,
                    upstream: upstream.map { .named($0.name) }
                ),
                in: try await work.lockedEnvironment(Environment.standardName)
            )
        } catch let error as GovernanceError where error.code == .approvalStale {
            // The approval covers other settings or another upstream: people look again, a manifest does not insist.
            return error.what
        }
        needsRouting([Environment.standardName])
        return nil
    }

    private func setSuspension(_ item: ManifestItem<APIVersionSpec>, _ version: APIVersion) async throws -> Bool {
        guard let release = try await liveRelease(of: version) else { return false }
        let wanted = item.spec.state == .suspended
        guard release.isSuspended != wanted else { return false }
        let reason = item.spec.message ?? (wanted ? "suspended by manifest" : "resumed by manifest")
        _ = try await work.setSuspension(of: version.apiName, version.version, reason: reason, isSuspended: wanted)
        return true
    }

    private func retire(_ item: ManifestItem<APIVersionSpec>, _ version: APIVersion?) async throws -> ManifestChange {
        guard let version, version.retiredAt == nil, try await liveRelease(of: version) != nil else {
            let note = version == nil ? "there is no such version, and nothing to retire" : nil
            return ManifestChange(.apiVersion, item, isNew: false, note: note)
        }
        _ = try await work.retireVersion(
            version.apiName,
            version.version,
            Environment.standardName,
            reason: item.spec.message ?? "retired by manifest",
            overridesSunset: false
        )
        return ManifestChange(.apiVersion, item, isNew: false, fields: ["state"])
    }

    private func liveRelease(of version: APIVersion) async throws -> Release? {
        try await work.transaction.releases.list(of: version.id, in: work.actor.organization).first { release in
            release.state == .published && release.environmentName == Environment.standardName
        }
    }
}
