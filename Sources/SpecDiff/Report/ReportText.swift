import DocumentTree

/// How the reports put changes, operations and places into words.
enum ReportText {
    /// How many operations a report names before it only counts them.
    static let operationsShown = 3

    /// `GET /pets`; empty where the site belongs to no operation.
    static func operation(_ site: ChangeSite) -> String {
        guard !site.path.isEmpty else { return site.method }
        return singleLine(site.method.isEmpty ? site.path : "\(site.method) \(site.path)")
    }

    /// `openapi.yaml:12:5`, counted from one as editors do.
    static func place(_ place: ChangePlace) -> String {
        "\(singleLine(place.source)):\(place.range.start.line + 1):\(place.range.start.character + 1)"
    }

    /// Both places of a change: `old.yaml:12:5 → new.yaml:14:5`; what is gone has only the first, what is new the second.
    static func places(_ change: Change) -> String {
        [change.base, change.revision].compactMap { $0 }.map(place).joined(separator: " → ")
    }

    /// The first operations that a shared change reaches, and how many more there are.
    static func operations(_ change: Change) -> String {
        let names = namedSites(change)
        let shown = names.prefix(operationsShown).map(operation).joined(separator: ", ")
        let more = names.count - operationsShown
        return more > 0 ? "\(shown) and \(more) more" : shown
    }

    /// One site an operation, the worst of its sides, in the order of the report.
    static func namedSites(_ change: Change) -> [ChangeSite] {
        var seen: Set<String> = []
        return change.sites.sorted { $0.level < $1.level || ($0.level == $1.level && precedes($0, $1)) }
            .filter { !operation($0).isEmpty && seen.insert(operation($0)).inserted }
    }

    private static func precedes(_ left: ChangeSite, _ right: ChangeSite) -> Bool {
        (left.path, left.method) < (right.path, right.method)
    }

    /// `3 changes: 1 error, 2 info`.
    static func counts(_ changes: [Change]) -> String {
        let parts = ChangeLevel.allCases.compactMap { level -> String? in
            let count = changes.count { $0.level == level }
            guard count > 0 else { return nil }
            return level == .information ? "\(count) info" : plural(count, level.name)
        }
        return "\(plural(changes.count, "change")): \(parts.joined(separator: ", "))"
    }

    /// What a report without changes says.
    static func noChanges(_ report: DiffReport) -> String {
        report.isIdentical
            ? "no changes: both documents say the same"
            : "no changes to the contract: the documents differ only in what no check looks at"
    }

    /// What the changes ask of the version.
    static func bump(_ bump: VersionBump) -> String {
        switch bump {
        case .none: "the version may stay as it is"
        case .patch: "the version needs a patch step at least"
        case .minor: "the version needs a minor step at least"
        case .major: "the version needs a major step"
        }
    }

    static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    /// A text of a document on one line, without anything that moves a cursor or turns the direction of writing.
    static func singleLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isShown($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars { result.unicodeScalars.append(isShown(scalar) ? scalar : " ") }
        return result
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0x061C: false
        default: true
        }
    }
}
