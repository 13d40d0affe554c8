/// Where the review of one revision stands (domain.md section A.2): one of three axes, beside the version's dates and its
/// releases.
public enum ReviewState: String, Hashable, Sendable, CaseIterable, Codable {
    /// Written but not up for review; also where a revision goes that a newer one has overtaken.
    case draft
    /// Waiting for votes.
    case inReview = "in_review"
    /// An approver wants something changed; answered by a new revision or by submitting this one again.
    case changesRequested = "changes_requested"
    /// An approver said no.
    case rejected
    /// Enough people who did not write it approved exactly this release manifest.
    case approved

    /// Whether votes are still counted.
    public var isOpen: Bool { self == .inReview }
}

/// What can happen to a review.
public enum ReviewEvent: String, Hashable, Sendable, CaseIterable {
    case save
    case submit
    case approve
    case reject
    case requestChanges = "request_changes"
    /// A newer revision arrived: the approval, if there was one, is gone.
    case void
    /// Another upstream or other settings for an approved revision: the votes start again.
    case reopen
}

/// A row of the table of legal moves; the same rows stand in the lookup table `review_transition`, and a test compares them.
public struct ReviewTransition: Hashable, Sendable {
    /// nil: the revision is new.
    public var from: ReviewState?
    /// What happened.
    public var event: ReviewEvent
    /// The state after.
    public var to: ReviewState

    /// Every legal move.
    public static let table: [ReviewTransition] = [
        ReviewTransition(from: nil, event: .submit, to: .inReview),
        ReviewTransition(from: nil, event: .save, to: .draft),
        ReviewTransition(from: .draft, event: .submit, to: .inReview),
        ReviewTransition(from: .inReview, event: .approve, to: .approved),
        ReviewTransition(from: .inReview, event: .reject, to: .rejected),
        ReviewTransition(from: .inReview, event: .requestChanges, to: .changesRequested),
        ReviewTransition(from: .inReview, event: .void, to: .draft),
        ReviewTransition(from: .changesRequested, event: .submit, to: .inReview),
        ReviewTransition(from: .changesRequested, event: .void, to: .draft),
        ReviewTransition(from: .rejected, event: .void, to: .draft),
        ReviewTransition(from: .approved, event: .void, to: .draft),
        ReviewTransition(from: .approved, event: .reopen, to: .inReview),
    ]
}

extension ReviewState {
    /// The state after `event`; nil where the move is illegal.
    public func after(_ event: ReviewEvent) -> ReviewState? {
        ReviewTransition.table.first { $0.from == self && $0.event == event }?.to
    }
}
