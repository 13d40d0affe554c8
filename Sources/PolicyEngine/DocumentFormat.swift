public import DocumentTree

/// A kind of document that a rule can be limited to; the names are those of Spectral rulesets.
public enum DocumentFormat: String, Hashable, Sendable, CaseIterable {
    /// OpenAPI 2.0 (Swagger).
    case oas2
    /// Any OpenAPI 3.
    case oas3
    /// OpenAPI 3.0.
    case oas3_0
    /// OpenAPI 3.1.
    case oas3_1
    /// OpenAPI 3.2.
    case oas3_2
    /// A JSON Schema that says so in `$schema`.
    case jsonSchema = "json-schema"
    /// Anything that looks like a JSON Schema.
    case jsonSchemaLoose = "json-schema-loose"
    /// JSON Schema draft 4.
    case jsonSchemaDraft4 = "json-schema-draft4"
    /// JSON Schema draft 6.
    case jsonSchemaDraft6 = "json-schema-draft6"
    /// JSON Schema draft 7.
    case jsonSchemaDraft7 = "json-schema-draft7"
    /// JSON Schema 2019-09.
    case jsonSchema201909 = "json-schema-2019-09"
    /// JSON Schema 2020-12.
    case jsonSchema202012 = "json-schema-2020-12"

    /// Reads a name as rulesets spell it: `oas3.1` and `oas3_1`, `json-schema-draft-2020-12` and `json-schema-2020-12`.
    public init?(name: String) {
        let normalized =
            switch name {
            case "oas3.0": "oas3_0"
            case "oas3.1": "oas3_1"
            case "oas3.2": "oas3_2"
            case "json-schema-draft-2019-09", "json-schema-draft2019-09": "json-schema-2019-09"
            case "json-schema-draft-2020-12", "json-schema-draft2020-12": "json-schema-2020-12"
            default: name
            }
        self.init(rawValue: normalized)
    }

    /// All formats that a document has; `oas3` comes together with its minor version.
    public static func detect(_ document: Document) -> Set<DocumentFormat> {
        let root = document.root
        guard root.isMapping else { return [] }
        var found: Set<DocumentFormat> = []
        if let version = root["swagger"]?.scalarText, version == "2" || version.hasPrefix("2.") { found.insert(.oas2) }
        if let version = root["openapi"]?.scalarText, version == "3" || version.hasPrefix("3.") {
            found.insert(.oas3)
            for (prefix, format) in [("3.0", DocumentFormat.oas3_0), ("3.1", .oas3_1), ("3.2", .oas3_2)]
            where version == prefix || version.hasPrefix(prefix + ".") {
                found.insert(format)
            }
        }
        found.formUnion(schemaFormats(of: root))
        return found
    }

    private static func schemaFormats(of root: Node) -> Set<DocumentFormat> {
        var found: Set<DocumentFormat> = []
        if let dialect = root["$schema"]?.string, let host = dialect.range(ofText: "//json-schema.org/") {
            found = [.jsonSchema, .jsonSchemaLoose]
            let rest = dialect[host.upperBound...]
            for (prefix, format) in [
                ("draft-04", DocumentFormat.jsonSchemaDraft4), ("draft-06", .jsonSchemaDraft6),
                ("draft-07", .jsonSchemaDraft7), ("draft/2019-09", .jsonSchema201909),
                ("draft/2020-12", .jsonSchema202012),
            ] where rest.hasPrefix(prefix) {
                found.insert(format)
            }
        }
        let types: Set = ["object", "array", "string", "number", "integer", "boolean", "null"]
        if let type = root["type"]?.string, types.contains(type) { found.insert(.jsonSchemaLoose) }
        if ["allOf", "anyOf", "oneOf", "not", "if"].contains(where: { root[$0]?.kind.isContainer == true }) {
            found.insert(.jsonSchemaLoose)
        }
        if root["enum"]?.isSequence == true { found.insert(.jsonSchemaLoose) }
        return found
    }
}

extension String {
    /// Where a text stands in this one, without Foundation.
    func range(ofText part: String) -> Range<String.Index>? {
        guard !part.isEmpty else { return nil }
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
