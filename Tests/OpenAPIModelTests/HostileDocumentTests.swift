import DocumentTree
import OpenAPIModel
import Testing

/// One row of `security/openapi.jsonl`.
struct HostileDocument: Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let expect: String
    let why: String
    let check: Node?

    var testDescription: String { name }

    static let all: [HostileDocument] = {
        guard Fixtures.areThere, let lines = try? Fixtures.bytes("security/openapi.jsonl") else { return [] }
        return lines.split(separator: 0x0A).compactMap { line in
            guard let row = try? Document.read(Array(line), name: "openapi.jsonl", syntax: .json).root,
                let name = row["name"]?.string, let file = row["file"]?.string, let expect = row["expect"]?.string
            else { return nil }
            return HostileDocument(
                name: name,
                file: file,
                expect: expect,
                why: row["why"]?.string ?? "",
                check: row["check"]
            )
        }
    }()

    /// Rows whose finding comes from a lint rule: patterns are compiled, examples are validated there.
    static let judgedByLint: Set<String> = [
        "re-nested-plus", "re-alt-overlap", "re-email", "re-backref", "re-nested-3", "re-count-nested", "re-long",
        "re-deep",
        "re-class-huge", "re-bad-unbalanced", "re-bad-bad-class", "re-bad-quant", "example-mismatch",
    ]
}

@Suite("Hostile documents", .enabled(if: Fixtures.areThere, "the fixtures folder is absent"))
struct HostileDocumentTests {
    @Test("the list of hostile documents is complete")
    func listIsComplete() {
        #expect(HostileDocument.all.count == 154)
    }

    @Test("a hostile document gets the verdict it should", arguments: HostileDocument.all)
    func verdict(_ row: HostileDocument) throws {
        let bytes = try Fixtures.bytes("security/openapi/" + row.file)
        let document: Document
        do {
            document = try Document.read(bytes, name: row.file)
        } catch {
            #expect(!error.findings.isEmpty)
            #expect(
                ["reject", "reject_or_lint", "accept_or_reject"].contains(row.expect),
                "\(row.why): \(error.findings)"
            )
            return
        }
        let admission = Admission(document)
        switch row.expect {
        case "reject":
            #expect(!admission.isAdmitted, "\(row.why)")
        case "accept":
            #expect(admission.isAdmitted, "\(admission.refusals)")
            #expect(!admission.findings.contains { $0.severity == .error }, "\(admission.findings)")
        case "lint":
            #expect(admission.isAdmitted, "\(admission.refusals)")
            if !HostileDocument.judgedByLint.contains(row.name) { #expect(!admission.findings.isEmpty, "\(row.why)") }
        case "reject_or_lint":
            if !HostileDocument.judgedByLint.contains(row.name) {
                #expect(!admission.refusals.isEmpty || !admission.findings.isEmpty, "\(row.why)")
            }
        default:
            #expect(row.expect == "accept_or_reject")
        }
        try expectValues(row, document)
    }

    private func expectValues(_ row: HostileDocument, _ document: Document) throws {
        guard let check = row.check, let text = check["pointer"]?.string else { return }
        let pointer = try #require(JSONPointer(text))
        let node = try #require(document.resolve(pointer))
        if let expected = check["equals"] { #expect(node.scalarText == expected.scalarText) }
        if let unwanted = check["not_equals"] { #expect(node.scalarText != unwanted.scalarText) }
        if let keys = check["keys"] { #expect(node.keys == keys.elements.compactMap(\.string)) }
    }
}
