internal import DocumentTree

/// The lines around findings of one text as HTML, the part in question marked. Lives for one report on one thread; a line that
/// many findings share, such as the only one of a JSON document, is taken apart once.
final class SourceExcerpts {
    /// Lines before and after a finding.
    private static let contextLines = 2
    /// Lines of one finding that are shown from its start.
    private static let rangeLinesMax = 5
    /// UTF-16 units of a line that are shown; a JSON document may be one line of many megabytes.
    private static let lineUnitsMax = 240
    /// Lines that are kept taken apart.
    private static let linesKept = 256

    private let source: SourceText
    private var lines: [Int: [UInt16]] = [:]

    init(_ source: SourceText) { self.source = source }

    /// The lines of a range and a few around it; empty for a place that is not in the text.
    func markup(of range: SourceRange) -> Markup {
        let first = max(0, range.start.line - Self.contextLines)
        let lastMarked = max(range.start.line, min(range.end.line, range.start.line + Self.rangeLinesMax - 1))
        let last = min(source.lineCount - 1, lastMarked + Self.contextLines)
        guard first <= last else { return .empty }
        return Markup.element("pre") {
            for number in first...last {
                let isMarked = (range.start.line...lastMarked).contains(number)
                Markup.element("span", [.class(isMarked ? "line marked" : "line")]) {
                    Markup.element("span", [.class("number")], "\(number + 1)")
                    line(number, range, isMarked: isMarked)
                    "\n"
                }
            }
        }
    }

    private func line(_ number: Int, _ range: SourceRange, isMarked: Bool) -> Markup {
        let units = units(of: number)
        var low = isMarked && number == range.start.line ? min(range.start.character, units.count) : 0
        var high = isMarked ? (number == range.end.line ? min(range.end.character, units.count) : units.count) : 0
        // A value's range begins behind the colon, a line's with its indentation: the mark begins with the text.
        if isMarked { low += units[low...].prefix { $0 == 0x20 || $0 == 0x09 }.count }
        high = max(low, high)
        // A window around the start of the mark, where the line is too long.
        let from = units.count > Self.lineUnitsMax ? max(0, low - Self.lineUnitsMax / 4) : 0
        let to = min(units.count, from + Self.lineUnitsMax)
        high = min(high, to)
        func part(_ start: Int, _ end: Int) -> String {
            String(decoding: units[start..<max(start, end)], as: UTF16.self)
        }
        return .group([
            .text(from > 0 ? "…" : ""), .text(part(from, low)),
            high > low ? .element("mark", [], part(low, high)) : .empty,
            .text(part(high, to)), .text(to < units.count ? "…" : ""),
        ])
    }

    private func units(of number: Int) -> [UInt16] {
        if let known = lines[number] { return known }
        let units = Array((source.line(number) ?? "").utf16)
        if lines.count >= Self.linesKept { lines.removeAll(keepingCapacity: true) }
        lines[number] = units
        return units
    }
}
