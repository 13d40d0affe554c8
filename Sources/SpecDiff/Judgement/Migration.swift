import DocumentTree

/// What one application has to look at when an API moves from one version to another: the changes that touch operations
/// it is granted, each with the lines before and after.
public struct Migration: Sendable {
    /// One change as it concerns the application.
    public struct Step: Hashable, Sendable {
        /// The change; its sites are those of granted operations alone, its level the worst of those.
        public var change: Change
        /// The lines of the base; none for what is new.
        public var before: [String]
        /// The lines of the revision; none for what is gone.
        public var after: [String]
    }

    /// Who moves: a name for headings.
    public let application: String
    /// What it has to look at, in the order of the report.
    public let steps: [Step]
    /// Changes of the report that do not concern the application.
    public let unconcernedCount: Int

    /// Takes out of a report what concerns an application.
    ///
    /// - Parameters:
    ///   - report: what changed.
    ///   - application: its name.
    ///   - granted: the operations it may call. A change of the whole document (security schemes, tags, the version)
    ///     belongs to no operation and concerns nobody here.
    ///   - base: the older document.
    ///   - revision: the newer document.
    public init(
        of report: DiffReport,
        for application: String,
        granted: [OperationPattern],
        base: ComparedDocument,
        revision: ComparedDocument
    ) {
        self.application = application
        var old = QuotedText(base.source)
        var new = QuotedText(revision.source)
        var steps: [Step] = []
        for change in report.changes {
            let sites = change.sites.filter { site in granted.contains { $0.matches(site) } }
            guard let level = sites.map(\.level).min() else { continue }
            var own = change
            own.sites = sites
            own.level = level
            own.id = change.check(at: own.leadingSite)
            steps.append(
                Step(change: own, before: Self.lines(own.base, &old), after: Self.lines(own.revision, &new))
            )
        }
        self.steps = steps.sorted { Change.precedes($0.change, $1.change) }
        unconcernedCount = report.changes.count - steps.count
    }

    /// Whether the application can move without a change of its own.
    public var isSafe: Bool { !steps.contains { $0.change.level == .error } }

    /// The steps as a report, for the writers of reports; its step of the version is what these changes ask for.
    public var report: DiffReport {
        let changes = steps.map(\.change)
        return DiffReport(changes: changes, requiredBump: .required(for: changes), isIdentical: false)
    }

    private static func lines(_ place: ChangePlace?, _ text: inout QuotedText) -> [String] {
        guard let place else { return [] }
        let excerpt = SourceExcerpt(place.range, of: &text, context: 0)
        let lines = excerpt.lines.map { ReportText.singleLine($0.text) }
        return excerpt.omittedLines > 0 ? lines + ["… \(ReportText.plural(excerpt.omittedLines, "more line"))"] : lines
    }
}
