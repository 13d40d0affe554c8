import CatalogStore
import DocumentTree
import Governance
import Lifecycle

/// Versions, revisions, votes and releases as the API writes them (schemas of the same names).
extension JSONValue {
    init(_ detail: VersionDetail) {
        let version = detail.version
        self = .object([
            ("api", .string(version.apiName)), ("version", .string(version.version)),
            ("state", .string(detail.state.rawValue)),
            ("major", JSONValue(version.major)),
            ("latestRevision", version.lastRevisionNumber > 0 ? JSONValue(version.lastRevisionNumber) : .null),
            ("releases", .array(detail.releases.map { JSONValue($0) })),
            ("announcedAt", JSONValue(version.dates.announcedAt)),
            ("deprecatedAt", JSONValue(version.dates.deprecatedAt)), ("sunsetAt", JSONValue(version.dates.sunsetAt)),
            ("successor", JSONValue(version.successor)), ("deprecationLink", JSONValue(version.deprecationLink)),
            ("createdAt", JSONValue(version.createdAt)), ("etag", .string(String(version.edition))),
        ])
    }

    init(_ release: Release) {
        self = .object([
            ("environment", .string(release.environmentName)), ("revision", .integer(Int64(release.revisionNumber))),
            ("state", .string(release.state.rawValue)), ("suspended", .bool(release.isSuspended)),
            ("upstream", .string(release.upstreamTargets.map(\.url).joined(separator: ", "))),
            ("publishedAt", JSONValue(release.publishedAt)), ("retiredAt", JSONValue(release.retiredAt)),
        ])
    }

    /// - Parameters:
    ///   - revision: an immutable revision.
    ///   - api: name of its API.
    ///   - version: its version as users know it.
    init(_ revision: Revision, api: String, version: String) {
        let upstream = revision.upstreamTargets.map(\.url).joined(separator: ", ")
        self = .object([
            ("api", .string(api)), ("version", .string(version)), ("revision", .integer(Int64(revision.number))),
            ("reviewState", .string(revision.reviewState.rawValue)), ("authors", JSONValue(revision.authorNames)),
            ("message", .string(revision.message)), ("fileName", .string(revision.fileName)),
            ("specificationSha256", .string(Hexadecimal.text(revision.specificationSHA256))),
            ("manifestSha256", .string(Hexadecimal.text(revision.manifestSHA256))),
            ("openapiVersion", .string(revision.openAPIVersion)),
            ("upstream", upstream.isEmpty ? .null : .string(upstream)),
            ("operationCount", .integer(Int64(revision.operationCount))),
            ("errorCount", .integer(Int64(revision.lint?.errors ?? 0))),
            ("warningCount", .integer(Int64(revision.lint?.warnings ?? 0))),
            ("createdAt", JSONValue(revision.submittedAt)),
            ("etag", .string("\(revision.number)-\(revision.reviewState.rawValue)")),
        ])
    }

    init(_ vote: Vote) {
        self = .object([
            ("id", .string(vote.id.description)), ("voter", .string(vote.memberName)),
            ("decision", .string(VoteWord(vote.decision).rawValue)), ("comment", .string(vote.comment)),
            ("manifestSha256", .string(Hexadecimal.text(vote.manifestSHA256))), ("createdAt", JSONValue(vote.castAt)),
        ])
    }
}

/// Decisions of a vote as the API spells them.
enum VoteWord: String, CaseIterable {
    case approve
    case reject
    case requestChanges = "request-changes"

    init(_ decision: Vote.Decision) {
        switch decision {
        case .approve: self = .approve
        case .reject: self = .reject
        case .requestChanges: self = .requestChanges
        }
    }

    var decision: Vote.Decision {
        switch self {
        case .approve: .approve
        case .reject: .reject
        case .requestChanges: .requestChanges
        }
    }
}
