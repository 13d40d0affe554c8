import DocumentTree
import SpecDiff

/// An edit of one schema, with the endings of the checks that see it and a revision that only looks alike; they stand in
/// `Fixtures/schema-edits.yaml`.
struct SchemaEdit: Sendable, CustomStringConvertible {
    let base: String
    let revision: String
    /// `max-decreased` stands for `request-body-max-decreased`, `response-property-max-decreased` and so on, as far as
    /// the table has them.
    let endings: [String]
    let near: String

    var description: String { endings.joined(separator: ", ") }

    static let all: [SchemaEdit] = Fixtures.entries("Fixtures/schema-edits.yaml").map { entry in
        SchemaEdit(
            base: entry["base"]?.string ?? "",
            revision: entry["revision"]?.string ?? "",
            endings: entry["endings"]?.elements.compactMap(\.string) ?? [],
            near: entry["near"]?.string ?? ""
        )
    }
}

/// Two documents with checks that see something between them, and a revision that only looks alike; they stand in
/// `Fixtures/document-pairs.yaml`.
struct DocumentPair: Sendable, CustomStringConvertible {
    let ids: [String]
    let base: String
    let revision: String
    let near: String
    let sunsetDays: Int

    var description: String { ids.joined(separator: ", ") }

    static let all: [DocumentPair] = Fixtures.entries("Fixtures/document-pairs.yaml").map { entry in
        DocumentPair(
            ids: entry["checks"]?.elements.compactMap(\.string) ?? [],
            base: entry["base"]?.string ?? "",
            revision: entry["revision"]?.string ?? "",
            near: entry["near"]?.string ?? "",
            sunsetDays: entry["sunsetDays"]?.integer ?? 0
        )
    }

    func checks(_ revision: String) throws -> Set<String> {
        var options = OasdiffCase.defaultOptions
        options.minSunsetStableDays = sunsetDays
        let diff = DocumentDiff(options)
        let report = try diff.report(
            base: Document.read(base, name: "base.yaml"),
            revision: Document.read(revision, name: "revision.yaml")
        )
        return Set(diff.expand(report).map(\.id))
    }
}

/// Where a schema stands in a document.
enum Carrier: String, CaseIterable, Sendable {
    case requestBody = "request-body-"
    case requestProperty = "request-property-"
    case responseBody = "response-body-"
    case responseProperty = "response-property-"
    case parameter = "request-parameter-"
    case responseHeader = "response-header-"

    /// A document in which the schema stands there.
    func document(_ schema: String) -> String {
        let (request, response, parameter, header) =
            switch self {
            case .requestBody: (schema, "{}", "{}", "{}")
            case .requestProperty: ("{properties: {p: \(schema)}}", "{}", "{}", "{}")
            case .responseBody: ("{}", schema, "{}", "{}")
            case .responseProperty: ("{}", "{properties: {p: \(schema)}}", "{}", "{}")
            case .parameter: ("{}", "{}", schema, "{}")
            case .responseHeader: ("{}", "{}", "{}", schema)
            }
        return """
            openapi: 3.1.0
            info: {title: t, version: 1.0.0}
            paths:
              /a:
                post:
                  parameters: [{in: query, name: q, schema: \(parameter)}]
                  requestBody: {content: {application/json: {schema: \(request)}}}
                  responses:
                    '200':
                      description: fine
                      headers: {H: {schema: \(header)}}
                      content: {application/json: {schema: \(response)}}
            """
    }

    /// Checks whose id is made of the carrier's name and an ending, as far as the table has them.
    func ids(_ endings: [String]) -> Set<String> {
        Set(
            endings.compactMap { ending in
                switch (self, ending) {
                // What a parameter's own `deprecated` says has checks of the same name.
                case (.parameter, "deprecated"), (.parameter, "reactivated"): nil
                default: ChangeTable.ids.contains(rawValue + ending) ? rawValue + ending : nil
                }
            }
        )
    }
}

/// The checks that see something between two documents.
func checks(_ base: String, _ revision: String, _ options: DiffOptions = OasdiffCase.defaultOptions) throws -> Set<
    String
> {
    let diff = DocumentDiff(options)
    let report = try diff.report(
        base: Document.read(base, name: "base.yaml"),
        revision: Document.read(revision, name: "revision.yaml")
    )
    for change in report.changes {
        for site in change.sites where options.levels[site.check] == nil {
            guard ChangeTable.rule(site.check)?.level == site.level else { throw WrongLevel(check: site.check) }
        }
    }
    return Set(diff.expand(report).map(\.id)).subtracting([
        "api-version-not-bumped", "api-version-decreased", "api-major-version-not-bumped",
    ])
}

struct WrongLevel: Error {
    let check: String
}
