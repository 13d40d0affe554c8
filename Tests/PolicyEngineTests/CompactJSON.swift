import DocumentTree

/// Where values stand in compact JSON on one line, found by a scanner of its own: what the ranges of findings are held against.
///
/// Upstream's cases are lint results of documents written that way, and a result's range is that of the value at its path, or of the
/// nearest one that exists.
struct CompactJSON {
    private let units: [UInt16]

    init(_ text: String) { units = Array(text.utf16) }

    /// The first and the last character of the value at a path; nil where the path leads through a reference.
    func range(of path: [String]) -> Range<Int>? {
        var place = 0..<units.count
        for name in path {
            guard let next = child(name, of: place) else { return hasReference(place) ? nil : place }
            place = next
        }
        return hasReference(place) ? nil : place
    }

    private func hasReference(_ place: Range<Int>) -> Bool { child("$ref", of: place) != nil }

    private func child(_ name: String, of place: Range<Int>) -> Range<Int>? {
        let isObject = units[place.lowerBound] == 0x7B
        guard isObject || units[place.lowerBound] == 0x5B else { return nil }
        var index = place.lowerBound + 1
        var number = 0
        while index < place.upperBound - 1 {
            var key = String(number)
            if isObject {
                let end = endOfValue(index)
                // Keys of the cases have no escapes but quotes and backslashes.
                key = String(decoding: units[index + 1..<end - 1], as: UTF16.self)
                    .replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
                index = end + 1
            }
            let end = endOfValue(index)
            if key == name { return index..<end }
            index = end + 1
            number += 1
        }
        return nil
    }

    private func endOfValue(_ start: Int) -> Int {
        var depth = 0
        var index = start
        while index < units.count {
            switch units[index] {
            case 0x22:
                index += 1
                while units[index] != 0x22 { index += units[index] == 0x5C ? 2 : 1 }
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                if depth == 0 { return index }
                depth -= 1
            case 0x2C, 0x3A: if depth == 0 { return index }
            default: break
            }
            index += 1
            let isComposite = units[start] == 0x22 || units[start] == 0x7B || units[start] == 0x5B
            if depth == 0, isComposite { return index }
        }
        return index
    }
}

extension ExpectedFindings {
    /// How many of the expected ranges are those found, and how many could be told.
    func ranges(of findings: [Finding]) -> (alike: Int, all: Int) {
        guard findings.count == expected.count, document.source.lineCount == 1 else { return (0, 0) }
        let text = CompactJSON(String(decoding: document.source.bytes, as: UTF8.self))
        var result = (alike: 0, all: 0)
        for (finding, partial) in zip(findings, expected) {
            guard let path = partial["path"], path.isSequence,
                let range = text.range(of: path.elements.map { $0.scalarText ?? "" })
            else { continue }
            result.all += 1
            let (start, end) = (finding.range.start, finding.range.end)
            if start == Position(line: 0, character: range.lowerBound),
                end == Position(line: 0, character: range.upperBound)
            {
                result.alike += 1
            }
        }
        return result
    }
}
