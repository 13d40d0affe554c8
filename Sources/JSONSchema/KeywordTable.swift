/// What value a keyword takes. Drives the search for subschemas, the check of schemas, and the built-in metaschemas.
enum KeywordShape: Hashable {
    case schema
    case schemaList
    case schemaMap
    /// `items` up to 2019-09.
    case schemaOrList
    /// `dependencies`.
    case schemaOrNamesMap
    case count
    case number
    case positiveNumber
    case string
    case pattern
    /// A mapping whose keys are patterns.
    case patternSchemaMap
    case boolean
    case types
    case names
    case namesMap
    case nonEmptyList
    case list
    case any
}

/// One keyword of JSON Schema: its shape and in which drafts it means something.
struct KeywordRow {
    let name: String
    let shape: KeywordShape
    /// `nil` for keywords of OpenAPI alone.
    let drafts: ClosedRange<SchemaDialect.Generation>?
    /// Whether the OpenAPI 2.0 and 3.0 Schema Objects have it.
    let isOpenAPI: Bool

    init(
        _ name: String,
        _ shape: KeywordShape,
        _ drafts: ClosedRange<SchemaDialect.Generation>?,
        openAPI: Bool = false
    ) {
        self.name = name
        self.shape = shape
        self.drafts = drafts
        isOpenAPI = openAPI
    }
}

/// Every keyword, one row for each shape it ever had.
enum KeywordTable {
    /// The shapes of a dialect's keywords by name.
    static func shapes(of dialect: SchemaDialect) -> [String: KeywordShape] { tables[dialect] ?? [:] }

    private static let tables: [SchemaDialect: [String: KeywordShape]] = {
        var tables: [SchemaDialect: [String: KeywordShape]] = [:]
        for dialect in SchemaDialect.allCases {
            let known = rows.filter {
                dialect.isOpenAPI ? $0.isOpenAPI : $0.drafts?.contains(dialect.generation) ?? false
            }
            tables[dialect] = Dictionary(known.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        }
        return tables
    }()

    private static let always = SchemaDialect.Generation.four ... .twentyTwenty
    private static let sinceSix = SchemaDialect.Generation.six ... .twentyTwenty
    private static let sinceSeven = SchemaDialect.Generation.seven ... .twentyTwenty
    private static let sinceNineteen = SchemaDialect.Generation.twentyNineteen ... .twentyTwenty
    private static let untilNineteen = SchemaDialect.Generation.four ... .twentyNineteen
    private static let onlyFour = SchemaDialect.Generation.four ... .four
    private static let onlyNineteen = SchemaDialect.Generation.twentyNineteen ... .twentyNineteen
    private static let onlyTwenty = SchemaDialect.Generation.twentyTwenty ... .twentyTwenty

    /// Rows for OpenAPI come first where the shape differs: the first row of a name counts.
    static let rows: [KeywordRow] = [
        // Core
        KeywordRow("$schema", .string, always),
        KeywordRow("id", .string, onlyFour),
        KeywordRow("$id", .string, sinceSix),
        KeywordRow("$ref", .string, always, openAPI: true),
        KeywordRow("$anchor", .string, sinceNineteen),
        KeywordRow("$dynamicAnchor", .string, onlyTwenty),
        KeywordRow("$dynamicRef", .string, onlyTwenty),
        KeywordRow("$recursiveAnchor", .boolean, onlyNineteen),
        KeywordRow("$recursiveRef", .string, onlyNineteen),
        KeywordRow("$vocabulary", .any, sinceNineteen),
        KeywordRow("$comment", .string, sinceSeven),
        KeywordRow("$defs", .schemaMap, sinceNineteen),
        KeywordRow("definitions", .schemaMap, always),
        // Any instance
        KeywordRow("type", .types, always, openAPI: true),
        KeywordRow("enum", .nonEmptyList, onlyFour, openAPI: true),
        KeywordRow("enum", .list, sinceSix),
        KeywordRow("const", .any, sinceSix),
        KeywordRow("format", .string, always, openAPI: true),
        // Numbers
        KeywordRow("multipleOf", .positiveNumber, always, openAPI: true),
        KeywordRow("maximum", .number, always, openAPI: true),
        KeywordRow("minimum", .number, always, openAPI: true),
        KeywordRow("exclusiveMaximum", .boolean, onlyFour, openAPI: true),
        KeywordRow("exclusiveMinimum", .boolean, onlyFour, openAPI: true),
        KeywordRow("exclusiveMaximum", .number, sinceSix),
        KeywordRow("exclusiveMinimum", .number, sinceSix),
        // Strings
        KeywordRow("maxLength", .count, always, openAPI: true),
        KeywordRow("minLength", .count, always, openAPI: true),
        KeywordRow("pattern", .pattern, always, openAPI: true),
        // Arrays
        KeywordRow("items", .schemaOrList, untilNineteen, openAPI: true),
        KeywordRow("items", .schema, onlyTwenty),
        KeywordRow("prefixItems", .schemaList, onlyTwenty),
        KeywordRow("additionalItems", .schema, untilNineteen),
        KeywordRow("unevaluatedItems", .schema, sinceNineteen),
        KeywordRow("contains", .schema, sinceSix),
        KeywordRow("maxContains", .count, sinceNineteen),
        KeywordRow("minContains", .count, sinceNineteen),
        KeywordRow("maxItems", .count, always, openAPI: true),
        KeywordRow("minItems", .count, always, openAPI: true),
        KeywordRow("uniqueItems", .boolean, always, openAPI: true),
        // Objects
        KeywordRow("maxProperties", .count, always, openAPI: true),
        KeywordRow("minProperties", .count, always, openAPI: true),
        KeywordRow("required", .names, always, openAPI: true),
        KeywordRow("properties", .schemaMap, always, openAPI: true),
        KeywordRow("patternProperties", .patternSchemaMap, always),
        KeywordRow("additionalProperties", .schema, always, openAPI: true),
        KeywordRow("unevaluatedProperties", .schema, sinceNineteen),
        KeywordRow("propertyNames", .schema, sinceSix),
        KeywordRow("dependencies", .schemaOrNamesMap, always),
        KeywordRow("dependentRequired", .namesMap, sinceNineteen),
        KeywordRow("dependentSchemas", .schemaMap, sinceNineteen),
        // Combinations
        KeywordRow("allOf", .schemaList, always, openAPI: true),
        KeywordRow("anyOf", .schemaList, always, openAPI: true),
        KeywordRow("oneOf", .schemaList, always, openAPI: true),
        KeywordRow("not", .schema, always, openAPI: true),
        KeywordRow("if", .schema, sinceSeven),
        KeywordRow("then", .schema, sinceSeven),
        KeywordRow("else", .schema, sinceSeven),
        // Annotations
        KeywordRow("title", .string, always, openAPI: true),
        KeywordRow("description", .string, always, openAPI: true),
        KeywordRow("default", .any, always, openAPI: true),
        KeywordRow("examples", .list, sinceSix),
        KeywordRow("readOnly", .boolean, sinceSeven, openAPI: true),
        KeywordRow("writeOnly", .boolean, sinceSeven, openAPI: true),
        KeywordRow("deprecated", .boolean, sinceNineteen, openAPI: true),
        KeywordRow("contentMediaType", .string, sinceSeven),
        KeywordRow("contentEncoding", .string, sinceSeven),
        KeywordRow("contentSchema", .schema, sinceNineteen),
        KeywordRow("nullable", .boolean, nil, openAPI: true),
        KeywordRow("x-nullable", .boolean, nil, openAPI: true),
    ]
}
