/// Builds a message head (and a small body behind it), so that all of it leaves in one write.
///
/// Works on a plain array that is sent as it is: some thirty small appends to a buffer behind a class cost more, because
/// each one checks ownership, exclusivity and capacity.
struct HeadWriter {
    var bytes: [UInt8]

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    @inline(__always)
    mutating func append(_ text: StaticString) { bytes.append(text) }

    @inline(__always)
    mutating func append(_ other: [UInt8]) { bytes.append(other.span) }

    @inline(__always)
    mutating func append(_ other: Span<UInt8>) { bytes.append(other) }

    /// Appends `range` of `other`.
    @inline(__always)
    mutating func append(_ other: Span<UInt8>, _ range: Range<Int>) { bytes.append(other.extracting(range)) }

    /// Appends all of it.
    @inline(__always)
    mutating func append(_ view: ByteView) { bytes.append(view.span) }

    @inline(__always)
    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(decimal value: UInt64) { bytes.append(decimal: value) }

    mutating func append(hexadecimal value: Int) {
        var digits: InlineArray<16, UInt8> = .init(repeating: 0)
        var first = 16
        var rest = value
        repeat {
            first &-= 1
            let digit = UInt8(truncatingIfNeeded: rest & 0x0F)
            digits[first] = digit < 10 ? ASCII.zero &+ digit : UInt8(ascii: "a") &+ digit &- 10
            rest &>>= 4
        } while rest > 0
        append(digits.span.extracting(first..<16))
    }
}
