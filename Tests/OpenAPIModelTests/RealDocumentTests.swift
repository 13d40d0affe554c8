import DocumentTree
import OpenAPIModel
import Testing

/// One record of `openapi-specs/index.json`.
struct RealDocument: Sendable, CustomTestStringConvertible {
    let file: String
    let version: String
    let operations: Int
    let paths: Int

    var testDescription: String { file }

    static let all: [RealDocument] = {
        guard Fixtures.areThere, let bytes = try? Fixtures.bytes("openapi-specs/index.json"),
            let index = try? Document.read(bytes, name: "index.json").root
        else { return [] }
        return index["files"]?.elements.compactMap { row in
            guard let file = row["file"]?.string else { return nil }
            return RealDocument(
                file: file,
                version: row["spec"]?.string ?? "",
                operations: row["operations"]?.integer ?? -1,
                paths: row["paths"]?.integer ?? -1
            )
        } ?? []
    }()
}

@Suite("Real documents", .enabled(if: Fixtures.areThere, "the fixtures folder is absent"))
struct RealDocumentTests {
    @Test("a real document is read and its operations are all there", arguments: RealDocument.all)
    func operationsAreCounted(_ row: RealDocument) throws {
        let document = try Document.read(Fixtures.bytes("openapi-specs/" + row.file), name: row.file)
        let admission = Admission(document)
        let openAPI = try #require(admission.openAPI)
        #expect(row.version.hasPrefix(openAPI.specificationVersion.rawValue))
        #expect(openAPI.operations.count == row.operations)
        #expect(openAPI.pathItems.count == row.paths)
        #expect(openAPI.title?.isEmpty == false)
        #expect(openAPI.version?.isEmpty == false)
        // The references to files that one document has stand in its extensions, where they mean nothing here.
        #expect(admission.isAdmitted, "\(admission.refusals.prefix(5))")
        for operation in openAPI.operations where operation.pathTemplate.isRoutable {
            #expect(document.resolve(operation.pointer) == operation.node)
        }
    }

    @Test(
        "very large documents are read",
        arguments: [("derived-twilio-all", 926, 1447), ("derived-12k-paths", 12000, 12000)]
    )
    func derivedDocuments(_ name: String, _ paths: Int, _ operations: Int) throws {
        let bytes = try Fixtures.unzipped("openapi-specs/\(name).json.gz")
        let openAPI = try OpenAPIDocument(Document.read(bytes, name: name + ".json"))
        #expect(openAPI.pathItems.count == paths)
        #expect(openAPI.operations.count == operations)
    }

    @Test("a reference that leads nowhere is a finding, the document is still taken")
    func danglingReference() throws {
        let document = try Document.read(Fixtures.bytes("openapi-specs/intercom-2.11.yaml"), name: "intercom.yaml")
        let admission = Admission(document)
        #expect(admission.isAdmitted)
        #expect(admission.findings.contains { $0.code == "invalid-ref" && $0.severity == .error })
    }
}
