/// Applies the steps of an expression to a set of nodes.
///
/// Everything is by node id: a match costs twelve bytes and no path is built before somebody asks for one.
struct JSONPathEvaluator {
    /// A node and how it was reached.
    struct Entry {
        /// The value, references followed.
        var node: NodeID
        /// Where it stands in its parent.
        var place: NodeID
        /// The entry it was reached from, in ``origins``; -1 where that is the parent in the document.
        var origin: Int32
    }

    let document: Document
    let root: NodeID
    let index: JSONPathIndex?
    /// Whether a node counts once (Spectral) or as often as it is selected (RFC 9535).
    let isSet: Bool
    let patterns = PatternCache()
    private var budgetMax: Int
    private var budget: Int
    private var origins: [Entry] = []
    /// See ``JSONPathSession``; stays empty elsewhere.
    private var memory = JSONPathMemory()
    /// From this many entries on a bit for every node of the document costs less than a hash for each of them.
    private static let fewEntries = 32

    init(document: Document, root: NodeID, index: JSONPathIndex?, isSet: Bool, budget: Int) {
        self.document = document
        self.root = root
        self.index = index
        self.isSet = isSet
        self.budget = budget
        budgetMax = budget
    }

    mutating func evaluate(_ steps: [JSONPathStep]) throws(JSONPathEvaluationFailure) -> [JSONPathMatch] {
        var entries = [Entry(node: follow(root), place: root, origin: -1)]
        for step in steps { entries = try apply(step, to: entries) }
        return matches(entries, endIn: steps.last)
    }

    /// Evaluates an expression from where a beginning of it has been evaluated before, and remembers its own beginnings.
    mutating func evaluate(_ path: JSONPath) throws(JSONPathEvaluationFailure) -> [JSONPathMatch] {
        let known = path.beginnings.lastIndex { memory.entries[$0] != nil }
        let start = Entry(node: follow(root), place: root, origin: -1)
        var entries = known.flatMap { memory.entries[path.beginnings[$0]] } ?? [start]
        for position in (known.map { $0 + 1 } ?? 0)..<path.steps.count {
            let before = position == 0 ? nil : path.beginnings[position - 1]
            entries = try apply(path.steps[position], to: entries, selectedBy: before)
            memory.entries[path.beginnings[position]] = entries
        }
        return matches(entries, endIn: path.steps.last)
    }

    private func matches(_ entries: [Entry], endIn step: JSONPathStep?) -> [JSONPathMatch] {
        var areKeys = false
        if case .key = step { areKeys = true }
        return entries.map { JSONPathMatch(node: $0.node, place: $0.place, isKey: areKeys) }
    }

    /// Grants a budget for the next expression.
    mutating func renew(budget: Int) {
        self.budget = budget
        budgetMax = budget
    }

    /// The nodes that a query inside a filter selects.
    mutating func select(_ steps: [JSONPathStep], from start: NodeID) throws(JSONPathEvaluationFailure) -> [NodeID] {
        var entries = [Entry(node: start, place: start, origin: -1)]
        for step in steps { entries = try apply(step, to: entries) }
        return entries.map(\.node)
    }

    /// How many nodes may still be looked at.
    var budgetLeft: Int { max(budget, 0) }

    func follow(_ id: NodeID) -> NodeID { index?.follow(id) ?? id }

    mutating func visit() throws(JSONPathEvaluationFailure) {
        budget -= 1
        guard budget >= 0 else { throw .nodesVisited(max: budgetMax) }
    }

    // MARK: Steps

    /// The matches of a step. `beginning` is the expression's text before it, where what is found may be remembered by that.
    private mutating func apply(
        _ step: JSONPathStep,
        to entries: [Entry],
        selectedBy beginning: String? = nil
    ) throws(JSONPathEvaluationFailure) -> [Entry] {
        var result: [Entry] = []
        switch step {
        case .children(let written):
            let selectors = written.map(bound)
            for entry in entries {
                for selector in selectors { try select(selector, in: entry, into: &result) }
            }
        case .descendants(let written):
            if isSet, try jump(from: entries, selectedBy: beginning, to: written, into: &result) { break }
            try descend(from: entries, written.map(bound), into: &result)
        case .parent:
            for entry in entries {
                if let parent = parent(of: entry) { result.append(parent) }
            }
        case .key:
            result = entries.filter { document.parent($0.place) != nil }
        case .type(let test):
            result = entries.filter { self.test(test, $0.node) }
        }
        return isSet ? withoutRepeats(result, by: step) : result
    }

    /// The selector with its name looked up once for this document.
    private func bound(_ selector: JSONPathSelector) -> JSONPathSelector {
        guard case .name(let name) = selector else { return selector }
        return .bound(document.keyID(name), name)
    }

    private func withoutRepeats(_ entries: [Entry], by step: JSONPathStep) -> [Entry] {
        guard entries.count > 1 else { return entries }
        var areKeys = false
        // Two keys are two places even where both lead to one value.
        if case .key = step { areKeys = true }
        guard entries.count > Self.fewEntries else {
            var seen = Set<NodeID>(minimumCapacity: entries.count)
            return entries.filter { seen.insert(areKeys ? $0.place : $0.node).inserted }
        }
        var seen = VisitedNodes(document: document)
        return entries.filter { seen.insert(areKeys ? $0.place : $0.node) }
    }

    func parent(of entry: Entry) -> Entry? {
        if entry.origin >= 0 { return origins[Int(entry.origin)] }
        guard entry.place != root, let parent = document.parent(entry.place) else { return nil }
        return Entry(node: parent, place: parent, origin: -1)
    }

    /// RFC 9535 §2.5.2: the node itself, then everything under it. A set visits each real node once.
    private mutating func descend(
        from entries: [Entry],
        _ selectors: [JSONPathSelector],
        into result: inout [Entry]
    ) throws(JSONPathEvaluationFailure) {
        var visited = VisitedNodes(document: isSet ? document : nil)
        for start in entries {
            var stack = [start]
            while let entry = stack.popLast() {
                guard visited.insert(entry.node) else { continue }
                try visit()
                for selector in selectors { try select(selector, in: entry, into: &result) }
                let origin = origin(of: entry, isNeeded: document.firstChild(entry.node) != nil)
                let before = stack.count
                var next = document.firstChild(entry.node)
                while let child = next {
                    stack.append(Entry(node: follow(child), place: child, origin: origin))
                    next = document.nextSibling(child)
                }
                stack[before...].reverse()
            }
        }
    }

    /// The reference a child entry keeps to this one; -1 where the document's own parent says the same.
    private mutating func origin(of entry: Entry, isNeeded: Bool) -> Int32 {
        guard isNeeded, entry.origin >= 0 || entry.node != entry.place else { return -1 }
        origins.append(entry)
        return Int32(origins.count - 1)
    }

    /// Answers a descendant step out of the index, where its selectors say which keys can match: the candidates are looked at
    /// instead of everything below the entries.
    ///
    /// - Returns: false, with nothing done, where the index does not help.
    private mutating func jump(
        from entries: [Entry],
        selectedBy beginning: String?,
        to selectors: [JSONPathSelector],
        into result: inout [Entry]
    ) throws(JSONPathEvaluationFailure) -> Bool {
        guard let index, selectors.allSatisfy(\.isIndexed) else { return false }
        let isWhole = entries.count == 1 && entries[0].place == document.rootID
        let reached = isWhole ? nil : try reach(from: entries, selectedBy: beginning)
        let starts = isWhole ? [] : Set(entries.map(\.node))
        for selector in selectors {
            switch selector {
            case .name(let name):
                for child in index.nodes(withKey: name) {
                    try visit()
                    if let reached, document.parent(child).map(reached.contains) != true { continue }
                    result.append(Entry(node: index.follow(child), place: child, origin: -1))
                }
            case .script(let script):
                guard let requirement = script.requirement else { continue }
                var seen = VisitedNodes(document: document)
                for candidate in candidates(for: requirement, in: index) where seen.insert(candidate) {
                    try visit()
                    guard candidate != root else { continue }
                    if let reached, !isBelow(candidate, starts, reached) { continue }
                    let entry = Entry(node: index.follow(candidate), place: candidate, origin: -1)
                    if try isTrue(script, for: entry) { result.append(entry) }
                }
            default: continue
            }
        }
        return true
    }

    /// Whether a walk from the starts would meet the node as somebody's child: through its parent, or through a reference.
    private func isBelow(_ node: NodeID, _ starts: Set<NodeID>, _ reached: VisitedNodes) -> Bool {
        if let parent = document.parent(node), reached.contains(parent) { return true }
        return reached.contains(node) && !starts.contains(node)
    }

    /// Every real node at or below the entries, references followed.
    private mutating func reach(
        from entries: [Entry],
        selectedBy beginning: String?
    ) throws(JSONPathEvaluationFailure) -> VisitedNodes {
        if let beginning, let known = memory.reached[beginning] { return known }
        var visited = VisitedNodes(document: document)
        var stack = entries.map(\.node)
        while let node = stack.popLast() {
            guard visited.insert(node) else { continue }
            try visit()
            var next = document.firstChild(node)
            while let child = next {
                let target = follow(child)
                // Scalars have nothing below them and are marked at once.
                if document.firstChild(target) == nil { _ = visited.insert(target) } else { stack.append(target) }
                next = document.nextSibling(child)
            }
        }
        if let beginning { memory.reached[beginning] = visited }
        return visited
    }

    private func candidates(for requirement: JSONPathRequirement, in index: JSONPathIndex) -> [NodeID] {
        switch requirement {
        case .ownKey(let keys): keys.flatMap { index.nodes(withKey: $0) }
        case .childKey(let keys): keys.flatMap { index.nodes(withKey: $0).compactMap { document.parent($0) } }
        }
    }

    // MARK: Selectors

    private mutating func select(
        _ selector: JSONPathSelector,
        in entry: Entry,
        into result: inout [Entry]
    ) throws(JSONPathEvaluationFailure) {
        switch selector {
        case .name(let name):
            try visit()
            if let child = document.child(entry.node, key: name) { append(child, of: entry, to: &result) }
        case .bound(let key, let name):
            try visit()
            if let key, let child = document.child(entry.node, key: key) {
                append(child, of: entry, to: &result)
            } else if isSet, let position = JSONPathText.arrayIndex(name) {
                // JavaScript reads `list['0']` as the first element.
                try selectElement(position, of: entry, into: &result)
            }
        case .index(let position):
            try selectElement(position, of: entry, into: &result)
        case .nameOrIndex(let text):
            try visit()
            if let child = document.child(entry.node, key: text) {
                append(child, of: entry, to: &result)
            } else if let position = Int(text) {
                try selectElement(position, of: entry, into: &result)
            }
        case .wildcard:
            let origin = origin(of: entry, isNeeded: document.firstChild(entry.node) != nil)
            var next = document.firstChild(entry.node)
            while let child = next {
                try visit()
                result.append(Entry(node: follow(child), place: child, origin: origin))
                next = document.nextSibling(child)
            }
        case .slice(let start, let end, let step):
            try slice(entry, start: start, end: end, step: step, into: &result)
        case .filter(let filter):
            var next = document.firstChild(entry.node)
            while let child = next {
                try visit()
                if try isTrue(filter, for: child) { append(child, of: entry, to: &result) }
                next = document.nextSibling(child)
            }
        case .script(let script):
            let origin = origin(of: entry, isNeeded: document.firstChild(entry.node) != nil)
            var next = document.firstChild(entry.node)
            while let child = next {
                try visit()
                let candidate = Entry(node: follow(child), place: child, origin: origin)
                if try isTrue(script, for: candidate) { result.append(candidate) }
                next = document.nextSibling(child)
            }
        case .computed(let script):
            switch try value(of: script, for: entry) {
            case .string(let name): try select(.nameOrIndex(name), in: entry, into: &result)
            case .number(let number):
                if let position = Int(exactly: number) { try selectElement(position, of: entry, into: &result) }
            default: break
            }
        }
    }

    private mutating func append(_ child: NodeID, of entry: Entry, to result: inout [Entry]) {
        let origin = origin(of: entry, isNeeded: true)
        result.append(Entry(node: follow(child), place: child, origin: origin))
    }

    private mutating func selectElement(
        _ position: Int,
        of entry: Entry,
        into result: inout [Entry]
    ) throws(JSONPathEvaluationFailure) {
        try visit()
        guard document.kind(entry.node) == .sequence else { return }
        let count = document.childCount(entry.node)
        let actual = position < 0 ? count + position : position
        guard actual >= 0, actual < count, let child = document.child(entry.node, at: actual) else { return }
        append(child, of: entry, to: &result)
    }

    /// RFC 9535 §2.3.4.2.2: bounds are clamped; a step of zero selects nothing.
    private mutating func slice(
        _ entry: Entry,
        start: Int?,
        end: Int?,
        step: Int,
        into result: inout [Entry]
    ) throws(JSONPathEvaluationFailure) {
        guard step != 0, document.kind(entry.node) == .sequence else { return }
        let count = document.childCount(entry.node)
        func normalized(_ bound: Int) -> Int { bound >= 0 ? bound : count + bound }
        if step > 0 {
            var position = min(max(normalized(start ?? 0), 0), count)
            let upper = min(max(normalized(end ?? count), 0), count)
            while position < upper {
                try selectElement(position, of: entry, into: &result)
                guard upper - position > step else { break }
                position += step
            }
        } else {
            var position = min(max(normalized(start ?? count - 1), -1), count - 1)
            let lower = end.map { min(max(normalized($0), -1), count - 1) } ?? -1
            while position > lower {
                try selectElement(position, of: entry, into: &result)
                guard position - lower > -step else { break }
                position += step
            }
        }
    }
}
