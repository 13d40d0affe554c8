/// Follows `$ref` within one document.
///
/// Nothing is ever opened: a reference to another file or URL is an `external-reference-refused` finding. Nothing is
/// ever copied either, so a document whose references would multiply if inlined costs no more than its own size.
public struct ReferenceResolver: Sendable {
    /// The document whose references are followed.
    public let document: Document
    private let refKey: KeyID?
    /// Schemas by `$anchor`, and by `$id` or the document's `$self` (JSON Schema 2020-12 section 8.2, OpenAPI 3.2
    /// section 4.1).
    private let anchors: [String: NodeID]
    private let identifiers: [String: NodeID]

    /// Prepares to follow references; O(nodes) only where the document uses `$anchor` or `$id`.
    public init(_ document: Document) {
        self.document = document
        refKey = document.keyID("$ref")
        anchors = Self.named(by: ["$anchor", "$dynamicAnchor"], in: document)
        var identifiers = Self.named(by: ["$id"], in: document)
        if let own = document.root["$self"]?.string { identifiers[own] = document.rootID }
        self.identifiers = identifiers
    }

    /// Whether a node is a reference: a mapping with a `$ref` that is text.
    public func isReference(_ id: NodeID) -> Bool { referenceValue(id) != nil }

    /// Follows a node's reference, and the reference it finds there, until something else is found.
    ///
    /// A node without `$ref` resolves to itself. Siblings of `$ref` stay on the node; what they mean is the caller's
    /// business.
    public func resolve(_ node: Node) -> Resolution {
        var id = node.id
        guard isReference(id) else { return .node(node) }
        var visited: Set<NodeID> = []
        while let value = referenceValue(id) {
            guard visited.insert(id).inserted else {
                return .failed(invalid(Self.ringMessage, at: document.node(value)))
            }
            guard visited.count <= Limits.referenceChainMax else {
                return .failed(invalid(Self.chainMessage, at: document.node(value)))
            }
            switch step(from: value) {
            case .success(let next): id = next
            case .failure(let failure): return .failed(failure.finding)
            }
        }
        return .node(document.node(id))
    }

    /// Follows the reference of a node, or gives the node itself; nil where it leads nowhere.
    public func resolved(_ node: Node) -> Node? { resolve(node).node }

    /// Follows a node's reference by one step only.
    ///
    /// - Returns: nil for a node that is no reference.
    public func target(of node: Node) -> Resolution? {
        guard let value = referenceValue(node.id) else { return nil }
        switch step(from: value) {
        case .success(let next): return .node(document.node(next))
        case .failure(let failure): return .failed(failure.finding)
        }
    }

    /// Resolves the text of a reference that stands in a document outside of a `$ref`, as in `discriminator.mapping`.
    ///
    /// - Parameters:
    ///   - text: the reference.
    ///   - place: the node findings point to.
    /// - Returns: the node it leads to, or why it leads nowhere.
    public func resolve(_ text: String, at place: Node) -> Resolution {
        switch step(text, at: place) {
        case .success(let id): resolve(document.node(id))
        case .failure(let failure): .failed(failure.finding)
        }
    }

    /// Findings about all references of the document, in the order of the text: dangling, in rings, external,
    /// malformed.
    ///
    /// Data is not searched: `example`, `default`, `enum`, `const` and extensions may hold a `$ref` that means
    /// nothing here. O(nodes).
    public func findings() -> [Finding] {
        guard let refKey else { return [] }
        var findings: [Finding] = []
        var ends = [Int32](repeating: Self.unknown, count: document.nodeCount)
        for place in SpecificationMappings(document) {
            let id = place.id
            guard let value = document.child(id, key: refKey) else { continue }
            guard document.kind(value) == .string else {
                // A property that is called `$ref` has a schema as its value.
                if place.hasNames { continue }
                findings.append(invalid("`$ref` must be text", at: document.node(value)))
                continue
            }
            if let finding = check(id, value, &ends) { findings.append(finding) }
        }
        return findings
    }

    // MARK: Steps

    /// What is known of a reference while all are checked: the links to its end, or one of these.
    private static let unknown: Int32 = -1
    private static let onTheWay: Int32 = -2
    private static let ring: Int32 = -3

    private static let ringMessage = "reference leads back to itself"
    private static let chainMessage = "more than \(Limits.referenceChainMax) references lead to one another"

    private struct Failure: Error {
        let finding: Finding
    }

    private func check(_ id: NodeID, _ value: NodeID, _ ends: inout [Int32]) -> Finding? {
        if case .failure(let failure) = step(from: value) { return failure.finding }
        // Every link is walked once: what is known already ends the walk.
        var chain: [NodeID] = []
        var next: NodeID? = id
        var end: Int32 = 0
        while let current = next {
            let known = ends[current.index]
            guard known == Self.unknown else {
                end = known == Self.onTheWay ? Self.ring : known
                break
            }
            ends[current.index] = Self.onTheWay
            chain.append(current)
            // A broken link is reported where it stands, so its reason means nothing here.
            next = referenceValue(current).flatMap { try? step(from: $0).get() }
        }
        for link in chain.reversed() {
            if end >= 0, isReference(link) { end += 1 }
            ends[link.index] = end
        }
        switch ends[id.index] {
        case Self.ring: return invalid(Self.ringMessage, at: document.node(value))
        case let links where links > Limits.referenceChainMax:
            return invalid(Self.chainMessage, at: document.node(value))
        default: return nil
        }
    }

    private func referenceValue(_ id: NodeID) -> NodeID? {
        guard let refKey, let value = document.child(id, key: refKey), document.kind(value) == .string else {
            return nil
        }
        return value
    }

    private func step(from value: NodeID) -> Result<NodeID, Failure> {
        step(document.string(value) ?? "", at: document.node(value))
    }

    private func step(_ text: String, at place: Node) -> Result<NodeID, Failure> {
        switch Reference(text) {
        case .local(let pointer): return local(pointer, in: document.rootID, text, place)
        case .anchor(let name):
            if let id = anchors[name] { return .success(id) }
            return .failure(Failure(finding: invalid("no schema has the `$anchor` `\(name)`", at: place)))
        case .malformed:
            return .failure(Failure(finding: invalid("`\(text)` is not a JSON Pointer in a URI fragment", at: place)))
        case .external(let text): return external(text, place)
        }
    }

    private func local(_ pointer: JSONPointer, in base: NodeID, _ text: String, _ place: Node) -> Result<
        NodeID, Failure
    > {
        guard !pointer.tokens.isEmpty else {
            return .failure(
                Failure(finding: invalid("a reference to the whole document means nothing here", at: place))
            )
        }
        let full =
            base == document.rootID ? pointer : JSONPointer(tokens: document.pointer(base).tokens + pointer.tokens)
        if let target = document.resolve(full) { return .success(target.id) }
        return .failure(Failure(finding: invalid("`\(text.excerpt)` points to nothing", at: place)))
    }

    /// A URL that the document itself claims by `$id` or `$self` is not external; nothing else is resolved.
    private func external(_ text: String, _ place: Node) -> Result<NodeID, Failure> {
        if !identifiers.isEmpty {
            let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            if let base = identifiers[String(parts[0])] {
                guard parts.count == 2, !parts[1].isEmpty else { return .success(base) }
                if let pointer = JSONPointer(fragment: "#" + parts[1]) { return local(pointer, in: base, text, place) }
                if let id = anchors[String(parts[1])] { return .success(id) }
            }
        }
        let finding = Finding(
            code: ReferenceCode.externalRefused,
            severity: .error,
            message:
                "reference to `\(text.excerpt)` is refused: documents are read alone, nothing is opened for them",
            help: "bundle the specification into one document",
            at: place
        )
        return .failure(Failure(finding: finding))
    }

    private func invalid(_ message: String, at node: Node) -> Finding {
        Finding(code: ReferenceCode.invalid, severity: .error, message: message, at: node)
    }

    private static func named(by keys: [String], in document: Document) -> [String: NodeID] {
        let numbers = keys.compactMap(document.keyID)
        guard !numbers.isEmpty else { return [:] }
        var named: [String: NodeID] = [:]
        for id in document.subtree(of: document.rootID) {
            guard let key = document.keyID(of: id), numbers.contains(key), let name = document.string(id),
                let schema = document.parent(id)
            else { continue }
            if named[name] == nil { named[name] = schema }
        }
        return named
    }
}

extension String {
    /// At most eighty characters, without control characters: what messages quote from outside.
    var excerpt: String {
        var text = ""
        for scalar in unicodeScalars.prefix(80) {
            text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return unicodeScalars.count > 80 ? text + "…" : text
    }
}
