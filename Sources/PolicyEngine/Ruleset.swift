public import DocumentTree

/// A set of rules in the format of Spectral, with everything it extends already in it.
public struct Ruleset: Sendable {
    /// The name it was asked for by, or the name of its file.
    public let name: String
    /// The name of its own text: the ``Rule/origin`` of the rules that it defines itself.
    public let sourceName: String
    /// SHA-256 of its text and of the texts it extends, in hexadecimal: which rules decided something.
    public let contentHash: String
    /// The rules, inherited ones first, each name once; switched-off ones are among them.
    public internal(set) var rules: [Rule]
    /// The formats that the ruleset is for; empty when it does not say.
    public let formats: Set<DocumentFormat>
    /// How the reader's findings weigh.
    public internal(set) var parserOptions: ParserOptions
    /// The aliases that rules of a ruleset extending this one may use.
    let aliases: [String: Alias]
    /// What differs for some files. Not inherited, as in Spectral: the patterns are relative to one ruleset.
    var overrides: [RulesetOverride]
    /// By rule: what it weighs in places of the document at hand.
    var placeWeights: [String: [PlaceWeight]] = [:]

    /// `parserOptions` of a ruleset. Like rules they are inherited, unlike in Spectral: what a house decides about `200:` as a
    /// key should hold in every ruleset that extends the house's.
    public struct ParserOptions: Hashable, Sendable {
        /// Whether something is reported, and how.
        public enum Weight: Hashable, Sendable {
            case off
            case on(Severity)

            /// The severity; nil where nothing is reported.
            public var severity: Severity? {
                if case .on(let severity) = self { severity } else { nil }
            }
        }

        /// A key that stands twice.
        public var duplicateKeys = Weight.on(.error)
        /// A value that JSON cannot hold.
        public var incompatibleValues = Weight.on(.error)

        /// Both are errors.
        public init() {}
    }

    /// Reads a ruleset.
    ///
    /// - Parameters:
    ///   - document: the ruleset, YAML or JSON.
    ///   - source: gives the rulesets it extends by path; without it only built-in ones can be extended. Called with the text of
    ///     the `extends` entry and the name of the document that holds it.
    /// - Returns: the ruleset with all it inherits.
    /// - Throws: ``RulesetRejected`` with every problem found, each with line and pointer.
    public static func read(
        document: Document,
        source: ((_ path: String, _ from: String) -> Document?)? = nil
    ) throws(RulesetRejected) -> Ruleset {
        let reader = RulesetReader(document, source: source)
        return try reader.read(name: document.source.name)
    }

    /// Reads a ruleset out of its text.
    ///
    /// A file that is called `.json` but is not quite that (comments, a comma too many) is read as YAML, as Spectral does.
    ///
    /// - Throws: ``RulesetRejected`` as for a document, and for a text that cannot be read.
    public static func read(
        _ bytes: [UInt8],
        name: String,
        source: ((_ path: String, _ from: String) -> Document?)? = nil
    ) throws(RulesetRejected) -> Ruleset {
        if isProgram(name) { throw program(name) }
        let document: Document
        do throws(UnreadableDocument) {
            document = try self.document(bytes, name: name)
        } catch {
            throw isProgram(text: bytes) ? program(name) : RulesetRejected(findings: error.findings)
        }
        if !document.root.isMapping, isProgram(text: bytes) { throw program(name) }
        return try read(document: document, source: source)
    }

    /// Reads the text of a ruleset; one that is called `.json` but is not quite that is read as YAML.
    ///
    /// - Throws: ``UnreadableDocument`` for a text that is neither.
    public static func document(_ bytes: [UInt8], name: String) throws(UnreadableDocument) -> Document {
        do throws(UnreadableDocument) {
            return try Document.read(bytes, name: name)
        } catch let strict {
            do throws(UnreadableDocument) {
                return try Document.read(bytes, name: name, syntax: .yaml)
            } catch {
                throw strict
            }
        }
    }

    /// Whether a name is that of a program. Spectral runs rulesets in JavaScript; here nothing is ever run.
    static func isProgram(_ name: String) -> Bool {
        [".js", ".mjs", ".cjs", ".ts", ".mts"].contains(where: name.lowercased().hasSuffix)
    }

    static let programAdvice =
        "write it as YAML or JSON: the built-in rulesets and functions have the same names there; a check that needs code of "
        + "its own is said with `pattern`, `schema` and JSONPath"

    /// Whether a text that is no ruleset looks like JavaScript, which files without an ending may hold.
    private static func isProgram(text bytes: [UInt8]) -> Bool {
        let lines = bytes.prefix(65_536).split(separator: 0x0A).map { $0.drop { $0 == 0x20 || $0 == 0x09 } }
        return lines.contains { line in
            ["module.exports", "export default", "import ", "const "].contains { line.starts(with: $0.utf8) }
        }
    }

    private static func program(_ name: String) -> RulesetRejected {
        RulesetRejected(findings: [
            Finding(
                code: "unsupported-in-ruleset",
                severity: .error,
                message: "`\(name)` is a program in JavaScript and is not run",
                help: programAdvice,
                source: name,
                range: .start
            )
        ])
    }

    /// The rule of a name.
    public subscript(name: String) -> Rule? { rules.first { $0.name == name } }

    /// The rules that run.
    public var enabledRules: [Rule] { rules.filter(\.isEnabled) }
}

/// A ruleset that cannot be used. Each finding names the place in the ruleset and how to mend it; there is at least one.
public struct RulesetRejected: Error, Hashable, Sendable {
    /// What is wrong, in the order of the text.
    public let findings: [Finding]

    /// - Parameter findings: what is wrong.
    public init(findings: [Finding]) { self.findings = findings }
}
