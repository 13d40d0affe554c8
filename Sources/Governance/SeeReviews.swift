public import CatalogStore
public import Lifecycle

/// Everything that a reviewer looks at before voting.
public struct ReviewDetail: Sendable, Hashable {
    /// The API.
    public var api: API
    /// The version.
    public var version: APIVersion
    /// The revision.
    public var revision: Revision
    /// The lint report.
    public var report: LintRecord?
    /// What was found, in order.
    public var findings: [LintFinding]
    /// Every vote.
    public var votes: [Vote]
    /// Approvals that are needed, and that the current manifest has.
    public var requiredApprovals: Int
    /// Approvals so far.
    public var approvals: Int
    /// Why the actor may not approve; nil: may.
    public var obstacle: String?
    /// Whether the API's settings were changed since, so that the review has to be renewed.
    public var isStale: Bool
    /// What the policies say today, at both stages.
    public var policies: [PolicyAssessment]
}

extension Governance {
    /// A page of the review queue, the newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listReviews(
        _ actor: Actor,
        state: ReviewState = .inReview,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<QueuedReview> {
        try actor.requireAnywhere(.readCatalog)
        let before = try page.after(RevisionID.self)
        return try await read(actor) { work in
            let rows = try await work.transaction.revisions.queue(
                in: actor.organization,
                state: state,
                teams: actor.teams(for: .readCatalog),
                before: before,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.revision.id)
        }
    }

    /// A revision with its findings and votes.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showReview(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int
    ) async throws(GovernanceError) -> ReviewDetail {
        try await read(actor) { work in
            let api = try await work.fullAPI(api)
            let version = try await work.version(version, of: api)
            let revision = try await work.revision(revision, of: version)
            return try await work.review(of: revision, version, api)
        }
    }

    /// A page of a version's revisions, the newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listRevisions(
        _ actor: Actor,
        api: String,
        version: String,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Revision> {
        let before = try page.number()
        return try await read(actor) { work in
            let version = try await work.version(version, of: try await work.fullAPI(api))
            let rows = try await work.transaction.revisions.list(
                of: version.id,
                in: actor.organization,
                before: before.map { Int(clamping: $0) },
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: { String($0.number) })
        }
    }

    /// One revision.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showRevision(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int
    ) async throws(GovernanceError) -> Revision {
        try await read(actor) { work in
            let version = try await work.version(version, of: try await work.fullAPI(api))
            return try await work.revision(revision, of: version)
        }
    }

    /// The document of a revision, byte for byte as it was submitted.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showSpecification(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int
    ) async throws(GovernanceError) -> SpecificationStore.Content {
        try await read(actor) { work in
            let version = try await work.version(version, of: try await work.fullAPI(api))
            let revision = try await work.revision(revision, of: version)
            guard
                let content = try await work.transaction.specifications.load(
                    revision.specification,
                    in: actor.organization
                )
            else { throw GovernanceError.notFound("specification", "#\(revision.number)") }
            return content
        }
    }
}

extension UnitOfWork {
    fileprivate func review(of revision: Revision, _ version: APIVersion, _ api: API) async throws -> ReviewDetail {
        let organization = actor.organization
        let report = try await transaction.lint.newest(of: revision.id, in: organization)
        var findings: [LintFinding] = []
        if let report {
            findings = try await transaction.lint.findings(
                of: report.id,
                after: 0,
                limit: SpecificationReading.findingsMax
            )
        }
        let votes = try await transaction.revisions.votes(on: revision.id)
        let approvers = votes.filter { $0.decision == .approve && $0.manifestSHA256 == revision.manifestSHA256 }
        return ReviewDetail(
            api: api,
            version: version,
            revision: revision,
            report: report,
            findings: findings,
            votes: votes,
            requiredApprovals: try await transaction.people.organization(organization)?.requiredVotes ?? 1,
            approvals: Set(approvers.map(\.member)).count,
            obstacle: obstacle(to: revision, of: api, approvers: approvers),
            isStale: try await manifest(of: revision, settings: api.settings) != revision.manifestSHA256,
            policies: try await assessments(of: revision, version, api)
        )
    }

    private func obstacle(to revision: Revision, of api: API, approvers: [Vote]) -> String? {
        guard let member = actor.member else { return "only a member votes" }
        if !revision.reviewState.isOpen { return "the review is \(revision.reviewState.rawValue)" }
        if !actor.may(.voteOnRevision, team: api.team) { return "the role approver is missing" }
        if revision.authors.contains(member) { return "an author does not approve" }
        if approvers.contains(where: { $0.member == member }) { return "the vote is cast" }
        return nil
    }
}

extension PageRequest {
    /// The number that the page before ended with.
    ///
    /// - Throws: ``GovernanceError`` `cursor-invalid`.
    func number() throws(GovernanceError) -> Int64? {
        guard let cursor else { return nil }
        guard let number = Int64(cursor), number > 0 else {
            throw GovernanceError(
                .cursorInvalid,
                "`\(cursor)` is no cursor of this listing",
                mend: "start without a cursor"
            )
        }
        return number
    }
}
