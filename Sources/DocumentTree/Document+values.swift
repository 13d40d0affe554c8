/// What scalars say.
extension Document {
    /// The text of a string; nil for every other kind.
    public func string(_ id: NodeID) -> String? {
        records[id.index].kind == .string ? text(records[id.index]) : nil
    }

    /// The text of any scalar as it is written, after escapes and folding: the exact digits of a number. Nil for
    /// containers.
    public func scalarText(_ id: NodeID) -> String? {
        let record = records[id.index]
        return record.kind.isContainer ? nil : text(record)
    }

    /// The bytes of a scalar's text without a copy, in UTF-8; empty for containers.
    public func textBytes(_ id: NodeID) -> ArraySlice<UInt8> {
        let record = records[id.index]
        guard record.textLength > 0 else { return [] }
        return record.textStart >= 0
            ? source.bytes[Int(record.textStart)..<Int(record.textStart + record.textLength)]
            : arena[Int(~record.textStart)..<Int(~record.textStart + record.textLength)]
    }

    /// Calls a closure with the bytes of a scalar's text, in UTF-8; with none for containers.
    public func withUTF8<Result>(_ id: NodeID, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result
    {
        let record = records[id.index]
        let length = Int(record.textLength)
        if record.textStart >= 0 {
            let start = Int(record.textStart)
            return try source.bytes.withUnsafeBufferPointer {
                try body(UnsafeBufferPointer(rebasing: $0[start..<start + length]))
            }
        }
        let start = Int(~record.textStart)
        return try arena.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[start..<start + length])) }
    }

    /// The value of an integer; nil for another kind and for one beyond `Int`.
    public func integer(_ id: NodeID) -> Int? {
        let record = records[id.index]
        guard record.kind == .integer else { return nil }
        return YAMLScalar.integer(text(record))
    }

    /// The value of an integer or a number, rounded to the nearest `Double`; nil for another kind.
    public func number(_ id: NodeID) -> Double? {
        let record = records[id.index]
        guard record.kind == .integer || record.kind == .number else { return nil }
        return YAMLScalar.number(text(record))
    }

    /// The value of a boolean; nil for another kind.
    public func boolean(_ id: NodeID) -> Bool? {
        let record = records[id.index]
        guard record.kind == .boolean else { return nil }
        // `true`, `True` and `TRUE`: no other boolean starts with this letter.
        let first = textBytes(id).first
        return first == UInt8(ascii: "t") || first == UInt8(ascii: "T")
    }

    private func text(_ record: NodeRecord) -> String {
        let length = Int(record.textLength)
        if length == 0 { return "" }
        if record.textStart >= 0 {
            let start = Int(record.textStart)
            return String(decoding: source.bytes[start..<start + length], as: UTF8.self)
        }
        let start = Int(~record.textStart)
        return String(decoding: arena[start..<start + length], as: UTF8.self)
    }
}
