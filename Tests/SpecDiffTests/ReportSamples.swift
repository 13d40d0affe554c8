import DocumentTree
import OpenAPIModel
import SpecDiff
import Testing

/// Two small documents and what changed between them, made by hand: reports are tested without the comparison.
struct ReportSamples {
    static let baseText = """
        openapi: 3.0.3
        info: {title: Pets, version: 1.0.0}
        paths:
          /pets/{petId}:
            get:
              operationId: getPet
              parameters:
                - {name: petId, in: path, required: true, schema: {type: string}}
                - {name: limit, in: query, schema: {type: integer}}
              responses: {'200': {description: ok}}
            delete:
              responses: {'204': {description: gone}}
        components:
          schemas:
            Pet:
              type: object
              properties:
                name: {type: string}

        """
    static let revisionText = """
        openapi: 3.0.3
        info: {title: Pets, version: 1.1.0}
        paths:
          /pets/{petId}:
            get:
              operationId: getPet
              parameters:
                - {name: petId, in: path, required: true, schema: {type: string}}
              responses: {'200': {description: ok}}
            delete:
              responses: {'204': {description: gone}}
        components:
          schemas:
            Pet:
              type: object
              properties:
                name: {type: string, nullable: true}

        """

    let base: Document
    let revision: Document

    init() throws {
        base = try Document.read(Self.baseText, name: "old/pets.yaml")
        revision = try Document.read(Self.revisionText, name: "new/pets.yaml")
    }

    var comparedBase: ComparedDocument { ComparedDocument(source: base.source, title: "Pets", version: "1.0.0") }
    var comparedRevision: ComparedDocument {
        ComparedDocument(source: revision.source, title: "Pets", version: "1.1.0")
    }

    static func site(
        _ method: String,
        _ path: String,
        id: String? = nil,
        _ side: ChangeSide = .request,
        _ level: ChangeLevel = .error
    ) -> ChangeSite {
        ChangeSite(section: "paths", method: method, path: path, operationID: id, side: side, level: level)
    }

    static func place(_ pointer: String, in document: Document) throws -> ChangePlace {
        let steps = try #require(JSONPointer(pointer))
        let node = try #require(document.resolve(steps), "\(pointer)")
        return ChangePlace(source: document.source.name, range: node.range, path: node.path)
    }

    static let get = site("GET", "/pets/{petId}", id: "getPet")
    static let delete = site("DELETE", "/pets/{petId}")

    /// A parameter of one operation is gone.
    func removedParameter() throws -> Change {
        Change(
            id: "request-parameter-removed",
            level: .warning,
            text: "deleted the `query` request parameter `limit`",
            arguments: ["query", "limit"],
            comment: "callers may send it still",
            sites: [Self.site("GET", "/pets/{petId}", id: "getPet", .request, .warning)],
            base: try Self.place("/paths/~1pets~1{petId}/get/parameters/1", in: base),
            revision: nil,
            fingerprint: "0123456789abcdef"
        )
    }

    /// A shared schema changed: five operations are reached, one of them without harm.
    func sharedChange() throws -> Change {
        let paths = ["/owners", "/pets", "/pets/{petId}", "/shops"]
        let sites = paths.map { Self.site("GET", $0, id: $0 == "/pets/{petId}" ? "getPet" : nil, .response) }
        var harmless = Self.site("DELETE", "/old", .response, .information)
        harmless.check = "response-write-only"
        return Change(
            id: "response-property-became-nullable",
            level: .error,
            text: "the response property `name` became nullable",
            arguments: ["name"],
            sites: [harmless] + sites,
            base: try Self.place("/components/schemas/Pet/properties/name", in: base),
            revision: try Self.place("/components/schemas/Pet/properties/name", in: revision),
            fingerprint: "fedcba9876543210"
        )
    }

    /// Something that belongs to no operation.
    func documentChange() -> Change {
        Change(
            id: "api-tag-added",
            level: .information,
            text: "added the tag `a|b <i>`",
            arguments: ["a|b <i>"],
            sites: [ChangeSite(section: "info", level: .information)],
            base: nil,
            revision: nil,
            fingerprint: "00000000000000ff"
        )
    }

    func report() throws -> DiffReport {
        DiffReport(
            changes: [try sharedChange(), try removedParameter(), documentChange()],
            requiredBump: .major,
            isIdentical: false
        )
    }

    static let nothing = DiffReport(changes: [], requiredBump: .none, isIdentical: true)
}
