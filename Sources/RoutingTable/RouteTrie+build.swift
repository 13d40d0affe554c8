/// Collects the templates of all versions and lays them out flat.
struct RouteTrieBuilder {
    private final class Branch {
        var literals = Children()
        var patterns: [[[UInt8]]: Branch] = [:]
        var parameter: Branch?
        var methods: [(method: UInt32, operation: UInt32)] = []
    }

    /// The literal children of a branch: few are looked through, many are looked up.
    private struct Children {
        private static let listMax = 8
        private(set) var list: [(key: [UInt8], value: Branch)] = []
        private var rows: [[UInt8]: Int] = [:]

        /// The child of this text, made where there is none.
        mutating func child(_ text: [UInt8]) -> Branch {
            if rows.isEmpty {
                for (key, branch) in list where key == text { return branch }
            } else if let row = rows[text] {
                return list[row].value
            }
            let branch = Branch()
            list.append((text, branch))
            if rows.isEmpty, list.count > Self.listMax {
                for (row, entry) in list.enumerated() { rows[entry.key] = row }
            } else if !rows.isEmpty {
                rows[text] = list.count - 1
            }
            return branch
        }
    }

    private var roots: [Branch] = []
    private var methodNumbers: [String: UInt32] = [:]
    private var methodNames: [ByteSlice] = []

    /// Adds an empty trie; its number is used until `build` says where its root lies.
    mutating func addRoot() -> UInt32 {
        roots.append(Branch())
        return UInt32(roots.count - 1)
    }

    /// Puts an operation into a trie.
    ///
    /// - Returns: why not: the method is already taken on a template of the same shape, or a node is full. Nil when it was put.
    mutating func insert(
        _ template: RouteTemplate,
        method: String,
        operation: UInt32,
        root: UInt32,
        arena: inout ByteArena
    ) -> String? {
        var branch = roots[Int(root)]
        for segment in template.segments {
            if segment.isLiteral {
                branch = branch.literals.child(segment.literals[0])
            } else if segment.isPlainParameter {
                let next = branch.parameter ?? Branch()
                branch.parameter = next
                branch = next
            } else {
                if let next = branch.patterns[segment.literals] {
                    branch = next
                    continue
                }
                guard branch.patterns.count < RouteTrie.patternsPerNodeMax else {
                    return "too many patterns share one place"
                }
                let next = Branch()
                branch.patterns[segment.literals] = next
                branch = next
            }
        }
        let number = number(of: method, arena: &arena)
        guard !branch.methods.contains(where: { $0.method == number }) else {
            return "matches the same paths as another operation"
        }
        guard branch.methods.count < RouteTrie.methodsPerNodeMax else { return "too many methods share one path" }
        branch.methods.append((number, operation))
        return nil
    }

    /// Lays everything out, each node right before its descendants, so that a path is walked through neighbouring memory.
    ///
    /// - Returns: the tables, and for each root added the node it became.
    func build(arena: inout ByteArena) -> (trie: RouteTrie, roots: [UInt32]) {
        var trie = RouteTrie()
        trie.methodNames = methodNames
        var roots = [UInt32](repeating: RouteTrie.none, count: self.roots.count)
        var labels: [(node: UInt32, label: ByteSlice, text: [UInt8], child: UInt32)] = []
        // A stack of our own, so that no depth of template can exhaust the thread's.
        var pending = self.roots.indices.reversed().map { (branch: self.roots[$0], parent: Parent.root($0)) }
        while let (branch, parent) = pending.popLast() {
            let node = UInt32(trie.nodes.count)
            switch parent {
            case .root(let number): roots[number] = node
            case .literal(let row): labels[row].child = node
            case .pattern(let row): trie.patterns[row].child = node
            case .parameter(let owner): trie.nodes[owner].parameter = node
            }
            trie.nodes.append(
                RouteTrie.Node(
                    parameter: RouteTrie.none,
                    firstPattern: UInt32(trie.patterns.count),
                    firstMethod: UInt32(trie.methods.count),
                    patternCount: UInt16(branch.patterns.count),
                    methodCount: UInt8(branch.methods.count),
                    hasLiterals: !branch.literals.list.isEmpty
                )
            )
            for method in branch.methods.sorted(by: { $0.method < $1.method }) {
                trie.methods.append(RouteTrie.Method(method: method.method, operation: method.operation))
            }
            for (text, child) in branch.literals.list.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                pending.append((child, .literal(labels.count)))
                labels.append((node, arena.add(text), text, RouteTrie.none))
            }
            for (literals, child) in branch.patterns.sorted(by: Self.isMoreSpecific) {
                pending.append((child, .pattern(trie.patterns.count)))
                let first = UInt32(trie.literals.count)
                trie.literals += literals.map { arena.add($0) }
                trie.patterns.append(
                    RouteTrie.Pattern(
                        firstLiteral: first,
                        parameterCount: UInt32(literals.count - 1),
                        child: RouteTrie.none
                    )
                )
            }
            if let child = branch.parameter { pending.append((child, .parameter(Int(node)))) }
        }
        trie.edges = Self.table(of: labels)
        return (trie, roots)
    }

    /// Who is waiting for a node's number.
    private enum Parent {
        case root(Int)
        case literal(Int)
        case pattern(Int)
        case parameter(Int)
    }

    private mutating func number(of method: String, arena: inout ByteArena) -> UInt32 {
        if let number = methodNumbers[method] { return number }
        let number = UInt32(methodNames.count)
        methodNumbers[method] = number
        methodNames.append(arena.add(method))
        return number
    }

    /// More literal bytes first; then a longer prefix; then bytewise, so that the order is one and the same everywhere.
    private static func isMoreSpecific(
        _ left: (key: [[UInt8]], value: Branch),
        _ right: (key: [[UInt8]], value: Branch)
    ) -> Bool {
        let leftBytes = left.key.reduce(0) { $0 + $1.count }
        let rightBytes = right.key.reduce(0) { $0 + $1.count }
        if leftBytes != rightBytes { return leftBytes > rightBytes }
        if left.key[0].count != right.key[0].count { return left.key[0].count > right.key[0].count }
        return left.key.lexicographicallyPrecedes(right.key) { $0.lexicographicallyPrecedes($1) }
    }

    private static func table(
        of labels: [(node: UInt32, label: ByteSlice, text: [UInt8], child: UInt32)]
    ) -> [RouteTrie.Edge] {
        var size = 2
        while size < labels.count * 2 { size *= 2 }
        let empty = RouteTrie.Edge(node: 0, child: RouteTrie.none, firstWord: 0, secondWord: 0, label: .empty)
        var edges = [RouteTrie.Edge](repeating: empty, count: size)
        for (node, label, text, child) in labels {
            let scan = SegmentScan.of(text)
            var slot = RouteTrie.slot(node: node, hash: scan.hash, mask: size - 1)
            while edges[slot].child != RouteTrie.none { slot = (slot + 1) & (size - 1) }
            edges[slot] = RouteTrie.Edge(
                node: node,
                child: child,
                firstWord: scan.firstWord,
                secondWord: scan.secondWord,
                label: label
            )
        }
        return edges
    }
}
