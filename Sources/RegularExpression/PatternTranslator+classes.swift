// Character classes: what stands between brackets (ECMA-262 §22.2.1: CharacterClass).

extension PatternTranslator {
    /// What follows `[`, up to and with `]`.
    mutating func readClass(from start: Int) throws(PatternError) {
        let isNegated = input.take(text: "^")
        var members = ""
        while !input.take(text: "]") {
            guard input.next != nil else { throw input.syntaxError("this `[` is not closed", at: start) }
            members += try readMember()
        }
        // `[]` matches nothing and `[^]` anything; so do classes of lone surrogates alone.
        if members.isEmpty {
            output += isNegated ? "(?s:.)" : "(?!)"
        } else {
            output += isNegated ? "[^\(members)]" : "[\(members)]"
        }
    }

    /// One member or range, in PCRE2's notation.
    private mutating func readMember() throws(PatternError) -> String {
        let start = input.position
        let low = try readClassAtom()
        let dash = input.position
        guard input.take(text: "-"), let next = input.next, next != "]" else {
            input.move(to: dash)
            return text(of: low)
        }
        let high = try readClassAtom()
        guard case .scalar(let lower) = low, case .scalar(let upper) = high else {
            guard grammar == .annexB else {
                throw input.syntaxError("a class escape cannot be the end of a range", at: start)
            }
            return text(of: low) + ScalarRanges.hexadecimal(0x2D) + text(of: high)
        }
        guard lower <= upper else { throw input.syntaxError("the range is out of order", at: start) }
        return ScalarRanges.text(of: lower...upper)
    }

    private mutating func readClassAtom() throws(PatternError) -> Escape {
        let start = input.position
        guard let scalar = input.take() else { throw input.syntaxError("this class is not closed", at: start) }
        guard scalar == "\\" else { return .scalar(scalar.value) }
        return try readCharacterEscape(from: start, isInClass: true)
    }

    private func text(of escape: Escape) -> String {
        switch escape {
        case .scalar(let value): ScalarRanges.text(of: value...value)
        case .set(let ranges): ranges.text
        case .property(let text): text
        }
    }
}
