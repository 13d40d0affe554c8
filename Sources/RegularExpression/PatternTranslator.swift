/// Reads an ECMA-262 pattern and writes an equivalent PCRE2 pattern (ECMA-262 §22.2.1, Annex B.1.2).
///
/// Recursive descent over the grammar: *disjunction* → *alternative* → *term*. Nothing of the source is copied without
/// being understood, so that no construct of PCRE2 that ECMA-262 lacks can slip through.
struct PatternTranslator {
    /// What comes out.
    struct Translation {
        var text: String
        var groupNames: [(name: String, number: Int)]
        var groupCount: Int
    }

    /// What has just been read, as far as the quantifier after it wants to know.
    enum Term {
        case atom
        /// A lookahead: Annex B lets it be repeated.
        case lookahead
        /// `^`, `$`, `\b`, a lookbehind: never repeated.
        case assertion
    }

    var input: PatternInput
    let grammar: PatternGrammar
    var output = ""
    private let limits: PatternLimits
    private var isMultiline: Bool
    private var isDotAll: Bool
    private var isIgnoreCase: Bool
    private var depth = 0
    private var groupNames: [(name: String, number: Int)] = []
    private var groupsOpened = 0
    /// Found by a look over the whole pattern first, because `\2` may come before its group.
    let groups: GroupSurvey

    init(_ pattern: String, flags: PatternFlags, grammar: PatternGrammar, limits: PatternLimits) {
        input = PatternInput(pattern)
        // The `u` flag means the strict grammar, whatever was asked for.
        self.grammar = flags.contains(.unicode) ? .unicode : grammar
        self.limits = limits
        isMultiline = flags.contains(.multiline)
        isDotAll = flags.contains(.dotAll)
        isIgnoreCase = flags.contains(.ignoreCase)
        groups = GroupSurvey(PatternInput(pattern))
    }

    mutating func translate() throws(PatternError) -> Translation {
        try readDisjunction()
        if input.next != nil { throw input.syntaxError("this `)` closes no group") }
        return Translation(text: output, groupNames: groupNames, groupCount: groupsOpened)
    }

    private mutating func readDisjunction() throws(PatternError) {
        while let scalar = input.next, scalar != ")" {
            if scalar == "|" {
                input.advance()
                output += "|"
                continue
            }
            let term = try readTerm()
            try readQuantifier(after: term)
        }
    }

    private mutating func readTerm() throws(PatternError) -> Term {
        let start = input.position
        guard let scalar = input.take() else { throw input.syntaxError("the pattern ends too early") }
        switch scalar {
        case "^":
            output += isMultiline ? "(?<![^\(ScalarRanges.lineTerminators.text)])" : "^"
            return .assertion
        case "$":
            output += isMultiline ? "(?![^\(ScalarRanges.lineTerminators.text)])" : "$"
            return .assertion
        case ".":
            output += isDotAll ? "(?s:.)" : "[^\(ScalarRanges.lineTerminators.text)]"
        case "(": return try readGroup(from: start)
        case "[": try readClass(from: start)
        case "\\": return try readEscape(from: start)
        case "*", "+", "?": throw input.syntaxError("there is nothing to repeat before `\(scalar)`", at: start)
        case "{":
            if grammar == .unicode { throw input.syntaxError("a lone `{` is written `\\{`", at: start) }
            if input.quantifierBounds(from: start) != nil {
                throw input.syntaxError("there is nothing to repeat before `{`", at: start)
            }
            appendLiteral(scalar.value)
        case "]", "}":
            if grammar == .unicode { throw input.syntaxError("a lone `\(scalar)` is written `\\\(scalar)`", at: start) }
            appendLiteral(scalar.value)
        default: appendLiteral(scalar.value)
        }
        return .atom
    }

    // MARK: Groups

    private mutating func readGroup(from start: Int) throws(PatternError) -> Term {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.groupDepthMax else {
            throw input.error(.tooLarge, "groups are nested more than \(limits.groupDepthMax) deep", at: start)
        }
        let saved = (isMultiline, isDotAll, isIgnoreCase)
        var term = Term.atom
        if input.take(text: "?") {
            term = try readGroupHead(from: start)
        } else {
            groupsOpened += 1
            output += "("
        }
        try readDisjunction()
        guard input.take(text: ")") else { throw input.syntaxError("this group is not closed", at: start) }
        output += ")"
        (isMultiline, isDotAll, isIgnoreCase) = saved
        return term
    }

    /// What follows `(?`.
    private mutating func readGroupHead(from start: Int) throws(PatternError) -> Term {
        for (head, term) in [
            (":", Term.atom), ("=", .lookahead), ("!", .lookahead), ("<=", .assertion), ("<!", .assertion),
        ]
        where input.take(text: head) {
            output += "(?\(head)"
            return term
        }
        if input.take(text: "<") {
            let name = try readGroupName(from: start)
            if groupNames.contains(where: { $0.name == name }) {
                throw input.syntaxError("the group name `\(name)` is used twice", at: start)
            }
            groupsOpened += 1
            groupNames.append((name, groupsOpened))
            output += "("
            return .atom
        }
        try readModifiers(from: start)
        return .atom
    }

    /// Group modifiers, `(?i-s:…)`, ECMA-262 2025.
    private mutating func readModifiers(from start: Int) throws(PatternError) {
        var on: Set<Unicode.Scalar> = []
        var off: Set<Unicode.Scalar> = []
        var isRemoving = false
        while let scalar = input.next, scalar != ":" {
            input.advance()
            if scalar == "-", !isRemoving {
                isRemoving = true
                continue
            }
            guard scalar == "i" || scalar == "m" || scalar == "s", !on.contains(scalar), !off.contains(scalar) else {
                throw input.syntaxError(
                    "`(?` is followed by `:`, `=`, `!`, `<=`, `<!`, `<name>` or modifiers with a colon as in `(?i:…)`",
                    at: start
                )
            }
            if isRemoving { off.insert(scalar) } else { on.insert(scalar) }
        }
        guard input.take(text: ":"), !(on.isEmpty && off.isEmpty) else {
            throw input.syntaxError("this group is not complete", at: start)
        }
        isMultiline = (isMultiline || on.contains("m")) && !off.contains("m")
        isDotAll = (isDotAll || on.contains("s")) && !off.contains("s")
        isIgnoreCase = (isIgnoreCase || on.contains("i")) && !off.contains("i")
        output += isIgnoreCase ? "(?i:" : "(?-i:"
    }

    /// The name after `<`, up to and with `>`.
    mutating func readGroupName(from start: Int) throws(PatternError) -> String {
        var name = ""
        while let scalar = input.take(), scalar != ">" {
            let isFirst = name.isEmpty
            let isStart = scalar == "$" || scalar == "_" || scalar.properties.isIDStart
            guard isStart || (!isFirst && scalar.properties.isIDContinue) else {
                throw input.syntaxError("a group name is an identifier and ends with `>`", at: start)
            }
            name.unicodeScalars.append(scalar)
        }
        guard !name.isEmpty, input.previous == ">" else {
            throw input.syntaxError("a group name is an identifier and ends with `>`", at: start)
        }
        return name
    }

    // MARK: Quantifiers

    private mutating func readQuantifier(after term: Term) throws(PatternError) {
        let start = input.position
        guard let scalar = input.next else { return }
        let text: String
        switch scalar {
        case "*", "+", "?":
            input.advance()
            text = String(scalar)
        case "{":
            guard let bounds = input.quantifierBounds(from: start) else {
                if grammar == .unicode { throw input.syntaxError("`{` starts no valid repetition", at: start) }
                return
            }
            input.move(to: bounds.end)
            text = try repetition(bounds, from: start)
        default: return
        }
        guard term == .atom || (term == .lookahead && grammar == .annexB) else {
            throw input.syntaxError("an assertion cannot be repeated", at: start)
        }
        output += text
        if input.take(text: "?") { output += "?" }
        if let next = input.next, next == "*" || next == "+" || next == "?" {
            throw input.syntaxError("there is nothing to repeat before `\(next)`")
        }
        if input.next == "{", input.quantifierBounds(from: input.position) != nil {
            throw input.syntaxError("there is nothing to repeat before `{`")
        }
    }

    private func repetition(_ bounds: QuantifierBounds, from start: Int) throws(PatternError) -> String {
        let most = 65_535  // PCRE2 counts no further.
        guard bounds.least <= most else {
            throw input.error(.unsupported, "a repetition of more than \(most) times is not supported", at: start)
        }
        guard let upper = bounds.most else { return "{\(bounds.least),}" }
        guard bounds.least <= upper else { throw input.syntaxError("the bounds are out of order", at: start) }
        return upper > most ? "{\(bounds.least),}" : "{\(bounds.least),\(upper)}"
    }

    // MARK: Output

    /// Appends one scalar that stands for itself; a lone surrogate, which no text contains, matches nothing.
    mutating func appendLiteral(_ value: UInt32) {
        guard let scalar = Unicode.Scalar(value) else {
            output += "(?!)"
            return
        }
        let isPlain = scalar.properties.isAlphabetic || (0x30...0x39).contains(value)
        if isPlain, scalar.isASCII {
            output.unicodeScalars.append(scalar)
        } else {
            output += ScalarRanges.hexadecimal(value)
        }
    }
}
