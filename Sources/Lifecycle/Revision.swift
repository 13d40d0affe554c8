/// An immutable revision of a version: content, the upstream it names, who wrote it; only where its review stands changes.
public struct Revision: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: RevisionID
    /// The version.
    public var version: APIVersionID
    /// Counts from 1 within its version.
    public var number: Int
    /// The document.
    public var specification: SpecificationID
    /// SHA-256 of the document's bytes.
    public var specificationSHA256: [UInt8]
    /// SHA-256 of the document's canonical form.
    public var canonicalSHA256: [UInt8]
    /// As the document states it, such as `3.1.0`.
    public var openAPIVersion: String
    /// Operations in the document.
    public var operationCount: Int
    /// What messages call the document.
    public var fileName: String
    /// What it says.
    public var message: String
    /// The upstream that the submission names; nil: chosen when it is published.
    public var upstream: UpstreamID?
    /// The targets of its upstream.
    public var upstreamTargets: [Upstream.Target]
    /// What votes and approvals are bound to.
    public var manifestSHA256: [UInt8]
    /// Who handed it in.
    public var submittedBy: MemberID
    /// When it was handed in.
    public var submittedAt: Moment
    /// Everybody who may not approve it.
    public var authors: [MemberID]
    /// The names of `authors`, in the same order.
    public var authorNames: [String]
    /// Where its review stands.
    public var reviewState: ReviewState
    /// When its review was decided; nil: it is open.
    public var decidedAt: Moment?
    /// What its newest lint report says; nil where it was never linted.
    public var lint: LintCounts?

    /// Every field as it stands.
    public init(
        id: RevisionID,
        version: APIVersionID,
        number: Int,
        specification: SpecificationID,
        specificationSHA256: [UInt8],
        canonicalSHA256: [UInt8],
        openAPIVersion: String,
        operationCount: Int,
        fileName: String,
        message: String,
        upstream: UpstreamID?,
        upstreamTargets: [Upstream.Target],
        manifestSHA256: [UInt8],
        submittedBy: MemberID,
        submittedAt: Moment,
        authors: [MemberID],
        authorNames: [String],
        reviewState: ReviewState,
        decidedAt: Moment?,
        lint: LintCounts?
    ) {
        self.id = id
        self.version = version
        self.number = number
        self.specification = specification
        self.specificationSHA256 = specificationSHA256
        self.canonicalSHA256 = canonicalSHA256
        self.openAPIVersion = openAPIVersion
        self.operationCount = operationCount
        self.fileName = fileName
        self.message = message
        self.upstream = upstream
        self.upstreamTargets = upstreamTargets
        self.manifestSHA256 = manifestSHA256
        self.submittedBy = submittedBy
        self.submittedAt = submittedAt
        self.authors = authors
        self.authorNames = authorNames
        self.reviewState = reviewState
        self.decidedAt = decidedAt
        self.lint = lint
    }
}

/// One person's vote on one manifest of one revision.
public struct Vote: Hashable, Sendable, Codable {
    /// What a vote says.
    public enum Decision: String, Hashable, Sendable, CaseIterable, Codable {
        case approve
        case reject
        case requestChanges = "request_changes"
    }

    /// Its identifier.
    public var id: VoteID
    /// The member.
    public var member: MemberID
    /// The member's name.
    public var memberName: String
    /// What was decided.
    public var decision: Decision
    /// Why, in the voter's words.
    public var comment: String
    /// SHA-256 of the release manifest.
    public var manifestSHA256: [UInt8]
    /// When it was cast.
    public var castAt: Moment

    /// Every field as it stands.
    public init(
        id: VoteID,
        member: MemberID,
        memberName: String,
        decision: Decision,
        comment: String,
        manifestSHA256: [UInt8],
        castAt: Moment
    ) {
        self.id = id
        self.member = member
        self.memberName = memberName
        self.decision = decision
        self.comment = comment
        self.manifestSHA256 = manifestSHA256
        self.castAt = castAt
    }
}
