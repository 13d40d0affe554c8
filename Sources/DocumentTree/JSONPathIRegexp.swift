/// I-Regexp (RFC 9485) in terms of an ECMA-262 engine.
enum JSONPathIRegexp {
    /// The pattern for an ECMA-262 engine: `.` stands for everything but line feed and carriage return
    /// (RFC 9485 §5.3; ECMA-262 leaves out two more), and `match` covers the whole text.
    static func translated(_ pattern: String, isWhole: Bool) -> String {
        var result = isWhole ? "^(?:" : ""
        var isEscaped = false
        var isInClass = false
        for scalar in pattern.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if isInClass {
                isInClass = scalar != "]"
            } else if scalar == "[" {
                isInClass = true
            } else if scalar == "." {
                result += "[^\\n\\r]"
                continue
            }
            result.unicodeScalars.append(scalar)
        }
        return isWhole ? result + ")$" : result
    }
}
