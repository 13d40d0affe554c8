internal import DocumentTree

/// Reads one ruleset document: keys of the ruleset here, `extends`, aliases and rules in the extensions.
///
/// Reading goes on after a problem, so that an author sees all of them at once.
final class RulesetReader {
    let document: Document
    let source: ((_ path: String, _ from: String) -> Document?)?
    let depth: Int
    let problems = RulesetProblems()
    var aliases: [String: Alias] = [:]
    var rules: [Rule] = []
    var positions: [String: Int] = [:]
    var hashes: [String] = []
    var formats: Set<DocumentFormat>?
    var inheritedFormats: Set<DocumentFormat> = []
    var documentationURL: String?
    var parserOptions = Ruleset.ParserOptions()

    init(_ document: Document, source: ((_ path: String, _ from: String) -> Document?)?, depth: Int) {
        self.document = document
        self.source = source
        self.depth = depth
    }

    func read(name: String) throws(RulesetRejected) -> Ruleset {
        let root = document.root
        guard root.isMapping else {
            problems.add(
                "invalid-ruleset-definition",
                "a ruleset is a mapping with `rules` or `extends`",
                help: "start with `extends: gatehouse:recommended` or `rules:`",
                at: root
            )
            throw RulesetRejected(findings: problems.findings)
        }
        for finding in document.findings where finding.severity == .error {
            problems.add(finding.code, finding.message, at: root)
        }
        readKeys(of: root)
        formats = root["formats"].map(readFormats)
        documentationURL = text(of: root["documentationUrl"], "documentationUrl")
        root["extends"].map(readExtends)
        root["aliases"].map(readAliases)
        root["parserOptions"].map(readParserOptions)
        root["rules"].map(readRules)
        if rules.count > LintLimits.rulesMax {
            problems.add("invalid-ruleset-definition", "a ruleset has at most \(LintLimits.rulesMax) rules", at: root)
        }
        guard problems.findings.isEmpty else {
            throw RulesetRejected(findings: problems.findings.sorted { Finding.precedes($0, $1) })
        }
        let own = SHA256.hexadecimal(of: document.source.bytes)
        return Ruleset(
            name: name,
            contentHash: hashes.isEmpty
                ? own : SHA256.hexadecimal(of: Array((hashes + [own]).joined(separator: "\n").utf8)),
            rules: rules,
            formats: formats ?? inheritedFormats,
            parserOptions: parserOptions,
            aliases: aliases
        )
    }

    private static let keys = [
        "rules", "extends", "formats", "aliases", "parserOptions", "documentationUrl", "description", "name",
    ]

    /// Keys that Spectral has and this engine has not, with what to do instead.
    private static let refusedKeys = [
        "functions": "functions written in JavaScript are not run here; use the built-in functions",
        "functionsDir": "functions written in JavaScript are not run here; use the built-in functions",
        "overrides": "`overrides` are not supported; give each API its own ruleset that extends this one",
        "except": "`except` is not supported; switch the rule off in a ruleset that extends this one",
    ]

    private func readKeys(of root: Node) {
        for (key, value) in root.entries {
            if Self.keys.contains(key) || key.hasPrefix("x-") || key == "$schema" { continue }
            if let advice = Self.refusedKeys[key] {
                problems.addKey("unsupported-in-ruleset", "`\(key)` is not supported", help: advice, at: value)
            } else {
                let meant = RulesetProblems.suggestion(for: key, among: Self.keys)
                problems.addKey(
                    "invalid-ruleset-definition",
                    "a ruleset has no key `\(key)`",
                    help: meant.map { "did you mean `\($0)`?" } ?? "known keys: \(Self.keys.joined(separator: ", "))",
                    at: value
                )
            }
        }
        if root["rules"] == nil, root["extends"] == nil {
            problems.add(
                "invalid-ruleset-definition",
                "a ruleset has `rules` or `extends`",
                help: "add `extends: gatehouse:recommended`",
                at: root
            )
        }
    }

    /// A text, or nil with a problem noted where something else stands.
    func text(of node: Node?, _ what: String) -> String? {
        guard let node else { return nil }
        guard let text = node.string else {
            problems.add("invalid-rule-definition", "`\(what)` is text", at: node)
            return nil
        }
        return text
    }

    /// A boolean, or nil with a problem noted where something else stands.
    func boolean(of node: Node?, _ what: String) -> Bool? {
        guard let node else { return nil }
        guard let boolean = node.boolean else {
            problems.add("invalid-rule-definition", "`\(what)` is `true` or `false`", at: node)
            return nil
        }
        return boolean
    }

    func readFormats(_ node: Node) -> Set<DocumentFormat> {
        guard node.isSequence else {
            problems.add("invalid-format", "`formats` is a list of names", help: "write `formats: [oas3]`", at: node)
            return []
        }
        var found: Set<DocumentFormat> = []
        for element in node.elements {
            let name = element.scalarText ?? ""
            if let format = DocumentFormat(name: name) {
                found.insert(format)
            } else if ["asyncapi", "aas", "arazzo"].contains(where: name.hasPrefix) {
                problems.add(
                    "unsupported-in-ruleset",
                    "the format `\(name)` is not supported",
                    help: formatHelp,
                    at: element
                )
            } else {
                problems.add("invalid-format", "`\(name)` is not a format", help: formatHelp, at: element)
            }
        }
        return found
    }

    private var formatHelp: String {
        "known formats: " + DocumentFormat.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private func readParserOptions(_ node: Node) {
        guard node.isMapping else {
            problems.add("invalid-ruleset-definition", "`parserOptions` is a mapping", at: node)
            return
        }
        for (key, value) in node.entries {
            guard key == "duplicateKeys" || key == "incompatibleValues" else {
                problems.addKey(
                    "invalid-ruleset-definition",
                    "`parserOptions` has no key `\(key)`",
                    help: "known keys: duplicateKeys, incompatibleValues",
                    at: value
                )
                continue
            }
            guard let weight = readSeverity(value) else { continue }
            let setting = weight.map(Ruleset.ParserOptions.Weight.on) ?? .off
            if key == "duplicateKeys" {
                parserOptions.duplicateKeys = setting
            } else {
                parserOptions.incompatibleValues = setting
            }
        }
    }

    /// A severity: outer nil with a problem noted, inner nil for `off`.
    func readSeverity(_ node: Node) -> Severity?? {
        switch node.scalarText {
        case "error", "0": .some(.error)
        case "warn", "1": .some(.warning)
        case "info", "2": .some(.information)
        case "hint", "3": .some(.hint)
        case "off", "-1": .some(nil)
        default:
            severityProblem(at: node)
        }
    }

    private func severityProblem(at node: Node) -> Severity?? {
        problems.add(
            "invalid-severity",
            "`\(node.scalarText ?? "this")` is not a severity",
            help: "use error, warn, info, hint, off, or 0 to 3",
            at: node
        )
        return nil
    }
}
