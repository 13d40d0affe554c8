public import Lifecycle
public import Postgres

/// The domain's values as parameters and columns.

extension Identifier: Parameter {
    /// The UUID's text.
    public var parameterValue: ParameterValue { PostgresUUID(high: value.high, low: value.low).parameterValue }
}

extension Identifier: RowDecodable {
    /// Reads the column.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Identifier {
        let identifier = try PostgresUUID.decode(cell)
        return Identifier(UniqueIdentifier(high: identifier.high, low: identifier.low))
    }
}

/// `uuid[]` by way of the elements.
extension Identifier: ArrayElement {}

extension Moment: Parameter {
    /// As it goes over the wire.
    public var parameterValue: ParameterValue { Timestamp(microseconds: microseconds).parameterValue }
}

extension Moment: RowDecodable {
    /// Reads the column.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> Moment {
        Moment(microseconds: try Timestamp.decode(cell).microseconds)
    }
}

extension UniqueIdentifier: Parameter {
    /// The UUID's text.
    public var parameterValue: ParameterValue { PostgresUUID(high: high, low: low).parameterValue }
}

extension UniqueIdentifier: RowDecodable {
    /// Reads the column.
    public static func decode(_ cell: Cell) throws(CellMismatch) -> UniqueIdentifier {
        let identifier = try PostgresUUID.decode(cell)
        return UniqueIdentifier(high: identifier.high, low: identifier.low)
    }
}

extension Row {
    /// The value of `column`; ask for an `Optional` where NULL means something.
    ///
    /// - Throws: ``CatalogError/unexpected(reason:)`` where the query and its reader disagree.
    public func read<Value: RowDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(CatalogError) -> Value {
        do {
            return try decode(column, as: type)
        } catch {
            throw CatalogError(error)
        }
    }
}
