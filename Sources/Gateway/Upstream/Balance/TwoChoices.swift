/// Draws two different targets by weight and takes the better one: nearly as good as looking at all of them, and unlike
/// that it does not send every gateway's next request to the same idle target.
struct TwoChoices {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The better of two of `count` targets; nil when none has a weight. `weight`: of a target at this moment, 0 for one
    /// that cannot be used. `isBetter`: whether the second target is strictly better than the first.
    @inline(__always)
    mutating func next(count: Int, weight: (Int) -> Int, isBetter: (Int, Int) -> Bool) -> Int? {
        var total = 0
        for index in 0..<count { total += weight(index) }
        guard total > 0, let first = draw(total, count, weight) else { return nil }
        let rest = total - weight(first)
        guard rest > 0, let second = draw(rest, count, { $0 == first ? 0 : weight($0) }) else { return first }
        return isBetter(first, second) ? second : first
    }

    @inline(__always)
    private mutating func draw(_ total: Int, _ count: Int, _ weight: (Int) -> Int) -> Int? {
        var rest = Int(random() % UInt64(total))
        for index in 0..<count {
            let share = weight(index)
            if rest < share { return index }
            rest -= share
        }
        return nil
    }

    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Rendezvous.mix(state)
    }
}
