/// The name that somebody probably meant: Damerau–Levenshtein distance (optimal string alignment), over bytes.
enum NearestName {
    /// The candidate closest to `name`, nil where none is close: more than a third of its length would have to change.
    ///
    /// O(candidates × length²) on texts of bounded length; the first of equally close ones wins.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(bytesMax))
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let bytes = Array(candidate.lowercased().utf8.prefix(bytesMax))
            let bound = best.map { $0.distance - 1 } ?? max(1, max(wanted.count, bytes.count) / 3)
            guard abs(bytes.count - wanted.count) <= bound, bound >= 0 else { continue }
            let distance = distance(wanted, bytes)
            if distance <= bound { best = (candidate, distance) }
        }
        return best?.name
    }

    private static let bytesMax = 120

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1] + [Int](repeating: 0, count: right.count)
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current[column + 1] = best
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
