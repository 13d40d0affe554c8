/// Types of a statement's parameters and columns as the server inferred them.
public struct StatementDescription: Hashable, Sendable {
    /// A column of the answer.
    public struct Column: Hashable, Sendable {
        /// Name.
        public let name: String
        /// Type as `format_type` writes it, for example `timestamp with time zone`.
        public let type: String
    }

    /// Types of `$1`, `$2`, … as `format_type` writes them.
    public let parameterTypes: [String]
    /// Columns in order; empty for a statement that returns no rows.
    public let columns: [Column]
}

extension Connection {
    /// Prepares a statement and tells what the server inferred about it, without running it.
    ///
    /// - Throws: `PostgresError`, for example of a syntax error.
    public nonisolated func describe(_ statement: Statement) async throws(PostgresError) -> StatementDescription {
        let raw = try await rawDescription(of: statement)
        let types = raw.parameters + raw.columns.map(\.type)
        let names = try await query(
            "SELECT format_type(oid::oid, NULL) AS name FROM unnest($1::int8[]) WITH ORDINALITY AS t(oid, place) ORDER BY place",
            [types.map { Int64($0.rawValue) }]
        )
        var texts: [String] = []
        for row in names { texts.append(try row.decode("name")) }
        return StatementDescription(
            parameterTypes: Array(texts.prefix(raw.parameters.count)),
            columns: zip(raw.columns, texts.dropFirst(raw.parameters.count))
                .map { StatementDescription.Column(name: $0.0.name, type: $0.1) }
        )
    }

    /// The plan of a statement with these values, one line of `EXPLAIN` an element.
    ///
    /// - Throws: `PostgresError`.
    public nonisolated func plan(
        of statement: Statement,
        _ parameters: [any Parameter]
    ) async throws(PostgresError) -> [String] {
        let explain = Statement(
            unsafeSQL: "EXPLAIN (COSTS OFF)\n" + statement.text,
            name: statement.name,
            isPrepared: false
        )
        var lines: [String] = []
        for row in try await query(explain, parameters) { lines.append(try row.decode(at: 0)) }
        return lines
    }

    /// The indexes that the plan of a statement with these values reads.
    ///
    /// - Throws: `PostgresError`.
    public nonisolated func indexesUsed(
        by statement: Statement,
        _ parameters: [any Parameter]
    ) async throws(PostgresError) -> Set<String> {
        var indexes: Set<String> = []
        for line in try await plan(of: statement, parameters) {
            for marker in ["Index Scan using ", "Index Only Scan using ", "Backward using ", "Bitmap Index Scan on "] {
                guard let range = line.firstRange(of: marker) else { continue }
                indexes.insert(String(line[range.upperBound...].prefix { !$0.isWhitespace }))
            }
        }
        return indexes
    }
}

extension SQLLibrary {
    /// Compares what every header promises with what a migrated database says.
    ///
    /// - Returns: One sentence for each difference, empty if every promise holds. A file without `params` or `returns`
    ///   line is a difference too.
    /// - Throws: `PostgresError` only if the connection fails; a statement that the server refuses is a difference.
    public func verify(on connection: Connection) async throws(PostgresError) -> [String] {
        var problems: [String] = []
        for entry in entries {
            let description: StatementDescription
            do throws(PostgresError) {
                description = try await connection.describe(entry.statement)
            } catch {
                guard error.kind == .server else { throw error }
                problems.append("`\(entry.name)`: \(error)")
                continue
            }
            let parameters = try await Self.types(entry.parameters, on: connection)
            problems += Self.differences(
                promised: parameters,
                found: description.parameterTypes.enumerated().map { ("$\($0.offset + 1)", $0.element) },
                what: "params",
                checksNames: false
            ).map { "`\(entry.name)`: \($0)" }
            problems += Self.differences(
                promised: try await Self.types(entry.columns, on: connection),
                found: description.columns.map { ($0.name, $0.type) },
                what: "returns",
                checksNames: true
            ).map { "`\(entry.name)`: \($0)" }
        }
        return problems
    }

    /// Promised columns with their types in the server's own spelling; "unknown type" where there is none.
    private static func types(
        _ columns: [Column]?,
        on connection: Connection
    ) async throws(PostgresError) -> [(name: String, type: String)]? {
        guard let columns else { return nil }
        let rows = try await connection.query(
            """
            SELECT coalesce(format_type(to_regtype(name)::oid, NULL), 'unknown type `' || name || '`') AS type
            FROM unnest($1::text[]) WITH ORDINALITY AS t(name, place) ORDER BY place
            """,
            [columns.map(\.type)]
        )
        var types: [(name: String, type: String)] = []
        for (column, row) in zip(columns, rows) { types.append((column.name, try row.decode("type"))) }
        return types
    }

    private static func differences(
        promised: [(name: String, type: String)]?,
        found: [(name: String, type: String)],
        what: String,
        checksNames: Bool
    ) -> [String] {
        guard let promised else { return ["no `\(what)` line in the header"] }
        guard promised.count == found.count else {
            let list = found.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
            return [
                "`\(what)` promises \(promised.count), the server says \(found.count): \(list.isEmpty ? "none" : list)"
            ]
        }
        return zip(promised, found).compactMap { promised, found in
            if checksNames, promised.name != found.name {
                return "`\(what)` promises `\(promised.name)` where the server says `\(found.name)`"
            }
            guard promised.type != found.type else { return nil }
            return "`\(what)` promises `\(promised.name)` as \(promised.type), the server says \(found.type)"
        }
    }
}
