import PostgresTesting
import Testing

@testable import Postgres

@Suite("SQLLibrary")
struct SQLLibraryTests {
    private let find = """
        -- Finds a team.
        -- params: name text, price numeric(10, 2)?
        -- params: labels text[]
        -- returns: id uuid, made_at timestamptz, closed_at timestamp with time zone?
        -- uses index: team_pkey, team_name
        SELECT id, made_at, closed_at
        -- returns: this is no header
        FROM team WHERE name = $1 AND price = $2 AND labels = $3
        """

    @Test("headers are read and names shortened")
    func headers() throws {
        let library = try SQLLibrary(files: ["sql/queries/team/find.sql": find, "ping": "SELECT 1"])
        let entry = try #require(library.entry("team/find"))
        #expect(entry.parameters?.map(\.type) == ["text", "numeric(10, 2)", "text[]"])
        #expect(entry.parameters?.map(\.isNullable) == [false, true, false])
        #expect(entry.columns?.map(\.name) == ["id", "made_at", "closed_at"])
        #expect(entry.columns?.last?.type == "timestamp with time zone")
        #expect(entry.indexes == ["team_pkey", "team_name"])
        #expect(library.entries.map(\.name) == ["ping", "team/find"])
        #expect(library.entry("ping")?.parameters == nil)
        #expect(try library.statement("team/find").name == "team/find")
        let error = #expect(throws: PostgresError.self) { _ = try library.statement("team/lose") }
        #expect(error?.kind == .unknownStatement)
    }

    @Test(
        "a header that cannot be read is refused with its line",
        arguments: [
            ("-- params: name\nSELECT 1", "line 1"), ("-- returns: id uuid,\nSELECT 1", "line 1"),
            ("-- nothing\n", "no statement"),
            ("\n-- params: $2 uuid\nSELECT 1", "line 2"), ("-- returns: id ?\nSELECT 1", "no type"),
        ]
    )
    func unreadable(_ text: String, _ problem: String) {
        let error = #expect(throws: SQLLibrary.Unreadable.self) { _ = try SQLLibrary(files: ["a/b.sql": text]) }
        #expect(error?.description.contains(problem) == true)
        #expect(error?.description.contains("a/b.sql") == true)
    }

    @Test("promises that hold are silent, and each one that does not is named")
    func verify() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            try await session.runScript(
                "CREATE TABLE team (id uuid PRIMARY KEY, name text, made_at timestamptz, closed_at timestamptz, price numeric, labels text[])"
            )
            let good = try SQLLibrary(files: [
                "team/find.sql": find,
                "team/close.sql":
                    "-- params: $1 uuid\n-- returns: none\nUPDATE team SET closed_at = now() WHERE id = $1",
                "team/count.sql": "-- params: none\n-- returns: count int8\nSELECT count(*) AS count FROM team",
            ])
            #expect(try await good.verify(on: session).isEmpty)
            let bad = try SQLLibrary(files: [
                "a.sql": "SELECT 1",
                "b.sql": "-- params: none\n-- returns: n int4\nSELECT n FROM absent",
                "c.sql": "-- params: id text\n-- returns: name text\nSELECT name FROM team WHERE id = $1",
                "d.sql": "-- params: none\n-- returns: title text\nSELECT name FROM team",
                "e.sql": "-- params: id uuid, more int4\n-- returns: name text\nSELECT name FROM team WHERE id = $1",
                "f.sql": "-- params: none\n-- returns: name varchr\nSELECT name FROM team",
            ])
            let problems = try await bad.verify(on: session)
            let expected = [
                "`a`: no `params` line", "`a`: no `returns` line", "`b`: relation \"absent\" does not exist",
                "`c`: `params` promises `id` as text, the server says uuid",
                "`d`: `returns` promises `title` where the server says `name`",
                "`e`: `params` promises 2, the server says 1",
                "`f`: `returns` promises `name` as unknown type `varchr`",
            ]
            #expect(problems.count == expected.count)
            for (problem, beginning) in zip(problems, expected) { #expect(problem.hasPrefix(beginning), "\(problem)") }
            let statement = try good.statement("team/close")
            #expect(
                try await session.describe(statement) == StatementDescription(parameterTypes: ["uuid"], columns: [])
            )
            await session.close()
        }
    }

    @Test("the indexes of a plan are told")
    func plan() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            try await session.runScript(
                "CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t (name); "
                    + "INSERT INTO t SELECT n, n::text FROM generate_series(1, 20000) n; ANALYZE t"
            )
            #expect(try await session.indexesUsed(by: "SELECT name FROM t WHERE id = $1", [7]) == ["t_pkey"])
            #expect(
                try await session.indexesUsed(by: "SELECT id FROM t WHERE name = $1 OR id = $2", ["7", 7]) == [
                    "t_name", "t_pkey",
                ]
            )
            #expect(try await session.indexesUsed(by: "SELECT count(*) FROM t", []).isEmpty)
            await session.close()
        }
    }
}
