/// Writes an artifact's body: numbers as little-endian base-128 (LEB128), texts with their length before them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func raw(_ value: [UInt8]) {
        bytes += value
    }

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ value: Int) {
        number(UInt64(value))
    }

    /// A number that may be negative or absent: 0 for nil, else one more than its zigzag form.
    mutating func optional(_ value: Int64?) {
        guard let value else {
            number(0)
            return
        }
        // The one value whose successor does not fit is no time and no major; it is kept as the one above it.
        let clamped = max(value, Int64.min + 1)
        number(UInt64(bitPattern: clamped << 1 ^ clamped >> 63) &+ 1)
    }

    mutating func fixed64(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func id(_ value: RecordID) {
        bytes += value.bytes
    }

    mutating func digest(_ value: Digest32) {
        bytes += value.bytes
    }

    /// - Throws: `InvalidContent` for a text above the limit.
    mutating func text(_ value: String) throws(InvalidContent) {
        let utf8 = value.utf8
        guard utf8.count <= RoutingLimits.nameBytesMax else {
            throw InvalidContent(
                "text `\(value.prefix(40))…`",
                "\(utf8.count) bytes are more than the limit of \(RoutingLimits.nameBytesMax)"
            )
        }
        count(utf8.count)
        bytes += utf8
    }

    mutating func texts(_ values: [String]) throws(InvalidContent) {
        guard values.count <= RoutingLimits.listEntriesMax else {
            throw InvalidContent(
                "a list",
                "\(values.count) entries are more than the limit of \(RoutingLimits.listEntriesMax)"
            )
        }
        count(values.count)
        for value in values { try text(value) }
    }
}
