import DocumentTree

/// A comparison as one page that needs nothing but itself: the changes by operation, the worst first, each with the lines
/// of both documents side by side. No script runs; it reads well in light and dark, on paper and on a telephone.
public struct DiffHTMLReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// Writes the page.
    public func text(_ report: DiffReport, from base: ComparedDocument, to revision: ComparedDocument) -> String {
        let heading = ComparedDocument.heading(base, revision) { $0 }
        let groups = ChangeGroup.groups(of: report)
        var quotations = DiffHTMLQuotations(base: base.source, revision: revision.source)
        let title = [revision.title, heading].compactMap { $0 }.joined(separator: ": ")
        return Markup.page(title: title, style: DiffHTMLStyle.sheet) {
            Markup.element("main") {
                Self.header(report, heading, base, revision)
                if groups.isEmpty { Markup.element("p", [.class("none")], ReportText.noChanges(report) + ".") }
                if groups.count > 1 { Self.contents(groups) }
                groups.enumerated().map { index, group in Self.section(group, index, &quotations) }
            }
        }.html
    }

    private static func header(
        _ report: DiffReport,
        _ heading: String,
        _ base: ComparedDocument,
        _ revision: ComparedDocument
    ) -> Markup {
        .element("header") {
            if let title = revision.title ?? base.title { Markup.element("p", [.class("title")], title) }
            Markup.element("h1", [], heading)
            Markup.element("p", [.class("files")]) {
                Markup.element("code", [], base.source.name)
                " → "
                Markup.element("code", [], revision.source.name)
            }
            Markup.element("ul", [.class("tallies")]) {
                ChangeLevel.allCases.map { tally(report.count(of: $0), $0) }
                Markup.element("li", [.class("tally")]) {
                    Markup.element("b", [], report.requiredBump.name)
                    " version step"
                }
            }
        }
    }

    private static func tally(_ count: Int, _ level: ChangeLevel) -> Markup {
        let words =
            switch level {
            case .error: "breaking"
            case .warning: "may break"
            case .information: "compatible"
            }
        return .element("li", [.class("tally \(level.name)\(count == 0 ? " zero" : "")")]) {
            Markup.element("b", [], String(count))
            " " + words
        }
    }

    private static func contents(_ groups: [ChangeGroup]) -> Markup {
        .element("details", [.class("contents")]) {
            Markup.element("summary", [], "\(groups.count) groups of changes")
            Markup.element("ol") {
                groups.enumerated().map { index, group in
                    .element("li") {
                        Markup.link(group.title, to: "#group-\(index)", [.class(group.level.name)])
                        " \(group.changes.count)"
                    }
                }
            }
        }
    }

    private static func section(_ group: ChangeGroup, _ index: Int, _ quotations: inout DiffHTMLQuotations) -> Markup {
        .element("section", [.attribute("id", "group-\(index)")]) {
            Markup.element("h2") {
                group.title
                if let id = group.operationID { Markup.element("span", [.class("id")], " " + id) }
            }
            group.changes.map { article($0, &quotations) }
        }
    }

    private static func article(_ change: Change, _ quotations: inout DiffHTMLQuotations) -> Markup {
        .element("article", [.class(change.level.name)]) {
            Markup.element("h3") {
                Markup.element("span", [.class("badge \(change.level.name)")], change.level.name)
                " "
                prose(change.text)
            }
            if let comment = change.comment { Markup.element("p", [.class("comment")]) { prose(comment) } }
            operations(ReportText.namedSites(change))
            Markup.element("p", [.class("meta")]) {
                Markup.element("code", [], change.id)
                " · fingerprint "
                Markup.element("code", [], change.fingerprint)
            }
            quotations.sides(of: change)
        }
    }

    /// All of them: the page has room behind a fold.
    private static func operations(_ sites: [ChangeSite]) -> Markup {
        guard sites.count > 1 else { return .empty }
        return .element("details", [.class("operations")]) {
            Markup.element("summary", [], "reaches \(sites.count) operations")
            Markup.element("ul") {
                sites.map { site in
                    .element("li", [.class(site.level.name)]) {
                        Markup.element("code", [], ReportText.operation(site))
                    }
                }
            }
        }
    }

    /// Values of the documents stand in backticks; with an odd number of them none opens a span.
    private static func prose(_ text: String) -> Markup {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard !parts.count.isMultiple(of: 2) else { return .text(text) }
        return .group(
            parts.enumerated().map { index, part in
                index.isMultiple(of: 2) ? .text(part) : .element("code", [], String(part))
            }
        )
    }
}
