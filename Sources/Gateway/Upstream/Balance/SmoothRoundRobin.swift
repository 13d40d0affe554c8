/// Takes targets in turn by weight, spread as evenly as the weights allow: with 5, 1, 1 the order is a a b a c a a, never
/// five times a in a row. Targets may drop out and come back between two calls.
struct SmoothRoundRobin {
    /// What each target is owed, in the unit of the weights.
    private var credit: [Int]

    init(count: Int) { credit = Array(repeating: 0, count: count) }

    /// The next target; nil when none has a weight. `weight`: of a target at this moment, 0 for one that cannot be used.
    @inline(__always)
    mutating func next(weight: (Int) -> Int) -> Int? {
        var total = 0
        var best: Int?
        for index in credit.indices {
            let share = weight(index)
            guard share > 0 else { continue }
            total += share
            credit[index] += share
            if let leader = best, credit[leader] >= credit[index] { continue }
            best = index
        }
        if let best { credit[best] -= total }
        return best
    }
}
