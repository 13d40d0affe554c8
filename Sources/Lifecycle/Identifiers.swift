/// Identifiers of the catalog's rows: UUIDs of version 7 (RFC 9562 §5.7), one Swift type for each kind of row.
///
/// A `TeamID` is never accepted where an `APIID` is meant, and identifiers sort by the time they were made, so that keyset
/// pagination over them is pagination by age.

/// A 128-bit UUID as two words, most significant first.
public struct UniqueIdentifier: Hashable, Sendable, Comparable {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// Every field as it stands.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a UUID version 7: 48 bits of Unix milliseconds, then random bits.
    /// `moment`: the time that the identifier carries; times before 1970 count as 1970.
    public static func make(at moment: Moment, using generator: inout some RandomNumberGenerator) -> UniqueIdentifier {
        let milliseconds = UInt64(clamping: moment.microseconds / 1000)
        // RFC 9562 §6.2 method 3: the 12 bits after the version hold the fraction of the millisecond, so that identifiers
        // that one process makes in the same millisecond still sort by time.
        let fraction = UInt64(clamping: moment.microseconds % 1000) * 4096 / 1000
        let high = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | (fraction & 0x0FFF)
        let low = 0x8000_0000_0000_0000 | (generator.next() as UInt64) >> 2
        return UniqueIdentifier(high: high, low: low)
    }

    /// Reads 16 bytes, most significant first; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }

    /// Reads 32 hexadecimal digits, with or without the hyphens of the canonical form.
    public init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for byte in text.utf8 where byte != UInt8(ascii: "-") {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        guard digits.count == 32 else { return nil }
        self.init(bytes: (0..<16).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] })
    }

    /// 32 lowercase hexadecimal digits, without hyphens.
    public var hexadecimal: String { Hexadecimal.text(bytes) }

    /// The order of their bytes, which for identifiers is that of their making.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// A kind of row that has identifiers of its own.
public protocol Identifiable7: Sendable {
    /// What stands before the underscore in an identifier's text, such as `api` in `api_0192…`.
    static var identifierPrefix: String { get }
}

/// The identifier of one kind of row; `Subject` only tells the kinds apart.
public struct Identifier<Subject: Identifiable7>: Hashable, Sendable, Comparable, CustomStringConvertible, Codable {
    /// The UUID itself.
    public let value: UniqueIdentifier

    /// Every field as it stands.
    public init(_ value: UniqueIdentifier) { self.value = value }

    /// Makes a new identifier that carries `moment`.
    public static func make(at moment: Moment) -> Identifier {
        var generator = SystemRandomNumberGenerator()
        return Identifier(UniqueIdentifier.make(at: moment, using: &generator))
    }

    /// Reads `prefix_` and 32 hexadecimal digits, or a bare UUID with or without hyphens; nil where the prefix is another kind's.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 1 || (parts.count == 2 && parts[0] == Subject.identifierPrefix) else { return nil }
        guard let last = parts.last, let value = UniqueIdentifier(last) else { return nil }
        self.value = value
    }

    /// The text that people and scripts see: one word for a double click, such as `api_01932f6c7a3b7c0f9b1d2e3f4a5b6c7d`.
    public var description: String { Subject.identifierPrefix + "_" + value.hexadecimal }

    /// The order of their bytes, which for identifiers is that of their making.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identifier = Identifier(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` is no identifier")
        }
        self = identifier
    }

    /// Writes the text that ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What kind it is.
public enum Kind {
    /// An organization.
    public enum Organization: Identifiable7 { public static let identifierPrefix = "org" }
    /// A team.
    public enum Team: Identifiable7 { public static let identifierPrefix = "team" }
    /// A member.
    public enum Member: Identifiable7 { public static let identifierPrefix = "mem" }
    /// A role of a member.
    public enum RoleBinding: Identifiable7 { public static let identifierPrefix = "rol" }
    /// A token.
    public enum Token: Identifiable7 { public static let identifierPrefix = "tok" }
    /// An API.
    public enum API: Identifiable7 { public static let identifierPrefix = "api" }
    /// A version.
    public enum APIVersion: Identifiable7 { public static let identifierPrefix = "ver" }
    /// A document.
    public enum Specification: Identifiable7 { public static let identifierPrefix = "spc" }
    /// A revision.
    public enum Revision: Identifiable7 { public static let identifierPrefix = "rev" }
    /// A lint report.
    public enum LintReport: Identifiable7 { public static let identifierPrefix = "lnt" }
    /// A vote.
    public enum Vote: Identifiable7 { public static let identifierPrefix = "vot" }
    /// An environment.
    public enum Environment: Identifiable7 { public static let identifierPrefix = "env" }
    /// An upstream.
    public enum Upstream: Identifiable7 { public static let identifierPrefix = "ups" }
    /// A release.
    public enum Release: Identifiable7 { public static let identifierPrefix = "rel" }
    /// A plan.
    public enum Plan: Identifiable7 { public static let identifierPrefix = "pln" }
    /// An application.
    public enum Application: Identifiable7 { public static let identifierPrefix = "app" }
    /// A subscription.
    public enum Subscription: Identifiable7 { public static let identifierPrefix = "sub" }
    /// A credential.
    public enum Credential: Identifiable7 { public static let identifierPrefix = "key" }
    /// A pin.
    public enum Pin: Identifiable7 { public static let identifierPrefix = "pin" }
    /// A row of the audit.
    public enum Audit: Identifiable7 { public static let identifierPrefix = "aud" }
    /// An event.
    public enum Event: Identifiable7 { public static let identifierPrefix = "evt" }
    /// A gateway.
    public enum Gateway: Identifiable7 { public static let identifierPrefix = "gtw" }
    /// A manifest.
    public enum Manifest: Identifiable7 { public static let identifierPrefix = "man" }
    /// A stored ruleset.
    public enum Ruleset: Identifiable7 { public static let identifierPrefix = "rul" }
    /// A policy.
    public enum Policy: Identifiable7 { public static let identifierPrefix = "pol" }
    /// A check of a document with a ruleset.
    public enum Evaluation: Identifiable7 { public static let identifierPrefix = "evl" }
    /// A check that waits.
    public enum EvaluationTask: Identifiable7 { public static let identifierPrefix = "tsk" }
    /// A policy's decision.
    public enum PolicyDecision: Identifiable7 { public static let identifierPrefix = "dec" }
    /// A comparison of two documents.
    public enum Comparison: Identifiable7 { public static let identifierPrefix = "cmp" }
    /// A waiver.
    public enum Waiver: Identifiable7 { public static let identifierPrefix = "wvr" }
}

/// Identifies an organization.
public typealias OrganizationID = Identifier<Kind.Organization>
/// Identifies a team.
public typealias TeamID = Identifier<Kind.Team>
/// Identifies a member.
public typealias MemberID = Identifier<Kind.Member>
/// Identifies a bound role.
public typealias RoleBindingID = Identifier<Kind.RoleBinding>
/// Identifies a token.
public typealias TokenID = Identifier<Kind.Token>
/// Identifies an API.
public typealias APIID = Identifier<Kind.API>
/// Identifies a version.
public typealias APIVersionID = Identifier<Kind.APIVersion>
/// Identifies a document.
public typealias SpecificationID = Identifier<Kind.Specification>
/// Identifies a revision.
public typealias RevisionID = Identifier<Kind.Revision>
/// Identifies a lint report.
public typealias LintReportID = Identifier<Kind.LintReport>
/// Identifies a vote.
public typealias VoteID = Identifier<Kind.Vote>
/// Identifies an environment.
public typealias EnvironmentID = Identifier<Kind.Environment>
/// Identifies an upstream.
public typealias UpstreamID = Identifier<Kind.Upstream>
/// Identifies a release.
public typealias ReleaseID = Identifier<Kind.Release>
/// Identifies a plan.
public typealias PlanID = Identifier<Kind.Plan>
/// Identifies an application.
public typealias ApplicationID = Identifier<Kind.Application>
/// Identifies a subscription.
public typealias SubscriptionID = Identifier<Kind.Subscription>
/// Identifies a credential.
public typealias CredentialID = Identifier<Kind.Credential>
/// Identifies a pin.
public typealias PinID = Identifier<Kind.Pin>
/// Identifies a row of the audit.
public typealias AuditID = Identifier<Kind.Audit>
/// Identifies an event.
public typealias EventID = Identifier<Kind.Event>
/// Identifies a gateway.
public typealias GatewayID = Identifier<Kind.Gateway>
/// Identifies a manifest.
public typealias ManifestID = Identifier<Kind.Manifest>
/// Identifies a stored ruleset.
public typealias RulesetID = Identifier<Kind.Ruleset>
/// Identifies a policy.
public typealias PolicyID = Identifier<Kind.Policy>
/// Identifies a check of a document with a ruleset.
public typealias EvaluationID = Identifier<Kind.Evaluation>
/// Identifies a check that waits.
public typealias EvaluationTaskID = Identifier<Kind.EvaluationTask>
/// Identifies a policy's decision.
public typealias PolicyDecisionID = Identifier<Kind.PolicyDecision>
/// Identifies a waiver.
public typealias WaiverID = Identifier<Kind.Waiver>
/// Identifies a comparison of two documents.
public typealias ComparisonID = Identifier<Kind.Comparison>
