import DocumentTree

/// What a team makes of the checks: a level for each that it sees differently.
///
/// Two forms are read. A YAML or JSON mapping of check to level:
/// ```yaml
/// response-property-enum-value-added: error
/// request-parameter-removed: none
/// ```
/// and oasdiff's lines of check and level, where `#` begins a comment:
/// ```
/// response-property-enum-value-added  err
/// request-parameter-removed           none
/// ```
/// Levels are `error`, `warning`, `info` and `none`; `err`, `warn` and capitals are understood.
public struct SeverityFile: Sendable {
    /// The level by check; nil as a value switches the check off.
    public let levels: [String: ChangeLevel?]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: how findings call it.
    ///   - knownIDs: the checks there are.
    /// - Returns: the levels; none where the file holds nothing but comments.
    /// - Throws: ``JudgementRejected`` with every line that names no check, no level, or a check for the second time.
    public static func read(_ bytes: [UInt8], name: String, knownIDs: Set<String>) throws(JudgementRejected)
        -> SeverityFile
    {
        let source = SourceText(bytes, name: name)
        let lines = (0..<source.lineCount).map { Line(number: $0, text: source.line($0) ?? "") }
            .filter { !$0.words.isEmpty }
        guard let first = lines.first else { return SeverityFile(levels: [:]) }
        let checks = KnownChecks(ids: knownIDs)
        if first.words.count == 2, first.words[0] != "-",
            !first.words.joined().contains(where: { ":{\"'".contains($0) })
        {
            return SeverityFile(levels: try levels(lines, name, checks))
        }
        do throws(UnreadableDocument) {
            let document = try Document.read(bytes, name: name)
            return SeverityFile(levels: try levels(document, checks).get())
        } catch {
            throw JudgementRejected(error.findings)
        }
    }

    private static func levels(_ document: Document, _ checks: KnownChecks)
        -> Result<[String: ChangeLevel?], UnreadableDocument>
    {
        var findings = document.findings.filter { $0.severity == .error }
        var levels: [String: ChangeLevel?] = [:]
        if !document.root.isMapping {
            findings.append(
                Finding(
                    code: code,
                    message: "a severity file is a mapping of checks to levels",
                    help: "write lines such as `request-parameter-removed: error`",
                    at: document.root
                )
            )
        }
        for (id, node) in document.root.entries {
            if let complaint = checks.complaint(about: id) {
                findings.append(
                    Finding(code: unknownCheck, message: complaint.message, help: complaint.help, atKeyOf: node)
                )
            }
            if let level = level(node.string ?? "") {
                levels[id] = level
            } else {
                findings.append(Finding(code: code, message: notALevel(node.scalarText), at: node))
            }
        }
        return findings.isEmpty ? .success(levels) : .failure(UnreadableDocument(findings: findings))
    }

    private static func levels(_ lines: [Line], _ name: String, _ checks: KnownChecks) throws(JudgementRejected)
        -> [String: ChangeLevel?]
    {
        var findings: [Finding] = []
        var levels: [String: ChangeLevel?] = [:]
        func complain(_ line: Line, _ code: String, _ message: String, _ help: String? = nil) {
            let place = Position(line: line.number, character: 0)
            let range = SourceRange(start: place, end: place)
            findings.append(
                Finding(code: code, severity: .error, message: message, help: help, source: name, range: range)
            )
        }
        for line in lines {
            guard line.words.count == 2 else {
                complain(line, code, "a line is a check and a level, this one has \(line.words.count) words")
                continue
            }
            let id = String(line.words[0])
            if let complaint = checks.complaint(about: id) {
                complain(line, unknownCheck, complaint.message, complaint.help)
            }
            if levels.keys.contains(id) { complain(line, code, "`\(id)` stands in the file twice") }
            if let level = level(line.words[1]) {
                levels[id] = level
            } else {
                complain(line, code, notALevel(String(line.words[1])))
            }
        }
        guard findings.isEmpty else { throw JudgementRejected(findings) }
        return levels
    }

    // MARK: Words

    private static let code = "severity-file"
    private static let unknownCheck = "unknown-check"

    private static func notALevel(_ text: String?) -> String {
        "\(text.map { "`\($0)`" } ?? "this") is no level: `error`, `warning`, `info` or `none` is"
    }

    /// The level a word means, `.some(nil)` for `none`; nil for any other word.
    private static func level(_ word: some StringProtocol) -> ChangeLevel?? {
        switch word.lowercased() {
        case "none": .some(nil)
        case "err": .error
        case "warn": .warning
        case let word: ChangeLevel(name: word).map { .some($0) }
        }
    }

    /// A line of the plain form, without its comment.
    private struct Line {
        let number: Int
        let words: [Substring]

        init(number: Int, text: String) {
            self.number = number
            words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
        }
    }
}
