public import DocumentTree

/// Changes that a team knows and accepts: a YAML or JSON list of entries, or a mapping with that list under `ignore`.
///
/// ```yaml
/// - response-property-enum-value-added            # a check, wherever it speaks
/// - id: request-parameter-removed
///   operation: GET /pets/{petId}                  # or an operationId, or a path for all of its methods
///   reason: nobody sends it any more
/// - fingerprint: 0123456789abcdef                 # one change, over edits that move it
/// ```
/// An entry hides what all of its parts agree on. Of a change of a shared component an `operation` hides that operation
/// alone: the change stays for the others. A path is compared without the names of its parameters.
public struct IgnoreFile: Sendable {
    /// What one entry hides.
    public struct Entry: Hashable, Sendable {
        /// The check; nil for any.
        public var id: String?
        /// The operation, as the file writes it; nil for any.
        public var operation: String?
        /// The change's fingerprint; nil for any.
        public var fingerprint: String?
        /// Why, in the team's words.
        public var reason: String?
        /// Where it stands in the file.
        public var range: SourceRange
    }

    /// The file's name.
    public let name: String
    /// The entries in the order of the file.
    public let entries: [Entry]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: how findings call it.
    ///   - knownIDs: the checks there are.
    /// - Returns: the entries; none where the list is empty.
    /// - Throws: ``JudgementRejected`` with every entry that cannot be understood, that would hide everything, or that
    ///   names a check or a member there is not.
    public static func read(_ bytes: [UInt8], name: String, knownIDs: Set<String>) throws(JudgementRejected)
        -> IgnoreFile
    {
        do throws(UnreadableDocument) {
            var reader = IgnoreReader(checks: KnownChecks(ids: knownIDs))
            let entries = reader.entries(of: try Document.read(bytes, name: name))
            guard reader.findings.isEmpty else { throw UnreadableDocument(findings: reader.findings) }
            return IgnoreFile(name: name, entries: entries)
        } catch {
            throw JudgementRejected(error.findings)
        }
    }
}

/// Reads the entries of an ignore file and collects what is wrong with them.
private struct IgnoreReader {
    static let code = "ignore-file"
    static let members = ["id", "operation", "fingerprint", "reason"]

    let checks: KnownChecks
    var findings: [Finding] = []

    init(checks: KnownChecks) { self.checks = checks }

    mutating func entries(of document: Document) -> [IgnoreFile.Entry] {
        findings += document.findings.filter { $0.severity == .error }
        let root = document.root
        for (key, node) in root.entries where key != "ignore" {
            findings.append(Finding(code: Self.code, message: "there is no member `\(key)` here", atKeyOf: node))
        }
        let list = root["ignore"] ?? root
        guard list.isSequence else {
            complain(
                "an ignore file is a list of entries, or has one under `ignore`",
                "write entries such as `- id: request-parameter-removed`",
                at: list
            )
            return []
        }
        var entries: [IgnoreFile.Entry] = []
        for node in list.elements {
            if let entry = entry(node) { entries.append(entry) }
        }
        return entries
    }

    private mutating func entry(_ node: Node) -> IgnoreFile.Entry? {
        var entry = IgnoreFile.Entry(range: node.range)
        if let id = node.string {
            entry.id = id
            check(id, at: node)
            return entry
        }
        guard node.isMapping else {
            complain("an entry is a check, or a mapping with `id`, `operation` or `fingerprint`", at: node)
            return nil
        }
        for (key, value) in node.entries {
            guard Self.members.contains(key) else {
                let help = KnownChecks.nearest(to: key, among: Self.members).map { "did you mean `\($0)`?" }
                let message = "an entry has no member `\(key)`"
                findings.append(Finding(code: Self.code, message: message, help: help, atKeyOf: value))
                continue
            }
            guard let text = value.scalarText, !value.isNull, !text.isEmpty else {
                complain("`\(key)` is a text", at: value)
                continue
            }
            take(key, text, value, into: &entry)
        }
        if entry.id == nil, entry.operation == nil, entry.fingerprint == nil {
            complain("an entry without `id`, `operation` and `fingerprint` would hide everything", at: node)
        }
        return entry
    }

    private mutating func take(_ key: String, _ text: String, _ node: Node, into entry: inout IgnoreFile.Entry) {
        switch key {
        case "id":
            entry.id = text
            check(text, at: node)
        case "operation": entry.operation = text
        case "fingerprint":
            entry.fingerprint = text
            let isHexadecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            guard text.utf8.count != 16 || !isHexadecimal else { return }
            complain(
                "`fingerprint` is 16 digits, `0` to `9` and `a` to `f`",
                "quote it where YAML reads it as a number",
                at: node
            )
        default: entry.reason = text
        }
    }

    private mutating func check(_ id: String, at node: Node) {
        guard let complaint = checks.complaint(about: id) else { return }
        findings.append(Finding(code: "unknown-check", message: complaint.message, help: complaint.help, at: node))
    }

    private mutating func complain(_ message: String, _ help: String? = nil, at node: Node) {
        findings.append(Finding(code: Self.code, message: message, help: help, at: node))
    }
}
