import Postgres

extension [Row] {
    /// Every row as a value.
    func read<Value>(_ make: (Row) throws(CatalogError) -> Value) throws(CatalogError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in self { values.append(try make(row)) }
        return values
    }
}

extension Row {
    /// The row as a value; nil stays nil.
    static func read<Value>(_ row: Row?, _ make: (Row) throws(CatalogError) -> Value) throws(CatalogError) -> Value? {
        guard let row else { return nil }
        return try make(row)
    }
}
