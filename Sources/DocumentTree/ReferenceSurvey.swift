/// Where all references of a document lead, worked out in one go: thousands of references name a few hundred places, and
/// each text is read and followed once.
public struct ReferenceSurvey: Sendable {
    /// What ``ReferenceResolver/findings()`` says.
    public let findings: [Finding]
    /// The nodes that some `$ref` names directly, chains not followed; a `$ref` in data counts, and one in another file.
    public let named: Set<NodeID>
    /// The nodes that hold a `$ref` which leads somewhere, with the end of its chain.
    let targets: [(holder: NodeID, target: NodeID)]
    /// What the references reach in other files, see ``ReferenceResolver/reachedInOtherFiles()``.
    let others: [NodeID]
}

extension ReferenceResolver {
    /// Follows every reference of the document; O(nodes).
    public func survey() -> ReferenceSurvey {
        var texts = ReferenceTexts(document.nodeCount)
        let others = reachedInOtherFiles()
        let findings = findings(&texts, others: others)
        var named: Set<NodeID> = []
        var targets: [(holder: NodeID, target: NodeID)] = []
        for start in [document.rootID] + others {
            for value in document.subtree(of: start) where document.keyID(of: value) == refKey {
                guard refKey != nil, document.kind(value) == .string, let holder = document.parent(value) else {
                    continue
                }
                if let node = meaning(of: value, &texts).named { named.insert(node) }
                if let target = end(of: holder, &texts) { targets.append((holder, target)) }
            }
        }
        return ReferenceSurvey(findings: findings, named: named, targets: targets, others: others)
    }

    /// What the text of a reference means; worked out where it is met for the first time.
    func meaning(of value: NodeID, _ texts: inout ReferenceTexts) -> ReferenceTexts.Meaning {
        let isAlone = document.filePaths.isEmpty
        let number: Int32
        if isAlone {
            number = document.withUTF8(value) { texts.numbers.intern($0) }
        } else {
            // One text means as many things as there are files that it stands in.
            var key = "\(document.fileRoot(value).rawValue) \(document.string(value) ?? "")"
            number = key.withUTF8 { texts.numbers.intern($0) }
        }
        if Int(number) < texts.meanings.count { return texts.meanings[Int(number)] }
        let text = document.string(value) ?? ""
        var target: NodeID?
        if case .success(let node) = step(from: value) { target = node }
        let meaning = ReferenceTexts.Meaning(
            target: target,
            named: isAlone ? JSONPointer(fragment: text).flatMap { document.resolve($0) }?.id : target
        )
        texts.meanings.append(meaning)
        return meaning
    }

    /// The end of the chain that starts at a reference, as ``resolve(_:)-(Node)`` finds it: nil for rings, which are longer than
    /// any chain may be, and for chains that lead nowhere.
    private func end(of holder: NodeID, _ texts: inout ReferenceTexts) -> NodeID? {
        var node = holder
        for _ in 0...Limits.referenceChainMax {
            guard let value = referenceValue(node) else { return node }
            guard let next = meaning(of: value, &texts).target else { return nil }
            node = next
        }
        return nil
    }
}

/// The distinct texts of a document's references and what each means.
struct ReferenceTexts {
    /// What one text means, wherever it stands.
    struct Meaning {
        /// The node it leads to by one step; nil where that fails.
        let target: NodeID?
        /// The node that it names as a pointer into this document.
        let named: NodeID?
    }

    var numbers = KeyTable()
    var meanings: [Meaning] = []
    /// What is known of each reference, by node, see `ReferenceResolver.check`.
    var ends: [Int32]

    init(_ nodeCount: Int) {
        ends = Array(repeating: ReferenceResolver.unknown, count: nodeCount)
    }
}
