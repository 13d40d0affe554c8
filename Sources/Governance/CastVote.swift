import CatalogStore
public import Lifecycle

/// A vote as somebody casts it.
public struct VoteDraft: Sendable, Hashable {
    /// The API.
    public var api: String
    /// The version.
    public var version: String
    /// The revision.
    public var revision: Int
    /// What was decided.
    public var decision: Vote.Decision
    /// Required unless the decision is to approve.
    public var comment: String
    /// The release manifest that the voter looked at; a vote for another one than the current is refused. Nil takes the
    /// current one.
    public var manifestSHA256: [UInt8]?

    /// Every field as it stands.
    public init(
        api: String,
        version: String,
        revision: Int,
        decision: Vote.Decision,
        comment: String = "",
        manifestSHA256: [UInt8]? = nil
    ) {
        self.api = api
        self.version = version
        self.revision = revision
        self.decision = decision
        self.comment = comment
        self.manifestSHA256 = manifestSHA256
    }
}

/// What a vote led to.
public struct VoteOutcome: Sendable, Hashable, Codable {
    /// The vote.
    public var vote: Vote
    /// Where its review stands.
    public var reviewState: ReviewState
    /// Approvals that are still missing; 0 once the review is decided.
    public var missingApprovals: Int
}

extension Governance {
    /// Casts a vote on a revision in review, and decides the review where that is enough.
    ///
    /// Who may approve is guarded by the database: no author, no machine, nobody twice, only the current manifest. Votes on
    /// one revision queue on its row, so two control nodes cannot decide the same review twice.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `not-in-review`, `approval-not-permitted`, `approval-stale`,
    ///   `already-voted`, `reason-required`.
    public func castVote(_ actor: Actor, _ draft: VoteDraft) async throws(GovernanceError) -> VoteOutcome {
        try await change(actor) { work in try await work.castVote(draft) }
    }
}

extension UnitOfWork {
    func castVote(_ draft: VoteDraft) async throws -> VoteOutcome {
        guard let voter = actor.member else {
            throw GovernanceError(.approvalNotPermitted, "only a member votes", mend: "use a member's token")
        }
        let api = try await fullAPI(draft.api)
        try actor.require(.voteOnRevision, team: api.team)
        let version = try await version(draft.version, of: api)
        let revision = try await revision(draft.revision, of: version, isLocking: true)
        try refuseDecided(revision)
        try await refuseStale(draft, revision, api)
        let vote = Vote(
            id: .make(at: now),
            member: voter,
            memberName: actor.name,
            decision: draft.decision,
            comment: draft.comment,
            manifestSHA256: revision.manifestSHA256,
            castAt: now
        )
        try await transaction.revisions.cast(vote, on: revision.id, in: actor.organization)
        let (state, missing) = try await decide(revision)
        audit(
            "review.\(draft.decision.rawValue)",
            subject(of: revision, of: version),
            [
                "manifest": .text(Hexadecimal.text(revision.manifestSHA256)), "comment": .text(draft.comment),
                "state": .text(state.rawValue),
            ]
        )
        if state != revision.reviewState {
            try await announce(
                "version.\(state.rawValue)",
                "\(api.name) \(version.version)",
                [
                    "api": .text(api.name), "version": .text(version.version),
                    "revision": .number(Int64(revision.number)),
                ]
            )
        }
        return VoteOutcome(vote: vote, reviewState: state, missingApprovals: missing)
    }

    private func refuseDecided(_ revision: Revision) throws(GovernanceError) {
        guard !revision.reviewState.isOpen else { return }
        throw GovernanceError(
            .notInReview,
            "revision #\(revision.number) is not in review: it is \(revision.reviewState.rawValue)",
            mend: revision.reviewState == .draft
                ? "look at the version's newest revision"
                : "nothing is left to decide; submit a new revision to change it",
            facts: ["reviewState": revision.reviewState.rawValue]
        )
    }

    /// The voter saw another manifest, or the API's settings are no longer those of the manifest.
    private func refuseStale(_ draft: VoteDraft, _ revision: Revision, _ api: API) async throws {
        let isOutdated = draft.manifestSHA256.map { $0 != revision.manifestSHA256 } ?? false
        if isOutdated {
            throw GovernanceError(
                .approvalStale,
                "the vote is for a release manifest that is not the current one",
                mend: "look at the review again and vote on what it shows now",
                facts: ["manifest": Hexadecimal.text(revision.manifestSHA256)]
            )
        }
        guard draft.decision == .approve else { return }
        let current = try await manifest(of: revision, settings: api.settings)
        guard current != revision.manifestSHA256 else { return }
        throw GovernanceError(
            .approvalStale,
            "the API's settings were changed since the revision was submitted",
            mend: "ask for the review to be renewed, then vote"
        )
    }

    /// The manifest of a revision under these settings, with the upstream that it names.
    func manifest(of revision: Revision, settings: APISettings) async throws -> [UInt8] {
        var upstream: [UInt8]?
        if let id = revision.upstream {
            upstream = try await transaction.upstreams.get(id, in: actor.organization)?.sha256
        }
        return ReleaseManifest(
            specification: revision.canonicalSHA256,
            settings: try settings.sha256,
            upstream: upstream
        ).sha256
    }

    private func decide(_ revision: Revision) async throws -> (ReviewState, missing: Int) {
        guard let organization = try await transaction.people.organization(actor.organization) else {
            throw GovernanceError.notFound("organization", actor.organization.description)
        }
        let votes = try await transaction.revisions.votes(on: revision.id)
        // Votes of an earlier round, before the review was renewed for the same manifest, do not count.
        let outcome = ApprovalPolicy(requiredVotes: organization.requiredVotes).decide(
            votes,
            manifest: revision.manifestSHA256,
            authors: Set(revision.authors)
        )
        let event: ReviewEvent
        switch outcome {
        case .waiting(let missing): return (revision.reviewState, missing)
        case .approved: event = .approve
        case .rejected: event = .reject
        case .changesRequested: event = .requestChanges
        }
        guard let state = revision.reviewState.after(event) else {
            throw GovernanceError(
                .illegalTransition,
                "the review cannot be decided from its state",
                mend: "look at it again"
            )
        }
        if state == .approved {
            try await transaction.revisions.approve(
                revision.manifestSHA256,
                of: revision.id,
                carriedFrom: nil,
                reason: "votes",
                in: actor.organization,
                at: now
            )
        }
        try await transaction.revisions.setReviewState(state, of: revision.id, decidedAt: now)
        return (state, 0)
    }
}
