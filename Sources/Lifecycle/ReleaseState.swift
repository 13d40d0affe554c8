/// Whether a release is live in its environment.
///
/// Suspension is a flag beside the state, not a state: a suspended release is published, deprecated or past its sunset all the
/// same, and resuming it changes none of that.
public enum ReleaseState: String, Hashable, Sendable, CaseIterable, Codable {
    case published
    /// Off for good: superseded by another release of the same version, or retired with its version.
    case retired
}

/// What can happen to a release.
public enum ReleaseEvent: String, Hashable, Sendable, CaseIterable {
    case publish
    case retire
}

/// A row of the table of legal moves; the same rows stand in the lookup table `release_transition`, and a test compares them.
public struct ReleaseTransition: Hashable, Sendable {
    /// nil: the release is new.
    public var from: ReleaseState?
    /// What happened.
    public var event: ReleaseEvent
    /// The state after.
    public var to: ReleaseState

    /// Every legal move.
    public static let table: [ReleaseTransition] = [
        ReleaseTransition(from: nil, event: .publish, to: .published),
        ReleaseTransition(from: .published, event: .retire, to: .retired),
    ]
}
