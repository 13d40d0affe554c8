/// The pairs of schemas that differ or lead to one that does, with the ways between them.
struct ChangedPairs: Sendable {
    /// All pairs; of those that are not changed, nothing is left but the number.
    let facts: [[SchemaFact]]
    /// Steps to pairs that are changed.
    let steps: [[SchemaStep]]
    /// Whether a pair differs or leads to one that does.
    let isChanged: [Bool]

    init(_ pairs: [SchemaPair]) {
        var sources: [[Int32]] = Array(repeating: [], count: pairs.count)
        var isChanged = pairs.map { !$0.facts.isEmpty }
        for (number, pair) in pairs.enumerated() {
            for step in pair.steps { sources[Int(step.target)].append(Int32(number)) }
        }
        var queue = isChanged.indices.filter { isChanged[$0] }
        while let number = queue.popLast() {
            for source in sources[number] where !isChanged[Int(source)] {
                isChanged[Int(source)] = true
                queue.append(Int(source))
            }
        }
        facts = pairs.map(\.facts)
        steps = pairs.enumerated().map { number, pair in
            isChanged[number] ? pair.steps.filter { isChanged[Int($0.target)] } : []
        }
        self.isChanged = isChanged
    }

    /// The pairs with facts that stand in a pair, nearest first: reached by one step or more, so itself only where it
    /// stands in itself.
    func reached(from root: Int32) -> [Int32] {
        var reached: [Int32] = []
        walk(from: root) { number, _, _ in
            if !facts[Int(number)].isEmpty { reached.append(number) }
            return true
        }
        return reached
    }

    /// The shortest way from a pair to one that stands in it, in words; nil where there is none.
    func way(from root: Int32, to target: Int32) -> String? {
        var origins: [Int32: (source: Int32, step: Int)] = [:]
        var isFound = false
        walk(from: root) { number, source, step in
            origins[number] = (source, step)
            isFound = number == target
            return !isFound
        }
        guard isFound else { return nil }
        var names: [String] = []
        var number = target
        repeat {
            guard let origin = origins[number] else { break }
            names.append(steps[Int(origin.source)][origin.step].text)
            number = origin.source
        } while number != root
        return names.reversed().joined(separator: "/")
    }

    /// Visits what stands in a pair, each once, nearest first, until the visitor says false.
    private func walk(from root: Int32, _ visit: (_ number: Int32, _ source: Int32, _ step: Int) -> Bool) {
        var seen: Set<Int32> = []
        var queue = [root]
        var next = 0
        while next < queue.count {
            let source = queue[next]
            next += 1
            for (index, step) in steps[Int(source)].enumerated() where seen.insert(step.target).inserted {
                if !visit(step.target, source, index) { return }
                queue.append(step.target)
            }
        }
    }

    /// The steps without those that close a ring, so that the ways from any pair come to an end: a step back to a pair
    /// that is being walked is left out, pairs being walked in the order of the roots.
    func stepsWithoutRings(from roots: [Int32]) -> [[SchemaStep]] {
        var kept: [[SchemaStep]] = Array(repeating: [], count: steps.count)
        var state = [UInt8](repeating: 0, count: steps.count)
        for root in roots where state[Int(root)] == 0 && isChanged[Int(root)] {
            var stack: [(number: Int32, next: Int)] = [(root, 0)]
            state[Int(root)] = 1
            while let (number, next) = stack.last {
                guard next < steps[Int(number)].count else {
                    state[Int(number)] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let step = steps[Int(number)][next]
                if state[Int(step.target)] == 1 { continue }
                kept[Int(number)].append(step)
                if state[Int(step.target)] == 0 {
                    state[Int(step.target)] = 1
                    stack.append((step.target, 0))
                }
            }
        }
        return kept
    }
}
