/// What changes from one document to another, as the catalog keeps it.
public struct Comparison: Hashable, Sendable, Codable {
    /// Changes that are kept; how many there are of each level is told beside.
    public static let changesMax = 2_000

    /// Its identifier.
    public var id: ComparisonID
    /// The smallest step of the version that tells the truth: `none`, `patch`, `minor` or `major`.
    public var requiredBump: String
    /// Changes that break callers.
    public var errors: Int
    /// Changes that may break some callers.
    public var warnings: Int
    /// Changes that break nobody.
    public var informations: Int
    /// Every change, worst first, up to ``changesMax``.
    public var changes: [SpecificationChange]
    /// Edits of words, examples and links, in the order of the documents.
    public var documentationEdits: [DocumentationChange]
    /// Whether these edits are all that differs; what no check looks at counts as more.
    public var isOnlyDocumentation: Bool
    /// Why the documents could not be compared; nil: they were.
    public var failure: String?
    /// When it was made.
    public var comparedAt: Moment

    /// Every field as it stands.
    public init(
        id: ComparisonID,
        requiredBump: String,
        errors: Int,
        warnings: Int,
        informations: Int,
        changes: [SpecificationChange],
        documentationEdits: [DocumentationChange],
        isOnlyDocumentation: Bool,
        failure: String? = nil,
        comparedAt: Moment
    ) {
        self.id = id
        self.requiredBump = requiredBump
        self.errors = errors
        self.warnings = warnings
        self.informations = informations
        self.changes = changes
        self.documentationEdits = documentationEdits
        self.isOnlyDocumentation = isOnlyDocumentation
        self.failure = failure
        self.comparedAt = comparedAt
    }
}

/// A place in a document: zero-based, as in Spectral's report.
public struct DocumentPlace: Hashable, Sendable, Codable {
    /// A JSON Pointer (RFC 6901).
    public var pointer: String
    /// Counted from zero.
    public var line: Int
    /// In UTF-16 units from zero.
    public var character: Int

    /// Every field as it stands.
    public init(pointer: String, line: Int, character: Int) {
        self.pointer = pointer
        self.line = line
        self.character = character
    }
}

/// One change of what callers see.
public struct SpecificationChange: Hashable, Sendable, Codable {
    /// An operation that a change reaches.
    public struct Site: Hashable, Sendable, Codable {
        /// In capitals; empty where the change belongs to no operation.
        public var method: String
        /// The path template; empty where the change belongs to no operation.
        public var path: String
        /// The operation's id; nil where it has none.
        public var operationID: String?
        /// `request`, `response` or `neither`.
        public var side: String
        /// How much it weighs there: `error`, `warning` or `info`.
        public var level: String

        /// Every field as it stands.
        public init(method: String, path: String, operationID: String?, side: String, level: String) {
            self.method = method
            self.path = path
            self.operationID = operationID
            self.side = side
            self.level = level
        }
    }

    /// Characters of ``before`` and ``after`` that are kept.
    public static let snippetCharactersMax = 1_000

    /// Counts from 1, worst first.
    public var number: Int
    /// The check that saw it, such as `response-required-property-removed`.
    public var id: String
    /// `error`, `warning` or `info`.
    public var level: String
    /// What changed, in one sentence.
    public var text: String
    /// What else a reader should know.
    public var comment: String?
    /// The operations it reaches.
    public var sites: [Site]
    /// Where it stands in the older document; nil for what is new.
    public var base: DocumentPlace?
    /// Where it stands in the newer document; nil for what is gone.
    public var revision: DocumentPlace?
    /// What stood there before, as JSON; cut after ``snippetCharactersMax``.
    public var before: String?
    /// What stands there now, as JSON; cut after ``snippetCharactersMax``.
    public var after: String?
    /// Stable over edits that move it.
    public var fingerprint: String

    /// Every field as it stands.
    public init(
        number: Int,
        id: String,
        level: String,
        text: String,
        comment: String?,
        sites: [Site],
        base: DocumentPlace?,
        revision: DocumentPlace?,
        before: String?,
        after: String?,
        fingerprint: String
    ) {
        self.number = number
        self.id = id
        self.level = level
        self.text = text
        self.comment = comment
        self.sites = sites
        self.base = base
        self.revision = revision
        self.before = before
        self.after = after
        self.fingerprint = fingerprint
    }

    /// Whether it breaks callers.
    public var isBreaking: Bool { level == "error" }
}

/// An edit that only describes.
public struct DocumentationChange: Hashable, Sendable, Codable {
    /// Such as `description`.
    public var field: String
    /// Where it stands in the older document; nil where it is new.
    public var base: DocumentPlace?
    /// Where it stands in the newer document; nil where it is gone.
    public var revision: DocumentPlace?

    /// Every field as it stands.
    public init(field: String, base: DocumentPlace?, revision: DocumentPlace?) {
        self.field = field
        self.base = base
        self.revision = revision
    }
}

extension VersionName {
    /// Whether callers are told by the names alone that they may break: by the first number, before 1.0 by the second, and by any
    /// other name where no number can be read, because such a name promises nothing.
    public func isMajorStep(from older: VersionName) -> Bool {
        guard text != older.text else { return false }
        guard let major, let before = older.major else { return true }
        if major == 0, before == 0 { return second > older.second }
        return major > before
    }

    /// The second number; 0 where there is none.
    private var second: Int {
        let parts = text.split(separator: ".")
        return parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
    }
}
