/// Reads the JavaScript expressions of the Spectral dialect by precedence climbing.
struct JSONPathScriptParser {
    var scanner: JSONPathScanner
    let regularExpressions: RegexMatcher
    private var nesting = 0

    init(scanner: JSONPathScanner, regularExpressions: RegexMatcher) {
        self.scanner = scanner
        self.regularExpressions = regularExpressions
    }

    mutating func expression() throws(JSONPathSyntaxError) -> JSONPathScript {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= JSONPathLimits.nestingMax else { throw scanner.failure("the filter is nested too deeply") }
        let condition = try binary(above: 0)
        scanner.skipSpace()
        guard scanner.take("?") else { return condition }
        let consequence = try expression()
        scanner.skipSpace()
        try scanner.expect(UInt8(ascii: ":"))
        return .conditional(condition, consequence, try expression())
    }

    // MARK: Operators

    private enum Infix {
        case or
        case and
        case other(JSONPathScript.Operator)
    }

    /// ECMA-262's operators with their precedence; longer spellings first, since `==` begins `===`.
    private mutating func infix(above minimum: Int) -> (Infix, precedence: Int)? {
        scanner.skipSpace()
        let before = scanner.offset
        let found: (Infix, precedence: Int)?
        if scanner.take("||") {
            found = (.or, 1)
        } else if scanner.take("&&") {
            found = (.and, 2)
        } else {
            found = comparison() ?? arithmetic()
        }
        guard let found, found.precedence > minimum else {
            scanner.offset = before
            return nil
        }
        return found
    }

    private mutating func comparison() -> (Infix, precedence: Int)? {
        if scanner.take("===") { return (.other(.strictEqual), 3) }
        if scanner.take("!==") { return (.other(.strictNotEqual), 3) }
        if scanner.take("==") { return (.other(.equal), 3) }
        if scanner.take("!=") { return (.other(.notEqual), 3) }
        if scanner.take("~=") { return (.other(.matches), 3) }
        if scanner.take("<=") { return (.other(.lessOrEqual), 4) }
        if scanner.take(">=") { return (.other(.greaterOrEqual), 4) }
        if scanner.take("<") { return (.other(.less), 4) }
        if scanner.take(">") { return (.other(.greater), 4) }
        if scanner.isAt("in"), !isWordByte(scanner.peek(2)) {
            scanner.offset += 2
            return (.other(.isIn), 4)
        }
        return nil
    }

    private mutating func arithmetic() -> (Infix, precedence: Int)? {
        if scanner.take("+") { return (.other(.add), 5) }
        if scanner.take("-") { return (.other(.subtract), 5) }
        if scanner.take("*") { return (.other(.multiply), 6) }
        if scanner.take("/") { return (.other(.divide), 6) }
        if scanner.take("%") { return (.other(.remainder), 6) }
        return nil
    }

    private mutating func binary(above minimum: Int) throws(JSONPathSyntaxError) -> JSONPathScript {
        var left = try unary()
        while let (infix, precedence) = infix(above: minimum) {
            let right = try binary(above: precedence)
            switch infix {
            case .or: left = .or(left, right)
            case .and: left = .and(left, right)
            case .other(.matches): left = .binary(.matches, left, try asPattern(right))
            case .other(let known): left = .binary(known, left, right)
            }
        }
        return left
    }

    private mutating func unary() throws(JSONPathSyntaxError) -> JSONPathScript {
        scanner.skipSpace()
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= JSONPathLimits.nestingMax else { throw scanner.failure("the filter is nested too deeply") }
        if scanner.isAt("!"), !scanner.isAt("!=") {
            scanner.offset += 1
            return .not(try unary())
        }
        if scanner.take("-") { return .negative(try unary()) }
        if scanner.take("+") { return .negative(.negative(try unary())) }
        if takeWord("void") {
            _ = try unary()
            return .undefined
        }
        if takeWord("typeof") { return .typeof(try unary()) }
        return try postfix(of: try primary())
    }

    // MARK: Operands

    private mutating func primary() throws(JSONPathSyntaxError) -> JSONPathScript {
        switch scanner.byte {
        case UInt8(ascii: "("):
            scanner.offset += 1
            let inner = try expression()
            scanner.skipSpace()
            try scanner.expect(UInt8(ascii: ")"))
            return inner
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .string(try scanner.quoted(isStrict: false))
        case UInt8(ascii: "/"):
            return .regularExpression(try regularExpression())
        case UInt8(ascii: "$"):
            scanner.offset += 1
            return .root
        case UInt8(ascii: "@"):
            return try at()
        case 0x30...0x39, UInt8(ascii: "."):
            return .number(try number())
        default:
            return try word()
        }
    }

    /// `@`, `@property` and the like; `@.property` is a member of `@` instead.
    private mutating func at() throws(JSONPathSyntaxError) -> JSONPathScript {
        guard JSONPathScanner.isNameStart(scanner.peek(1)) else {
            scanner.offset += 1
            return .current
        }
        if takeSigil("@parentProperty") { return .parentProperty }
        if takeSigil("@property") { return .property }
        if takeSigil("@parent") { return .parent }
        if takeSigil("@path") { return .path }
        if takeSigil("@root") { return .root }
        return .type(try JSONPathSpectralParser.typeTest(&scanner))
    }

    private mutating func takeSigil(_ name: StaticString) -> Bool {
        guard scanner.isAt(name), !isWordByte(scanner.peek(name.utf8CodeUnitCount)) else { return false }
        scanner.offset += name.utf8CodeUnitCount
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        takeSigil(word)
    }

    private mutating func word() throws(JSONPathSyntaxError) -> JSONPathScript {
        if takeWord("true") { return .boolean(true) }
        if takeWord("false") { return .boolean(false) }
        if takeWord("null") { return .null }
        if takeWord("undefined") { return .undefined }
        throw scanner.failure("expected `@`, `$`, a literal or `(`")
    }

    private mutating func postfix(of operand: JSONPathScript) throws(JSONPathSyntaxError) -> JSONPathScript {
        var result = operand
        while true {
            // `?.` is the same here: a member of undefined is undefined, never an error.
            if scanner.take("?.") || scanner.isAt(".") && !scanner.isAt("..") && takeDot() {
                result = try member(of: result)
            } else if scanner.take("[") {
                let inner = try expression()
                scanner.skipSpace()
                try scanner.expect(UInt8(ascii: "]"))
                if case .string(let name) = inner {
                    result = .member(result, name)
                } else {
                    result = .element(result, inner)
                }
            } else {
                return result
            }
        }
    }

    private mutating func takeDot() -> Bool { scanner.take(".") }

    private mutating func member(of operand: JSONPathScript) throws(JSONPathSyntaxError) -> JSONPathScript {
        let start = scanner.offset
        while isWordByte(scanner.byte), !scanner.isAtEnd { scanner.offset += 1 }
        guard scanner.offset > start else { throw scanner.failure("expected a name behind `.`") }
        let name = scanner.text(from: start, to: scanner.offset)
        guard scanner.take("(") else { return .member(operand, name) }
        guard let method = JSONPathScript.Method(rawValue: name) else {
            scanner.offset = start
            throw scanner.failure("the method `\(name)` is not supported in a filter")
        }
        var arguments: [JSONPathScript] = []
        scanner.skipSpace()
        if !scanner.isAt(")") {
            repeat { arguments.append(try expression()) } while takeComma()
        }
        try scanner.expect(UInt8(ascii: ")"))
        return .call(operand, method, try compiled(method, arguments))
    }

    private mutating func takeComma() -> Bool {
        scanner.skipSpace()
        return scanner.take(",")
    }

    /// `match('^a')` compiles its text as a pattern, as JavaScript does.
    private func compiled(
        _ method: JSONPathScript.Method,
        _ arguments: [JSONPathScript]
    ) throws(JSONPathSyntaxError) -> [JSONPathScript] {
        guard method == .match || method == .search, case .string(let source)? = arguments.first else {
            return arguments
        }
        return [.regularExpression(try pattern(source, flags: ""))]
    }

    /// The right side of `~=`: a text there is a pattern.
    private func asPattern(_ script: JSONPathScript) throws(JSONPathSyntaxError) -> JSONPathScript {
        guard case .string(let source) = script else { return script }
        return .regularExpression(try pattern(source, flags: ""))
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        JSONPathScanner.isNameStart(byte) || JSONPathScanner.isDigit(byte) || byte == UInt8(ascii: "$")
    }

    private mutating func number() throws(JSONPathSyntaxError) -> Double {
        let start = scanner.offset
        while JSONPathScanner.isDigit(scanner.byte) || scanner.byte == UInt8(ascii: ".") { scanner.offset += 1 }
        if scanner.take("e") || scanner.take("E") {
            if !scanner.take("+") { _ = scanner.take("-") }
            while JSONPathScanner.isDigit(scanner.byte) { scanner.offset += 1 }
        }
        guard let value = Double(scanner.text(from: start, to: scanner.offset)) else {
            throw scanner.failure("not a number")
        }
        return value
    }

    /// A literal between slashes; a slash inside a character class does not end it.
    private mutating func regularExpression() throws(JSONPathSyntaxError) -> JSONPathPattern {
        scanner.offset += 1
        let start = scanner.offset
        var isInClass = false
        while !scanner.isAtEnd {
            switch scanner.byte {
            case UInt8(ascii: "\\"): scanner.offset += 1
            case UInt8(ascii: "["): isInClass = true
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "/") where !isInClass:
                let source = scanner.text(from: start, to: scanner.offset)
                if let flags = takeFlags() { return try pattern(source, flags: flags) }
            default: break
            }
            scanner.offset += 1
        }
        throw scanner.failure("the regular expression is not closed")
    }

    /// The flags behind a slash that ends a literal; nil, the cursor on the slash, where what follows cannot stand behind one:
    /// rulesets hold patterns whose slashes were escaped once too often, and the engines they ran on took them.
    private mutating func takeFlags() -> String? {
        let slash = scanner.offset
        scanner.offset += 1
        let start = scanner.offset
        while "dgimsuvy".utf8.contains(scanner.byte) { scanner.offset += 1 }
        guard !isWordByte(scanner.byte) else {
            scanner.offset = slash
            return nil
        }
        return scanner.text(from: start, to: scanner.offset)
    }

    private func pattern(_ source: String, flags: String) throws(JSONPathSyntaxError) -> JSONPathPattern {
        do throws(RegexRejected) {
            return JSONPathPattern(source: source, program: try regularExpressions.compile(source, flags))
        } catch {
            throw scanner.failure("the regular expression `\(source)` is not valid: \(error.reason)")
        }
    }
}
