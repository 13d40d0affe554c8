internal import DocumentTree

/// Reads one ruleset document: keys of the ruleset here, `extends`, aliases and rules in the extensions.
///
/// Reading goes on after a problem, so that an author sees all of them at once.
final class RulesetReader {
    let document: Document
    let source: ((_ path: String, _ from: String) -> Document?)?
    /// The names of the documents that led here, each extending the next.
    let chain: [String]
    let problems: RulesetProblems
    var aliases: [String: Alias] = [:]
    var rules: [Rule] = []
    var positions: [String: Int] = [:]
    var hashes: [String] = []
    var formats: Set<DocumentFormat>?
    var inheritedFormats: Set<DocumentFormat> = []
    var documentationURL: String?
    var parserOptions = Ruleset.ParserOptions()
    var overrides: [RulesetOverride] = []
    /// What was done to rules, and the severities given to them by name alone: what makes an override.
    var changes: [RulesetOverride.Change] = []
    var weighed: [(name: String, node: Node)] = []
    var duplicateKeys: Ruleset.ParserOptions.Weight?
    var incompatibleValues: Ruleset.ParserOptions.Weight?
    /// Whether this reads an entry of `overrides`.
    let isOverride: Bool

    init(_ document: Document, source: ((_ path: String, _ from: String) -> Document?)?, chain: [String] = []) {
        self.document = document
        self.source = source
        self.chain = chain + [document.source.name]
        problems = RulesetProblems()
        isOverride = false
    }

    /// Reads one entry of `overrides` on top of what a ruleset holds.
    init(forOverrideIn outer: RulesetReader) {
        document = outer.document
        source = outer.source
        chain = outer.chain
        problems = outer.problems
        isOverride = true
        aliases = outer.aliases
        rules = outer.rules
        positions = outer.positions
        formats = outer.formats
        documentationURL = outer.documentationURL
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
        root["overrides"].map(readOverrides)
        root["except"].map(readExcept)
        if rules.count > LintLimits.rulesMax {
            problems.add("invalid-ruleset-definition", "a ruleset has at most \(LintLimits.rulesMax) rules", at: root)
        }
        guard problems.findings.isEmpty else {
            throw RulesetRejected(findings: problems.findings.sorted { Finding.precedes($0, $1) })
        }
        let own = SHA256.hexadecimal(of: document.source.bytes)
        return Ruleset(
            name: name,
            sourceName: document.source.name,
            contentHash: hashes.isEmpty
                ? own : SHA256.hexadecimal(of: Array((hashes + [own]).joined(separator: "\n").utf8)),
            rules: rules,
            formats: formats ?? inheritedFormats,
            parserOptions: parserOptions,
            aliases: aliases,
            overrides: overrides
        )
    }

    /// The keys of an entry of `overrides` that is about whole files.
    func readOverrideKeys(of node: Node) {
        if let given = node["formats"] { formats = readFormats(given) }
        if let url = text(of: node["documentationUrl"], "documentationUrl") { documentationURL = url }
        node["extends"].map(readExtends)
        node["aliases"].map(readAliases)
        node["parserOptions"].map(readParserOptions)
        node["rules"].map(readRules)
    }

    private static let keys = [
        "rules", "extends", "formats", "aliases", "parserOptions", "documentationUrl", "description", "name",
        "overrides",
        "except",
    ]

    /// Keys that Spectral has and this engine has not, with what to do instead.
    private static let refusedKeys = [
        "functions": "functions written in JavaScript are not run here; use the built-in functions",
        "functionsDir": "functions written in JavaScript are not run here; use the built-in functions",
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
        if root["rules"] == nil, root["extends"] == nil, root["overrides"] == nil {
            problems.add(
                "invalid-ruleset-definition",
                "a ruleset has `rules`, `extends` or `overrides`",
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
                duplicateKeys = setting
            } else {
                parserOptions.incompatibleValues = setting
                incompatibleValues = setting
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
