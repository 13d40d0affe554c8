/// One occurrence of a problem, ready to be rendered as `application/problem+json` (RFC 9457).
public struct Problem: Hashable, Sendable, Error {
    /// Which kind of problem it is.
    public var code: ProblemCode
    /// What happened in this case; `nil` leaves the member out. Lowercase start, no final stop, user text in backticks,
    /// and never SQL, host names or secrets: this text leaves the house.
    public var detail: String?
    /// A URI reference for this occurrence: the request path, or `urn:gatehouse:request:<id>`.
    public var instance: String?
    /// Every single violation, when there are several things to correct; empty leaves the member out.
    public var errors: [FieldViolation]
    /// Further members in the order given, rendered after the standard ones (RFC 9457 §3.2).
    public var extensions: [Extension]

    /// One member beyond the standard ones.
    public struct Extension: Hashable, Sendable {
        /// The member's name; must not be one of the standard names or `code` or `errors`.
        public var name: String
        /// Its value.
        public var value: ExtensionValue

        /// Makes a member.
        public init(_ name: String, _ value: ExtensionValue) {
            precondition(!Self.reserved.contains(name), "an extension may not shadow a standard problem member")
            self.name = name
            self.value = value
        }

        private static let reserved: Set<String> = ["type", "title", "status", "detail", "instance", "code", "errors"]
    }

    /// Makes an occurrence of `code`.
    public init(
        _ code: ProblemCode,
        detail: String? = nil,
        instance: String? = nil,
        errors: [FieldViolation] = [],
        extensions: [Extension] = []
    ) {
        self.code = code
        self.detail = detail
        self.instance = instance
        self.errors = errors
        self.extensions = extensions
    }

    /// The fixed part: URI, title, status, advice.
    public var type: ProblemType { ProblemCatalogue[code] }

    /// The HTTP status code of the answer, 400 ... 599.
    public var status: Int { type.status }
}

/// One thing to correct in what was sent.
public struct FieldViolation: Hashable, Sendable {
    /// Where, as an RFC 6901 JSON Pointer into the request body or submitted document (`""` is the whole of it).
    public var pointer: String
    /// What is wrong there and what was expected.
    public var detail: String
    /// The governance rule that found it, when a rule did.
    public var ruleID: String?
    /// One-based line in ``file``, as editors show it.
    public var line: Int?
    /// The name of the submitted file.
    public var file: String?

    /// Makes a violation.
    public init(pointer: String, detail: String, ruleID: String? = nil, line: Int? = nil, file: String? = nil) {
        self.pointer = pointer
        self.detail = detail
        self.ruleID = ruleID
        self.line = line
        self.file = file
    }
}

/// The values an extension member may have: JSON without nested mappings that would need a schema of their own.
public enum ExtensionValue: Hashable, Sendable {
    /// A string.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case boolean(Bool)
    /// A list.
    indirect case array([ExtensionValue])
    /// A mapping in the order given; names must differ.
    indirect case object([Problem.Extension])
}

extension ExtensionValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// Makes a string value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes a whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// A list of strings, the most common list.
    public static func strings(_ values: [String]) -> ExtensionValue { .array(values.map { .string($0) }) }
}
