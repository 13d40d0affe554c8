/// How votes become a decision: quorum, and separation of duties.
public struct ApprovalPolicy: Hashable, Sendable {
    /// Approvals by different people that are needed, 1 to 20.
    public var requiredVotes: Int

    /// Every field as it stands.
    public init(requiredVotes: Int = 1) { self.requiredVotes = requiredVotes }

    /// What the votes amount to.
    public enum Outcome: Hashable, Sendable {
        case approved
        case rejected
        case changesRequested
        /// So many approvals are still missing.
        case waiting(missing: Int)
    }

    /// Decides by the votes that are for `manifest` and by people who did not write it; one refusal is enough to refuse.
    ///
    /// `votes`: in the order in which they were cast.
    public func decide(_ votes: [Vote], manifest: [UInt8], authors: Set<MemberID>) -> Outcome {
        var approvers: Set<MemberID> = []
        for vote in votes where vote.manifestSHA256 == manifest && !authors.contains(vote.member) {
            switch vote.decision {
            case .approve: approvers.insert(vote.member)
            case .reject: return .rejected
            case .requestChanges: return .changesRequested
            }
        }
        return approvers.count >= requiredVotes ? .approved : .waiting(missing: requiredVotes - approvers.count)
    }
}
