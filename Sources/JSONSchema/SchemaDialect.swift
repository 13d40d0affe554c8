/// Which JSON Schema a schema is written in: the drafts, and the two cousins that OpenAPI 2.0 and 3.0 define.
///
/// OpenAPI 3.1 and 3.2 schemas are ``draft2020_12`` (OpenAPI 3.1.1 §4.8.24).
public enum SchemaDialect: String, CaseIterable, Hashable, Sendable {
    /// draft-zyp-json-schema-04.
    case draft4
    /// draft-wright-json-schema-01.
    case draft6
    /// draft-handrews-json-schema-01.
    case draft7
    /// draft 2019-09.
    case draft2019_09
    /// draft 2020-12.
    case draft2020_12
    /// The Schema Object of OpenAPI 2.0, with `x-nullable`.
    case openAPI2_0
    /// The Schema Object of OpenAPI 3.0, with `nullable`.
    case openAPI3_0

    /// The dialect that a `$schema` URI names; `nil` for one that is not built in. An empty fragment makes no difference.
    public init?(uri: String) {
        let uri = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
        if Self.openAPIBase.contains(uri) {
            self = .draft2020_12
            return
        }
        guard let dialect = Self.allCases.first(where: { $0.uri == uri }) else { return nil }
        self = dialect
    }

    /// The URI of the dialect's metaschema, without a fragment; `nil` for the OpenAPI dialects, which have none.
    public var uri: String? {
        switch self {
        case .draft4: "http://json-schema.org/draft-04/schema"
        case .draft6: "http://json-schema.org/draft-06/schema"
        case .draft7: "http://json-schema.org/draft-07/schema"
        case .draft2019_09: "https://json-schema.org/draft/2019-09/schema"
        case .draft2020_12: "https://json-schema.org/draft/2020-12/schema"
        case .openAPI2_0, .openAPI3_0: nil
        }
    }

    /// `jsonSchemaDialect` of OpenAPI 3.1 and 3.2: draft 2020-12 with annotations of their own.
    private static let openAPIBase: Set<String> = [
        "https://spec.openapis.org/oas/3.1/dialect/base", "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
        "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
    ]

    var isOpenAPI: Bool { self == .openAPI2_0 || self == .openAPI3_0 }

    /// The draft whose rules hold; the OpenAPI dialects grew from draft 4.
    var generation: Generation {
        switch self {
        case .draft4, .openAPI2_0, .openAPI3_0: .four
        case .draft6: .six
        case .draft7: .seven
        case .draft2019_09: .twentyNineteen
        case .draft2020_12: .twentyTwenty
        }
    }

    /// The keyword that gives a schema its own URI.
    var idKeyword: String? {
        switch self {
        case .draft4: "id"
        case .openAPI2_0, .openAPI3_0: nil
        default: "$id"
        }
    }

    /// Up to draft 7 a schema with `$ref` is nothing but the reference.
    var referenceHidesSiblings: Bool { generation <= .seven }

    /// The drafts in order of time.
    enum Generation: Int, Comparable {
        case four
        case six
        case seven
        case twentyNineteen
        case twentyTwenty

        static func < (left: Generation, right: Generation) -> Bool { left.rawValue < right.rawValue }
    }
}

/// Groups of keywords that a metaschema of 2019-09 and later can leave out (`$vocabulary`).
struct Vocabulary: OptionSet, Hashable {
    let rawValue: UInt8

    static let applicator = Vocabulary(rawValue: 1 << 0)
    static let unevaluated = Vocabulary(rawValue: 1 << 1)
    static let validation = Vocabulary(rawValue: 1 << 2)
    /// `format` fails where it does not hold, instead of being a mere annotation.
    static let formatAssertion = Vocabulary(rawValue: 1 << 3)

    /// What every built-in dialect has.
    static let standard: Vocabulary = [.applicator, .unevaluated, .validation]

    /// What a metaschema asks for that lists these URIs.
    init(uris: [String], isTwentyNineteen: Bool) {
        self = []
        for uri in uris {
            switch uri.split(separator: "/").last {
            case "applicator": insert(isTwentyNineteen ? [.applicator, .unevaluated] : .applicator)
            case "unevaluated": insert(.unevaluated)
            case "validation": insert(.validation)
            case "format-assertion": insert(.formatAssertion)
            default: continue
            }
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }
}
