// Escapes outside and inside brackets (ECMA-262 §22.2.1: AtomEscape, CharacterEscape, ClassEscape).

extension PatternTranslator {
    /// One thing an escape can stand for.
    enum Escape {
        case scalar(UInt32)
        case set(ScalarRanges)
        /// A Unicode property in PCRE2's notation.
        case property(String)
    }

    /// What follows a backslash outside brackets. Returns what a quantifier may do with it.
    mutating func readEscape(from start: Int) throws(PatternError) -> Term {
        if input.take(text: "b") {
            output += #"\b"#
            return .assertion
        }
        if input.take(text: "B") {
            output += #"\B"#
            return .assertion
        }
        if try readBackreference(from: start) { return .atom }
        switch try readCharacterEscape(from: start, isInClass: false) {
        case .scalar(let value): appendLiteral(value)
        case .set(let ranges): output += "[\(ranges.text)]"
        case .property(let text): output += text
        }
        return .atom
    }

    /// `\1` and `\k<name>`. A group that has not matched yet matches nothing, successfully.
    private mutating func readBackreference(from start: Int) throws(PatternError) -> Bool {
        let place = input.position
        if input.take(text: "k") {
            guard grammar == .unicode || !groups.numberByName.isEmpty else {
                input.move(to: place)
                return false
            }
            guard input.take(text: "<") else { throw input.syntaxError(#"`\k` is followed by `<name>`"#, at: start) }
            let name = try readGroupName(from: start)
            guard let number = groups.numberByName[name] else {
                throw input.syntaxError("there is no group named `\(name)`", at: start)
            }
            output += #"\g{\#(number)}"#
            return true
        }
        guard let number = input.takeDecimal() else { return false }
        if number <= groups.count {
            output += #"\g{\#(number)}"#
            return true
        }
        guard grammar == .annexB else { throw input.syntaxError("there is no group \(number)", at: start) }
        input.move(to: place)
        return false
    }

    /// An escape that means the same outside and inside brackets.
    mutating func readCharacterEscape(from start: Int, isInClass: Bool) throws(PatternError) -> Escape {
        guard let scalar = input.take() else { throw input.syntaxError(#"a pattern cannot end with `\`"#, at: start) }
        switch scalar {
        case "d": return .set(.digits)
        case "D": return .set(ScalarRanges.digits.complement)
        case "w": return .set(.wordCharacters)
        case "W": return .set(ScalarRanges.wordCharacters.complement)
        case "s": return .set(.whiteSpace)
        case "S": return .set(ScalarRanges.whiteSpace.complement)
        case "p", "P": return try readProperty(isNegated: scalar == "P", from: start)
        case "t": return .scalar(0x09)
        case "n": return .scalar(0x0A)
        case "v": return .scalar(0x0B)
        case "f": return .scalar(0x0C)
        case "r": return .scalar(0x0D)
        case "b" where isInClass: return .scalar(0x08)
        case "c": return try readControl(from: start, isInClass: isInClass)
        case "x": return try readHexadecimalEscape(from: start)
        case "u": return try readUnicodeEscape(from: start)
        case "0"..."9": return try readOctal(scalar, from: start)
        default: return try readIdentityEscape(scalar, from: start, isInClass: isInClass)
        }
    }

    private mutating func readControl(from start: Int, isInClass: Bool) throws(PatternError) -> Escape {
        if let letter = input.next, letter.isASCII, letter.properties.isAlphabetic {
            input.advance()
            return .scalar(letter.value & 0x1F)
        }
        guard grammar == .annexB else { throw input.syntaxError(#"`\c` is followed by a letter"#, at: start) }
        if isInClass, let next = input.next, ("0"..."9").contains(next) || next == "_" {
            input.advance()
            return .scalar(next.value & 0x1F)
        }
        // Annex B.1.2: the backslash stands for itself and the `c` is read again.
        input.move(to: input.position - 1)
        return .scalar(0x5C)
    }

    private mutating func readHexadecimalEscape(from start: Int) throws(PatternError) -> Escape {
        if let value = input.takeHexadecimal(count: 2) { return .scalar(value) }
        guard grammar == .annexB else {
            throw input.syntaxError(#"`\x` is followed by two hexadecimal digits"#, at: start)
        }
        return .scalar(0x78)
    }

    /// `\uXXXX`, a surrogate pair of two of them, and `\u{X…}`. The last is taken in both grammars: without the `u` flag
    /// ECMA-262 reads it as a repeated `u`, which nobody means.
    private mutating func readUnicodeEscape(from start: Int) throws(PatternError) -> Escape {
        if let value = input.takeBracedHexadecimal() { return .scalar(value) }
        guard let lead = input.takeHexadecimal(count: 4) else {
            guard grammar == .annexB else {
                throw input.syntaxError(#"`\u` is followed by four hexadecimal digits or `{…}`"#, at: start)
            }
            return .scalar(0x75)
        }
        let place = input.position
        guard (0xD800...0xDBFF).contains(lead), input.take(text: #"\u"#),
            let trail = input.takeHexadecimal(count: 4), (0xDC00...0xDFFF).contains(trail)
        else {
            input.move(to: place)
            return .scalar(lead)
        }
        return .scalar(0x10000 + (lead - 0xD800) << 10 + (trail - 0xDC00))
    }

    /// `\0`, and the octal escapes of Annex B.
    private mutating func readOctal(_ first: Unicode.Scalar, from start: Int) throws(PatternError) -> Escape {
        let isFollowedByDigit = input.next.map { ("0"..."9").contains($0) } ?? false
        if first == "0", !isFollowedByDigit { return .scalar(0) }
        guard grammar == .annexB else {
            throw input.syntaxError("there is no group for this number, and octal escapes are not allowed", at: start)
        }
        guard first < "8" else { return .scalar(first.value) }
        var value = first.value - 0x30
        var digits = 1
        while digits < 3, let next = input.next, ("0"..."7").contains(next), value * 8 + next.value - 0x30 <= 0xFF {
            value = value * 8 + next.value - 0x30
            digits += 1
            input.advance()
        }
        return .scalar(value)
    }

    private func readIdentityEscape(
        _ scalar: Unicode.Scalar,
        from start: Int,
        isInClass: Bool
    ) throws(PatternError) -> Escape {
        let syntaxCharacters = #"^$\.*+?()[]{}|/"#.unicodeScalars
        if syntaxCharacters.contains(scalar) || (isInClass && scalar == "-") || grammar == .annexB {
            return .scalar(scalar.value)
        }
        throw input.syntaxError(#"`\\#(scalar)` is not an escape of ECMA-262"#, at: start)
    }

    /// `\p{…}` (ECMA-262 tables 66 to 69). Taken in both grammars: without the `u` flag ECMA-262 reads it as the letter
    /// `p`, which nobody means.
    private mutating func readProperty(isNegated: Bool, from start: Int) throws(PatternError) -> Escape {
        let place = input.position
        guard input.take(text: "{") else {
            guard grammar == .annexB else { throw input.syntaxError(#"`\p` is followed by `{…}`"#, at: start) }
            return .scalar(isNegated ? 0x50 : 0x70)
        }
        var name = ""
        while let scalar = input.next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            input.advance()
        }
        guard input.take(text: "}"), let property = UnicodeProperty.pcre2Name(name) else {
            guard grammar == .annexB else {
                throw input.syntaxError("there is no Unicode property `\(name)`", at: start)
            }
            input.move(to: place)
            return .scalar(isNegated ? 0x50 : 0x70)
        }
        return .property(#"\\#(isNegated ? "P" : "p"){\#(property)}"#)
    }
}
