/// The one word that a screen shows for a version; derived, never stored (domain.md section 0.1).
public enum VersionState: String, Hashable, Sendable, CaseIterable, Codable {
    case draft
    case inReview = "in_review"
    case changesRequested = "changes_requested"
    case rejected
    case approved
    case published
    case suspended
    case deprecated
    /// Past its sunset: the gate answers 410.
    case sunset
    /// Off for good.
    case retired

    /// Derives the word from the three axes.
    ///
    /// `review`: the newest revision's review; nil where there is no revision.
    /// `releases`: whether each published release is suspended; empty where none is published.
    /// `now`: dates take effect by themselves.
    public static func derived(
        dates: LeavingDates,
        retiredAt: Moment?,
        review: ReviewState?,
        releasesSuspended releases: [Bool],
        now: Moment
    ) -> VersionState {
        if let retiredAt, retiredAt <= now { return .retired }
        guard !releases.isEmpty else { return VersionState(review: review) }
        if let sunset = dates.sunsetAt, sunset <= now { return .sunset }
        if releases.allSatisfy({ $0 }) { return .suspended }
        if let deprecated = dates.deprecatedAt, deprecated <= now { return .deprecated }
        return .published
    }

    private init(review: ReviewState?) {
        switch review {
        case .draft, nil: self = .draft
        case .inReview: self = .inReview
        case .changesRequested: self = .changesRequested
        case .rejected: self = .rejected
        case .approved: self = .approved
        }
    }
}

/// When a version leaves: announced ≤ deprecated ≤ sunset (domain.md section 0.8).
public struct LeavingDates: Hashable, Sendable, Codable {
    /// When the deprecation was made known.
    public var announcedAt: Moment?
    /// When it takes effect (`Deprecation`, RFC 9745); may be in the future.
    public var deprecatedAt: Moment?
    /// From here on the gate answers 410 (`Sunset`, RFC 8594).
    public var sunsetAt: Moment?

    /// Every field as it stands.
    public init(announcedAt: Moment? = nil, deprecatedAt: Moment? = nil, sunsetAt: Moment? = nil) {
        self.announcedAt = announcedAt
        self.deprecatedAt = deprecatedAt
        self.sunsetAt = sunsetAt
    }
}
