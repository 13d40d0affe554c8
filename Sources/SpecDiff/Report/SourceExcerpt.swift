import DocumentTree

/// A quotation of a document: the lines of a place and a few around them.
struct SourceExcerpt: Hashable, Sendable {
    /// A line of the quotation in three parts; joined they are the line as it is written, or what is shown of it.
    struct Line: Hashable, Sendable {
        /// The line's number, from one.
        var number: Int
        /// Whether the place covers some of it.
        var isChanged: Bool
        /// What stands before the place.
        var before: String
        /// What belongs to the place.
        var marked: String
        /// What stands after it.
        var after: String

        /// The line as shown.
        var text: String { before + marked + after }
    }

    /// The lines in order; none where the place lies outside of the text.
    let lines: [Line]
    /// How many lines of the place itself are left out at its end.
    let omittedLines: Int

    /// Quotes a place.
    ///
    /// - Parameters:
    ///   - range: the place.
    ///   - source: the text it is a place of.
    ///   - context: lines shown before and after.
    init(_ range: SourceRange, of source: inout QuotedText, context: Int = ReportLimits.contextLines) {
        let first = range.start.line
        // The line after the last line break is none that people would count.
        let isEnded = source.source.bytes.last == 0x0A
        let lineCount = source.source.lineCount - (isEnded && source.source.lineCount > 1 ? 1 : 0)
        guard first < lineCount else {
            lines = []
            omittedLines = 0
            return
        }
        // A range that ends before the first character of a line covers nothing of that line.
        let endsAtLineStart = range.end.character == 0 && range.end.line > first
        let last = min(max(first, endsAtLineStart ? range.end.line - 1 : range.end.line), lineCount - 1)
        let shownLast = min(last, first + ReportLimits.excerptLinesMax - 1)
        omittedLines = last - shownLast
        let end = omittedLines > 0 ? shownLast : min(last + context, lineCount - 1)
        var lines: [Line] = []
        for number in max(0, first - context)...end {
            guard let text = source.line(number) else { continue }
            lines.append(Self.line(number, text, range, isChanged: (first...shownLast).contains(number)))
        }
        self.lines = lines
    }

    private static func line(_ number: Int, _ text: String, _ range: SourceRange, isChanged: Bool) -> Line {
        let units = text.utf16.count
        guard isChanged else {
            let shown = cut(text, from: 0, units)
            return Line(number: number + 1, isChanged: false, before: shown, marked: "", after: "")
        }
        var start = number == range.start.line ? min(range.start.character, units) : 0
        let end = number == range.end.line ? min(range.end.character, units) : units
        // What is marked begins with a word: a mapping's place begins right after its key's colon.
        while start < end, text.utf16[text.utf16.index(text.startIndex, offsetBy: start)] == 0x20 { start += 1 }
        let from = units > ReportLimits.lineUnitsMax ? max(0, start - ReportLimits.unitsBeforePlace) : 0
        let to = min(units, from + ReportLimits.lineUnitsMax)
        return Line(
            number: number + 1,
            isChanged: true,
            before: (from > 0 ? "…" : "") + slice(text, from, start),
            marked: slice(text, start, min(end, to)),
            after: slice(text, min(end, to), to) + (to < units ? "…" : "")
        )
    }

    private static func cut(_ text: String, from: Int, _ units: Int) -> String {
        units > ReportLimits.lineUnitsMax ? slice(text, from, from + ReportLimits.lineUnitsMax) + "…" : text
    }

    /// Whole characters only: an offset inside of one is taken as that character's start.
    private static func slice(_ text: String, _ from: Int, _ to: Int) -> String {
        guard from < to else { return "" }
        let start = text.utf16.index(text.startIndex, offsetBy: from)
        let end = text.utf16.index(text.startIndex, offsetBy: to)
        return String(text.unicodeScalars[start..<end])
    }
}

/// A text that is quoted many times: a line of many megabytes is decoded once, not once a quotation.
struct QuotedText: Sendable {
    let source: SourceText
    private var last: (number: Int, text: String)?

    init(_ source: SourceText) { self.source = source }

    /// A line without its line break; nil beyond the last.
    mutating func line(_ number: Int) -> String? {
        if let last, last.number == number { return last.text }
        guard let text = source.line(number) else { return nil }
        if text.utf8.count > ReportLimits.lineUnitsMax { last = (number, text) }
        return text
    }
}
