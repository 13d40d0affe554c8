/// Splits a path template into segments and collects what is wrong with it.
struct PathTemplateParser {
    private(set) var segments: [PathTemplate.Segment] = []
    private(set) var problems: [PathTemplate.Problem] = []
    private var names: Set<String> = []

    mutating func parse(_ text: String) {
        let length = text.utf8.count
        if length > PathTemplate.bytesMax { return note(.tooLong(length)) }
        if text.utf8.first != UInt8(ascii: "/") { note(.noLeadingSlash) }
        let parts = text.dropFirst(text.utf8.first == UInt8(ascii: "/") ? 1 : 0)
            .split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.isEmpty, index < parts.count - 1 { note(.emptySegment) }
            readSegment(part)
        }
    }

    private mutating func readSegment(_ part: Substring) {
        var literals = [""]
        var parameters: [String] = []
        var name: String?
        for scalar in part.unicodeScalars {
            switch (scalar, name) {
            case ("{", nil):
                if !parameters.isEmpty, literals.last == "" { note(.adjacentParameters) }
                name = ""
            case ("{", _), ("}", nil):
                note(.unbalancedBraces)
            case ("}", let finished?):
                checkName(finished)
                parameters.append(finished)
                literals.append("")
                name = nil
            case (_, nil):
                literals[literals.count - 1].unicodeScalars.append(scalar)
            case (_, _):
                name?.unicodeScalars.append(scalar)
            }
        }
        if name != nil { note(.unbalancedBraces) }
        for literal in literals { checkLiteral(literal) }
        if parameters.isEmpty, isDotSegment(literals[0]) { note(.dotSegment) }
        append(literals, parameters)
    }

    private mutating func append(_ literals: [String], _ parameters: [String]) {
        switch parameters.count {
        case 0: segments.append(.literal(literals[0]))
        case 1: segments.append(.parameter(prefix: literals[0], name: parameters[0], suffix: literals[1]))
        default: segments.append(.compound(literals: literals, parameters: parameters))
        }
    }

    private mutating func checkName(_ name: String) {
        if name.isEmpty { return note(.emptyName) }
        if !names.insert(name).inserted { note(.repeatedParameter(name)) }
        for scalar in name.unicodeScalars {
            switch scalar {
            case "*", ":", "=", "\\", "(", "+", "^": return note(.patternInName(name))
            case "?": note(.query)
            case "#": note(.fragment)
            case "\u{0}"..."\u{20}", "\u{7F}"..."\u{A0}": note(.character(scalar))
            default: break
            }
        }
    }

    private mutating func checkLiteral(_ literal: String) {
        for scalar in literal.unicodeScalars {
            switch scalar {
            case "?": note(.query)
            case "#": note(.fragment)
            case "*": note(.wildcard)
            case "\\", "<", ">", "\"", "^", "`", "|": note(.character(scalar))
            case "\u{0}"..."\u{20}", "\u{7F}"..."\u{A0}": note(.character(scalar))
            default: break
            }
        }
        checkEncoding(literal)
    }

    /// RFC 3986 section 2.1; an encoded slash, backslash or NUL would be another path to the next server.
    private mutating func checkEncoding(_ literal: String) {
        let bytes = Array(literal.utf8)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            let triple = String(decoding: bytes[index..<min(index + 3, bytes.count)], as: UTF8.self).uppercased()
            let isComplete = triple.utf8.count == 3 && triple.utf8.dropFirst().allSatisfy(Self.isHexadecimal)
            if !isComplete || ["%2F", "%5C", "%00", "%25"].contains(triple) { note(.encoding(triple)) }
        }
    }

    private func isDotSegment(_ literal: String) -> Bool {
        let plain = literal.uppercased().replacing("%2E", with: ".")
        // A path parameter in the sense of RFC 3986 section 3.3 hides dots from some servers: `..;`.
        let name = plain.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return name == "." || name == ".."
    }

    private mutating func note(_ problem: PathTemplate.Problem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
