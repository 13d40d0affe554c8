/// Leave for one API to break one rule at one place until a day: asked for by one person, granted by another, and over by
/// itself, because whoever asks passes the time in.
public struct Waiver: Hashable, Sendable, Codable {
    /// The longest time from the request to the end.
    public static let daysMax = 180
    /// Waivers of one API that are pending or in force at most.
    public static let openPerAPIMax = 500

    /// Where the rule may be broken.
    public enum Place: Hashable, Sendable, Codable {
        /// A JSON Pointer (RFC 6901): this place and everything below it; empty for the whole document.
        case pointer(String)
        /// A finding's fingerprint in hexadecimal: this finding, wherever edits move it.
        case fingerprint(String)
    }

    /// Where it stands at a moment.
    public enum State: String, Hashable, Sendable, CaseIterable, Codable {
        /// Nobody decided yet.
        case pending
        /// In force.
        case granted
        /// Somebody said no.
        case refused
        /// Taken back before its time.
        case revoked
        /// Its time is over.
        case expired
    }

    /// Its identifier.
    public var id: WaiverID
    /// The API.
    public var apiID: APIID
    /// The API's name.
    public var api: String
    /// The API's team.
    public var team: TeamID
    /// The rule's name.
    public var rule: String
    /// Where.
    public var place: Place
    /// Why.
    public var reason: String
    /// Who asked.
    public var requestedBy: String
    /// When.
    public var requestedAt: Moment
    /// The first moment at which it no longer holds.
    public var expiresAt: Moment
    /// Who granted or refused it; nil while pending.
    public var decidedBy: String?
    /// When.
    public var decidedAt: Moment?
    /// Whether it was granted; nil while pending.
    public var isGranted: Bool?
    /// What the decider said; may be empty.
    public var decisionComment: String
    /// When it was taken back; nil: it was not.
    public var revokedAt: Moment?
    /// Why it was taken back.
    public var revocationReason: String?

    /// Every field as it stands.
    public init(
        id: WaiverID,
        apiID: APIID,
        api: String,
        team: TeamID,
        rule: String,
        place: Place,
        reason: String,
        requestedBy: String,
        requestedAt: Moment,
        expiresAt: Moment,
        decidedBy: String? = nil,
        decidedAt: Moment? = nil,
        isGranted: Bool? = nil,
        decisionComment: String = "",
        revokedAt: Moment? = nil,
        revocationReason: String? = nil
    ) {
        self.id = id
        self.apiID = apiID
        self.api = api
        self.team = team
        self.rule = rule
        self.place = place
        self.reason = reason
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.isGranted = isGranted
        self.decisionComment = decisionComment
        self.revokedAt = revokedAt
        self.revocationReason = revocationReason
    }

    /// Where it stands at `now`.
    public func state(at now: Moment) -> State {
        if revokedAt != nil { return .revoked }
        if isGranted == false { return .refused }
        if now >= expiresAt { return .expired }
        return isGranted == true ? .granted : .pending
    }

    /// Whether it covers a finding at `now`.
    public func covers(rule: String, pointer: String, fingerprint: String, at now: Moment) -> Bool {
        guard state(at: now) == .granted, self.rule == rule else { return false }
        switch place {
        case .fingerprint(let known): return known == fingerprint
        // `/a` covers `/a` and `/a/b`, never `/ab`.
        case .pointer(let place): return pointer == place || pointer.hasPrefix(place + "/")
        }
    }
}
