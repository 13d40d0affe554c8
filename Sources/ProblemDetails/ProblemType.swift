/// What kind of problem an answer reports: the part of an RFC 9457 problem that never changes from case to case.
///
/// A type is a row of ``ProblemCatalogue``; code outside this module names one by its ``ProblemCode``. The code and the
/// URI are public surface: scripts branch on them, so a row may be added but neither renamed nor reused.
public struct ProblemType: Hashable, Sendable {
    /// The key of this row.
    public let code: ProblemCode
    /// The stable kebab-case name, which is also the last part of ``uri``: `rate-limit-exceeded`.
    public let slug: StaticText
    /// The HTTP status code of an answer with this problem, 400 ... 599.
    public let status: Int
    /// Whose doing it is; decides what is logged as ours and what counts against an upstream.
    public let fault: ProblemFault
    /// Whether the very same request may succeed later without anybody changing it.
    public let isRetryable: Bool
    /// One fixed sentence, the same for every occurrence (RFC 9457 §3.1.3).
    public let title: StaticText
    /// Who should do what next, for people who read the documentation of the code or the `help` line of the CLI.
    public let advice: StaticText

    /// The `type` member: an absolute URI that also documents the problem (RFC 9457 §3.1.1).
    public var uri: String { "\(Self.uriBase)\(slug)" }

    /// What every `type` URI starts with.
    public static let uriBase = "https://gatehouse.dev/problems/"
    /// The media type of a rendered problem (RFC 9457 §6.1).
    public static let mediaType = "application/problem+json"
}

/// Text that is part of the program: a type of its own so that no request data ends up in a fixed member.
public struct StaticText: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The text.
    public let description: String

    /// Makes a text from a literal.
    public init(stringLiteral value: StaticString) {
        description = value.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }
}

/// Who caused a problem, after the three sources that pingora-error tells apart.
public enum ProblemFault: String, CaseIterable, Sendable {
    /// The caller sent something that cannot be served; the same request stays refused.
    case client
    /// The service behind the gateway failed.
    case upstream
    /// Gatehouse itself, or something it depends on, failed.
    case gatehouse
}
