/// A pattern as an automaton with one state per character place (Glushkov's construction), to look for ambiguity in.
///
/// A backtracking engine tries every way in which a text can be taken. There are exponentially many where some loop can take
/// the same word in two ways (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991): two different paths
/// from a place back to itself.
struct PatternAutomaton {
    /// A counted repetition of at least so many rounds is taken as one without end.
    static let countTakenAsEndless = 16
    /// Places of the largest pattern that is looked at.
    static let placesMax = 400
    /// Pairs of transitions that are looked at before giving up.
    static let stepsMax = 4_000_000

    private var sets: [CharacterSetSketch] = []
    private var following: [Set<Int>] = []
    private var preceding: [Set<Int>] = []
    /// Transitions that two different loops give.
    private var doubled: [(from: Int, to: Int)] = []
    private var lookarounds: [PatternTree] = []
    private var last: Set<Int> = []
    private(set) var isTooLarge = false

    private struct Fragment {
        var isNullable: Bool
        var first: Set<Int>
        var last: Set<Int>
    }

    init(_ tree: PatternTree) { last = add(tree).last }

    /// Whether some loop is ambiguous.
    ///
    /// - Parameter hasAssertions: whether something can still fail after the last character; without that a loop at the end
    ///   never has to be tried again.
    /// - Returns: whether a loop is ambiguous; nil where that is too much to find out.
    func isExponential(hasAssertions: Bool) -> Bool? {
        guard !isTooLarge else { return nil }
        for inner in lookarounds {
            let automaton = PatternAutomaton(inner)
            guard let isExponential = automaton.isExponential(hasAssertions: true) else { return nil }
            if isExponential { return true }
        }
        let component = components()
        func matters(_ place: Int) -> Bool { hasAssertions || !last.contains(place) }
        for (from, to) in doubled where component[from] == component[to] && matters(from) { return true }
        return hasTwoWays(component, matters)
    }

    // MARK: Construction

    private mutating func add(_ tree: PatternTree) -> Fragment {
        switch tree {
        case .empty, .backreference: return Fragment(isNullable: true, first: [], last: [])
        case .assertion(let inner):
            if case .empty = inner {} else { lookarounds.append(inner) }
            return Fragment(isNullable: true, first: [], last: [])
        case .set(let set):
            guard sets.count < Self.placesMax else {
                isTooLarge = true
                return Fragment(isNullable: true, first: [], last: [])
            }
            sets.append(set)
            following.append([])
            preceding.append([])
            return Fragment(isNullable: false, first: [sets.count - 1], last: [sets.count - 1])
        case .sequence(let parts): return sequence(parts)
        case .choice(let parts):
            var result = Fragment(isNullable: false, first: [], last: [])
            for part in parts {
                let fragment = add(part)
                result.isNullable = result.isNullable || fragment.isNullable
                result.first.formUnion(fragment.first)
                result.last.formUnion(fragment.last)
            }
            return result
        case .group(let body, _): return add(body)
        case .optional(let body):
            var fragment = add(body)
            fragment.isNullable = true
            return fragment
        case .loop(let body, let isOptional, let max):
            var fragment = add(body)
            if max.map({ $0 >= Self.countTakenAsEndless }) ?? true { connect(fragment.last, fragment.first) }
            fragment.isNullable = fragment.isNullable || isOptional
            return fragment
        }
    }

    private mutating func sequence(_ parts: [PatternTree]) -> Fragment {
        var result = Fragment(isNullable: true, first: [], last: [])
        for part in parts {
            let fragment = add(part)
            connect(result.last, fragment.first)
            if result.isNullable { result.first.formUnion(fragment.first) }
            result.last = fragment.isNullable ? result.last.union(fragment.last) : fragment.last
            result.isNullable = result.isNullable && fragment.isNullable
        }
        return result
    }

    private mutating func connect(_ sources: Set<Int>, _ targets: Set<Int>) {
        guard sources.count * targets.count <= Self.stepsMax else {
            isTooLarge = true
            return
        }
        for source in sources {
            for target in targets {
                if following[source].insert(target).inserted {
                    preceding[target].insert(source)
                } else {
                    doubled.append((source, target))
                }
            }
        }
    }

    // MARK: Ambiguity

    /// The number of each place's strongly connected component, by Kosaraju's two walks.
    private func components() -> [Int] {
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: sets.count)
        for start in sets.indices where !isSeen[start] {
            var stack = [(place: start, isDone: false)]
            while let (place, isDone) = stack.popLast() {
                if isDone {
                    order.append(place)
                    continue
                }
                guard !isSeen[place] else { continue }
                isSeen[place] = true
                stack.append((place, true))
                for next in following[place] where !isSeen[next] { stack.append((next, false)) }
            }
        }
        var component = [Int](repeating: -1, count: sets.count)
        for start in order.reversed() where component[start] < 0 {
            var stack = [start]
            while let place = stack.popLast() {
                guard component[place] < 0 else { continue }
                component[place] = start
                stack += preceding[place].filter { component[$0] < 0 }
            }
        }
        return component
    }

    /// Whether two walkers can leave one place together, part, and meet again, taking the same characters all the while
    /// inside one component. In a component every place leads back to every other, so this is ambiguity of a loop.
    private func hasTwoWays(_ component: [Int], _ matters: (Int) -> Bool) -> Bool? {
        let count = sets.count
        let diagonal = sets.indices.filter { matters($0) && following[$0].contains { component[$0] == component[$0] } }
        guard
            let apart = reach(from: diagonal.map { $0 * count + $0 }, along: following, component, isForward: true),
            let together = reach(from: diagonal.map { $0 * count + $0 }, along: preceding, component, isForward: false)
        else { return nil }
        return apart.contains { pair in
            let (left, right) = (pair / count, pair % count)
            return left != right && together.contains(pair)
        }
    }

    /// The pairs of places that two walkers can be at; nil where there are too many ways.
    private func reach(
        from starts: [Int],
        along edges: [Set<Int>],
        _ component: [Int],
        isForward: Bool
    ) -> Set<Int>? {
        let count = sets.count
        var seen = Set(starts)
        var stack = starts
        var steps = 0
        while let pair = stack.popLast() {
            let (left, right) = (pair / count, pair % count)
            // Backwards, the character is the one that led here.
            if !isForward, !sets[left].overlaps(sets[right]) { continue }
            for nextLeft in edges[left] where component[nextLeft] == component[left] {
                for nextRight in edges[right] where component[nextRight] == component[right] {
                    steps += 1
                    guard steps <= Self.stepsMax else { return nil }
                    if isForward, !sets[nextLeft].overlaps(sets[nextRight]) { continue }
                    let next = nextLeft * count + nextRight
                    if seen.insert(next).inserted { stack.append(next) }
                }
            }
        }
        return seen
    }
}
