/// The changes of one operation, of several at once, or of a part of the document that belongs to no operation: the
/// paragraphs of reports for people.
struct ChangeGroup {
    /// What the changes have in common; the cases are in the order in which groups of one weight stand.
    enum Subject: Hashable {
        /// One operation or path; the method may be empty, the id is the revision's, else the base's.
        case operation(method: String, path: String)
        /// More than one operation.
        case shared
        /// No operation: `components`, `security` or `info`.
        case section(String)
    }

    let subject: Subject
    /// Worst first, else in the order of the report; never empty.
    var changes: [Change]

    /// The weight of the group: that of its worst change.
    var level: ChangeLevel { changes.map(\.level).min() ?? .information }

    /// The operation's id, where the changes are of one operation that has one.
    var operationID: String? {
        guard case .operation = subject else { return nil }
        return changes.lazy.flatMap(\.sites).compactMap(\.operationID).first
    }

    /// The group's heading.
    var title: String {
        switch subject {
        case .operation(let method, let path):
            ReportText.singleLine(method.isEmpty ? path : path.isEmpty ? method : "\(method) \(path)")
        case .shared: "Shared by several operations"
        case .section("info"): "The document"
        case .section("security"): "Security"
        case .section("components"): "Components"
        case .section(let name): ReportText.singleLine(name)
        }
    }

    /// Groups a report's changes: groups with breaking changes first, then by path and method; what is shared and what
    /// belongs to no operation comes last among groups of one weight.
    static func groups(of report: DiffReport) -> [ChangeGroup] {
        var groups: [ChangeGroup] = []
        var positions: [Subject: Int] = [:]
        for change in report.changes {
            let subject = subject(of: change)
            if let position = positions[subject] {
                groups[position].changes.append(change)
            } else {
                positions[subject] = groups.count
                groups.append(ChangeGroup(subject: subject, changes: [change]))
            }
        }
        for index in groups.indices { groups[index].sortByLevel() }
        return groups.sorted { left, right in left.sortKey < right.sortKey }
    }

    /// Stable: changes of one level keep the report's order.
    private mutating func sortByLevel() {
        changes = ChangeLevel.allCases.flatMap { level in changes.filter { $0.level == level } }
    }

    private static func subject(of change: Change) -> Subject {
        let operations = Set(change.sites.map { Subject.operation(method: $0.method, path: $0.path) })
        if operations.count > 1 { return .shared }
        let site = change.leadingSite
        return site.path.isEmpty && site.method.isEmpty
            ? .section(site.section) : .operation(method: site.method, path: site.path)
    }

    private var sortKey: (Int, Int, String, String) {
        switch subject {
        case .operation(let method, let path): (level.rawValue, 0, path, method)
        case .shared: (level.rawValue, 1, "", "")
        case .section(let name): (level.rawValue, 2, name, "")
        }
    }
}
