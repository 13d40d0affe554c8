/// How much a finding weighs; the raw values are those of lint reports in JSON.
public enum Severity: Int, Comparable, Sendable, CaseIterable {
    /// Must be put right.
    case error = 0
    /// Should be put right.
    case warning = 1
    /// Worth knowing.
    case information = 2
    /// A suggestion.
    case hint = 3

    /// Orders by weight: `error` is the smallest, so that a sorted list starts with what matters most.
    public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}

/// Something a reader, a check or a lint rule has to say about a place in a document.
public struct Finding: Hashable, Sendable {
    /// The rule's name: stable, for machines and for people who look it up.
    public var code: String
    /// How much it weighs.
    public var severity: Severity
    /// What is wrong, and what was expected.
    public var message: String
    /// One way to put it right.
    public var help: String?
    /// Where the rule is explained.
    public var documentationURL: String?
    /// Name of the text the finding is about, see ``SourceText/name``.
    public var source: String
    /// The place in the text.
    public var range: SourceRange
    /// The place in the tree.
    public var path: [PathSegment]

    /// Makes a finding; see the properties for what each part means.
    public init(
        code: String,
        severity: Severity,
        message: String,
        help: String? = nil,
        documentationURL: String? = nil,
        source: String,
        range: SourceRange,
        path: [PathSegment] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.help = help
        self.documentationURL = documentationURL
        self.source = source
        self.range = range
        self.path = path
    }

    /// Makes a finding about a node: source, range and path are the node's.
    public init(code: String, severity: Severity = .error, message: String, help: String? = nil, at node: Node) {
        self.init(
            code: code,
            severity: severity,
            message: message,
            help: help,
            source: node.document.sourceName(node.id),
            range: node.range,
            path: node.path
        )
    }

    /// Makes a finding about the key under which a node stands; the range is the key's.
    public init(code: String, severity: Severity = .error, message: String, help: String? = nil, atKeyOf node: Node) {
        self.init(code: code, severity: severity, message: message, help: help, at: node)
        if let keyRange = node.keyRange { range = keyRange }
    }

    /// The order of reports: source, line, character, code.
    public static func precedes(_ left: Finding, _ right: Finding) -> Bool {
        if left.source != right.source { return left.source < right.source }
        if left.range.start != right.range.start { return left.range.start < right.range.start }
        return left.code < right.code
    }
}

/// A document that could not be read at all; the findings say why and where, and there is at least one.
public struct UnreadableDocument: Error, Hashable, Sendable {
    /// Why, most important first.
    public let findings: [Finding]

    /// Wraps the findings that kept a document from being read.
    public init(findings: [Finding]) {
        self.findings = findings
    }
}
