/// The mappings of an OpenAPI document (or another one made of JSON Schemas) that are not data, in the order of the
/// text.
///
/// Inside of an example, a default or an extension a `$ref` or a `maxLength` is a value like any other; and a
/// *property* may be called `$ref`, `example` or `default` without being one. What a key means depends on whether its
/// mapping has fixed keys or names, which only the way down from the root tells.
public struct SpecificationMappings: Sequence, IteratorProtocol {
    /// A mapping and what its keys are.
    public struct Place: Hashable, Sendable {
        /// The mapping.
        public let id: NodeID
        /// Whether its keys are names that the author chose, as below `properties`, `paths` or `responses`.
        public let hasNames: Bool
    }

    private enum Role: UInt8 {
        /// Words of the specification.
        case object
        /// Names that the author chose.
        case names
        /// Names of Example Objects, whose `value` is data.
        case exampleNames
        /// An Example Object.
        case example
        /// Nothing that is looked at.
        case data
    }

    /// What a key of the specification says about the value under it.
    private enum Word: UInt8 {
        case other
        /// `example`, `default`, `enum`, `const` and extensions.
        case data
        case examples
        /// A key below which names stand.
        case names
        /// `value` and `dataValue`, which are data in an Example Object alone.
        case value
    }

    private let document: Document
    private var start: NodeID
    private var walk: Subtree.Iterator
    private var roles: [Role]
    /// Where else to walk, last first.
    private var starts: [NodeID]
    /// By the number of the key: a document has many nodes and few keys.
    private let words: [Word]

    /// Prepares the walk over a whole document; O(nodes) in all.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - others: nodes of other files to walk afterwards, none below another; each is an object of the specification.
    public init(_ document: Document, others: [NodeID] = []) {
        self.document = document
        start = document.rootID
        walk = document.subtree(of: start).makeIterator()
        roles = Array(repeating: .object, count: document.nodeCount)
        starts = others.reversed()
        words = document.keys.texts.map(Self.word)
    }

    public mutating func next() -> Place? {
        while true {
            if let place = nextInWalk() { return place }
            guard let other = starts.popLast() else { return nil }
            start = other
            walk = document.subtree(of: other).makeIterator()
        }
    }

    private mutating func nextInWalk() -> Place? {
        while let id = walk.next() {
            let role = role(of: id)
            roles[id.index] = role
            guard role != .data, document.kind(id) == .mapping else { continue }
            return Place(id: id, hasNames: role == .names || role == .exampleNames)
        }
        return nil
    }

    private func role(of id: NodeID) -> Role {
        guard id != start, let parent = document.parent(id) else { return .object }
        switch roles[parent.index] {
        case .data: return .data
        case .names: return .object
        case .exampleNames: return .example
        case .example: return word(of: id) == .value ? .data : .object
        case .object:
            switch word(of: id) {
            case .data: return .data
            case .examples: return document.kind(id) == .mapping ? .exampleNames : .data
            case .names: return .names
            case .other, .value: return .object
            }
        }
    }

    private func word(of id: NodeID) -> Word {
        document.keyID(of: id).map { words[Int($0.rawValue)] } ?? .other
    }

    private static func word(_ key: String) -> Word {
        switch key {
        case "example", "default", "enum", "const": .data
        case "examples": .examples
        case "value", "dataValue": .value
        case _ where key.hasPrefix("x-"): .data
        default: nameKeys.contains(key) ? .names : .other
        }
    }

    /// Keys of the specification below which names stand.
    private static let nameKeys: Set<String> = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses",
        "parameters",
        "requestBodies", "headers", "securitySchemes", "securityDefinitions", "links", "callbacks", "pathItems",
        "paths", "webhooks",
        "content", "encoding", "variables", "mapping", "mediaTypes", "scopes",
    ]
}
