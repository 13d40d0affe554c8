public import DocumentTree

/// How the rules of a ruleset did on their fixtures.
public struct RuleTestReport: Sendable {
    /// How one rule did.
    public struct Row: Sendable {
        /// The rule's name.
        public let rule: String
        /// How many documents there were.
        public let fixtureCount: Int
        /// What was not as expected, in words.
        public internal(set) var failures: [String] = []
        /// How many weaker forms of the rule were tried.
        public internal(set) var mutantCount = 0
        /// The weaker forms that no fixture noticed, in words.
        public internal(set) var survivors: [String] = []

        /// Whether every fixture agreed and every weaker form was noticed.
        public var isSound: Bool { failures.isEmpty && survivors.isEmpty }
    }

    /// The rules, in the ruleset's order.
    public let rows: [Row]
    /// Folders of fixtures that belong to no rule.
    public let strayFolders: [String]
    /// Whether weaker forms were tried.
    public let mutates: Bool

    /// Whether all is as it should be: what the command's exit code says.
    public var isSound: Bool { strayFolders.isEmpty && rows.allSatisfy(\.isSound) }
    /// How many weaker forms were tried.
    public var mutantCount: Int { rows.map(\.mutantCount).reduce(0, +) }
    /// How many of them were noticed.
    public var noticedCount: Int { mutantCount - rows.map(\.survivors.count).reduce(0, +) }

    /// The report as lines of text: what is wrong, then a summary.
    public var text: String {
        var result = ""
        for row in rows where !row.isSound {
            result += row.rule + "\n"
            for failure in row.failures { result += "  \(failure)\n" }
            for survivor in row.survivors { result += "  not noticed: \(survivor)\n" }
        }
        for folder in strayFolders { result += "\(folder)/ belongs to no rule\n" }
        let fixtures = rows.map(\.fixtureCount).reduce(0, +)
        let failed = rows.count { !$0.failures.isEmpty }
        result +=
            "\(rows.count) rules, \(fixtures) fixtures: \(failed == 0 ? "all as expected" : "\(failed) rules fail")\n"
        if mutates {
            result +=
                "\(noticedCount) of \(mutantCount) weaker forms noticed (\(Self.share(noticedCount, of: mutantCount)) %)\n"
        }
        return result
    }

    /// The report for programs.
    public var value: JSONValue {
        .object([
            ("isSound", .bool(isSound)),
            (
                "rules",
                .array(
                    rows.map { row in
                        .object([
                            ("rule", .string(row.rule)), ("fixtures", .integer(Int64(row.fixtureCount))),
                            ("failures", .array(row.failures.map(JSONValue.string))),
                            ("mutants", .integer(Int64(row.mutantCount))),
                            ("survivors", .array(row.survivors.map(JSONValue.string))),
                        ])
                    }
                )
            ),
            ("strayFolders", .array(strayFolders.map(JSONValue.string))),
            ("mutants", .integer(Int64(mutantCount))), ("noticed", .integer(Int64(noticedCount))),
        ])
    }

    /// A share in per cent with one digit; rounded down, so that 100.0 means all.
    private static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "100.0" }
        let thousandths = part * 1000 / whole
        return "\(thousandths / 10).\(thousandths % 10)"
    }
}
