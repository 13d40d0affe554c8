// Rendering to JSON bytes, without Foundation so that the data plane can use it.

extension Problem {
    /// The JSON text in UTF-8. Members come in the order type, title, status, code, detail, instance, errors, extensions.
    public var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(into: &bytes)
        return bytes
    }

    /// Appends the JSON text to `bytes`.
    ///
    /// - Parameter bytes: Where to append.
    public func write(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: ProblemCatalogue.opening(of: code))
        if let detail { ProblemJSON.appendMember("detail", detail, to: &bytes) }
        if let instance { ProblemJSON.appendMember("instance", instance, to: &bytes) }
        if !errors.isEmpty { appendErrors(to: &bytes) }
        for member in extensions {
            bytes.append(UInt8(ascii: ","))
            member.write(into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func appendErrors(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #","errors":["#.utf8)
        for (index, violation) in errors.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            violation.write(into: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}

extension FieldViolation {
    fileprivate func write(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"pointer":"#.utf8)
        ProblemJSON.appendString(pointer, to: &bytes)
        ProblemJSON.appendMember("detail", detail, to: &bytes)
        if let ruleID { ProblemJSON.appendMember("rule_id", ruleID, to: &bytes) }
        if let file { ProblemJSON.appendMember("file", file, to: &bytes) }
        if let line { bytes.append(contentsOf: #","line":\#(line)"#.utf8) }
        bytes.append(UInt8(ascii: "}"))
    }
}

extension Problem.Extension {
    fileprivate func write(into bytes: inout [UInt8]) {
        ProblemJSON.appendString(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        value.write(into: &bytes)
    }
}

extension ExtensionValue {
    fileprivate func write(into bytes: inout [UInt8]) {
        switch self {
        case .string(let text): ProblemJSON.appendString(text, to: &bytes)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                member.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
