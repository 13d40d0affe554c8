/// A value that can stand for `$1`, `$2`, … of a statement.
///
/// Values travel as text and the server infers the type from the statement, so that one `Int` fits `int2`, `int4`,
/// `int8` and `numeric`, and one `String` fits `text`, `jsonb` and an enum; only `bytea` travels as bytes.
public protocol Parameter: Sendable {
    /// The value as it goes over the wire.
    var parameterValue: ParameterValue { get }
}

/// A parameter as it goes over the wire.
public enum ParameterValue: Hashable, Sendable {
    /// SQL NULL.
    case null
    /// Text in the input syntax of the parameter's type; must not hold U+0000.
    case text(String)
    /// Bytes of a `bytea`.
    case bytes([UInt8])
}

/// A type whose arrays can be parameters and columns: `text[]`, `uuid[]`, `int8[]` … and, for `UInt8`, `bytea`.
public protocol ArrayElement: Sendable {
    /// The whole array as one parameter.
    static func arrayParameter(_ elements: [Self]) -> ParameterValue
    /// The whole array from one column; throws what was found instead.
    static func decodeArray(_ cell: Cell) throws(CellMismatch) -> [Self]
}

extension String: Parameter {
    /// The text itself.
    public var parameterValue: ParameterValue { .text(self) }
}

extension Substring: Parameter {
    /// The text itself.
    public var parameterValue: ParameterValue { .text(String(self)) }
}

extension Bool: Parameter {
    /// `true` or `false`.
    public var parameterValue: ParameterValue { .text(self ? "true" : "false") }
}

extension Double: Parameter {
    /// Shortest text that reads back as the same number; `NaN` and infinities in the server's spelling.
    public var parameterValue: ParameterValue {
        if isNaN { return .text("NaN") }
        return .text(isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : String(self))
    }
}

extension Parameter where Self: BinaryInteger {
    /// Decimal digits.
    public var parameterValue: ParameterValue { .text(String(self)) }
}

extension Int: Parameter {}
extension Int16: Parameter {}
extension Int32: Parameter {}
extension Int64: Parameter {}
extension UInt16: Parameter {}
extension UInt32: Parameter {}
extension UInt64: Parameter {}

extension PostgresUUID: Parameter {
    /// Text form.
    public var parameterValue: ParameterValue { .text(description) }
}

extension Timestamp: Parameter {
    /// Text with offset `+00`.
    public var parameterValue: ParameterValue { .text(postgresText) }
}

extension Optional: Parameter where Wrapped: Parameter {
    /// The wrapped value, or NULL.
    public var parameterValue: ParameterValue { self?.parameterValue ?? .null }
}

extension Array: Parameter where Element: ArrayElement {
    /// `bytea` for bytes, else an array.
    public var parameterValue: ParameterValue { Element.arrayParameter(self) }
}

extension Parameter where Self: RawRepresentable, RawValue: Parameter {
    /// The raw value, so that an enum or a newtype conforms by naming `Parameter`.
    public var parameterValue: ParameterValue { rawValue.parameterValue }
}

extension ArrayElement where Self: Parameter {
    /// `{"…","…"}` with every element quoted (PostgreSQL manual, section 8.15.6).
    public static func arrayParameter(_ elements: [Self]) -> ParameterValue {
        var text = "{"
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            switch element.parameterValue {
            case .null: text += "NULL"
            case .bytes(let bytes): text += "\"\\\\x\(Hexadecimal.text(of: bytes))\""
            case .text(let value):
                text += "\""
                for scalar in value.unicodeScalars {
                    if scalar == "\"" || scalar == "\\" { text += "\\" }
                    text.unicodeScalars.append(scalar)
                }
                text += "\""
            }
        }
        return .text(text + "}")
    }
}

extension UInt8: ArrayElement {
    /// Bytes are a `bytea`, not an array.
    public static func arrayParameter(_ elements: [UInt8]) -> ParameterValue { .bytes(elements) }

    /// The bytes of a `bytea`.
    public static func decodeArray(_ cell: Cell) throws(CellMismatch) -> [UInt8] {
        guard cell.type == .bytea else { throw CellMismatch.type(expected: "bytea") }
        return Array(cell.bytes)
    }
}
