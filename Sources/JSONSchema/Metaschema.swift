internal import DocumentTree
internal import Synchronization

/// The built-in metaschemas, generated from ``KeywordTable``: a schema for schemas under each dialect's well-known URI.
///
/// They accept and refuse the same schemas as the published ones in all that validation needs; they are one document each,
/// without the split into vocabularies.
enum Metaschema {
    /// The metaschema with this URI (no fragment), or `nil` where there is none.
    static func document(uri: String) -> Document? {
        guard let dialect = SchemaDialect.allCases.first(where: { $0.uri == uri }) else { return nil }
        if let known = documents.withLock({ $0[uri] }) { return known }
        do {
            let made = try Document.read(text(of: dialect, uri: uri), name: "\(dialect.rawValue).json")
            documents.withLock { $0[uri] = made }
            return made
        } catch {
            preconditionFailure("the generated metaschema of \(dialect) is JSON")
        }
    }

    /// Those that somebody asked for; most programs need one or none.
    private static let documents = Mutex<[String: Document]>([:])

    private static func text(of dialect: SchemaDialect, uri: String) -> String {
        let own: JSONValue
        let name = JSONValue.string(uri + (dialect.generation <= .seven ? "#" : ""))
        var members: [(key: String, value: JSONValue)] = [("$schema", name), (dialect.idKeyword ?? "$id", name)]
        switch dialect.generation {
        case .twentyTwenty:
            members.append(("$dynamicAnchor", "meta"))
            own = ["$dynamicRef": "#meta"]
        case .twentyNineteen:
            members.append(("$recursiveAnchor", true))
            own = ["$recursiveRef": "#"]
        default: own = ["$ref": "#"]
        }
        members.append(("type", dialect.generation == .four ? "object" : ["object", "boolean"]))
        let shapes = KeywordTable.shapes(of: dialect)
        let names = KeywordTable.rows.map(\.name).filter { shapes[$0] != nil }
        var seen: Set<String> = []
        var properties: [(key: String, value: JSONValue)] = []
        for name in names where seen.insert(name).inserted {
            guard let shape = shapes[name] else { continue }
            properties.append((name, schema(of: shape, keyword: name, dialect: dialect, own: own)))
        }
        members.append(("properties", .object(properties)))
        if dialect.generation == .four {
            members.append(("dependencies", ["exclusiveMaximum": ["maximum"], "exclusiveMinimum": ["minimum"]]))
        }
        return JSONValue.object(members).text(pretty: false)
    }

    private static func schema(
        of shape: KeywordShape,
        keyword: String,
        dialect: SchemaDialect,
        own: JSONValue
    ) -> JSONValue {
        let names: JSONValue =
            dialect.generation == .four
            ? ["type": "array", "items": ["type": "string"], "minItems": 1, "uniqueItems": true]
            : ["type": "array", "items": ["type": "string"], "uniqueItems": true]
        switch shape {
        case .schema:
            let takesBoolean = keyword == "additionalItems" || keyword == "additionalProperties"
            return dialect.generation == .four && takesBoolean ? ["anyOf": [["type": "boolean"], own]] : own
        case .schemaList: return ["type": "array", "minItems": 1, "items": own]
        case .schemaMap: return ["type": "object", "additionalProperties": own]
        case .patternSchemaMap:
            return dialect.generation == .four
                ? ["type": "object", "additionalProperties": own]
                : ["type": "object", "additionalProperties": own, "propertyNames": ["format": "regex"]]
        case .schemaOrList: return ["anyOf": [own, ["type": "array", "minItems": 1, "items": own]]]
        case .schemaOrNamesMap: return ["type": "object", "additionalProperties": ["anyOf": [own, names]]]
        case .count: return ["type": "integer", "minimum": 0]
        case .number: return ["type": "number"]
        case .positiveNumber:
            return dialect.generation == .four
                ? ["type": "number", "minimum": 0, "exclusiveMinimum": true]
                : ["type": "number", "exclusiveMinimum": 0]
        case .string: return ["type": "string"]
        case .pattern: return ["type": "string", "format": "regex"]
        case .boolean: return ["type": "boolean"]
        case .types:
            let type: JSONValue = [
                "enum": ["array", "boolean", "integer", "null", "number", "object", "string"]
            ]
            let list: JSONValue = ["type": "array", "items": type, "minItems": 1, "uniqueItems": true]
            // With `if` the answer names the values that are allowed, instead of two branches of which none fits.
            return dialect.generation >= .seven
                ? ["if": ["type": "array"], "then": list, "else": type] : ["anyOf": [type, list]]
        case .names: return names
        case .namesMap: return ["type": "object", "additionalProperties": names]
        case .nonEmptyList: return ["type": "array", "minItems": 1]
        case .list: return ["type": "array"]
        case .any: return [:]
        }
    }
}
