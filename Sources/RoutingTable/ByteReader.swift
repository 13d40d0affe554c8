/// Reads what `ByteWriter` wrote from bytes that may be anything: every read is checked, and no count is believed beyond
/// the bytes that are left.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8], from: Int = 0) {
        self.bytes = bytes
        position = from
        end = bytes.count
    }

    var isAtEnd: Bool { position == end }

    func malformed(_ what: String) -> SnapshotRejected {
        .malformed(what: what, at: position)
    }

    mutating func byte() throws(SnapshotRejected) -> UInt8 {
        guard position < end else { throw .truncated(at: position) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func flag() throws(SnapshotRejected) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw malformed("a flag is neither 0 nor 1")
        }
    }

    mutating func raw(_ count: Int) throws(SnapshotRejected) -> ArraySlice<UInt8> {
        guard count <= end - position else { throw .truncated(at: position) }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func number() throws(SnapshotRejected) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            let digit = UInt64(byte & 0x7F)
            guard shift < 63 || digit <= 1 else { throw malformed("a number exceeds 64 bits") }
            value |= digit << shift
            if byte & 0x80 == 0 {
                // One spelling a number, so that equal content has equal bytes.
                guard byte != 0 || shift == 0 else { throw malformed("a number has leading zeros") }
                return value
            }
            shift += 7
            guard shift <= 63 else { throw malformed("a number exceeds 64 bits") }
        }
    }

    /// A number of at most `limit`.
    mutating func number(upTo limit: Int, _ what: String) throws(SnapshotRejected) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw malformed("\(value) \(what) are more than the limit of \(limit)") }
        return Int(value)
    }

    /// A count of things that take at least one byte each.
    mutating func count(upTo limit: Int, _ what: String) throws(SnapshotRejected) -> Int {
        let value = try number(upTo: limit, what)
        guard value <= end - position else { throw .truncated(at: end) }
        return value
    }

    mutating func optional() throws(SnapshotRejected) -> Int64? {
        let value = try number()
        guard value > 0 else { return nil }
        let zigzag = value - 1
        return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    }

    mutating func fixed64() throws(SnapshotRejected) -> UInt64 {
        try raw(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func id() throws(SnapshotRejected) -> RecordID {
        guard let value = RecordID(try raw(16)) else { throw malformed("an id has not 16 bytes") }
        return value
    }

    mutating func digest() throws(SnapshotRejected) -> Digest32 {
        guard let value = Digest32(try raw(32)) else { throw malformed("a hash has not 32 bytes") }
        return value
    }

    mutating func text() throws(SnapshotRejected) -> String {
        let count = try count(upTo: RoutingLimits.nameBytesMax, "bytes of text")
        guard let text = String(validating: try raw(count), as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        return text
    }

    mutating func texts() throws(SnapshotRejected) -> [String] {
        let count = try count(upTo: RoutingLimits.listEntriesMax, "entries of a list")
        var values: [String] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try text()) }
        return values
    }

    /// A case of an enumeration by its number.
    mutating func enumeration<Value: RawRepresentable<UInt8>>(
        _ type: Value.Type,
        _ what: String
    ) throws(SnapshotRejected) -> Value {
        guard let value = Value(rawValue: try byte()) else { throw malformed("there is no such \(what)") }
        return value
    }

    /// Refuses what stands after the end.
    func finish() throws(SnapshotRejected) {
        guard isAtEnd else { throw malformed("there are \(end - position) bytes after the end") }
    }
}
