/// Reads the paths of the Spectral dialect, as lenient as the engines that rulesets were written for.
enum JSONPathSpectralParser {
    /// The steps, each with the offset at which its text ends.
    static func parse(
        _ scanner: inout JSONPathScanner,
        regularExpressions: RegexMatcher
    ) throws(JSONPathSyntaxError) -> [(step: JSONPathStep, end: Int)] {
        scanner.skipSpace()
        guard scanner.take("$") else { throw scanner.failure("an expression starts with `$`") }
        var steps: [(step: JSONPathStep, end: Int)] = []
        while true {
            scanner.skipSpace()
            guard !scanner.isAtEnd else { return steps }
            guard let step = try step(&scanner, regularExpressions) else { return steps }
            steps.append((step, scanner.offset))
        }
    }

    private static func step(
        _ scanner: inout JSONPathScanner,
        _ regularExpressions: RegexMatcher
    ) throws(JSONPathSyntaxError) -> JSONPathStep? {
        if scanner.take("^") { return .parent }
        if scanner.take("~") { return .key }
        if scanner.isAt("[") { return .children(try brackets(&scanner, regularExpressions)) }
        if scanner.isAt("@") { return .type(try typeTest(&scanner)) }
        if scanner.take("..") {
            if scanner.isAt("[") { return .descendants(try brackets(&scanner, regularExpressions)) }
            return .descendants([try dotSelector(&scanner)])
        }
        guard scanner.take(".") else { throw scanner.failure("expected `.`, `..`, `[`, `^`, `~` or the end") }
        // `$.` alone is in use and means the root.
        if scanner.isAtEnd { return nil }
        if scanner.isAt("[") { return .children(try brackets(&scanner, regularExpressions)) }
        return .children([try dotSelector(&scanner)])
    }

    private static func dotSelector(_ scanner: inout JSONPathScanner) throws(JSONPathSyntaxError) -> JSONPathSelector {
        if scanner.take("*") { return .wildcard }
        // A backtick in front takes the rest of the name as it is.
        _ = scanner.take("`")
        let start = scanner.offset
        while !scanner.isAtEnd {
            switch scanner.byte {
            case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "~"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "*"), 0x20, 0x09, 0x0A, 0x0D:
                return try name(scanner, from: start)
            default: scanner.offset += 1
            }
        }
        return try name(scanner, from: start)
    }

    private static func name(_ scanner: JSONPathScanner, from start: Int) throws(JSONPathSyntaxError)
        -> JSONPathSelector
    {
        guard scanner.offset > start else { throw scanner.failure("expected a name or `*`") }
        return bare(scanner.text(from: start, to: scanner.offset))
    }

    /// A name without quotes; one of digits alone is an index where a sequence stands.
    private static func bare(_ text: String) -> JSONPathSelector {
        text.utf8.allSatisfy(JSONPathScanner.isDigit) ? .nameOrIndex(text) : .name(text)
    }

    private static func brackets(
        _ scanner: inout JSONPathScanner,
        _ regularExpressions: RegexMatcher
    ) throws(JSONPathSyntaxError) -> [JSONPathSelector] {
        try scanner.expect(UInt8(ascii: "["))
        var selectors: [JSONPathSelector] = []
        repeat {
            scanner.skipSpace()
            selectors.append(try selector(&scanner, regularExpressions))
            scanner.skipSpace()
        } while scanner.take(",")
        try scanner.expect(UInt8(ascii: "]"))
        return selectors
    }

    private static func selector(
        _ scanner: inout JSONPathScanner,
        _ regularExpressions: RegexMatcher
    ) throws(JSONPathSyntaxError) -> JSONPathSelector {
        switch scanner.byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .name(try scanner.quoted(isStrict: false))
        case UInt8(ascii: "?"):
            scanner.offset += 1
            return .script(try script(&scanner, regularExpressions))
        case UInt8(ascii: "("):
            return .computed(try script(&scanner, regularExpressions))
        default:
            return try unquoted(&scanner)
        }
    }

    private static func script(
        _ scanner: inout JSONPathScanner,
        _ regularExpressions: RegexMatcher
    ) throws(JSONPathSyntaxError) -> JSONPathScript {
        var parser = JSONPathScriptParser(scanner: scanner, regularExpressions: regularExpressions)
        let script = try parser.expression()
        scanner.offset = parser.scanner.offset
        return script
    }

    /// `*`, a slice, an index, or a name without quotes such as `get`, `application/json` or `/health`.
    private static func unquoted(_ scanner: inout JSONPathScanner) throws(JSONPathSyntaxError) -> JSONPathSelector {
        let start = scanner.offset
        while !scanner.isAtEnd, !scanner.isAt(","), !scanner.isAt("]") { scanner.offset += 1 }
        var end = scanner.offset
        while end > start, scanner.bytes[end - 1] == 0x20 { end -= 1 }
        guard end > start else { throw scanner.failure("expected a name, an index, a slice, `*` or `?`") }
        let text = scanner.text(from: start, to: end)
        if text == "*" { return .wildcard }
        if text.hasPrefix("-"), let index = Int(text) { return .index(index) }
        return slice(text) ?? bare(text)
    }

    private static func slice(_ text: String) -> JSONPathSelector? {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 3 else { return nil }
        var numbers: [Int?] = []
        for part in parts {
            guard part.isEmpty || Int(part) != nil else { return nil }
            numbers.append(Int(part))
        }
        return .slice(start: numbers[0], end: numbers[1], step: (numbers.count == 3 ? numbers[2] : nil) ?? 1)
    }

    static func typeTest(_ scanner: inout JSONPathScanner) throws(JSONPathSyntaxError) -> JSONPathTypeTest {
        try scanner.expect(UInt8(ascii: "@"))
        let start = scanner.offset
        while JSONPathScanner.isNameStart(scanner.byte) { scanner.offset += 1 }
        let name = scanner.text(from: start, to: scanner.offset)
        guard let test = JSONPathTypeTest(rawValue: name), scanner.take("()") else {
            scanner.offset = start
            throw scanner.failure("expected a type test such as `@string()`")
        }
        return test
    }
}
