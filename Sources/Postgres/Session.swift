/// Anything that runs statements: a connection, a transaction, or a pool (one statement, any connection).
///
/// Stores take `some Session`, so that the caller decides about the transaction.
public protocol Session: Sendable {
    /// Runs one statement and returns all of its rows.
    ///
    /// Cancelling the task cancels the statement on the server.
    /// - Parameters:
    ///   - statement: One statement.
    ///   - parameters: Values of `$1`, `$2`, … in order.
    ///   - timeout: Longest time to wait for the answer; nil means the connection's own limit.
    /// - Returns: Rows and the number of rows written.
    /// - Throws: `PostgresError`.
    func run(
        _ statement: Statement,
        _ parameters: [any Parameter],
        timeout: Duration?
    ) async throws(PostgresError) -> Answer
}

/// What a statement returned.
public struct Answer: Sendable {
    let result: ResultSet

    /// All rows.
    public var rows: [Row] { (0..<result.count).map { Row(result: result, index: $0) } }
    /// Rows written by INSERT, UPDATE, DELETE or MERGE, or read by SELECT.
    public var affectedCount: Int { result.affectedCount }
    /// The command's tag, for example `INSERT 0 1`.
    public var commandTag: String { result.commandTag }
}

extension Session {
    /// All rows of `statement`.
    ///
    /// - Throws: `PostgresError`.
    public func query(
        _ statement: Statement,
        _ parameters: [any Parameter] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> [Row] {
        try await run(statement, parameters, timeout: timeout).rows
    }

    /// The only row of `statement`, or nil if there is none.
    ///
    /// - Throws: `PostgresError`; `.unexpectedRowCount` for two rows or more.
    public func queryOptional(
        _ statement: Statement,
        _ parameters: [any Parameter] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> Row? {
        let rows = try await query(statement, parameters, timeout: timeout)
        guard rows.count <= 1 else { throw unexpected(rows.count, "at most one", statement) }
        return rows.first
    }

    /// The only row of `statement`.
    ///
    /// - Throws: `PostgresError`; `.unexpectedRowCount` for none or several.
    public func queryOne(
        _ statement: Statement,
        _ parameters: [any Parameter] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> Row {
        let rows = try await query(statement, parameters, timeout: timeout)
        guard rows.count == 1, let row = rows.first else { throw unexpected(rows.count, "one", statement) }
        return row
    }

    /// The first column of the only row.
    ///
    /// - Throws: `PostgresError`; `.unexpectedRowCount` for none or several rows.
    public func queryValue<Value: RowDecodable>(
        _ statement: Statement,
        _ parameters: [any Parameter] = [],
        as type: Value.Type = Value.self,
        timeout: Duration? = nil
    ) async throws(PostgresError) -> Value {
        try await queryOne(statement, parameters, timeout: timeout).decode(at: 0, as: type)
    }

    /// Runs a statement for its effect.
    ///
    /// - Returns: How many rows it wrote.
    /// - Throws: `PostgresError`.
    @discardableResult
    public func execute(
        _ statement: Statement,
        _ parameters: [any Parameter] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> Int {
        try await run(statement, parameters, timeout: timeout).affectedCount
    }

    /// Sends a notice to everyone who listens on `channel`; within a transaction it goes out with the commit.
    ///
    /// - Parameters:
    ///   - channel: Name of the channel, at most 63 bytes.
    ///   - payload: At most 7,999 bytes.
    /// - Throws: `PostgresError`.
    public func notify(channel: String, payload: String = "") async throws(PostgresError) {
        try await execute("SELECT pg_notify($1, $2)", [channel, payload])
    }

    private func unexpected(_ count: Int, _ expected: String, _ statement: Statement) -> PostgresError {
        var error = PostgresError(.unexpectedRowCount, "\(count) rows where \(expected) is expected")
        error.statementName = statement.name
        return error
    }
}
