internal import DocumentTree
internal import RegularExpression

/// Turns schemas into a ``Program``, each once, together with every schema they refer to.
///
/// A queue instead of recursion: a chain of references may be as long as a document.
struct SchemaCompiler {
    var program = Program()
    private(set) var problems: [SchemaProblem] = []
    let options: SchemaOptions
    var scanner: SchemaScanner
    private var schemaByLocation: [SchemaLocation: Int32] = [:]
    private var queue: [Int32] = []
    /// By bytes: names that differ in normalization are different names.
    private var keyNumbers: [[UInt8]: Int32] = [:]
    private var patternNumbers: [String: Int32] = [:]
    /// Where the references met so far lead: a few schemas are referred to from everywhere.
    var schemaByReference: [ReferenceSite: Int32] = [:]
    private var anchorNumbers: [String: Int32] = [:]
    /// Up to which resource the dynamic anchors were compiled.
    private var anchorsCompiled: [Int32: Int] = [:]

    init(options: SchemaOptions, registry: SchemaRegistry) {
        self.options = options
        scanner = SchemaScanner(registry: registry, defaultDialect: options.dialect)
    }

    /// The number of the schema at `node`, compiling it and what it refers to if that has not happened yet.
    mutating func compile(_ node: Node) -> Int32 {
        let location = SchemaLocation(document: scanner.number(of: node.document), node: node.id)
        let number = schema(at: location)
        compileQueue()
        return number
    }

    /// The number of the schema at a location; it is compiled later if it is new.
    mutating func schema(at location: SchemaLocation, in resource: Int32? = nil) -> Int32 {
        if let known = schemaByLocation[location] { return known }
        let number = Int32(program.schemas.count)
        let resource = scanner.scan(location, in: resource)
        program.schemas.append(CompiledSchema(location: location, resource: resource))
        schemaByLocation[location] = number
        queue.append(number)
        return number
    }

    private mutating func compileQueue() {
        repeat {
            while let number = queue.popLast() {
                guard program.schemas.count <= options.limits.schemasMax else {
                    let location = program.schemas[Int(number)].location
                    report(.tooLarge, "more than \(options.limits.schemasMax) schemas", at: node(location))
                    queue = []
                    break
                }
                compileSchema(number)
            }
            compileDynamicAnchors()
        } while !queue.isEmpty
        program.documents = scanner.documents
    }

    /// Compiles what the dynamic references met so far could reach: their anchors in every resource known by now.
    private mutating func compileDynamicAnchors() {
        for (name, number) in anchorNumbers {
            for resource in (anchorsCompiled[number] ?? 0)..<scanner.resources.count {
                let known = scanner.resources[resource]
                let target = name.isEmpty ? (known.hasRecursiveAnchor ? known.root : nil) : known.dynamicAnchors[name]
                guard let target else { continue }
                let schema = schema(at: SchemaLocation(document: known.document, node: target))
                while program.dynamicAnchors.count <= resource { program.dynamicAnchors.append([:]) }
                program.dynamicAnchors[resource][number] = schema
            }
            anchorsCompiled[number] = scanner.resources.count
        }
    }

    private mutating func compileSchema(_ number: Int32) {
        var schema = program.schemas[Int(number)]
        let node = node(schema.location)
        switch node.kind {
        case .boolean: schema.isFalse = node.boolean == false
        case .mapping:
            let resource = scanner.resources[Int(schema.resource)]
            var builder = KeywordBuilder(
                node: node,
                location: schema.location,
                resource: schema.resource,
                dialect: resource.dialect
            )
            compileKeywords(&builder, vocabulary: resource.vocabulary)
            schema.keywords = builder.keywords
            schema.tracksEvaluation = builder.tracksEvaluation
            schema.message = node["errorMessage"]?.string
        default: report(.invalidKeyword("schema"), "a schema is a mapping or a boolean", at: node)
        }
        program.schemas[Int(number)] = schema
    }

    // MARK: Names and numbers

    mutating func number(ofKey key: String) -> Int32 {
        let bytes = Array(key.utf8)
        if let known = keyNumbers[bytes] { return known }
        let number = Int32(program.keys.count)
        program.keys.append(key)
        keyNumbers[bytes] = number
        return number
    }

    /// The number of a pattern, or `nil` with a problem. JSON Schema asks for the strict grammar; patterns that only
    /// browsers take are common in the wild and mean what they mean there.
    mutating func number(ofPattern text: String, at node: Node) -> Int32? {
        if let known = patternNumbers[text] { return known }
        do throws(PatternError) {
            let expression: ECMAPattern
            do throws(PatternError) {
                expression = try ECMAPattern(text, grammar: .unicode)
            } catch  where error.kind == .syntax {
                expression = try ECMAPattern(text, grammar: .annexB)
            }
            let number = Int32(program.patterns.count)
            program.patterns.append(CompiledPattern(text: text, expression: expression))
            patternNumbers[text] = number
            return number
        } catch {
            report(.invalidPattern(text), "the pattern cannot be used: \(error)", at: node)
            return nil
        }
    }

    /// The number of a dynamic anchor's name; the empty name is `$recursiveAnchor`.
    mutating func number(ofAnchor name: String) -> Int32 {
        if let known = anchorNumbers[name] { return known }
        let number = Int32(anchorNumbers.count)
        anchorNumbers[name] = number
        return number
    }

    func node(_ location: SchemaLocation) -> Node { scanner.documents[Int(location.document)].node(location.node) }

    mutating func report(_ kind: SchemaProblem.Kind, _ message: String, at node: Node) {
        guard problems.count < options.limits.problemsMax else { return }
        problems.append(SchemaProblem(kind: kind, message: message, node: node))
    }

    // MARK: References

    /// Where a reference leads, or `nil` where it leads nowhere.
    mutating func resolve(_ reference: String, from resource: Int32) -> (location: SchemaLocation, resource: Int32)? {
        if let found = find(reference, from: resource) { return found }
        // In an OpenAPI document the schema with that `$id` or `$anchor` may be one that nothing has led to so far.
        let document = scanner.resources[Int(resource)].document
        return scanner.scanComponents(of: document) ? find(reference, from: resource) : nil
    }

    private mutating func find(_ reference: String, from resource: Int32) -> (
        location: SchemaLocation, resource: Int32
    )? {
        // A reference without a path means the resource it stands in, also where another one has the same URI.
        let isLocal = reference.hasPrefix("#") || reference.isEmpty
        var target = URIReference(reference)
        if !isLocal { target = target.resolved(against: scanner.resources[Int(resource)].base) }
        guard let found = isLocal ? resource : scanner.resource(uri: target.resource) else { return nil }
        let root = scanner.resources[Int(found)]
        guard let fragment = target.fragment, !fragment.isEmpty else {
            return (SchemaLocation(document: root.document, node: root.root), found)
        }
        if !fragment.hasPrefix("/") {
            guard let node = scanner.anchor(fragment, in: found) else { return nil }
            return (SchemaLocation(document: root.document, node: node), found)
        }
        guard let pointer = JSONPointer(fragment: "#" + fragment) else { return nil }
        return walk(pointer, from: found)
    }

    /// Follows a pointer from the root of a resource; the schema it ends at may belong to a resource inside.
    private func walk(_ pointer: JSONPointer, from start: Int32) -> (location: SchemaLocation, resource: Int32)? {
        let root = scanner.resources[Int(start)]
        let document = scanner.documents[Int(root.document)]
        var resource = start
        var node = document.node(root.root)
        for token in pointer.tokens {
            let isIndex = node.isSequence && !token.isEmpty && token.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard let next = isIndex ? Int(token).flatMap({ node[$0] }) : node[token] else { return nil }
            node = next
            let location = SchemaLocation(document: root.document, node: node.id)
            if let inner = scanner.resourceOfSchema[location] { resource = inner }
        }
        return (SchemaLocation(document: root.document, node: node.id), resource)
    }
}

/// A reference as it is written, and the resource whose base it is resolved against.
struct ReferenceSite: Hashable {
    /// By bytes, as keys are.
    let bytes: [UInt8]
    let resource: Int32
}

/// What is gathered while one schema is compiled.
struct KeywordBuilder {
    let node: Node
    let location: SchemaLocation
    let resource: Int32
    let dialect: SchemaDialect
    var keywords: [Keyword] = []
    var tracksEvaluation = false
    /// A bit for every key of the schema, several keys to a bit.
    private let mayHave: UInt64

    init(node: Node, location: SchemaLocation, resource: Int32, dialect: SchemaDialect) {
        self.node = node
        self.location = location
        self.resource = resource
        self.dialect = dialect
        mayHave = node.entries.reduce(0) { $0 | Self.bit($1.key) }
    }

    /// The value of a keyword. A schema has four or so of the sixty that are asked for: most answers come from the bits.
    subscript(_ keyword: String) -> Node? { mayHave & Self.bit(keyword) == 0 ? nil : node[keyword] }

    private static func bit(_ key: String) -> UInt64 {
        let bytes = key.utf8
        return 1 << UInt64((bytes.count &* 5 &+ Int(bytes.first ?? 0) &+ Int(bytes.last ?? 0) &* 3) & 63)
    }
}
