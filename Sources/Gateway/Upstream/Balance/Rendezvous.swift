internal import Glibc

/// Consistent hashing by the highest score: every target scores every key, the best one takes it. When a target goes, only
/// its own keys move, and they spread over all others; when one comes, it takes its share and nothing else moves. No ring
/// to build or keep; a choice costs one multiplication and one logarithm a target.
enum Rendezvous {
    /// Spreads all bits over all bits.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A key's or a target's number: the same in every process, so that all gateways agree.
    static func number(of bytes: some Sequence<UInt8>) -> UInt64 {
        mix(bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// The target of a key; nil when none has a weight. `seed` is a target's own number, `weight` what it has at this
    /// moment: 0 for one that cannot be used.
    @inline(__always)
    static func choose(key: UInt64, count: Int, seed: (Int) -> UInt64, weight: (Int) -> Int) -> Int? {
        var best: Int?
        var bestScore = -Double.infinity
        for index in 0..<count {
            let share = weight(index)
            guard share > 0 else { continue }
            // Weighted as in "weighted distributed hash tables": w / -ln(u) with u in (0, 1) gives each its share exactly.
            let bits = mix(key ^ seed(index)) >> 11
            let uniform = (Double(bits) + 0.5) * 0x1p-53
            let score = Double(share) / -log(uniform)
            if score > bestScore {
                bestScore = score
                best = index
            }
        }
        return best
    }
}
