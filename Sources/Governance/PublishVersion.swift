import CatalogStore
public import Lifecycle

/// What is to be published.
public struct PublicationDraft: Sendable, Hashable {
    /// The API.
    public var api: String
    /// The version.
    public var version: String
    /// Nil for the version's newest revision that is approved.
    public var revision: Int?
    /// The environment.
    public var environment: String
    /// Nil for the revision's own, else the one that the version runs against already.
    public var upstream: UpstreamDraft?

    /// Every field as it stands.
    public init(
        api: String,
        version: String,
        revision: Int? = nil,
        environment: String = Environment.standardName,
        upstream: UpstreamDraft? = nil
    ) {
        self.api = api
        self.version = version
        self.revision = revision
        self.environment = environment
        self.upstream = upstream
    }
}

/// What a publication led to.
public struct Publication: Sendable, Hashable, Codable {
    /// The release.
    public var release: Release
    /// More about it.
    public var detail: VersionDetail
    /// The routing snapshot that holds it; nil inside a larger change, which makes one for all.
    public var generation: Int64?
    /// What messages call its document.
    public var fileName: String
    /// What the policies for the API say about it.
    public var policies: [PolicyAssessment]
}

extension Governance {
    /// Publishes an approved revision: release, routing snapshot and audit in one transaction, so that a conflict leaves
    /// nothing behind.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `not-approved`, `approval-stale`, `upstream-required`,
    ///   `upstream-not-found`, `route-conflict`, `route-already-published`, `no-verifier-bound`, `version-retired-for-good`,
    ///   `lint-failed`, `policy-not-evaluated`, `breaking-change-without-major`, `named-approver-required`.
    public func publishVersion(_ actor: Actor, _ draft: PublicationDraft) async throws(GovernanceError) -> Publication {
        try await makeChecks(actor, draft)
        return try await change(actor) { work in
            // Publications of an environment queue here, before anything is read that the snapshot is made of.
            let environment = try await work.lockedEnvironment(draft.environment)
            var publication = try await work.publishVersion(draft, in: environment)
            let subject = "\(draft.api) \(draft.version)"
            publication.generation = try await work.storeRouting(
                of: environment,
                cause: "version.published",
                reason: subject
            )
            return publication
        }
    }
}

extension Governance {
    /// Makes the checks that a publication will ask for, before the environment is held.
    private func makeChecks(_ actor: Actor, _ draft: PublicationDraft) async throws(GovernanceError) {
        let found = try await read(actor) { work -> (labels: [String: String], revision: Revision)? in
            let teams = actor.teams(for: .readCatalog)
            guard let api = try await work.transaction.apis.find(draft.api, in: actor.organization, teams: teams),
                let version = try await work.transaction.versions.find(
                    draft.version,
                    of: api.id,
                    in: actor.organization
                ),
                let revision = try await work.publishable(draft.revision, of: version)
            else { return nil }
            return (api.labels, revision)
        }
        // What is not there is told by the publication itself.
        guard let found else { return }
        let revision = found.revision
        try await makeChecks(actor, for: { _ in found.labels }, of: revision.specificationSHA256) {
            () throws(GovernanceError) in
            let content = try await read(actor) { work in
                try await work.transaction.specifications.load(revision.specification, in: actor.organization)
            }
            guard let content else { return .failure(CheckFailure("the document is not there")) }
            return AssessedDocument.parse(content.bytes, revision.fileName)
        }
    }
}

extension UnitOfWork {
    /// The revision that a publication means: the one of a number, else the newest that is approved; nil where there is none.
    fileprivate func publishable(_ number: Int?, of version: APIVersion) async throws -> Revision? {
        if let number {
            return try await transaction.revisions.find(number, of: version.id, in: actor.organization)
        }
        return try await transaction.revisions.list(of: version.id, in: actor.organization, before: nil, limit: 100)
            .first { $0.reviewState == .approved }
    }

    /// Publishes without making the snapshot: the caller holds the environment and calls ``storeRouting(of:cause:reason:)``.
    func publishVersion(_ draft: PublicationDraft, in environment: Environment) async throws -> Publication {
        let api = try await fullAPI(draft.api)
        try actor.require(.publishVersion, team: api.team)
        let version = try await version(draft.version, of: api, isLocking: true)
        try refuseRetired(version)
        let before = try await detail(of: version)
        let revision = try await revisionToPublish(draft.revision, of: version)
        let current = try await transaction.releases.lockPublished(version.id, in: environment.id)
        let upstream = try await upstreamToPublish(draft.upstream, revision, current, version, api)
        if let current, current.revision == revision.id, current.upstream == upstream.id {
            throw GovernanceError(
                .routeAlreadyPublished,
                "revision #\(revision.number) of `\(api.name) \(version.version)` is published in `\(environment.name)` already",
                mend: "nothing is left to do",
                facts: ["generation": String(environment.generation)]
            )
        }
        let manifest = try await approvedManifest(of: revision, upstream: upstream, api: api)
        let policies = try await policies(for: revision, of: version, api)
        let release = Release(
            id: .make(at: now),
            version: version.id,
            environment: environment.id,
            environmentName: environment.name,
            revision: revision.id,
            revisionNumber: revision.number,
            upstream: upstream.id,
            upstreamTargets: upstream.targets,
            manifestSHA256: manifest,
            state: .published,
            suspensionReason: nil,
            weight: 100,
            publishedAt: now,
            retiredAt: nil
        )
        if let current { try await transaction.releases.retire(current.id, supersededBy: release.id, at: now) }
        try await transaction.releases.insert(release, by: actor.member, in: actor.organization)
        let after = try await record(
            "published",
            of: version,
            in: environment.id,
            from: before.state,
            evidence: ["revision": .number(Int64(revision.number)), "manifest": .text(Hexadecimal.text(manifest))]
        )
        let targets = upstream.targets.map { "\($0.scheme)://\($0.host):\($0.port)\($0.path)" }
        audit(
            "version.published",
            subject(of: version),
            [
                "environment": .text(environment.name), "revision": .number(Int64(revision.number)),
                "manifest": .text(Hexadecimal.text(manifest)), "upstream": .text(upstream.name),
                "targets": .list(targets), "policies": Self.summary(policies),
            ]
        )
        try await announce(
            "version.published",
            "\(api.name) \(version.version)",
            ["api": .text(api.name), "version": .text(version.version), "environment": .text(environment.name)]
        )
        return Publication(
            release: release,
            detail: after,
            generation: nil,
            fileName: revision.fileName,
            policies: policies
        )
    }

    /// Asks the policies for the API about what is to be published, and writes down what they decide.
    private func policies(
        for revision: Revision,
        of version: APIVersion,
        _ api: API
    ) async throws -> [PolicyAssessment] {
        let document = AssessedDocument(
            revision.specification,
            sha256: revision.specificationSHA256,
            fileName: revision.fileName,
            in: self
        )
        let assessments = try await assess(
            document,
            of: api,
            at: .publish,
            version: version,
            approvers: try await approvers(of: revision)
        )
        try enforce(
            assessments,
            "publication.refused",
            on: subject(of: revision, of: version),
            document,
            of: revision.id
        )
        try await record(
            assessments,
            subject: "\(api.name) \(version.version)",
            contentSHA256: revision.specificationSHA256,
            revision: revision.id
        )
        return assessments
    }

    func refuseRetired(_ version: APIVersion) throws(GovernanceError) {
        guard version.retiredAt != nil else { return }
        throw GovernanceError(
            .versionRetiredForGood,
            "`\(version.apiName) \(version.version)` is retired for good",
            mend: "publish it as another version"
        )
    }

    private func revisionToPublish(_ number: Int?, of version: APIVersion) async throws -> Revision {
        if let number { return try await revision(number, of: version, isLocking: true) }
        let newest = try await transaction.revisions.list(
            of: version.id,
            in: actor.organization,
            before: nil,
            limit: 100
        )
        guard let approved = newest.first(where: { $0.reviewState == .approved }) else {
            throw GovernanceError(
                .notApproved,
                "no revision of `\(version.apiName) \(version.version)` is approved"
                    + (newest.first.map { "; #\($0.number) is \($0.reviewState.rawValue)" } ?? ""),
                mend: "have its newest revision approved first",
                facts: newest.first.map { ["revision": String($0.number), "reviewState": $0.reviewState.rawValue] }
                    ?? [:]
            )
        }
        return try await revision(approved.number, of: version, isLocking: true)
    }

    private func upstreamToPublish(
        _ draft: UpstreamDraft?,
        _ revision: Revision,
        _ current: Release?,
        _ version: APIVersion,
        _ api: API
    ) async throws -> Upstream {
        if let draft {
            return try await upstream(draft, standardName: "\(api.name)-\(version.version)", team: api.team)
        }
        if let id = revision.upstream ?? current?.upstream,
            let upstream = try await transaction.upstreams.get(id, in: actor.organization)
        {
            return upstream
        }
        throw GovernanceError(
            .upstreamRequired,
            "nothing says where requests to `\(api.name) \(version.version)` go",
            mend: "name an upstream, such as `--upstream http://127.0.0.1:9001`"
        )
    }

    /// The manifest that is to run, if it is approved; an approval that left the upstream open is used up here.
    private func approvedManifest(of revision: Revision, upstream: Upstream, api: API) async throws -> [UInt8] {
        let settings = try api.settings.sha256
        let exact = ReleaseManifest(
            specification: revision.canonicalSHA256,
            settings: settings,
            upstream: upstream.sha256
        ).sha256
        let store = transaction.revisions
        guard revision.reviewState == .approved else { throw Self.notApproved(revision) }
        if try await store.isApproved(exact, of: revision.id) { return exact }
        let open = ReleaseManifest(specification: revision.canonicalSHA256, settings: settings, upstream: nil).sha256
        guard try await store.isApproved(open, of: revision.id) else {
            throw GovernanceError(
                .approvalStale,
                "revision #\(revision.number) was approved for other settings or another upstream than would run now",
                mend: "renew its review and have it approved as it would run",
                facts: ["manifest": Hexadecimal.text(exact)]
            )
        }
        guard try await store.carried(from: open, of: revision.id) == nil else {
            throw GovernanceError(
                .approvalStale,
                "the approval of revision #\(revision.number) was used for another upstream",
                mend: "renew its review with this upstream",
                facts: ["manifest": Hexadecimal.text(exact)]
            )
        }
        try await store.approve(
            exact,
            of: revision.id,
            carriedFrom: open,
            reason: "the upstream was left to the publication",
            in: actor.organization,
            at: now
        )
        return exact
    }

    private static func notApproved(_ revision: Revision) -> GovernanceError {
        GovernanceError(
            .notApproved,
            "revision #\(revision.number) is not approved: it is \(revision.reviewState.rawValue)",
            mend: "have it approved first",
            facts: ["revision": String(revision.number), "reviewState": revision.reviewState.rawValue]
        )
    }
}
