import PostgresTesting
import Testing

@testable import Postgres

/// What an asynchronous closure throws, as a `PostgresError`.
func postgresError(_ body: () async throws -> Void) async -> PostgresError? {
    do {
        try await body()
        return nil
    } catch let error as any PostgresErrorCarrying {
        return error.postgresError
    } catch {
        Issue.record("not a PostgresError: \(error)")
        return nil
    }
}

@Suite("Errors of statements")
struct ErrorTests {
    @Test("a violated constraint is named with its table, and a missing value with its column")
    func constraints() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            try await session.runScript(
                """
                CREATE TABLE team (name text CONSTRAINT team_name_is_unique UNIQUE, size int NOT NULL,
                                   CONSTRAINT size_is_positive CHECK (size > 0));
                CREATE TABLE member (team text NOT NULL CONSTRAINT member_has_team REFERENCES team (name));
                INSERT INTO team (name, size) VALUES ('a', 1)
                """
            )
            let insert = Statement(unsafeSQL: "INSERT INTO team (name, size) VALUES ($1, $2)", name: "team/insert")
            let unique = await postgresError { try await session.execute(insert, ["a", 2]) }
            #expect(unique?.kind == .server)
            #expect(unique?.sqlState == .uniqueViolation)
            #expect(unique?.constraint == "team_name_is_unique")
            #expect(unique?.table == "team")
            #expect(unique?.schema == "public")
            #expect(unique?.statementName == "team/insert")
            #expect(unique?.detail?.contains("(a)") == true)
            #expect(unique?.description.contains("constraint `team_name_is_unique`") == true)
            let check = await postgresError { try await session.execute(insert, ["b", 0]) }
            #expect(check?.sqlState == .checkViolation)
            #expect(check?.constraint == "size_is_positive")
            let missing = await postgresError { try await session.execute(insert, ["b", Int?.none]) }
            #expect(missing?.sqlState == .notNullViolation)
            #expect(missing?.column == "size")
            let foreign = await postgresError {
                try await session.execute("INSERT INTO member (team) VALUES ($1)", ["z"])
            }
            #expect(foreign?.sqlState == .foreignKeyViolation)
            #expect(foreign?.constraint == "member_has_team")
            #expect(unique?.isUnavailability == false)
            #expect(unique?.isRetryable == false)
            await session.close()
        }
    }

    @Test("a syntax error has its position, and the connection goes on")
    func syntax() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let error = await postgresError { _ = try await session.query("SELECT 1 FORM x") }
            #expect(error?.sqlState == .syntaxError)
            #expect(error?.position == 15)
            let two = await postgresError { _ = try await session.query("SELECT 1; SELECT 2") }
            #expect(two?.sqlState == .syntaxError)
            #expect(try await session.queryValue("SELECT 2", as: Int.self) == 2)
            await session.close()
        }
    }

    @Test("row counts that a caller insists on are checked")
    func rowCounts() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            #expect(
                await postgresError { _ = try await session.queryOne("SELECT 1 WHERE false") }?.kind
                    == .unexpectedRowCount
            )
            #expect(
                await postgresError { _ = try await session.queryOptional("VALUES (1), (2)") }?.kind
                    == .unexpectedRowCount
            )
            #expect(try await session.queryOptional("SELECT 1 WHERE false") == nil)
            try await session.runScript("CREATE TABLE t (n int)")
            #expect(try await session.execute("INSERT INTO t (n) VALUES (1), (2), (3)") == 3)
            #expect(try await session.execute("DELETE FROM t WHERE n > $1", [1]) == 2)
            await session.close()
        }
    }

    @Test("COPY is refused with an error instead of a hang")
    func copy() async throws {
        try await TestDatabase.with { configuration in
            let pool = ConnectionPool(PoolConfiguration(configuration))
            let error = await postgresError { _ = try await pool.query("COPY (SELECT 1) TO STDOUT") }
            #expect(error?.sqlState == .featureNotSupported)
            let one: Int = try await pool.queryValue("SELECT 1")
            #expect(one == 1)
            await pool.close()
        }
    }

    @Test("a failed script leaves nothing behind and says where it failed")
    func script() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let text = "CREATE TABLE half (n int);\nSELECT nonsense;"
            let error = await postgresError { try await session.runScript(text, name: "half.sql") }
            #expect(error?.statementName == "half.sql")
            #expect(error?.position == 35)
            #expect(try await session.queryValue("SELECT to_regclass('half') IS NULL", as: Bool.self))
            await session.close()
        }
    }

    @Test("notices of the server are not written to standard error and do not disturb")
    func notices() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            try await session.runScript(
                "DO $$ BEGIN FOR i IN 1..1000 LOOP RAISE WARNING 'noise %', i; END LOOP; END $$"
            )
            #expect(try await session.queryValue("SELECT 1", as: Int.self) == 1)
            await session.close()
        }
    }

    @Test("prepared statements are kept once each, bounded, and prepared again when their table changes")
    func prepared() async throws {
        try await TestDatabase.with { configuration in
            var configuration = configuration
            configuration.preparedStatementsMax = 4
            let session = try await Connection.open(configuration)
            for number in 0..<20 {
                let statement = Statement(unsafeSQL: "SELECT \(number % 10) + $1::int")
                #expect(try await session.queryValue(statement, [1], as: Int.self) == number % 10 + 1)
            }
            for _ in 0..<5 { _ = try await session.query("SELECT 'again'") }
            #expect(await session.preparedCount == 4)
            let known: Int = try await session.queryValue(
                Statement(unsafeSQL: "SELECT count(*) FROM pg_prepared_statements", isPrepared: false)
            )
            #expect(known <= 5)
            try await session.runScript("CREATE TABLE t (a int); INSERT INTO t (a) VALUES (1)")
            let all: Statement = "SELECT * FROM t"
            #expect(try await session.queryOne(all).columnNames == ["a"])
            try await session.runScript("ALTER TABLE t ADD COLUMN b int DEFAULT 2")
            #expect(try await session.queryOne(all).columnNames == ["a", "b"])
            try await session.runScript("DEALLOCATE ALL")
            #expect(try await session.queryOne(all).columnNames == ["a", "b"])
            // Within a transaction the change is an error once, and the next transaction is fine.
            try await session.runScript("ALTER TABLE t ADD COLUMN c int")
            let inside = await postgresError { _ = try await session.transaction { try await $0.query(all) } }
            #expect(inside?.sqlState == .featureNotSupported)
            #expect(try await session.transaction { try await $0.queryOne(all) }.columnNames == ["a", "b", "c"])
            await session.close()
        }
    }

    @Test("the least recently used statement is the one forgotten")
    func leastRecentlyUsed() {
        var cache = StatementCache(countMax: 2)
        cache.insert("a", name: cache.makeName())
        cache.insert("b", name: cache.makeName())
        #expect(cache.name(for: "a") == "s1")
        cache.insert("c", name: cache.makeName())
        #expect(cache.name(for: "b") == nil)
        #expect(cache.name(for: "a") == "s1")
        #expect(cache.name(for: "c") == "s3")
        #expect(cache.takeSuperfluousNames() == ["s2"])
        #expect(cache.takeSuperfluousNames().isEmpty)
        cache.forget("c")
        #expect(cache.count == 1)
        #expect(cache.takeSuperfluousNames() == ["s3"])
    }

    @Test("the SQLSTATE is taken out of a message about a failed connection")
    func state() {
        let (state, text) = Wire.splitState(
            "connection to server failed: FATAL:  57P03: the database system is starting up"
        )
        #expect(state == .cannotConnectNow)
        #expect(text == "connection to server failed: FATAL: the database system is starting up")
        #expect(Wire.splitState("connection refused").0 == nil)
        #expect(Wire.splitState("").0 == nil)
    }

    @Test("hosts after the one that did not answer are tried with their own ports")
    func hosts() {
        let values = ["host": "a,b,c", "port": "1,2,3", "dbname": "x"]
        #expect(Wire.hosts(after: "a", in: values) == ["host": "b,c", "port": "2,3", "dbname": "x"])
        #expect(Wire.hosts(after: "c", in: values) == nil)
        #expect(Wire.hosts(after: "a", in: ["host": "a"]) == nil)
        #expect(Wire.hosts(after: "a", in: ["host": "a,b", "port": "1"]) == ["host": "b", "port": "1"])
    }
}
