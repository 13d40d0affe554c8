/// The scalars of a pattern with a place to read from, and the errors that name that place.
struct PatternInput {
    private let scalars: [Unicode.Scalar]
    private(set) var position = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    var previous: Unicode.Scalar? { position > 0 ? scalars[position - 1] : nil }

    mutating func advance() { position += 1 }
    mutating func move(to position: Int) { self.position = position }

    mutating func take() -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        position += 1
        return scalar
    }

    /// Takes `text` if it comes next.
    mutating func take(text: String) -> Bool {
        let end = position + text.unicodeScalars.count
        guard end <= scalars.count, scalars[position..<end].elementsEqual(text.unicodeScalars) else { return false }
        position = end
        return true
    }

    /// Takes exactly `count` hexadecimal digits, or nothing.
    mutating func takeHexadecimal(count: Int) -> UInt32? {
        guard position + count <= scalars.count else { return nil }
        var value: UInt32 = 0
        for scalar in scalars[position..<(position + count)] {
            guard let digit = Self.hexadecimalDigit(scalar) else { return nil }
            value = value << 4 | digit
        }
        position += count
        return value
    }

    /// Takes `{…}` with hexadecimal digits of a scalar up to 10FFFF, or nothing.
    mutating func takeBracedHexadecimal() -> UInt32? {
        let start = position
        guard take(text: "{") else { return nil }
        var value: UInt32 = 0
        var digits = 0
        while let scalar = next, let digit = Self.hexadecimalDigit(scalar) {
            value = min(value << 4 | digit, 0x11_0000)
            digits += 1
            advance()
        }
        guard digits > 0, value <= 0x10FFFF, take(text: "}") else {
            position = start
            return nil
        }
        return value
    }

    /// Takes a decimal number that does not start with zero, or nothing. Large numbers saturate.
    mutating func takeDecimal() -> Int? {
        guard let first = next, ("1"..."9").contains(first) else { return nil }
        return takeDigits()
    }

    private mutating func takeDigits() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1 << 40)
            advance()
        }
        return value
    }

    /// The bounds of `{n}`, `{n,}` or `{n,m}` if one starts at `start`.
    func quantifierBounds(from start: Int) -> QuantifierBounds? {
        var ahead = self
        ahead.position = start
        guard ahead.take(text: "{"), let least = ahead.takeDigits() else { return nil }
        var most: Int? = least
        if ahead.take(text: ",") { most = ahead.takeDigits() }
        return ahead.take(text: "}") ? QuantifierBounds(least: least, most: most, end: ahead.position) : nil
    }

    func syntaxError(_ message: String, at place: Int? = nil) -> PatternError { error(.syntax, message, at: place) }

    func error(_ kind: PatternError.Kind, _ message: String, at place: Int? = nil) -> PatternError {
        let offset = scalars.prefix(place ?? position).reduce(0) { $0 + UTF8.width($1) }
        return PatternError(kind: kind, message: message, offset: offset)
    }

    private static func hexadecimalDigit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }
}

/// How often a term is repeated; `most` is `nil` where there is no upper bound.
struct QuantifierBounds {
    let least: Int
    let most: Int?
    /// The position after the closing brace.
    let end: Int
}

/// How many capturing groups a pattern has and whether any is named: Annex B reads `\2` and `\k` differently by that.
struct GroupSurvey {
    private(set) var count = 0
    private(set) var numberByName: [String: Int] = [:]

    init(_ pattern: PatternInput) {
        var input = pattern
        var isInClass = false
        while let scalar = input.take() {
            switch scalar {
            case "\\": input.advance()
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass: surveyGroup(&input)
            default: continue
            }
        }
    }

    private mutating func surveyGroup(_ input: inout PatternInput) {
        guard input.take(text: "?") else {
            count += 1
            return
        }
        guard input.take(text: "<"), input.next != "=", input.next != "!" else { return }
        count += 1
        var name = ""
        while let scalar = input.take(), scalar != ">" { name.unicodeScalars.append(scalar) }
        numberByName[name] = count
    }
}
