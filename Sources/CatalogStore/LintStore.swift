public import Lifecycle
import Postgres

/// Lint reports of revisions and their findings.
public struct LintStore: Sendable {
    let transaction: Transaction

    /// Stores a report with its findings.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ report: LintRecord,
        _ findings: [LintFinding],
        of revision: RevisionID,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "lint_report/insert",
            [
                report.id, organization, revision, report.ruleset, report.counts.result.rawValue, report.counts.errors,
                report.counts.warnings, report.counts.informations, report.counts.hints, report.startedAt,
                report.finishedAt, report.failure,
            ]
        )
        guard !findings.isEmpty else { return }
        try await transaction.execute("lint_finding/insert", [report.id, try StoredJSON.text(findings)])
    }

    /// The newest report on a revision.
    ///
    /// - Throws: ``CatalogError``.
    public func newest(
        of revision: RevisionID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> LintRecord? {
        try Row.read(try await transaction.row("lint_report/find_newest", [organization, revision]), LintRecord.init)
    }

    /// A page of a report's findings in the order of the document.
    ///
    /// `after`: the number of the last finding of the page before; 0 for the first page.
    /// - Throws: ``CatalogError``.
    public func findings(
        of report: LintReportID,
        after number: Int,
        limit: Int
    ) async throws(CatalogError) -> [LintFinding] {
        try await transaction.rows("lint_finding/list", [report, number, limit]).read(LintFinding.init)
    }
}

extension LintCounts {
    /// `result`: the column of the result's word.
    init(_ row: Row, result column: String) throws(CatalogError) {
        self.init(
            result: try row.word(column),
            errors: try row.read("errors"),
            warnings: try row.read("warnings"),
            informations: try row.read("informations"),
            hints: try row.read("hints")
        )
    }
}

/// A lint report without its findings.
public struct LintRecord: Sendable, Hashable, Codable {
    /// Its identifier.
    public var id: LintReportID
    /// The ruleset's name.
    public var ruleset: String
    /// The report in numbers.
    public var counts: LintCounts
    /// When it began.
    public var startedAt: Moment
    /// When it ended.
    public var finishedAt: Moment
    /// Why the check itself failed.
    public var failure: String?

    /// Every field as it stands.
    public init(
        id: LintReportID,
        ruleset: String,
        counts: LintCounts,
        startedAt: Moment,
        finishedAt: Moment,
        failure: String? = nil
    ) {
        self.id = id
        self.ruleset = ruleset
        self.counts = counts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.failure = failure
    }

    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            ruleset: try row.read("ruleset"),
            counts: try LintCounts(row, result: "result"),
            startedAt: try row.read("started_at"),
            finishedAt: try row.read("finished_at"),
            failure: try row.read("failure")
        )
    }
}

/// A finding as it is stored: lines and characters count from zero, as in Spectral's report.
public struct LintFinding: Sendable, Hashable, Codable {
    /// A name or an index on the way to the place.
    public enum PathStep: Sendable, Hashable, Codable {
        case key(String)
        case index(Int)

        /// Reads what ``encode(to:)`` wrote.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let index = try? container.decode(Int.self) {  // not a number: a name, which the next line reads
                self = .index(index)
            } else {
                self = .key(try container.decode(String.self))
            }
        }

        /// Writes the text that ``init(from:)`` reads.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .key(let key): try container.encode(key)
            case .index(let index): try container.encode(index)
            }
        }
    }

    /// Counts from 1 in the order of the document.
    public var number: Int
    /// The rule's name.
    public var rule: String
    /// 0 error, 1 warning, 2 information, 3 hint.
    public var severity: Int
    /// What it says.
    public var message: String
    /// How to mend it.
    public var help: String?
    /// A page about the rule.
    public var documentationURL: String?
    /// A JSON Pointer (RFC 6901).
    public var pointer: String
    /// The way to the place, as in Spectral's report.
    public var path: [PathStep]
    /// Counted from zero.
    public var startLine: Int
    /// In UTF-16 units from zero.
    public var startCharacter: Int
    /// Counted from zero.
    public var endLine: Int
    /// In UTF-16 units from zero.
    public var endCharacter: Int
    /// Over rule and place by name, in hexadecimal: stable when lines and list positions move.
    public var fingerprint: String

    /// Every field as it stands.
    public init(
        number: Int,
        rule: String,
        severity: Int,
        message: String,
        help: String?,
        documentationURL: String?,
        pointer: String,
        path: [PathStep],
        startLine: Int,
        startCharacter: Int,
        endLine: Int,
        endCharacter: Int,
        fingerprint: String
    ) {
        self.number = number
        self.rule = rule
        self.severity = severity
        self.message = message
        self.help = help
        self.documentationURL = documentationURL
        self.pointer = pointer
        self.path = path
        self.startLine = startLine
        self.startCharacter = startCharacter
        self.endLine = endLine
        self.endCharacter = endCharacter
        self.fingerprint = fingerprint
    }

    init(_ row: Row) throws(CatalogError) {
        self.init(
            number: try row.read("number"),
            rule: try row.read("rule"),
            severity: try row.read("severity"),
            message: try row.read("message"),
            help: try row.read("help"),
            documentationURL: try row.read("documentation_url"),
            pointer: try row.read("json_pointer"),
            path: try StoredJSON.value(try row.read("path")),
            startLine: try row.read("start_line"),
            startCharacter: try row.read("start_character"),
            endLine: try row.read("end_line"),
            endCharacter: try row.read("end_character"),
            fingerprint: Hexadecimal.text(try row.read("fingerprint", as: [UInt8].self))
        )
    }
}

extension Transaction {
    /// Lint reports.
    public var lint: LintStore { LintStore(transaction: self) }
}
