import CatalogStore
import DocumentTree
import Lifecycle
import OpenAPIModel
import PolicyEngine
import RoutingTable
import SnapshotCompiler

/// A submitted document, read, judged, linted and compiled: all that a submission does before its transaction, so that no
/// connection waits for it.
struct SpecificationReading: Sendable {
    let document: Document
    let content: SpecificationStore.Content
    /// `info.version` and `info.title`.
    let version: String?
    let title: String?
    let counts: LintCounts
    let findings: [LintFinding]
    /// Why the check itself failed.
    let failure: String?
    let startedAt: Moment
    let finishedAt: Moment
    let unit: CompilationUnit

    /// The ruleset that every submission is checked with.
    static let rulesetName = "gatehouse:recommended"

    /// Findings that one report keeps; a document with more has more urgent worries.
    static let findingsMax = 5_000

    /// - Throws: ``GovernanceError`` for a document that is not taken, with every place.
    init(_ bytes: [UInt8], fileName: String, clock: any Clock) throws(GovernanceError) {
        let limits = Limits.default
        guard bytes.count <= limits.bytesMax else {
            throw GovernanceError(
                .specificationTooLarge,
                "the document has \(bytes.count) bytes, at most \(limits.bytesMax) are taken",
                mend: "split the API, or leave large examples out"
            )
        }
        document = try Self.read(bytes, fileName)
        let admission = Admission(document)
        guard admission.isAdmitted, let openAPI = admission.openAPI else {
            throw Self.refused(admission.refusals, fileName)
        }
        startedAt = clock.now
        let (lint, failure) = Self.lint(document)
        finishedAt = clock.now
        self.failure = failure
        let digest = Digest32.sha256(of: bytes)
        unit = CompilationUnit(openAPI, sourceName: fileName, sha256: digest)
        // What stands against routing the document is said now, not at its publication.
        let all = Set(admission.findings + unit.findings + lint).sorted(by: Self.precedes)
        findings = [LintFinding](all.prefix(Self.findingsMax), in: document)
        counts = Self.counts(of: all, failed: failure != nil)
        version = openAPI.version
        title = openAPI.title
        content = SpecificationStore.Content(
            bytes: bytes,
            sha256: digest.bytes,
            canonicalSHA256: Digest32.sha256(of: document.root.json(sortsKeys: true)).bytes,
            mediaType: document.syntax == .json ? "application/json" : "application/yaml",
            openAPIVersion: Self.statedVersion(document) ?? openAPI.specificationVersion.rawValue,
            operationCount: openAPI.operations.count
        )
    }

    /// A total order, so that the same document gives the same report.
    private static func precedes(_ left: Finding, _ right: Finding) -> Bool {
        if Finding.precedes(left, right) { return true }
        return !Finding.precedes(right, left) && left.message < right.message
    }

    private static func read(_ bytes: [UInt8], _ fileName: String) throws(GovernanceError) -> Document {
        do throws(UnreadableDocument) {
            return try Document.read(bytes, name: fileName)
        } catch {
            throw GovernanceError(
                .unreadableDocument,
                error.findings.first?.message ?? "the document is neither YAML nor JSON",
                mend: error.findings.first?.help ?? "correct it at the place that is named",
                places: error.findings.map { GovernanceError.Place($0, source: fileName) }
            )
        }
    }

    /// `openapi: 3.1.0` or `swagger: "2.0"` as it is written.
    private static func statedVersion(_ document: Document) -> String? {
        document.root["openapi"]?.scalarText ?? document.root["swagger"]?.scalarText
    }

    private static func refused(_ findings: [Finding], _ fileName: String) -> GovernanceError {
        let first = findings.first
        return GovernanceError(
            code(of: first?.code),
            first?.message ?? "the document is not taken",
            mend: first?.help ?? "correct the places that are named",
            places: findings.map { GovernanceError.Place($0, source: fileName) }
        )
    }

    private static func code(of finding: String?) -> GovernanceError.Code {
        switch finding {
        case "not-openapi": .notOpenAPI
        case "unsupported-openapi-version", "ambiguous-openapi-version": .unsupportedOpenAPIVersion
        case ReferenceCode.externalRefused: .externalReferenceRefused
        default: .validationFailed
        }
    }

    private static let ruleset = Result { try Ruleset.builtIn(rulesetName) }

    private static func lint(_ document: Document) -> (findings: [Finding], failure: String?) {
        switch ruleset {
        case .success(let ruleset): (Linter(ruleset).lint(document).findings, nil)
        case .failure(let error): ([], "the ruleset `\(rulesetName)` cannot be used: \(error)")
        }
    }

    private static func counts(of findings: [Finding], failed: Bool) -> LintCounts {
        var numbers = [0, 0, 0, 0]
        for finding in findings { numbers[finding.severity.rawValue] += 1 }
        let result: Lifecycle.LintResult = failed ? .error : numbers[0] > 0 ? .fail : numbers[1] > 0 ? .warn : .pass
        return LintCounts(
            result: result,
            errors: numbers[0],
            warnings: numbers[1],
            informations: numbers[2],
            hints: numbers[3]
        )
    }
}

extension GovernanceError.Place {
    /// A finding's place, counted from one as people do.
    init(_ finding: Finding, source: String) {
        self.init(
            finding.message,
            source: source,
            line: finding.range.start.line + 1,
            column: finding.range.start.character + 1,
            pointer: finding.pointer
        )
    }
}

extension Finding {
    fileprivate var pointer: String { JSONPointer(path).description }
}

extension [LintFinding] {
    /// Findings of one document, numbered, with fingerprints that survive moved lines and another file name.
    init(_ findings: some Sequence<Finding>, in document: Document) {
        let nameless = findings.map { finding in
            var finding = finding
            finding.source = ""
            return finding
        }
        let fingerprints = Fingerprint.all(of: nameless, in: ["": document])
        self = zip(nameless, fingerprints).enumerated().map { LintFinding($1.0, number: $0 + 1, fingerprint: $1.1) }
    }
}

extension LintFinding {
    fileprivate init(_ finding: Finding, number: Int, fingerprint: String) {
        let pointer = finding.pointer
        self.init(
            number: number,
            rule: finding.code,
            severity: finding.severity.rawValue,
            // PostgreSQL's text cannot hold U+0000, which a document may have quoted.
            message: finding.message.replacingNull(),
            help: finding.help?.replacingNull(),
            documentationURL: finding.documentationURL,
            pointer: pointer.replacingNull(),
            path: finding.path.map { segment in
                switch segment {
                case .key(let key): .key(key.replacingNull())
                case .index(let index): .index(index)
                }
            },
            startLine: finding.range.start.line,
            startCharacter: finding.range.start.character,
            endLine: finding.range.end.line,
            endCharacter: finding.range.end.character,
            fingerprint: fingerprint
        )
    }
}

extension String {
    func replacingNull() -> String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
