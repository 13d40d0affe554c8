import DocumentTree

/// The keywords of schemas that a comparison looks at.
enum SchemaKeyword: UInt8, CaseIterable {
    case type, format, title, description, `enum`, `default`, example, examples, externalDocs, xml, comment
    case nullable, xNullable, readOnly, writeOnly, deprecated, sunset, stability, extensibleEnum
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern
    case minItems, maxItems, uniqueItems, minProperties, maxProperties, minContains, maxContains
    case items, prefixItems, contains, unevaluatedItems
    case properties, required, additionalProperties, patternProperties, propertyNames, unevaluatedProperties
    case dependentRequired, dependentSchemas, discriminator
    case allOf, anyOf, oneOf, not, `if`, then, `else`, const
    case contentMediaType, contentEncoding, contentSchema
    case ref

    /// As documents spell it.
    var name: String {
        switch self {
        case .comment: "$comment"
        case .xNullable: "x-nullable"
        case .sunset: "x-sunset"
        case .stability: "x-stability-level"
        case .extensibleEnum: "x-extensible-enum"
        case .ref: "$ref"
        default: String(describing: self)
        }
    }

    /// Keywords that only describe: no value becomes valid or invalid by them.
    var onlyDescribes: Bool {
        switch self {
        case .title, .description, .example, .examples, .externalDocs, .comment, .xml: true
        default: false
        }
    }

    static let count = allCases.count
}

/// The nodes under a schema's keywords, -1 where a keyword is absent.
struct SchemaNodes {
    private var ids = [Int32](repeating: -1, count: SchemaKeyword.count)
    private var used: [UInt8] = []

    /// Forgets everything, to be filled again without a new allocation.
    mutating func clear() {
        for keyword in used { ids[Int(keyword)] = -1 }
        used.removeAll(keepingCapacity: true)
    }

    mutating func set(_ keyword: UInt8, _ id: NodeID) {
        ids[Int(keyword)] = id.rawValue
        used.append(keyword)
    }

    subscript(_ keyword: SchemaKeyword) -> NodeID? {
        let id = ids[Int(keyword.rawValue)]
        return id < 0 ? nil : NodeID(rawValue: id)
    }
}
