/// Finds what somebody probably meant.
enum NearestName {
    /// "did you mean `x`?" when one of the names is close enough, else nil.
    static func suggestion(for name: String, among names: some Sequence<String>) -> String? {
        nearest(to: name, among: names).map { "did you mean `\($0)`?" }
    }

    /// The name with the least edits (Damerau, optimal string alignment), at most a third of the length; ties go to the first
    /// in order of the alphabet.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(lengthMax))
        let most = max(1, wanted.count / 3)
        var best: (name: String, edits: Int)?
        for candidate in names.sorted() {
            let other = Array(candidate.lowercased().utf8.prefix(lengthMax))
            guard abs(other.count - wanted.count) <= most else { continue }
            let edits = distance(wanted, other)
            if edits <= most, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.name
    }

    /// Bytes that are compared: what is longer is no slip of the finger.
    private static let lengthMax = 64

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var cost = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (left[row] == right[column] ? 0 : 1)
                )
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
