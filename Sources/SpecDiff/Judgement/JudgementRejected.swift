public import DocumentTree

/// An ignore or severity file that cannot be used; the findings say why and where, and there is at least one.
public struct JudgementRejected: Error, Hashable, Sendable {
    /// What is wrong, in the order of the text.
    public let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings.sorted(by: Finding.precedes) }
}

/// The checks that ignore and severity files may name.
struct KnownChecks {
    let ids: Set<String>

    /// Says that there is no such check, and which was probably meant; nil where there is.
    func complaint(about id: String) -> (message: String, help: String?)? {
        guard !ids.contains(id) else { return nil }
        return ("there is no check `\(id)`", Self.nearest(to: id, among: ids).map { "did you mean `\($0)`?" })
    }

    /// The name with the least edits, at most a third of its length; the first in order of the alphabet among equals.
    static func nearest(to text: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(text.lowercased().utf8.prefix(bytesMax))
        let most = max(1, wanted.count / 3)
        var best: (name: String, edits: Int)?
        for name in names.sorted() {
            let other = Array(name.utf8.prefix(bytesMax))
            guard abs(other.count - wanted.count) <= most else { continue }
            let edits = edits(wanted, other)
            if edits <= most, edits < best?.edits ?? .max { best = (name, edits) }
        }
        return best?.name
    }

    /// Bytes that are compared; every id is shorter.
    private static let bytesMax = 96

    /// Levenshtein's distance.
    private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                current.append(min(replaced, last[column + 1] + 1, current[column] + 1))
            }
            last = current
        }
        return last[right.count]
    }
}
