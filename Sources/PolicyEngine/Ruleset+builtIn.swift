internal import Assets
internal import DocumentTree
internal import Synchronization

extension Ruleset {
    /// The rulesets that are part of the product, by the names that `extends` and `--ruleset` take.
    public static let builtInNames = ["gatehouse:all", "gatehouse:recommended", "spectral:oas", "spectral:owasp"]

    /// A built-in ruleset.
    ///
    /// - Parameter name: one of ``builtInNames``.
    /// - Returns: the ruleset; read once and kept.
    /// - Throws: ``RulesetRejected`` for any other name.
    public static func builtIn(_ name: String) throws(RulesetRejected) -> Ruleset {
        if let known = cache.withLock({ $0[name] }) { return known }
        let (base, mode) = name == "gatehouse:all" ? ("gatehouse:recommended", ExtensionMode.all) : (name, .recommended)
        let document = try builtInDocument(base, asked: name)
        var ruleset = try RulesetReader(document, source: nil).read(name: name)
        if mode == .all {
            for index in ruleset.rules.indices { ruleset.rules[index].isEnabled = true }
        }
        let result = ruleset
        cache.withLock { $0[name] = result }
        return result
    }

    private static let cache = Mutex<[String: Ruleset]>([:])

    private static func builtInDocument(_ base: String, asked name: String) throws(RulesetRejected) -> Document {
        let files = [
            "gatehouse:recommended": "policies/house.ruleset.yaml", "spectral:oas": "policies/oas.ruleset.yaml",
            "spectral:owasp": "policies/owasp.ruleset.yaml",
        ]
        guard let path = files[base], let text = Assets.text(path) else {
            let place = SourceRange(start: Position(line: 0, character: 0), end: Position(line: 0, character: 0))
            throw RulesetRejected(findings: [
                Finding(
                    code: "unknown-ruleset",
                    severity: .error,
                    message: "there is no built-in ruleset `\(name)`",
                    help: "use one of \(builtInNames.joined(separator: ", ")), or a file",
                    source: name,
                    range: place
                )
            ])
        }
        do throws(UnreadableDocument) {
            return try Document.read(text, name: path)
        } catch {
            throw RulesetRejected(findings: error.findings)
        }
    }
}

/// Which rules of an extended ruleset are on.
enum ExtensionMode: String {
    case off
    case recommended
    case all
}
