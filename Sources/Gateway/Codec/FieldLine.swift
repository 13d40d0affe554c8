internal import ProblemDetails

/// One field line of a head, as offsets from the head's first byte. Sixteen bytes, so a head of twenty fields is five
/// cache lines.
struct FieldLine {
    /// The folded hash of the name.
    var hash: UInt32
    /// First byte of the line and of the name.
    var start: UInt16
    /// One past the name.
    var nameEnd: UInt16
    /// First byte of the value, optional whitespace aside.
    var valueStart: UInt16
    /// One past the value, optional whitespace aside.
    var valueEnd: UInt16
    /// One past the line's CRLF.
    var end: UInt16
    /// What the name means.
    var role: FieldRole
    /// Named by `Connection`, or refused for another reason: as if it had not been sent.
    var isRemoved = false

    var name: Range<Int> { Int(start)..<Int(nameEnd) }
    var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    var line: Range<Int> { Int(start)..<Int(end) }
}

/// Where reading a field section stands.
enum FieldStep {
    /// A line was read.
    case line(FieldLine)
    /// The empty line was read; the index is one past it.
    case end(Int)
    /// More bytes are needed.
    case incomplete
}

extension FieldLine {
    /// Reads the line that starts at `start` of a head or trailer section.
    ///
    /// Strict RFC 9112 §5: a name is a token directly followed by a colon; CR and LF only together and at the end; no
    /// obs-fold, because a line may not begin with whitespace; no control characters in values but HTAB.
    @inline(__always)
    static func read(_ bytes: Span<UInt8>, at start: Int, names: FieldNames) throws(Refusal) -> FieldStep {
        guard start < bytes.count else { return .incomplete }
        if bytes[start] == ASCII.carriageReturn {
            guard start + 1 < bytes.count else { return .incomplete }
            guard bytes[start + 1] == ASCII.lineFeed else {
                throw Refusal(.malformedRequest, "a CR stands alone where the head should end")
            }
            return .end(start + 2)
        }
        var index = start
        var hash = FieldNames.hashSeed
        while true {
            guard index < bytes.count else { return .incomplete }
            let byte = bytes[index]
            let folded = names.folded[Int(byte)]
            if folded == 0 {
                // A colon is no token, so the usual end of a name is found by the same test as a malformed one.
                if byte == ASCII.colon { break }
                throw Refusal(.malformedRequest, "a field name holds a byte that no name may hold")
            }
            hash = FieldNames.hashStep(hash, folded: folded)
            index &+= 1
        }
        let nameEnd = index
        guard nameEnd > start else { throw Refusal(.malformedRequest, "a field has no name") }
        index &+= 1
        while index < bytes.count, bytes[index] == ASCII.space || bytes[index] == ASCII.tab { index &+= 1 }
        let valueStart = index
        while true {
            index = bytes.firstControl(from: index)
            guard index < bytes.count else { return .incomplete }
            guard bytes[index] == ASCII.tab else { break }
            index &+= 1
        }
        guard bytes[index] == ASCII.carriageReturn else {
            throw Refusal(.malformedRequest, "a field value holds a control character")
        }
        guard index + 1 < bytes.count else { return .incomplete }
        guard bytes[index + 1] == ASCII.lineFeed else {
            throw Refusal(.malformedRequest, "a CR stands alone in a field")
        }
        var valueEnd = index
        while valueEnd > valueStart, bytes[valueEnd - 1] == ASCII.space || bytes[valueEnd - 1] == ASCII.tab {
            valueEnd &-= 1
        }
        guard index + 2 <= Int(UInt16.max) else { throw Refusal(.headerTooLarge, "the head is too long") }
        return .line(
            FieldLine(
                hash: hash,
                start: UInt16(truncatingIfNeeded: start),
                nameEnd: UInt16(truncatingIfNeeded: nameEnd),
                valueStart: UInt16(truncatingIfNeeded: valueStart),
                valueEnd: UInt16(truncatingIfNeeded: valueEnd),
                end: UInt16(truncatingIfNeeded: index + 2),
                role: names.role(hash: hash, in: bytes, start..<nameEnd)
            )
        )
    }
}
