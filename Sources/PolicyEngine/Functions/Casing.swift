internal import DocumentTree

/// `casing`: a text is written in one of seven styles.
///
/// Written out instead of a regular expression: the obvious expression for camel case backtracks exponentially on digits.
struct Casing: RuleFunction {
    enum Style: String, CaseIterable {
        case flat
        case camel
        case pascal
        case kebab
        case cobol
        case snake
        case macro
    }

    private let style: Style
    private let allowsDigits: Bool
    private let separator: Character?
    private let allowsLeadingSeparator: Bool

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples =
            "{ \"type\": \"camel\" }, { \"type\": \"pascal\", \"disallowDigits\": true }, "
            + "{ \"type\": \"kebab\", \"separator\": { \"char\": \"/\", \"allowLeading\": true } }"
        let keys = ["type", "disallowDigits", "separator"]
        guard let node = try options.mapping(keys: keys, examples: examples) else { throw options.invalid(examples) }
        var rejected = OptionsRejected(problems: [])
        let style = node["type"]?.string.flatMap(Style.init(rawValue:))
        if style == nil {
            let names = Style.allCases.map(\.rawValue).joined(separator: ", ")
            rejected.problems.append(
                .init(
                    message: "\"casing\" function and its \"type\" option accept the following values: \(names)",
                    path: ["type"]
                )
            )
        }
        if let value = node["disallowDigits"], value.boolean == nil {
            rejected.problems.append(options.wrongType("disallowDigits", expected: "boolean"))
        }
        rejected.problems += Self.separatorProblems(node["separator"], options)
        guard let style, rejected.problems.isEmpty else { throw rejected }
        self.style = style
        allowsDigits = node["disallowDigits"]?.boolean != true
        separator = node["separator"]?["char"]?.string?.first
        allowsLeadingSeparator = node["separator"]?["allowLeading"]?.boolean == true
    }

    private static func separatorProblems(_ node: Node?, _ options: FunctionOptions) -> [OptionsRejected.Problem] {
        guard let node else { return [] }
        guard node.isMapping else { return [options.wrongType("separator", expected: "object")] }
        guard let character = node["char"] else {
            return [.init(message: "\"casing\" function is missing \"separator.char\" option", path: ["separator"])]
        }
        var problems: [OptionsRejected.Problem] = []
        if character.string?.count != 1 {
            problems.append(
                .init(
                    message:
                        "\"casing\" function and its \"separator.char\" option accepts only char, i.e. \"I\" or \"/\"",
                    path: ["separator", "char"]
                )
            )
        }
        if let leading = node["allowLeading"], leading.boolean == nil {
            problems.append(
                .init(
                    message:
                        "\"casing\" function and its \"separator.allowLeading\" option accepts only the following types: boolean",
                    path: ["separator", "allowLeading"]
                )
            )
        }
        for (key, _) in node.entries where key != "char" && key != "allowLeading" {
            problems.append(
                .init(
                    message: "\"casing\" function does not support \"separator.\(key)\" option",
                    path: ["separator", key]
                )
            )
        }
        return problems
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let text: String
        switch target.value {
        case .key(let key): text = key
        case .node(let node): text = context.document.string(node) ?? ""
        case nil: return []
        }
        guard !text.isEmpty, !isMet(by: text) else { return [] }
        return [Complaint("must be \(style.rawValue) case")]
    }

    func isMet(by text: String) -> Bool {
        guard let separator else { return isPart(Substring(text), isLast: true) }
        if allowsLeadingSeparator, text == String(separator) { return true }
        var parts = text.split(separator: separator, omittingEmptySubsequences: false)
        if allowsLeadingSeparator, parts.count > 1, parts[0].isEmpty { parts.removeFirst() }
        return parts.indices.allSatisfy { isPart(parts[$0], isLast: $0 == parts.count - 1) }
    }

    private func isPart(_ part: Substring, isLast: Bool) -> Bool {
        let bytes = Array(part.utf8)
        switch style {
        case .flat: return isWord(bytes[...], startsWith: isLower, goesOnWith: isLower)
        case .kebab: return areWords(bytes, between: UInt8(ascii: "-"), of: isLower)
        case .cobol: return areWords(bytes, between: UInt8(ascii: "-"), of: isUpper)
        case .snake: return areWords(bytes, between: UInt8(ascii: "_"), of: isLower)
        case .macro: return areWords(bytes, between: UInt8(ascii: "_"), of: isUpper)
        case .camel: return isHumped(bytes, startsWith: isLower, isLast: isLast)
        case .pascal: return isHumped(bytes, startsWith: isUpper, isLast: isLast)
        }
    }

    private func isWord(
        _ bytes: ArraySlice<UInt8>,
        startsWith isStart: (UInt8) -> Bool,
        goesOnWith isLetter: (UInt8) -> Bool
    ) -> Bool {
        guard let first = bytes.first, isStart(first) else { return false }
        return bytes.dropFirst().allSatisfy { isLetter($0) || isPermittedDigit($0) }
    }

    /// The first word starts with a letter, later ones may start with a digit; none is empty.
    private func areWords(_ bytes: [UInt8], between separator: UInt8, of isLetter: (UInt8) -> Bool) -> Bool {
        let words = bytes.split(separator: separator, omittingEmptySubsequences: false)
        return words.enumerated().allSatisfy { position, word in
            isWord(word, startsWith: { isLetter($0) || position > 0 && isPermittedDigit($0) }, goesOnWith: isLetter)
        }
    }

    /// No two capitals in a row, except that the very last letter may be one.
    private func isHumped(_ bytes: [UInt8], startsWith isStart: (UInt8) -> Bool, isLast: Bool) -> Bool {
        guard let first = bytes.first, isStart(first) else { return false }
        for position in bytes.indices.dropFirst() {
            let byte = bytes[position]
            if isLower(byte) || isPermittedDigit(byte) { continue }
            guard isUpper(byte) else { return false }
            let isEnd = position == bytes.count - 1
            if isEnd { return isLast }
            guard isLower(bytes[position + 1]) || isPermittedDigit(bytes[position + 1]) else { return false }
        }
        return true
    }

    private func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private func isPermittedDigit(_ byte: UInt8) -> Bool {
        allowsDigits && byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
