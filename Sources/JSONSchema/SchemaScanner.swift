internal import DocumentTree

/// A schema resource: a schema with a URI of its own and everything in it up to the next such schema (2020-12 core §4.3.5).
struct SchemaResource {
    let base: URIReference
    let document: Int32
    let root: NodeID
    let dialect: SchemaDialect
    let vocabulary: Vocabulary
    var anchors: [String: NodeID] = [:]
    var dynamicAnchors: [String: NodeID] = [:]
    var hasRecursiveAnchor = false
}

/// Finds the resources and anchors of schema documents. Only places where a schema can stand are looked at, so that an `$id`
/// inside `const` or `enum` is data.
struct SchemaScanner {
    private(set) var documents: [Document] = []
    private(set) var resources: [SchemaResource] = []
    /// The resource of every schema that was scanned.
    private(set) var resourceOfSchema: [SchemaLocation: Int32] = [:]
    private var resourceByURI: [String: Int32] = [:]
    /// The resources of files, by their roots.
    private var resourceByFile: [SchemaLocation: Int32] = [:]
    private let registry: SchemaRegistry
    private let defaultDialect: SchemaDialect

    init(registry: SchemaRegistry, defaultDialect: SchemaDialect) {
        self.registry = registry
        self.defaultDialect = defaultDialect
    }

    /// The number of a document, adding it as an anonymous resource if it is new.
    mutating func number(of document: Document) -> Int32 {
        if let known = documents.firstIndex(where: { $0 === document }) { return Int32(known) }
        let number = Int32(documents.count)
        documents.append(document)
        // A document without a name gets one that nobody else has, so that its relative references stay inside it.
        let base = "schema://document-\(number)/"
        if document.filePaths.isEmpty { addResource(base: URIReference(base), document: number, root: document.rootID) }
        // Files of one document are resources with the names under which they refer to one another.
        for (path, root) in zip(document.filePaths, document.fileRoots) {
            let resource = addResource(base: URIReference(base + path), document: number, root: root)
            resourceByFile[SchemaLocation(document: number, node: root)] = resource
        }
        return number
    }

    /// Scans the schema at `node` and everything below it; returns its resource.
    mutating func scan(_ location: SchemaLocation, in resource: Int32? = nil) -> Int32 {
        if let known = resourceOfSchema[location] { return known }
        let start = resource ?? fileResource(of: location)
        visit(location, start)
        return resourceOfSchema[location] ?? start
    }

    /// The resource of the file, or of the whole document, in which a schema stands.
    private func fileResource(of location: SchemaLocation) -> Int32 {
        let root = documents[Int(location.document)].fileRoot(location.node)
        if let file = resourceByFile[SchemaLocation(document: location.document, node: root)] { return file }
        return resources.firstIndex { $0.document == location.document }.map { Int32($0) } ?? 0
    }

    /// Scans the schemas that an OpenAPI document keeps for others to refer to; whether any was new.
    mutating func scanComponents(of document: Int32) -> Bool {
        let root = documents[Int(document)].root
        guard let schemas = root["components"]?["schemas"] else { return false }
        let known = resourceOfSchema.count
        for (_, schema) in schemas.entries { _ = scan(SchemaLocation(document: document, node: schema.id)) }
        return resourceOfSchema.count > known
    }

    /// The resource with this URI, reading it from the registry if it is not there yet.
    mutating func resource(uri: String) -> Int32? {
        if let known = resourceByURI[uri] { return known }
        guard let document = registry.document(uri: uri) else { return nil }
        let number = Int32(documents.count)
        documents.append(document)
        let resource = addResource(base: URIReference(uri), document: number, root: document.rootID)
        let root = SchemaLocation(document: number, node: document.rootID)
        visit(root, resource)
        // A document that calls itself by another URI is found under both.
        let own = resourceOfSchema[root] ?? resource
        resourceByURI[uri] = own
        return own
    }

    /// The schema that a plain-name fragment names in a resource.
    func anchor(_ name: String, in resource: Int32) -> NodeID? {
        let resource = resources[Int(resource)]
        return resource.anchors[name] ?? resource.dynamicAnchors[name]
    }

    @discardableResult
    private mutating func addResource(
        base: URIReference,
        document: Int32,
        root: NodeID,
        parent: Int32? = nil
    ) -> Int32 {
        let inherited = parent.map { resources[Int($0)] }
        let own = dialect(of: document, root)
        let resource = SchemaResource(
            base: base,
            document: document,
            root: root,
            dialect: own?.0 ?? inherited?.dialect ?? defaultDialect,
            vocabulary: own?.1 ?? inherited?.vocabulary ?? .standard
        )
        let number = Int32(resources.count)
        resources.append(resource)
        // The first with a URI keeps it; two schemas with one URI are the author's mistake.
        if resourceByURI[base.resource] == nil { resourceByURI[base.resource] = number }
        return number
    }

    /// What `$schema` says, where it is known: a built-in dialect, or a registered metaschema with vocabularies.
    private func dialect(of document: Int32, _ root: NodeID) -> (SchemaDialect, Vocabulary)? {
        guard let uri = documents[Int(document)].node(root)["$schema"]?.string else { return nil }
        if let dialect = SchemaDialect(uri: uri) { return (dialect, .standard) }
        guard let metaschema = registry.document(uri: URIReference(uri).resource)?.root,
            let parent = metaschema["$schema"]?.string, let dialect = SchemaDialect(uri: parent)
        else { return nil }
        guard let listed = metaschema["$vocabulary"], listed.isMapping else { return (dialect, .standard) }
        return (dialect, Vocabulary(uris: listed.keys, isTwentyNineteen: dialect == .draft2019_09))
    }

    // Recursion goes as deep as the document, which its reader has bounded.
    private mutating func visit(_ location: SchemaLocation, _ parent: Int32) {
        guard resourceOfSchema[location] == nil else { return }
        let document = documents[Int(location.document)]
        guard document.kind(location.node) == .mapping else {
            resourceOfSchema[location] = parent
            return
        }
        let node = document.node(location.node)
        let resource = enter(node, location, parent)
        resourceOfSchema[location] = resource
        let dialect = resources[Int(resource)].dialect
        if dialect.referenceHidesSiblings, node["$ref"]?.string != nil { return }
        addAnchors(of: node, to: resource)
        let shapes = KeywordTable.shapes(of: dialect)
        for (key, value) in node.entries {
            guard let shape = shapes[key] else { continue }
            for child in Self.subschemas(of: value, shape) {
                visit(SchemaLocation(document: location.document, node: child.id), resource)
            }
        }
    }

    /// The resource that the schema at `node` belongs to: a new one where it has an id.
    private mutating func enter(_ node: Node, _ location: SchemaLocation, _ parent: Int32) -> Int32 {
        let outer = resources[Int(parent)]
        // A subschema that names another dialect is read by that dialect's rules, its id included.
        let dialect = dialect(of: location.document, location.node)?.0 ?? outer.dialect
        let isRoot = outer.document == location.document && outer.root == location.node
        if dialect.referenceHidesSiblings, node["$ref"]?.string != nil { return parent }
        guard let keyword = dialect.idKeyword, let id = node[keyword]?.string, !id.hasPrefix("#") else {
            return isRoot || dialect == outer.dialect
                ? parent
                : addResource(
                    base: outer.base,
                    document: location.document,
                    root: location.node,
                    parent: parent
                )
        }
        var base = URIReference(id).resolved(against: outer.base)
        base.fragment = nil
        if isRoot, base == outer.base { return parent }
        return addResource(base: base, document: location.document, root: location.node, parent: parent)
    }

    private mutating func addAnchors(of node: Node, to number: Int32) {
        let generation = resources[Int(number)].dialect.generation
        let index = Int(number)
        if generation >= .twentyNineteen {
            if let name = node["$anchor"]?.string { resources[index].anchors[name] = node.id }
            if generation == .twentyTwenty, let name = node["$dynamicAnchor"]?.string {
                resources[index].dynamicAnchors[name] = node.id
            }
            if generation == .twentyNineteen, node["$recursiveAnchor"]?.boolean == true,
                node.id == resources[index].root
            {
                resources[index].hasRecursiveAnchor = true
            }
        } else if let keyword = resources[index].dialect.idKeyword, let id = node[keyword]?.string, id.hasPrefix("#") {
            resources[index].anchors[String(id.dropFirst())] = node.id
        }
    }

    /// The schemas directly in a keyword's value.
    static func subschemas(of value: Node, _ shape: KeywordShape) -> [Node] {
        switch shape {
        case .schema: [value]
        case .schemaList: Array(value.elements)
        case .schemaMap, .patternSchemaMap: value.entries.map(\.value)
        case .schemaOrList: value.isSequence ? Array(value.elements) : [value]
        case .schemaOrNamesMap: value.entries.map(\.value).filter { !$0.isSequence }
        default: []
        }
    }
}
