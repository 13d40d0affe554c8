import DocumentTree

/// The part of ``DiffHTMLReport`` that quotes both documents side by side, and how often it has done so.
struct DiffHTMLQuotations {
    private var base: QuotedText
    private var revision: QuotedText
    private var shown = 0

    init(base: SourceText, revision: SourceText) {
        self.base = QuotedText(base)
        self.revision = QuotedText(revision)
    }

    /// Both places of a change; beyond ``ReportLimits/excerptsMax`` quotations only their names.
    mutating func sides(of change: Change) -> Markup {
        guard change.base != nil || change.revision != nil else { return .empty }
        guard shown < ReportLimits.excerptsMax else {
            let note = "the page quotes \(ReportLimits.excerptsMax) changes at most"
            return .element("p", [.class("cut")], "\(ReportText.places(change)); \(note)")
        }
        shown += 1
        return .element("div", [.class("sides")]) {
            Self.side(change.base, &base, "base", absent: "not in the base")
            Self.side(change.revision, &revision, "revision", absent: "no longer in the revision")
        }
    }

    private static func side(_ place: ChangePlace?, _ text: inout QuotedText, _ name: String, absent: String) -> Markup
    {
        guard let place else {
            return .element("div", [.class("side absent")]) { Markup.element("p", [], absent) }
        }
        let excerpt = SourceExcerpt(place.range, of: &text)
        return .element("div", [.class("side \(name)")]) {
            Markup.element("p", [.class("place")], "\(name) · \(ReportText.place(place))")
            // Of many lines their colour says all; within one line the stretch is marked.
            Markup.element("pre") {
                excerpt.lines.map { line($0, marks: place.range.start.line == place.range.end.line) }
            }
            if excerpt.omittedLines > 0 {
                Markup.element("p", [.class("more")], "… \(ReportText.plural(excerpt.omittedLines, "more line"))")
            }
        }
    }

    private static func line(_ line: SourceExcerpt.Line, marks: Bool) -> Markup {
        .element("span", [.class(line.isChanged ? "line changed" : "line")]) {
            Markup.element("span", [.class("number")], String(line.number))
            if marks, !line.marked.isEmpty {
                line.before
                Markup.element("mark", [], line.marked)
                line.after
            } else {
                line.text
            }
            "\n"
        }
    }
}
