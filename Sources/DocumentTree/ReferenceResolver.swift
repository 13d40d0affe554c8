/// Follows `$ref` within one document.
///
/// Nothing is ever opened: a reference to another file or URL is an `external-reference-refused` finding, except for files that
/// the document was read with (`Document.read(_:name:path:…files:)`). Nothing is ever copied either, so a document whose references would multiply if inlined costs no more than its own size.
public struct ReferenceResolver: Sendable {
    /// The document whose references are followed.
    public let document: Document
    let refKey: KeyID?
    /// Schemas by `$anchor`, file by file, and by `$id` or the document's `$self` (JSON Schema 2020-12 section 8.2, OpenAPI 3.2
    /// section 4.1).
    private let anchors: [NodeID: [String: NodeID]]
    private let identifiers: [String: NodeID]

    /// Prepares to follow references; O(nodes) only where the document uses `$anchor` or `$id`.
    public init(_ document: Document) {
        self.document = document
        refKey = document.keyID("$ref")
        var anchors: [NodeID: [String: NodeID]] = [:]
        var identifiers: [String: NodeID] = [:]
        for root in document.fileRoots {
            anchors[root] = Self.named(by: ["$anchor", "$dynamicAnchor"], in: document, root)
            identifiers.merge(Self.named(by: ["$id"], in: document, root)) { first, _ in first }
        }
        self.anchors = anchors
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
        var texts = ReferenceTexts(refKey == nil ? 0 : document.nodeCount)
        return findings(&texts, others: reachedInOtherFiles())
    }

    func findings(_ texts: inout ReferenceTexts, others: [NodeID]) -> [Finding] {
        guard let refKey else { return [] }
        var findings: [Finding] = []
        for place in SpecificationMappings(document, others: others) {
            let id = place.id
            guard let value = document.child(id, key: refKey) else { continue }
            guard document.kind(value) == .string else {
                // A property that is called `$ref` has a schema as its value.
                if place.hasNames { continue }
                findings.append(invalid("`$ref` must be text", at: document.node(value)))
                continue
            }
            if let finding = check(id, value, &texts) { findings.append(finding) }
        }
        return findings
    }

    // MARK: Steps

    /// What is known of a reference while all are checked: the links to its end, or one of these.
    static let unknown: Int32 = -1
    private static let onTheWay: Int32 = -2
    private static let ring: Int32 = -3

    private static let ringMessage = "reference leads back to itself"
    private static let chainMessage = "more than \(Limits.referenceChainMax) references lead to one another"

    struct Failure: Error {
        let finding: Finding
    }

    private func check(_ id: NodeID, _ value: NodeID, _ texts: inout ReferenceTexts) -> Finding? {
        // The finding itself names the place, so a text that leads nowhere is followed again where it stands.
        if meaning(of: value, &texts).target == nil, case .failure(let failure) = step(from: value) {
            return failure.finding
        }
        // Every link is walked once: what is known already ends the walk.
        var chain: [NodeID] = []
        var next: NodeID? = id
        var end: Int32 = 0
        while let current = next {
            let known = texts.ends[current.index]
            guard known == Self.unknown else {
                end = known == Self.onTheWay ? Self.ring : known
                break
            }
            texts.ends[current.index] = Self.onTheWay
            chain.append(current)
            // A broken link is reported where it stands, so its reason means nothing here.
            next = referenceValue(current).flatMap { meaning(of: $0, &texts).target }
        }
        for link in chain.reversed() {
            if end >= 0, isReference(link) { end += 1 }
            texts.ends[link.index] = end
        }
        switch texts.ends[id.index] {
        case Self.ring: return invalid(Self.ringMessage, at: document.node(value))
        case let links where links > Limits.referenceChainMax:
            return invalid(Self.chainMessage, at: document.node(value))
        default: return nil
        }
    }

    func referenceValue(_ id: NodeID) -> NodeID? {
        guard let refKey, let value = document.child(id, key: refKey), document.kind(value) == .string else {
            return nil
        }
        return value
    }

    func step(from value: NodeID) -> Result<NodeID, Failure> {
        step(document.string(value) ?? "", at: document.node(value))
    }

    private func step(_ text: String, at place: Node) -> Result<NodeID, Failure> {
        switch Reference(text) {
        case .local(let pointer): return local(pointer, in: document.fileRoot(place.id), text, place)
        case .anchor(let name):
            if let id = anchors[document.fileRoot(place.id)]?[name] { return .success(id) }
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
        if let target = document.resolve(pointer, from: base) { return .success(target.id) }
        return .failure(Failure(finding: invalid("`\(text.excerpt)` points to nothing", at: place)))
    }

    /// A URL that the document itself claims by `$id` or `$self`, or a file that it was read with; nothing else is resolved.
    private func external(_ text: String, _ place: Node) -> Result<NodeID, Failure> {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count == 2 ? String(parts[1]) : ""
        if !identifiers.isEmpty, let base = identifiers[String(parts[0])] {
            return inside(base, fragment, text, place)
        }
        switch document.fileTable.answer(to: String(parts[0]), from: document.fileTable.path(of: place.id)) {
        case .file(let root): return inside(root, fragment, text, place)
        case .unreadable(let reason):
            return .failure(Failure(finding: invalid("`\(text.excerpt)` cannot be followed: \(reason)", at: place)))
        case .refused(let reason, let help):
            return .failure(
                Failure(
                    finding: Finding(
                        code: ReferenceCode.externalRefused,
                        message: "reference to `\(text.excerpt)` is refused: \(reason)",
                        help: help,
                        at: place
                    )
                )
            )
        }
    }

    private func inside(_ base: NodeID, _ fragment: String, _ text: String, _ place: Node) -> Result<NodeID, Failure> {
        if fragment.isEmpty { return .success(base) }
        if let pointer = JSONPointer(fragment: "#" + fragment) { return local(pointer, in: base, text, place) }
        if let id = anchors[document.fileRoot(base)]?[fragment] { return .success(id) }
        return .failure(Failure(finding: invalid("`\(text.excerpt)` points to nothing", at: place)))
    }

    /// What references of the document lead to in other files: nodes that belong to it with all below them, none below another,
    /// in the order of the files. O(nodes) for a document with files, nothing for one that stands alone.
    public func reachedInOtherFiles() -> [NodeID] {
        guard document.fileRoots.count > 1 else { return [] }
        var isReached = [Bool](repeating: false, count: document.nodeCount)
        var tops: Set<NodeID> = []
        var stack = [document.rootID]
        while let top = stack.popLast() {
            for id in document.subtree(of: top) where !isReached[id.index] {
                isReached[id.index] = true
                guard let value = referenceValue(id), let target = try? step(from: value).get() else { continue }
                if !isReached[target.index], tops.insert(target).inserted { stack.append(target) }
            }
        }
        return tops.filter { document.parent($0).map { !isReached[$0.index] } ?? true }
            .sorted { $0.rawValue < $1.rawValue }
    }

    private func invalid(_ message: String, at node: Node) -> Finding {
        Finding(code: ReferenceCode.invalid, severity: .error, message: message, at: node)
    }

    private static func named(by keys: [String], in document: Document, _ root: NodeID) -> [String: NodeID] {
        let numbers = keys.compactMap(document.keyID)
        guard !numbers.isEmpty else { return [:] }
        var named: [String: NodeID] = [:]
        for id in document.subtree(of: root) {
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
