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

    private let document: Document
    private var walk: Subtree.Iterator
    private var roles: [Role]

    /// Prepares the walk over a whole document; O(nodes) in all.
    public init(_ document: Document) {
        self.document = document
        walk = document.subtree(of: document.rootID).makeIterator()
        roles = Array(repeating: .object, count: document.nodeCount)
    }

    public mutating func next() -> Place? {
        while let id = walk.next() {
            let role = role(of: id)
            roles[id.index] = role
            guard role != .data, document.kind(id) == .mapping else { continue }
            return Place(id: id, hasNames: role == .names || role == .exampleNames)
        }
        return nil
    }

    private func role(of id: NodeID) -> Role {
        guard let parent = document.parent(id) else { return .object }
        switch roles[parent.index] {
        case .data: return .data
        case .names: return .object
        case .exampleNames: return .example
        case .example:
            return document.key(id) == "value" || document.key(id) == "dataValue" ? .data : .object
        case .object:
            guard let key = document.key(id) else { return .object }
            switch key {
            case "example", "default", "enum", "const": return .data
            case "examples": return document.kind(id) == .mapping ? .exampleNames : .data
            case _ where key.hasPrefix("x-"): return .data
            default: return Self.nameKeys.contains(key) ? .names : .object
            }
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
