/// Reads RFC 9535 queries: segments and selectors here, filters in the extension.
struct JSONPathStrictParser {
    var scanner: JSONPathScanner
    let regularExpressions: RegexMatcher
    var nesting = 0

    init(scanner: JSONPathScanner, regularExpressions: RegexMatcher) {
        self.scanner = scanner
        self.regularExpressions = regularExpressions
    }

    /// The whole expression; RFC 9535 §2.1.1 permits no space before or behind it.
    mutating func parse() throws(JSONPathSyntaxError) -> [JSONPathStep] {
        guard scanner.take("$") else { throw scanner.failure("an expression starts with `$`") }
        let steps = try segments()
        guard scanner.isAtEnd else { throw scanner.failure("expected `.`, `..`, `[` or the end") }
        return steps
    }

    /// Segments with space between them; space behind the last one is left to the caller.
    mutating func segments() throws(JSONPathSyntaxError) -> [JSONPathStep] {
        var steps: [JSONPathStep] = []
        while true {
            let before = scanner.offset
            scanner.skipSpace()
            if scanner.isAt("[") {
                steps.append(.children(try brackets()))
            } else if scanner.take("..") {
                steps.append(.descendants(scanner.isAt("[") ? try brackets() : [try dotSelector()]))
            } else if scanner.take(".") {
                steps.append(.children([try dotSelector()]))
            } else {
                scanner.offset = before
                return steps
            }
        }
    }

    private mutating func dotSelector() throws(JSONPathSyntaxError) -> JSONPathSelector {
        if scanner.take("*") { return .wildcard }
        let start = scanner.offset
        guard JSONPathScanner.isNameStart(scanner.byte) else { throw scanner.failure("expected a name or `*`") }
        while JSONPathScanner.isNameStart(scanner.byte) || JSONPathScanner.isDigit(scanner.byte) {
            scanner.offset += 1
        }
        return .name(scanner.text(from: start, to: scanner.offset))
    }

    private mutating func brackets() throws(JSONPathSyntaxError) -> [JSONPathSelector] {
        try scanner.expect(UInt8(ascii: "["))
        var selectors: [JSONPathSelector] = []
        repeat {
            scanner.skipSpace()
            selectors.append(try selector())
            scanner.skipSpace()
        } while scanner.take(",")
        try scanner.expect(UInt8(ascii: "]"))
        return selectors
    }

    private mutating func selector() throws(JSONPathSyntaxError) -> JSONPathSelector {
        switch scanner.byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .name(try scanner.quoted(isStrict: true))
        case UInt8(ascii: "*"):
            scanner.offset += 1
            return .wildcard
        case UInt8(ascii: "?"):
            scanner.offset += 1
            scanner.skipSpace()
            return .filter(try logicalExpression())
        default:
            return try indexOrSlice()
        }
    }

    private mutating func indexOrSlice() throws(JSONPathSyntaxError) -> JSONPathSelector {
        let start = try optionalInteger()
        let afterStart = scanner.offset
        scanner.skipSpace()
        guard scanner.take(":") else {
            scanner.offset = afterStart
            guard let start else { throw scanner.failure("expected a quoted name, an index, a slice, `*` or `?`") }
            return .index(start)
        }
        scanner.skipSpace()
        let end = try optionalInteger()
        let afterEnd = scanner.offset
        scanner.skipSpace()
        guard scanner.take(":") else {
            scanner.offset = afterEnd
            return .slice(start: start, end: end, step: 1)
        }
        let afterColon = scanner.offset
        scanner.skipSpace()
        guard let step = try optionalInteger() else {
            scanner.offset = afterColon
            return .slice(start: start, end: end, step: 1)
        }
        return .slice(start: start, end: end, step: step)
    }

    /// RFC 9535 §2.1: integers are within the range that IEEE 754 doubles hold exactly.
    private mutating func optionalInteger() throws(JSONPathSyntaxError) -> Int? {
        let start = scanner.offset
        let isNegative = scanner.take("-")
        guard JSONPathScanner.isDigit(scanner.byte) else {
            guard !isNegative else { throw scanner.failure("expected a digit behind `-`") }
            return nil
        }
        if scanner.byte == UInt8(ascii: "0"), isNegative || JSONPathScanner.isDigit(scanner.peek(1)) {
            throw scanner.failure("an integer has no leading zero and no negative zero")
        }
        while JSONPathScanner.isDigit(scanner.byte) { scanner.offset += 1 }
        guard let value = Int(scanner.text(from: start, to: scanner.offset)), abs(value) <= 9_007_199_254_740_991 else {
            throw scanner.failure("an integer lies within ±(2^53 - 1)")
        }
        return value
    }
}
