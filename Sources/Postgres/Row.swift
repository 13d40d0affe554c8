import CLibPQ

/// The rows of one answer, shared by every `Row` of it.
///
/// SAFETY: libpq never changes a `PGresult` once it was handed out, and only reading functions are called on it
/// (libpq manual, section 34.20); it is freed once, when the last row goes. Guarded by the test that reads one answer
/// from many tasks.
final class ResultSet: @unchecked Sendable {
    private let result: OpaquePointer
    private let columnIndexes: [String: Int32]
    let statementName: String?
    let count: Int

    /// Takes ownership of `result`.
    init(owning result: OpaquePointer, statementName: String?) {
        self.result = result
        self.statementName = statementName
        count = Int(PQntuples(result))
        var indexes: [String: Int32] = [:]
        for index in 0..<PQnfields(result) {
            guard let name = PQfname(result, index) else { continue }
            // The first column of a name wins, as in PQfnumber.
            let text = String(cString: name)
            if indexes[text] == nil { indexes[text] = index }
        }
        columnIndexes = indexes
    }

    deinit { PQclear(result) }

    /// Rows written by INSERT, UPDATE, DELETE or MERGE, or read by SELECT.
    var affectedCount: Int {
        guard let text = PQcmdTuples(result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// The command's tag, for example `INSERT 0 1`.
    var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    var columnNames: [String] {
        (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
    }

    func index(of column: String) -> Int32? { columnIndexes[column] }

    func decode<Value: RowDecodable>(row: Int, column: Int32, as _: Value.Type) throws(CellMismatch) -> Value {
        guard column >= 0, column < PQnfields(result) else { throw CellMismatch.value("no such column") }
        let row = Int32(truncatingIfNeeded: row)
        if PQgetisnull(result, row, column) == 1 { return try Value.decodeNull() }
        let length = Int(PQgetlength(result, row, column))
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
        return try Value.decode(Cell(type: PostgresType(rawValue: PQftype(result, column)), bytes: bytes))
    }

    func type(of column: Int32) -> PostgresType { PostgresType(rawValue: PQftype(result, column)) }
}

/// One row of an answer. Cheap to copy: the values stay in libpq's buffer until they are asked for.
public struct Row: Sendable {
    let result: ResultSet
    let index: Int

    /// Names of the columns, in order.
    public var columnNames: [String] { result.columnNames }

    /// The value of the column called `column`. Ask for an `Optional` where NULL means something.
    ///
    /// - Throws: `PostgresError` of kind `.decoding` naming the column, for a missing column, a NULL or another type.
    public func decode<Value: RowDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let columnIndex = result.index(of: column) else {
            throw failure(column, "no such column; the columns are \(columnNames.joined(separator: ", "))")
        }
        return try decode(columnIndex, name: column, as: type)
    }

    /// The value of the column at `position`, counted from zero.
    ///
    /// - Throws: `PostgresError` of kind `.decoding`, for a missing column, a NULL or another type.
    public func decode<Value: RowDecodable>(
        at position: Int,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        try decode(Int32(truncatingIfNeeded: position), name: "\(position)", as: type)
    }

    private func decode<Value: RowDecodable>(
        _ column: Int32,
        name: String,
        as type: Value.Type
    ) throws(PostgresError) -> Value {
        do throws(CellMismatch) {
            return try result.decode(row: index, column: column, as: type)
        } catch {
            switch error {
            case .null:
                throw failure(name, "NULL where \(Value.self) is expected")
            case .type(let expected):
                let found = result.type(of: column).displayName
                throw failure(name, "\(found) where \(expected) is expected for \(Value.self)")
            case .value(let problem):
                throw failure(name, problem)
            }
        }
    }

    private func failure(_ column: String, _ problem: String) -> PostgresError {
        var error = PostgresError(.decoding, "column `\(column)`: \(problem)")
        error.column = column
        error.statementName = result.statementName
        return error
    }
}
