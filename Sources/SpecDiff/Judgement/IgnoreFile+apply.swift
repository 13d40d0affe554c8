public import DocumentTree

extension IgnoreFile {
    /// A report without what a team accepts.
    public struct Outcome: Sendable {
        /// What is left; its ``DiffReport/requiredBump`` counts only that.
        public var report: DiffReport
        /// How many changes are gone from the report altogether.
        public var hiddenCount: Int
        /// A warning for each entry that hid nothing, at its place in the file: it is out of date, or never fitted.
        public var unused: [Finding]
    }

    /// Takes what the entries hide out of a report; O(changes × entries).
    ///
    /// A change that is hidden for some of its operations stays for the others, at the worst level of those.
    public func apply(to report: DiffReport) -> Outcome {
        let matchers = entries.map(Matcher.init)
        var isUsed = Array(repeating: false, count: entries.count)
        var changes: [Change] = []
        for change in report.changes {
            var rest = change
            for (index, matcher) in matchers.enumerated() {
                // Every entry that fits counts as used, also where another one was first.
                if change.sites.contains(where: { matcher.matches(change, $0) }) { isUsed[index] = true }
                rest.sites.removeAll { matcher.matches(change, $0) }
            }
            guard let level = rest.sites.map(\.level).min() else { continue }
            if rest.sites.count < change.sites.count {
                rest.level = level
                rest.id = change.check(at: rest.leadingSite)
            }
            changes.append(rest)
        }
        var result = report
        if changes != report.changes {
            result.changes = changes.sorted(by: Change.precedes)
            // Edits of words are hidden by no entry.
            result.requiredBump = max(.required(for: changes), report.documentationEdits.isEmpty ? .none : .patch)
        }
        return Outcome(
            report: result,
            hiddenCount: report.changes.count - changes.count,
            unused: zip(entries, isUsed).filter { !$0.1 }.map { unusedFinding($0.0) }
        )
    }

    private func unusedFinding(_ entry: Entry) -> Finding {
        let parts = [
            entry.id.map { "`\($0)`" }, entry.operation.map { "operation `\($0)`" },
            entry.fingerprint.map { "fingerprint `\($0)`" },
        ]
        return Finding(
            code: "unused-ignore",
            severity: .warning,
            message: "this entry ignores nothing: \(parts.compactMap { $0 }.joined(separator: ", "))",
            help: "take it out",
            source: name,
            range: entry.range
        )
    }

    /// An entry as it is compared.
    private struct Matcher {
        let entry: Entry
        let operation: OperationPattern?

        init(_ entry: Entry) {
            self.entry = entry
            operation = entry.operation.map(OperationPattern.init)
        }

        /// Of a shared change each site is seen by a check of its own.
        func matches(_ change: Change, _ site: ChangeSite) -> Bool {
            (entry.id == nil || entry.id == change.check(at: site))
                && (entry.fingerprint == nil || entry.fingerprint == change.fingerprint)
                && operation?.matches(site) != false
        }
    }
}
