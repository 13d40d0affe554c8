/// One value of a row in PostgreSQL's binary format.
public struct Cell {
    /// Type of the column.
    public let type: PostgresType
    /// The value; valid only during the decoding call.
    public let bytes: UnsafeRawBufferPointer
}

/// Why a cell could not be read as the type asked for.
public enum CellMismatch: Error, Hashable, Sendable {
    /// The column has another type.
    case type(expected: String)
    /// The value is NULL.
    case null
    /// The type is right and the value is not: too large, not UTF-8, unknown raw value.
    case value(String)
}

/// A Swift type that a column can be read as.
public protocol RowDecodable: Sendable {
    /// Reads a value that is not NULL.
    static func decode(_ cell: Cell) throws(CellMismatch) -> Self
    /// What NULL becomes; only `Optional` gives an answer.
    static func decodeNull() throws(CellMismatch) -> Self
}

extension RowDecodable {
    /// NULL is refused.
    public static func decodeNull() throws(CellMismatch) -> Self { throw CellMismatch.null }
}

extension Optional: RowDecodable where Wrapped: RowDecodable {
    /// The wrapped value.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Wrapped? { try Wrapped.decode(cell) }
    /// NULL is nil.
    public static func decodeNull() throws(CellMismatch) -> Wrapped? { nil }
}

extension Cell {
    /// The bytes as a big-endian integer of exactly `size` bytes, sign-extended.
    func integer(size: Int) throws(CellMismatch) -> Int64 {
        guard bytes.count == size else { throw CellMismatch.value("\(bytes.count) bytes instead of \(size)") }
        var value: Int64 = 0
        for byte in bytes { value = (value << 8) | Int64(byte) }
        let unused = 64 - Int64(size) * 8
        return (value << unused) >> unused
    }

    /// Any integer column.
    func anyInteger() throws(CellMismatch) -> Int64 {
        switch type {
        case .int2: try integer(size: 2)
        case .int4: try integer(size: 4)
        case .int8: try integer(size: 8)
        case .oid: try integer(size: 4) & 0xffff_ffff
        default: throw CellMismatch.type(expected: "int2, int4 or int8")
        }
    }

    /// The bytes as UTF-8.
    func text() throws(CellMismatch) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CellMismatch.value("not UTF-8") }
        return text
    }

    /// The elements of a one-dimensional array without NULLs (`array_send` in the server's source).
    func elements<Element: RowDecodable>(as _: Element.Type) throws(CellMismatch) -> [Element] {
        var reader = CellReader(bytes)
        let dimensions = try reader.integer()
        // The flag that says whether there are NULLs is only a hint.
        _ = try reader.integer()
        let elementType = PostgresType(rawValue: UInt32(truncatingIfNeeded: try reader.integer()))
        guard dimensions <= 1 else { throw CellMismatch.value("\(dimensions) dimensions instead of one") }
        if dimensions == 0 { return [] }
        let count = try reader.integer()
        // The lower bound is of no interest.
        _ = try reader.integer()
        var elements: [Element] = []
        for _ in 0..<max(0, count) {
            let length = try reader.integer()
            if length < 0 {
                elements.append(try Element.decodeNull())
            } else {
                elements.append(try Element.decode(Cell(type: elementType, bytes: try reader.bytes(length))))
            }
        }
        return elements
    }
}

/// Reads lengths and slices out of an array's binary form, never past its end.
private struct CellReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes
    }

    mutating func bytes(_ count: Int) throws(CellMismatch) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw CellMismatch.value("array cut short, or not an array") }
        let taken = UnsafeRawBufferPointer(rebasing: rest[0..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return taken
    }

    mutating func integer() throws(CellMismatch) -> Int {
        Int(try Cell(type: .int4, bytes: try bytes(4)).integer(size: 4))
    }
}

extension String: RowDecodable {
    /// Text types, `json`, `jsonb` (as text) and types made by users whose binary form is text, such as enums.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> String {
        if cell.type == .jsonb {
            // jsonb_send: one version byte, then the text.
            guard cell.bytes.first == 1 else { throw CellMismatch.value("unknown jsonb version") }
            return try Cell(type: .text, bytes: UnsafeRawBufferPointer(rebasing: cell.bytes.dropFirst())).text()
        }
        guard cell.type.isText else { throw CellMismatch.type(expected: "text") }
        return try cell.text()
    }
}

extension Bool: RowDecodable {
    /// `bool`.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Bool {
        guard cell.type == .bool else { throw CellMismatch.type(expected: "bool") }
        return cell.bytes.first == 1
    }
}

extension RowDecodable where Self: FixedWidthInteger {
    /// `int2`, `int4` or `int8` whose value fits.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Self {
        let value = try cell.anyInteger()
        guard let exact = Self(exactly: value) else { throw CellMismatch.value("\(value) does not fit \(Self.self)") }
        return exact
    }
}

extension Int: RowDecodable {}
extension Int16: RowDecodable {}
extension Int32: RowDecodable {}
extension Int64: RowDecodable {}
extension UInt16: RowDecodable {}
extension UInt32: RowDecodable {}
extension UInt64: RowDecodable {}

extension Double: RowDecodable {
    /// `float8` or `float4`.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Double {
        switch cell.type {
        case .float8: return Double(bitPattern: UInt64(bitPattern: try cell.integer(size: 8)))
        case .float4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: try cell.integer(size: 4))))
        default: throw CellMismatch.type(expected: "float8")
        }
    }
}

extension PostgresUUID: RowDecodable {
    /// `uuid`.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> PostgresUUID {
        guard cell.type == .uuid, let uuid = PostgresUUID(bytes: cell.bytes) else {
            throw CellMismatch.type(expected: "uuid")
        }
        return uuid
    }
}

extension Timestamp: RowDecodable {
    /// Microseconds between 1970-01-01 and 2000-01-01, where PostgreSQL's count begins.
    private static let epochDifference: Int64 = 946_684_800_000_000

    /// `timestamptz`; a `timestamp` is refused, since nobody knows its zone.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Timestamp {
        guard cell.type == .timestamptz else { throw CellMismatch.type(expected: "timestamptz") }
        let value = try cell.integer(size: 8)
        // The extreme values are the infinities.
        if value == .max || value == .min { return Timestamp(microseconds: value) }
        let (sum, overflow) = value.addingReportingOverflow(epochDifference)
        guard !overflow else { throw CellMismatch.value("a time beyond 64 bits of microseconds") }
        return Timestamp(microseconds: sum)
    }
}

extension Array: RowDecodable where Element: ArrayElement {
    /// `bytea` for bytes, else a one-dimensional array without NULLs.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> [Element] { try Element.decodeArray(cell) }
}

extension ArrayElement where Self: RowDecodable {
    /// A one-dimensional array without NULLs.
    public static func decodeArray(_ cell: Cell) throws(CellMismatch) -> [Self] { try cell.elements(as: Self.self) }
}

extension String: ArrayElement {}
extension Bool: ArrayElement {}
extension Int: ArrayElement {}
extension Int16: ArrayElement {}
extension Int32: ArrayElement {}
extension Int64: ArrayElement {}
extension Double: ArrayElement {}
extension PostgresUUID: ArrayElement {}
extension Timestamp: ArrayElement {}
extension Array: ArrayElement where Element == UInt8 {}
extension Optional: ArrayElement where Wrapped: ArrayElement & Parameter & RowDecodable {}

extension RowDecodable where Self: RawRepresentable, RawValue: RowDecodable {
    /// The raw value, so that an enum or a newtype conforms by naming `RowDecodable`.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Self {
        let raw = try RawValue.decode(cell)
        guard let value = Self(rawValue: raw) else { throw CellMismatch.value("`\(raw)` is no \(Self.self)") }
        return value
    }
}
