import DocumentTree
import OpenAPIModel

/// A schema of one of the two documents: a node where its reference has been followed, or something that only acts as a
/// schema.
struct SchemaID: Hashable {
    /// At least 0: the index of a node. Below: `-1 - index` of a stand-in of ``DiffSide``.
    let rawValue: Int32

    init(_ node: NodeID) {
        rawValue = node.rawValue
    }

    init(standIn index: Int) {
        rawValue = Int32(-1 - index)
    }

    var node: NodeID? { rawValue >= 0 ? NodeID(rawValue: rawValue) : nil }
    var standIn: Int? { rawValue < 0 ? Int(-1 - rawValue) : nil }
}

/// What acts as a schema without being one node.
enum SchemaStandIn {
    /// A parameter or header of 2.0, whose keywords are a schema's; its words describe the parameter.
    case parameter(NodeID)
    /// The `formData` parameters of a 2.0 operation: properties of an object.
    case form([(name: String, node: NodeID, isRequired: Bool)])
    /// A reference with keywords beside it (from 3.1 on): those of the target and its own, which win.
    case overlay(place: NodeID, target: NodeID)
}

/// One of the two documents, as a comparison reads it.
final class DiffSide {
    let openAPI: OpenAPIDocument
    let document: Document
    private(set) var standIns: [SchemaStandIn] = []
    private var standInNumbers: [NodeID: Int32] = [:]
    /// Keyword by number of the key, 255 where a key is none.
    private let keywords: [UInt8]
    private let refKey: KeyID?
    /// Where references lead, by their place; -1: nowhere.
    private var targets: [NodeID: Int32] = [:]

    init(_ openAPI: OpenAPIDocument) {
        self.openAPI = openAPI
        document = openAPI.document
        refKey = openAPI.document.keyID("$ref")
        var pairs: [(key: Int, keyword: UInt8)] = []
        for keyword in SchemaKeyword.allCases {
            if let key = openAPI.document.keyID(keyword.name) { pairs.append((Int(key.rawValue), keyword.rawValue)) }
        }
        var keywords = [UInt8](repeating: 255, count: (pairs.map(\.key).max() ?? -1) + 1)
        for pair in pairs { keywords[pair.key] = pair.keyword }
        self.keywords = keywords
    }

    /// The schemas that have names, by name.
    private(set) lazy var namedSchemas: [(name: String, place: NodeID)] = {
        let mapping =
            openAPI.specificationVersion == .v2_0
            ? document.child(document.rootID, key: "definitions")
            : document.child(document.rootID, key: "components").flatMap { document.child($0, key: "schemas") }
        guard let mapping, document.kind(mapping) == .mapping else { return [] }
        return document.children(mapping).map { (document.key($0) ?? "", $0) }
    }()
    private(set) lazy var componentNames = Set(namedSchemas.map(\.name))

    var usesJSONSchema2020: Bool { openAPI.specificationVersion.usesJSONSchema2020 }

    func node(_ id: NodeID) -> Node { document.node(id) }

    /// The keyword that a key is; nil for a name, an extension or a word that is not compared.
    func keyword(_ key: KeyID) -> SchemaKeyword? {
        let index = Int(key.rawValue)
        guard index < keywords.count, keywords[index] != 255 else { return nil }
        return SchemaKeyword(rawValue: keywords[index])
    }

    // MARK: Schemas

    /// The schema at a place, references followed; nil where they lead nowhere or to no schema.
    func schema(at place: NodeID) -> SchemaID? {
        switch document.kind(place) {
        case .boolean: return SchemaID(place)
        case .mapping: break
        default: return nil
        }
        guard let refKey, document.child(place, key: refKey) != nil else { return SchemaID(place) }
        guard let target = target(of: place) else { return nil }
        if usesJSONSchema2020, document.childCount(place) > 1, hasConstraintSiblings(place) {
            return makeStandIn(.overlay(place: place, target: target), for: place)
        }
        return SchemaID(target)
    }

    /// Where the references of a place lead; the place itself where it is none.
    func target(of place: NodeID) -> NodeID? {
        guard let refKey, document.child(place, key: refKey) != nil else { return place }
        if let known = targets[place] { return known < 0 ? nil : NodeID(rawValue: known) }
        let target = openAPI.resolver.resolved(document.node(place))?.id
        let isUsable = target.map { document.kind($0) == .mapping || document.kind($0) == .boolean } ?? false
        targets[place] = isUsable ? target?.rawValue ?? -1 : -1
        return isUsable ? target : nil
    }

    /// The schema that a parameter or header of 2.0 is.
    func schema(ofParameter node: NodeID) -> SchemaID { makeStandIn(.parameter(node), for: node) }

    /// The schema that the form fields of a 2.0 operation make.
    func schema(ofForm fields: [(name: String, node: NodeID, isRequired: Bool)], at place: NodeID) -> SchemaID {
        makeStandIn(.form(fields), for: place)
    }

    private func makeStandIn(_ standIn: SchemaStandIn, for place: NodeID) -> SchemaID {
        // One node may stand in as a parameter and head a form: the form is told apart by a key of its own.
        let key: NodeID
        if case .form = standIn { key = NodeID(rawValue: ~place.rawValue) } else { key = place }
        if let number = standInNumbers[key] { return SchemaID(standIn: Int(number)) }
        standInNumbers[key] = Int32(standIns.count)
        standIns.append(standIn)
        return SchemaID(standIn: standIns.count - 1)
    }

    private func hasConstraintSiblings(_ place: NodeID) -> Bool {
        document.children(place).contains { child in
            guard let key = document.keyID(of: child), let keyword = keyword(key) else { return false }
            return keyword != .ref && !keyword.onlyDescribes
        }
    }

    /// The nodes under a schema's keywords.
    func read(_ id: SchemaID, into nodes: inout SchemaNodes) {
        nodes.clear()
        guard let index = id.standIn else {
            if let node = id.node { fill(&nodes, from: node) { _ in true } }
            return
        }
        switch standIns[index] {
        case .parameter(let node):
            fill(&nodes, from: node) { keyword in
                switch keyword {
                case .required, .deprecated, .sunset, .examples, .properties: false
                default: !keyword.onlyDescribes
                }
            }
        case .overlay(let place, let target):
            fill(&nodes, from: target) { _ in true }
            fill(&nodes, from: place) { $0 != .ref }
        case .form: break
        }
    }

    private func fill(_ nodes: inout SchemaNodes, from node: NodeID, _ isWanted: (SchemaKeyword) -> Bool) {
        guard document.kind(node) == .mapping else { return }
        for child in document.children(node) {
            guard let key = document.keyID(of: child), let keyword = keyword(key), isWanted(keyword) else { continue }
            nodes.set(keyword.rawValue, child)
        }
    }

    /// The node to show for a schema.
    func place(of id: SchemaID) -> NodeID {
        guard let index = id.standIn else { return NodeID(rawValue: id.rawValue) }
        switch standIns[index] {
        case .parameter(let node): return node
        case .form(let fields): return fields.first?.node ?? document.rootID
        case .overlay(let place, _): return place
        }
    }

    /// Whether nothing is valid against the schema.
    func isNever(_ id: SchemaID) -> Bool {
        id.node.map { document.kind($0) == .boolean && document.boolean($0) == false } ?? false
    }

    // MARK: Parts of schemas

    /// The properties of a schema by name, in the order of the text: the place of each.
    func properties(_ id: SchemaID, _ nodes: SchemaNodes) -> [(name: String, schema: SchemaID)] {
        if let index = id.standIn, case .form(let fields) = standIns[index] {
            return fields.map { ($0.name, schema(ofParameter: $0.node)) }
        }
        return schemas(in: nodes[.properties])
    }

    /// The schemas of a mapping of names.
    func schemas(in mapping: NodeID?) -> [(name: String, schema: SchemaID)] {
        guard let mapping, document.kind(mapping) == .mapping else { return [] }
        return document.children(mapping).compactMap { child in
            schema(at: child).map { (document.key(child) ?? "", $0) }
        }
    }

    /// The names that `required` lists.
    func required(_ id: SchemaID, _ nodes: SchemaNodes) -> [String] {
        if let index = id.standIn, case .form(let fields) = standIns[index] {
            return fields.filter(\.isRequired).map(\.name)
        }
        return texts(nodes[.required])
    }

    /// The texts of a list.
    func texts(_ list: NodeID?) -> [String] {
        guard let list, document.kind(list) == .sequence else { return [] }
        return document.children(list).compactMap(document.string)
    }

    func boolean(_ id: NodeID?) -> Bool { id.flatMap(document.boolean) ?? false }

    /// A value as a sentence shows it: text as it is, anything else as JSON.
    func shown(_ id: NodeID?) -> String {
        guard let id else { return "" }
        if let text = document.scalarText(id) { return document.kind(id) == .null ? "null" : text }
        return JSONValue(document.node(id)).text()
    }

    /// The name of the component that a place refers to; nil where it is no reference.
    func referencedName(_ place: NodeID) -> String? {
        guard let refKey, document.kind(place) == .mapping, let value = document.child(place, key: refKey),
            let text = document.string(value)
        else { return nil }
        return text.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
    }
}
