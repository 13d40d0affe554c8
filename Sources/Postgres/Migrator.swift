/// Brings a database to the shape this program needs: forward only, each migration in one transaction, each recorded
/// with its SHA-256 in `schema_migration`.
///
/// Any number of programs may start it at once: an advisory lock lets one work while the others wait, and those then
/// find nothing to do. Interrupted anywhere it goes on at the first migration that was not committed.
public struct Migrator: Sendable {
    /// All migrations of this program, by number.
    public let migrations: [Migration]
    /// How long to wait for another program that migrates.
    public var waitForOthers = Duration.seconds(120)
    /// `statement_timeout` within a migration.
    public var statementTimeout = Duration.seconds(900)

    /// One migration as a database sees it.
    public struct Status: Hashable, Sendable {
        /// What became of a migration.
        public enum State: Hashable, Sendable {
            /// It was applied, and the file is the same still.
            case applied(at: Timestamp)
            /// It will be applied.
            case pending
            /// It was applied, and the file is another now.
            case changed(appliedAt: Timestamp)
            /// It was applied, and this program does not have it.
            case unknown(appliedAt: Timestamp)
        }

        /// File name.
        public let name: String
        /// What became of it.
        public let state: State
    }

    /// Takes all migrations of this program.
    ///
    /// - Throws: `MigrationFailure.badName`, `.duplicateNumber` or `.gap`.
    public init(files: [String: String]) throws(MigrationFailure) {
        var migrations: [Migration] = []
        for (path, text) in files { migrations.append(try Migration(name: path, text: text)) }
        try self.init(migrations: migrations)
    }

    /// Takes all migrations of this program, in any order.
    ///
    /// - Throws: `MigrationFailure.duplicateNumber` or `.gap`.
    public init(migrations: [Migration]) throws(MigrationFailure) {
        let sorted = migrations.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.number == second.number {
            throw .duplicateNumber(first.name, second.name)
        }
        for (index, migration) in sorted.enumerated() where migration.number != index + 1 {
            throw .gap(missing: index + 1, before: migration.name)
        }
        self.migrations = sorted
    }

    /// Applies what is not applied yet.
    ///
    /// - Returns: Names of the migrations this call applied, in order.
    /// - Throws: `MigrationFailure`.
    @discardableResult
    public func run(on configuration: ConnectionConfiguration) async throws(MigrationFailure) -> [String] {
        var configuration = configuration
        configuration.statementTimeout = max(statementTimeout, waitForOthers + .seconds(1))
        let connection: Connection
        do throws(PostgresError) {
            connection = try await Connection.open(configuration)
        } catch { throw .database(error) }
        do throws(MigrationFailure) {
            try await lock(connection, configuration.lockTimeout)
            let applied = try await applyPending(on: connection)
            // The lock ends with the session.
            await connection.close()
            return applied
        } catch {
            await connection.close()
            throw error
        }
    }

    /// What `run` would find, without changing anything.
    ///
    /// - Throws: `PostgresError`.
    public func status(on configuration: ConnectionConfiguration) async throws(PostgresError) -> [Status] {
        let connection = try await Connection.open(configuration)
        do throws(PostgresError) {
            let exists: Bool = try await connection.queryValue("SELECT to_regclass('schema_migration') IS NOT NULL")
            let status =
                exists
                ? try await self.status(on: connection) : migrations.map { Status(name: $0.name, state: .pending) }
            await connection.close()
            return status
        } catch {
            await connection.close()
            throw error
        }
    }

    // MARK: Steps

    private func lock(_ connection: Connection, _ lockTimeout: Duration) async throws(MigrationFailure) {
        do throws(PostgresError) {
            let set: Statement = "SELECT set_config('lock_timeout', $1, false)"
            _ = try await connection.query(set, [String(waitForOthers.milliseconds)])
            // One lock a schema, so that programs with schemas of their own do not wait for each other.
            _ = try await connection.query(
                "SELECT pg_advisory_lock(hashtextextended('schema_migration ' || coalesce(current_schema(), ''), 0))",
                timeout: waitForOthers + .seconds(10)
            )
            _ = try await connection.query(set, [String(lockTimeout.milliseconds)])
        } catch {
            if error.sqlState == .lockNotAvailable { throw .locked(waited: waitForOthers) }
            throw .database(error)
        }
    }

    private func applyPending(on connection: Connection) async throws(MigrationFailure) -> [String] {
        let status: [Status]
        do throws(PostgresError) {
            try await connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    name text PRIMARY KEY,
                    checksum bytea NOT NULL CONSTRAINT checksum_is_sha256 CHECK (octet_length(checksum) = 32),
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """
            )
            status = try await self.status(on: connection)
        } catch { throw .database(error) }
        try check(status)
        var applied: [String] = []
        let pending = Set(status.filter { $0.state == .pending }.map(\.name))
        for migration in migrations where pending.contains(migration.name) {
            try await apply(migration, on: connection)
            applied.append(migration.name)
        }
        return applied
    }

    private func check(_ status: [Status]) throws(MigrationFailure) {
        var lastApplied: String?
        for entry in status {
            switch entry.state {
            case .changed: throw .changed(entry.name)
            case .unknown: throw .unknown(entry.name)
            case .applied: lastApplied = entry.name
            case .pending: break
            }
        }
        guard let lastApplied else { return }
        for entry in status.prefix(while: { $0.name != lastApplied }) where entry.state == .pending {
            throw .outOfOrder(entry.name, after: lastApplied)
        }
    }

    private func apply(_ migration: Migration, on connection: Connection) async throws(MigrationFailure) {
        do {
            try await connection.transaction { transaction in
                try await connection.runScript(migration.text, name: migration.name)
                guard connection.hasOpenTransaction else { throw MigrationFailure.endedTransaction(migration.name) }
                try await transaction.execute(
                    "INSERT INTO schema_migration (name, checksum) VALUES ($1, sha256(convert_to($2, 'UTF8')))",
                    [migration.name, migration.text]
                )
            }
        } catch let failure as MigrationFailure {
            throw failure
        } catch let error as PostgresError {
            let place = error.position.map { Self.place(ofCharacter: $0, in: migration.text) }
            throw .refused(migration.name, line: place?.line, column: place?.column, error)
        } catch {
            throw .database(PostgresError(.connectionFailed, "\(error)"))
        }
    }

    /// Applied and pending migrations by number.
    private func status(on connection: Connection) async throws(PostgresError) -> [Status] {
        // The server compares: it has SHA-256 built in, and this module needs no library for it.
        let rows = try await connection.query(
            """
            SELECT coalesce(applied.name, known.name) AS name, applied.applied_at AS applied_at,
                   known.name IS NULL AS is_unknown,
                   applied.checksum IS DISTINCT FROM sha256(convert_to(known.text, 'UTF8')) AS is_changed
            FROM schema_migration AS applied
            FULL JOIN unnest($1::text[], $2::text[]) AS known(name, text) ON known.name = applied.name
            ORDER BY coalesce(applied.name, known.name) COLLATE "C"
            """,
            [migrations.map(\.name), migrations.map(\.text)]
        )
        var status: [Status] = []
        for row in rows {
            let appliedAt: Timestamp? = try row.decode("applied_at")
            let state: Status.State
            if let appliedAt {
                if try row.decode("is_unknown", as: Bool.self) {
                    state = .unknown(appliedAt: appliedAt)
                } else {
                    state = try row.decode("is_changed") ? .changed(appliedAt: appliedAt) : .applied(at: appliedAt)
                }
            } else {
                state = .pending
            }
            status.append(Status(name: try row.decode("name"), state: state))
        }
        return status
    }

    /// Line and column, from 1, of the character (from 1) that PostgreSQL counts in code points.
    static func place(ofCharacter position: Int, in text: String) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for scalar in text.unicodeScalars.prefix(max(0, position - 1)) {
            if scalar == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return (line, column)
    }
}
