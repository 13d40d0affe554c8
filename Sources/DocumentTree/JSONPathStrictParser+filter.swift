/// Filters of RFC 9535 §2.3.5, with the typing rules of §2.4.3 checked while reading.
extension JSONPathStrictParser {
    mutating func logicalExpression() throws(JSONPathSyntaxError) -> JSONPathFilter {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= JSONPathLimits.nestingMax else { throw scanner.failure("the filter is nested too deeply") }
        return try disjunction(from: try basicExpression())
    }

    /// Continues behind the first basic expression with `&&` and `||`; `&&` binds tighter.
    private mutating func disjunction(
        from first: JSONPathFilter
    ) throws(JSONPathSyntaxError) -> JSONPathFilter {
        var alternatives = [try conjunction(from: first)]
        while takeOperator("||") {
            alternatives.append(try conjunction(from: try basicExpression()))
        }
        return alternatives.count == 1 ? alternatives[0] : .or(alternatives)
    }

    private mutating func conjunction(
        from first: JSONPathFilter
    ) throws(JSONPathSyntaxError) -> JSONPathFilter {
        var parts = [first]
        while takeOperator("&&") { parts.append(try basicExpression()) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func takeOperator(_ text: StaticString) -> Bool {
        let before = scanner.offset
        scanner.skipSpace()
        guard scanner.take(text) else {
            scanner.offset = before
            return false
        }
        scanner.skipSpace()
        return true
    }

    private mutating func basicExpression() throws(JSONPathSyntaxError) -> JSONPathFilter {
        if scanner.take("!") {
            scanner.skipSpace()
            if scanner.isAt("(") { return .not(try parenthesized()) }
            return .not(try test(try operand()))
        }
        if scanner.isAt("(") { return try parenthesized() }
        let left = try operand()
        if let comparison = try comparison(from: left) { return comparison }
        return try test(left)
    }

    private mutating func parenthesized() throws(JSONPathSyntaxError) -> JSONPathFilter {
        try scanner.expect(UInt8(ascii: "("))
        scanner.skipSpace()
        let inner = try logicalExpression()
        scanner.skipSpace()
        try scanner.expect(UInt8(ascii: ")"))
        return inner
    }

    /// Reads the operator and the right side, or nil (cursor unmoved) where no comparison follows.
    private mutating func comparison(
        from left: JSONPathOperand
    ) throws(JSONPathSyntaxError) -> JSONPathFilter? {
        let before = scanner.offset
        scanner.skipSpace()
        guard let comparison = comparisonOperator() else {
            scanner.offset = before
            return nil
        }
        scanner.skipSpace()
        try requireComparable(left)
        let right = try operand()
        try requireComparable(right)
        return .compare(left, comparison, right)
    }

    private mutating func comparisonOperator() -> JSONPathComparison? {
        if scanner.take("==") { return .equal }
        if scanner.take("!=") { return .notEqual }
        if scanner.take("<=") { return .lessOrEqual }
        if scanner.take(">=") { return .greaterOrEqual }
        if scanner.take("<") { return .less }
        if scanner.take(">") { return .greater }
        return nil
    }

    private func requireComparable(_ operand: JSONPathOperand) throws(JSONPathSyntaxError) {
        switch operand {
        case .literal: return
        case .query(let query):
            guard query.isSingular else { throw scanner.failure("a compared query must select at most one node") }
        case .function(let function):
            guard !function.isLogical else {
                throw scanner.failure("`\(function.name.rawValue)` is true or false and cannot be compared")
            }
        case .logical: throw scanner.failure("a logical expression cannot be compared")
        }
    }

    private func test(_ operand: JSONPathOperand) throws(JSONPathSyntaxError) -> JSONPathFilter {
        switch operand {
        case .query(let query): return .exists(query)
        case .function(let function) where function.isLogical: return .test(function)
        case .function(let function):
            throw scanner.failure("the result of `\(function.name.rawValue)` must be compared")
        case .literal: throw scanner.failure("a literal must be compared")
        case .logical(let filter): return filter
        }
    }

    private mutating func operand() throws(JSONPathSyntaxError) -> JSONPathOperand {
        switch scanner.byte {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let isRelative = scanner.byte == UInt8(ascii: "@")
            scanner.offset += 1
            return .query(JSONPathQuery(isRelative: isRelative, steps: try segments()))
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .literal(.string(try scanner.quoted(isStrict: true)))
        case UInt8(ascii: "-"), 0x30...0x39:
            return .literal(.number(try number()))
        default:
            return try word()
        }
    }

    private mutating func word() throws(JSONPathSyntaxError) -> JSONPathOperand {
        let start = scanner.offset
        while scanner.byte == 0x5F || JSONPathScanner.isDigit(scanner.byte)
            || (scanner.byte >= 0x61 && scanner.byte <= 0x7A)
        {
            scanner.offset += 1
        }
        let word = scanner.text(from: start, to: scanner.offset)
        if scanner.isAt("("), let name = JSONPathFunction.Name(rawValue: word) {
            return .function(try function(name))
        }
        switch word {
        case "true": return .literal(.boolean(true))
        case "false": return .literal(.boolean(false))
        case "null": return .literal(.null)
        default:
            scanner.offset = start
            throw scanner.failure("expected `@`, `$`, a literal, or one of length, count, match, search, value")
        }
    }

    /// RFC 9535 §2.3.5.1 `number`: JSON's, with `-0` and a case-insensitive exponent.
    private mutating func number() throws(JSONPathSyntaxError) -> Double {
        let start = scanner.offset
        _ = scanner.take("-")
        guard JSONPathScanner.isDigit(scanner.byte) else { throw scanner.failure("expected a digit") }
        if scanner.byte == UInt8(ascii: "0"), JSONPathScanner.isDigit(scanner.peek(1)) {
            throw scanner.failure("a number has no leading zero")
        }
        while JSONPathScanner.isDigit(scanner.byte) { scanner.offset += 1 }
        if scanner.take(".") {
            guard JSONPathScanner.isDigit(scanner.byte) else { throw scanner.failure("expected a digit behind `.`") }
            while JSONPathScanner.isDigit(scanner.byte) { scanner.offset += 1 }
        }
        if scanner.take("e") || scanner.take("E") {
            if !scanner.take("+") { _ = scanner.take("-") }
            guard JSONPathScanner.isDigit(scanner.byte) else {
                throw scanner.failure("expected a digit in the exponent")
            }
            while JSONPathScanner.isDigit(scanner.byte) { scanner.offset += 1 }
        }
        guard let value = Double(scanner.text(from: start, to: scanner.offset)) else {
            throw scanner.failure("not a number")
        }
        return value
    }

    private mutating func function(
        _ name: JSONPathFunction.Name
    ) throws(JSONPathSyntaxError) -> JSONPathFunction {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= JSONPathLimits.nestingMax else { throw scanner.failure("the filter is nested too deeply") }
        try scanner.expect(UInt8(ascii: "("))
        scanner.skipSpace()
        var arguments: [JSONPathOperand] = []
        if !scanner.isAt(")") {
            repeat {
                scanner.skipSpace()
                arguments.append(try argument())
                scanner.skipSpace()
            } while scanner.take(",")
        }
        try scanner.expect(UInt8(ascii: ")"))
        try check(arguments, of: name)
        return JSONPathFunction(
            name: name,
            arguments: arguments,
            program: literalProgram(name, arguments),
            engine: regularExpressions
        )
    }

    /// A pattern that is a literal is compiled once. RFC 9535 §2.4.6: one that is no I-Regexp matches nothing.
    private func literalProgram(
        _ name: JSONPathFunction.Name,
        _ arguments: [JSONPathOperand]
    ) -> RegexMatcher.Program? {
        guard name == .match || name == .search, case .literal(.string(let pattern)) = arguments[1] else { return nil }
        let translated = JSONPathIRegexp.translated(pattern, isWhole: name == .match)
        do throws(RegexRejected) {
            return try regularExpressions.compile(translated, "u")
        } catch {
            return { _ in false }
        }
    }

    private mutating func argument() throws(JSONPathSyntaxError) -> JSONPathOperand {
        if scanner.isAt("!") || scanner.isAt("(") { return .logical(try logicalExpression()) }
        let first = try operand()
        if let compared = try comparison(from: first) { return .logical(try disjunction(from: compared)) }
        let before = scanner.offset
        scanner.skipSpace()
        let goesOn = scanner.isAt("&&") || scanner.isAt("||")
        scanner.offset = before
        return goesOn ? .logical(try disjunction(from: try test(first))) : first
    }

    /// RFC 9535 §2.4.3: parameter counts and types.
    private func check(
        _ arguments: [JSONPathOperand],
        of name: JSONPathFunction.Name
    ) throws(JSONPathSyntaxError) {
        let count = name == .match || name == .search ? 2 : 1
        guard arguments.count == count else {
            throw scanner.failure("`\(name.rawValue)` takes \(count) argument\(count == 1 ? "" : "s")")
        }
        for argument in arguments {
            switch (name, argument) {
            case (.count, .query), (.value, .query): continue
            case (.count, _), (.value, _):
                throw scanner.failure("`\(name.rawValue)` takes a query")
            default: try requireComparable(argument)
            }
        }
    }
}
