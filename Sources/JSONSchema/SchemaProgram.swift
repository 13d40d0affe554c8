internal import DocumentTree
internal import RegularExpression

/// Where a schema stands: a node of one of the program's documents.
struct SchemaLocation: Hashable {
    let document: Int32
    let node: NodeID
}

/// Schemas ready to be applied: flat arrays, in which schemas, keys and patterns are numbers.
struct Program: Sendable {
    var documents: [Document] = []
    var schemas: [CompiledSchema] = []
    /// Every property name that any schema mentions.
    var keys: [String] = []
    var patterns: [CompiledPattern] = []
    /// For each resource, the schemas that its dynamic anchors name, by the number of the anchor's name.
    var dynamicAnchors: [[Int32: Int32]] = []

    /// What is asked of a schema at every visit: a few bytes, where a copy of the whole would count references.
    func head(of schema: Int32) -> SchemaHead { schemas[Int(schema)].head }
    func keywords(of schema: Int32) -> [Keyword] { schemas[Int(schema)].keywords }
    func message(of schema: Int32) -> String? { schemas[Int(schema)].message }
}

/// See ``Program/head(of:)``.
struct SchemaHead {
    let resource: Int32
    let isFalse: Bool
    let isEmpty: Bool
    let tracksEvaluation: Bool
    let hasMessage: Bool
}

/// A pattern with what it was written as.
struct CompiledPattern: Sendable {
    let text: String
    let expression: ECMAPattern
}

/// One schema: its keywords in the order in which they are checked.
struct CompiledSchema: Sendable {
    let location: SchemaLocation
    /// The schema resource it belongs to, which is what dynamic references look through.
    let resource: Int32
    var isFalse = false
    var keywords: [Keyword] = []
    /// Whether it has `unevaluatedProperties` or `unevaluatedItems`, which need to know what other keywords looked at.
    var tracksEvaluation = false
    /// What to say instead of all that failed inside (`errorMessage`, as ajv-errors has it).
    var message: String?

    var head: SchemaHead {
        SchemaHead(
            resource: resource,
            isFalse: isFalse,
            isEmpty: keywords.isEmpty,
            tracksEvaluation: tracksEvaluation,
            hasMessage: message != nil
        )
    }
}

/// One keyword, or several that are checked together. Numbers of schemas, keys and patterns index into ``Program``.
enum Keyword: Sendable {
    case type(TypeSet)
    case enumeration(ValueList)
    case constant(ValueList)
    case limit(NumberLimit)
    case multipleOf(DecimalNumber, text: String)
    case length(CountLimit)
    case pattern(Int32)
    case format(name: String, check: Format)
    case itemCount(CountLimit)
    case uniqueItems
    case items(ItemsRule)
    case contains(schema: Int32, least: Int, most: Int?, marksItems: Bool)
    case propertyCount(CountLimit)
    case required([Int32])
    case dependentRequired([Dependency], keyword: String)
    case dependentSchemas([(key: Int32, schema: Int32)])
    case properties(PropertiesRule)
    case propertyNames(Int32)
    case reference(Int32)
    case dynamicReference(schema: Int32, anchor: Int32)
    case allOf([Int32])
    case anyOf([Int32])
    case oneOf([Int32])
    case not(Int32)
    case conditional(test: Int32, then: Int32?, otherwise: Int32?)
    case unevaluatedItems(Int32)
    case unevaluatedProperties(Int32)
    /// A keyword that could not be compiled and so decides nothing.
    case broken(keyword: String, reason: String)
}

/// The kinds of instances that `type` allows.
struct TypeSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let object = TypeSet(rawValue: 1 << 0)
    static let array = TypeSet(rawValue: 1 << 1)
    static let string = TypeSet(rawValue: 1 << 2)
    static let integer = TypeSet(rawValue: 1 << 3)
    static let number = TypeSet(rawValue: 1 << 4)
    static let boolean = TypeSet(rawValue: 1 << 5)
    static let null = TypeSet(rawValue: 1 << 6)
    /// `type: file` of OpenAPI 2.0, a response body that is no JSON: nothing can be said about an instance.
    static let anything = TypeSet(rawValue: 1 << 7)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String, dialect: SchemaDialect) {
        switch name {
        case "object": self = .object
        case "array": self = .array
        case "string": self = .string
        case "integer": self = .integer
        case "number": self = .number
        case "boolean": self = .boolean
        case "null" where !dialect.isOpenAPI: self = .null
        case "file" where dialect == .openAPI2_0: self = .anything
        default: return nil
        }
    }
}

/// The values of `enum` or `const`: nodes of a schema document, the strings among them also by their text.
struct ValueList: Sendable {
    let document: Document
    let values: [NodeID]
    let strings: Set<ArraySlice<UInt8>>
}

/// `minimum`, `maximum` and the exclusive ones.
struct NumberLimit: Sendable {
    let keyword: String
    let isLower: Bool
    let isExclusive: Bool
    let limit: DecimalNumber
    let text: String
}

/// `minLength`, `maxItems` and their kin.
struct CountLimit: Sendable {
    let keyword: String
    let isLower: Bool
    let limit: Int

    func admits(_ count: Int) -> Bool { isLower ? count >= limit : count <= limit }
}

/// `prefixItems` with `items`, or `items` with `additionalItems`.
struct ItemsRule: Sendable {
    let prefix: [Int32]
    /// For every item after the prefix.
    let rest: Int32?
    let restKeyword: String
    /// Whether `rest` is the schema `false`, which is reported as surplus items.
    let refusesRest: Bool
}

/// What must be there when `key` is there.
struct Dependency: Sendable {
    let key: Int32
    let required: [Int32]
}

/// `properties`, `patternProperties` and `additionalProperties`, which are applied in one walk over an object.
///
/// A class, so that handing it to the check of one object counts one reference instead of one for each part.
final class PropertiesRule: Sendable {
    let byKey: KeyMap
    let patterns: [(pattern: Int32, schema: Int32)]
    /// For every property that neither of the others covers.
    let additional: Int32?
    /// Whether `additional` is the schema `false`, which is reported by the property's name.
    let refusesAdditional: Bool

    init(byKey: KeyMap, patterns: [(pattern: Int32, schema: Int32)], additional: Int32?, refusesAdditional: Bool) {
        self.byKey = byKey
        self.patterns = patterns
        self.additional = additional
        self.refusesAdditional = refusesAdditional
    }
}

/// Numbers of schemas by numbers of keys.
struct KeyMap: Sendable {
    /// A short list is searched faster than a table.
    private static let listedMax = 8
    /// (key, schema) one after the other: in their order, or by open addressing at most half full, -1 = free.
    private let slots: [Int32]
    private let isTable: Bool

    init(_ entries: [(key: Int32, schema: Int32)]) {
        isTable = entries.count > Self.listedMax
        guard isTable else {
            slots = entries.flatMap { [$0.key, $0.schema] }
            return
        }
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size * 2)
        for entry in entries {
            var slot = Self.slot(entry.key, size)
            while slots[slot * 2] >= 0, slots[slot * 2] != entry.key { slot = (slot + 1) & (size - 1) }
            (slots[slot * 2], slots[slot * 2 + 1]) = (entry.key, entry.schema)
        }
        self.slots = slots
    }

    var isEmpty: Bool { slots.isEmpty }

    func schema(for key: Int32) -> Int32? {
        guard key >= 0 else { return nil }
        guard isTable else {
            for index in stride(from: 0, to: slots.count, by: 2) where slots[index] == key { return slots[index + 1] }
            return nil
        }
        let size = slots.count / 2
        var slot = Self.slot(key, size)
        while slots[slot * 2] >= 0 {
            if slots[slot * 2] == key { return slots[slot * 2 + 1] }
            slot = (slot + 1) & (size - 1)
        }
        return nil
    }

    /// Fibonacci hashing: our own numbers, which nobody outside can choose.
    private static func slot(_ key: Int32, _ size: Int) -> Int {
        Int((UInt64(UInt32(bitPattern: key)) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (size - 1)
    }
}
