/// One document that a rule is tried on, and what the rule has to say about it.
///
/// A file of fixtures is `RULE/bad.yaml`, where the rule must speak up, or `RULE/good.yaml`, where it must not. A file may hold
/// several documents, with `---` on a line between them. In a bad document, `# fires` at the end of a line says that a
/// finding begins there, `# fires 2` that two do; without any such mark one finding anywhere will do. `# also: NAME, NAME` names what else is found.
public struct RuleFixture: Sendable {
    /// Whether the rule must find something.
    public enum Verdict: String, Sendable {
        /// It must not.
        case good
        /// It must.
        case bad
    }

    /// The rule's name as the folder spells it: `:` as `_`.
    public let folder: String
    /// What is expected.
    public let verdict: Verdict
    /// `bad.yaml`, or `bad.yaml#2` for the second document of a file.
    public let name: String
    /// The lines, from zero, where findings must begin, and how many (nil: at least one); empty for anywhere.
    public let firingLines: [Int: Int?]
    /// Names of what else is found.
    public let others: Set<String>
    /// The text.
    public let text: String

    /// The folder of a rule.
    public static func folder(of rule: String) -> String { String(rule.map { $0 == ":" || $0 == "/" ? "_" : $0 }) }

    /// Reads the documents of one file.
    ///
    /// - Parameters:
    ///   - path: ends in `RULE/good.yaml` or `RULE/bad.yaml`.
    ///   - text: the file's text.
    /// - Returns: its documents in order; none for a file that is called otherwise.
    public static func read(path: String, text: String) -> [RuleFixture] {
        let parts = path.split(separator: "/")
        guard parts.count >= 2, let file = parts.last, let stem = file.split(separator: ".").first,
            let verdict = Verdict(rawValue: String(stem)), ["yaml", "yml", "json"].contains(where: file.hasSuffix)
        else { return [] }
        let documents = documents(of: text)
        return documents.enumerated().map { number, document in
            RuleFixture(
                folder: String(parts[parts.count - 2]),
                verdict: verdict,
                name: String(file) + (documents.count > 1 ? "#\(number + 1)" : ""),
                firingLines: firingLines(of: document),
                others: others(of: document),
                text: document
            )
        }
    }

    private static func documents(of text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(separator: "---").map { $0.joined(separator: "\n") }
    }

    private static func firingLines(of text: String) -> [Int: Int?] {
        var found: [Int: Int?] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ")
            if words.suffix(2) == ["#", "fires"] {
                found.updateValue(nil, forKey: number)
            } else if words.suffix(3).prefix(2) == ["#", "fires"], let count = words.last.flatMap({ Int($0) }) {
                found[number] = count
            }
        }
        return found
    }

    private static func others(of text: String) -> Set<String> {
        let mark = "# also: "
        let lines = text.split(separator: "\n").filter { $0.hasPrefix(mark) }
        return Set(lines.flatMap { $0.dropFirst(mark.count).split(separator: ",") }.map { $0.filter { $0 != " " } })
    }
}
