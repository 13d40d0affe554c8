/// The structure of a regular expression, as far as ambiguity depends on it.
indirect enum PatternTree {
    case empty
    case set(CharacterSetSketch)
    case sequence([PatternTree])
    case choice([PatternTree])
    /// Repeated at least twice, up to `max` times; nil for without end.
    case loop(PatternTree, isOptional: Bool, max: Int?)
    case optional(PatternTree)
    /// A capturing group with its number.
    case group(PatternTree, Int)
    case backreference(Int?)
    /// Something that must hold here and takes no character.
    case assertion(PatternTree)

    /// Whether some part repeats without end, or as good as.
    var repeats: Bool {
        switch self {
        case .empty, .set, .backreference: false
        case .sequence(let parts), .choice(let parts): parts.contains(where: \.repeats)
        case .loop(let body, _, let max):
            max == nil || max.map { $0 >= PatternAutomaton.countTakenAsEndless } == true || body.repeats
        case .optional(let body), .group(let body, _), .assertion(let body): body.repeats
        }
    }
}

/// Reads a pattern that is known to be valid into its tree.
struct PatternTreeReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var groupCount = 0
    private(set) var hasAssertions = false
    private var depth = 0

    /// Groups inside each other; a deeper pattern is not looked at.
    private static let depthMax = 200

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func read() -> PatternTree { choice() }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func isAt(_ text: String) -> Bool {
        let expected = Array(text.unicodeScalars)
        return position + expected.count <= scalars.count
            && scalars[position..<position + expected.count].elementsEqual(expected)
    }

    private mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private mutating func skip(past end: Unicode.Scalar) {
        while let scalar = current, scalar != end { position += 1 }
        position = min(position + 1, scalars.count)
    }

    private mutating func choice() -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            position = scalars.count
            return .empty
        }
        var alternatives = [sequence()]
        while take("|") { alternatives.append(sequence()) }
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence() -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = current, scalar != "|", scalar != ")" { parts.append(quantified(atom(scalar))) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func quantified(_ atom: PatternTree) -> PatternTree {
        let bounds: (min: Int, max: Int?)
        switch current {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{":
            guard let counted = counted() else { return atom }
            bounds = counted
        default: return atom
        }
        if current == "*" || current == "+" || current == "?" { position += 1 }
        _ = take("?")
        if bounds.max == 0 { return .empty }
        if bounds.max == 1 { return bounds.min == 0 ? .optional(atom) : atom }
        return .loop(atom, isOptional: bounds.min == 0, max: bounds.max)
    }

    /// `{2}`, `{2,}`, `{2,5}`; nil, the cursor unmoved, where the brace stands for itself.
    private mutating func counted() -> (min: Int, max: Int?)? {
        let start = position
        position += 1
        guard let least = number() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = isAt("}") ? nil : number() }
        guard take("}") else {
            position = start
            return nil
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar) { position += 1 }
        guard position > start else { return nil }
        return Int(String(String.UnicodeScalarView(scalars[start..<position]))) ?? Int.max
    }

    private mutating func atom(_ scalar: Unicode.Scalar) -> PatternTree {
        position += 1
        switch scalar {
        case "(": return group()
        case "[": return .set(characterClass())
        case ".": return .set(.anyButLineEnds)
        case "^": return .assertion(.empty)
        case "$":
            hasAssertions = true
            return .assertion(.empty)
        case "\\": return escape()
        default: return .set(CharacterSetSketch([scalar.value...scalar.value]))
        }
    }

    private mutating func group() -> PatternTree {
        let isLook = take("?=") || take("?!") || take("?<=") || take("?<!")
        if isLook {
            hasAssertions = true
            let body = choice()
            _ = take(")")
            return .assertion(body)
        }
        if take("?:") {
            let body = choice()
            _ = take(")")
            return body
        }
        if take("?<") {
            skip(past: ">")
        } else if take("?") {
            // Modifiers such as `(?i:…)` capture nothing.
            skip(past: ":")
            let body = choice()
            _ = take(")")
            return body
        }
        groupCount += 1
        let number = groupCount
        let body = choice()
        _ = take(")")
        return .group(body, number)
    }

    private mutating func escape() -> PatternTree {
        guard let scalar = current else { return .empty }
        if ("1"..."9").contains(scalar) { return .backreference(number()) }
        if scalar == "k" {
            skip(past: ">")
            return .backreference(nil)
        }
        if scalar == "b" || scalar == "B" {
            position += 1
            hasAssertions = true
            return .assertion(.empty)
        }
        return .set(escapedSet())
    }

    /// A class escape or an escaped character; the cursor is behind the backslash.
    private mutating func escapedSet() -> CharacterSetSketch {
        guard let scalar = current else { return CharacterSetSketch() }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return CharacterSetSketch.digits.inverted
        case "w": return .wordCharacters
        case "W": return CharacterSetSketch.wordCharacters.inverted
        case "s": return .spaces
        case "S": return CharacterSetSketch.spaces.inverted
        case "p", "P":
            if take("{") { skip(past: "}") }
            return .all
        default:
            let value = escapedCharacter(scalar)
            return CharacterSetSketch([value...value])
        }
    }

    private mutating func escapedCharacter(_ scalar: Unicode.Scalar) -> UInt32 {
        switch scalar {
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "v": return 0x0B
        case "f": return 0x0C
        case "0": return 0
        case "x": return hexadecimal(2)
        case "u":
            guard take("{") else { return hexadecimal(4) }
            let value = hexadecimal(8)
            _ = take("}")
            return value
        case "c":
            position += 1
            return position <= scalars.count ? scalars[position - 1].value & 31 : 0
        default: return scalar.value
        }
    }

    private mutating func hexadecimal(_ digits: Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = current, let digit = Character(scalar).hexDigitValue else { break }
            value = (value << 4 | UInt32(digit)) & 0x1F_FFFF
            position += 1
        }
        return min(value, 0x10FFFF)
    }

    private mutating func characterClass() -> CharacterSetSketch {
        let isInverted = take("^")
        var set = CharacterSetSketch()
        while let scalar = current, scalar != "]" {
            position += 1
            var low: UInt32? = scalar.value
            if scalar == "\\" {
                if let next = current, "dDwWsSpP".unicodeScalars.contains(next) {
                    set.formUnion(escapedSet())
                    low = nil
                } else if let next = current {
                    position += 1
                    low = next == "b" ? 8 : escapedCharacter(next)
                }
            }
            guard let low else { continue }
            set.insert(low...max(low, rangeEnd() ?? low))
        }
        _ = take("]")
        return isInverted ? set.inverted : set
    }

    /// The end of `a-z` when the cursor is on its hyphen.
    private mutating func rangeEnd() -> UInt32? {
        guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return nil }
        let next = scalars[position + 1]
        if next == "\\" {
            guard position + 2 < scalars.count, !"dDwWsSpP".unicodeScalars.contains(scalars[position + 2]) else {
                return nil
            }
            position += 3
            return escapedCharacter(scalars[position - 1])
        }
        position += 2
        return next.value
    }
}
