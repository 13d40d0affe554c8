import PostgresTesting
import Testing

@testable import Postgres

@Suite("Migrator")
struct MigratorTests {
    private let first = [
        "sql/migrations/0001_create_team.sql": "CREATE TABLE team (id int PRIMARY KEY);\nINSERT INTO team VALUES (1);"
    ]
    private let second = [
        "0002_add_name.sql": "ALTER TABLE team ADD COLUMN name text;\n-- ünï\nUPDATE team SET name = 'a';"
    ]

    private func failure(_ body: () async throws -> Void) async -> MigrationFailure? {
        do {
            try await body()
            return nil
        } catch let error as MigrationFailure {
            return error
        } catch {
            Issue.record("not a MigrationFailure: \(error)")
            return nil
        }
    }

    private func states(_ migrator: Migrator, _ configuration: ConnectionConfiguration) async throws -> [String] {
        try await migrator.status(on: configuration).map { status in
            switch status.state {
            case .applied: "\(status.name) applied"
            case .pending: "\(status.name) pending"
            case .changed: "\(status.name) changed"
            case .unknown: "\(status.name) unknown"
            }
        }
    }

    @Test("migrations are applied once each, in order, and the status tells which")
    func apply() async throws {
        try await TestDatabase.with { configuration in
            let both = try Migrator(files: first.merging(second) { $1 })
            #expect(
                try await states(both, configuration) == ["0001_create_team.sql pending", "0002_add_name.sql pending"]
            )
            #expect(try await Migrator(files: first).run(on: configuration) == ["0001_create_team.sql"])
            #expect(
                try await states(both, configuration) == ["0001_create_team.sql applied", "0002_add_name.sql pending"]
            )
            #expect(try await both.run(on: configuration) == ["0002_add_name.sql"])
            #expect(try await both.run(on: configuration).isEmpty)
            #expect(
                try await states(both, configuration) == ["0001_create_team.sql applied", "0002_add_name.sql applied"]
            )
            let session = try await Connection.open(configuration)
            #expect(try await session.queryValue("SELECT name FROM team", as: String.self) == "a")
            let isSum: Bool = try await session.queryValue(
                "SELECT checksum = sha256(convert_to($1, 'UTF8')) FROM schema_migration WHERE name = '0002_add_name.sql'",
                [second["0002_add_name.sql"]]
            )
            #expect(isSum)
            await session.close()
        }
    }

    @Test("a file that was changed after it was applied is refused and named")
    func changed() async throws {
        try await TestDatabase.with { configuration in
            try await Migrator(files: first).run(on: configuration)
            let other = try Migrator(files: ["0001_create_team.sql": "SELECT 1"].merging(second) { $1 })
            let failure = await failure { try await other.run(on: configuration) }
            guard case .changed("0001_create_team.sql") = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
            #expect(failure?.description.contains("was changed after it was applied") == true)
            #expect(
                try await states(other, configuration) == ["0001_create_team.sql changed", "0002_add_name.sql pending"]
            )
        }
    }

    @Test("a database of a newer program is refused")
    func unknown() async throws {
        try await TestDatabase.with { configuration in
            try await Migrator(files: first.merging(second) { $1 }).run(on: configuration)
            let old = try Migrator(files: first)
            let failure = await failure { try await old.run(on: configuration) }
            guard case .unknown("0002_add_name.sql") = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
            #expect(try await states(old, configuration).last == "0002_add_name.sql unknown")
        }
    }

    @Test("a new file below one that was applied is refused")
    func outOfOrder() async throws {
        try await TestDatabase.with { configuration in
            try await Migrator(files: first.merging(second) { $1 }).run(on: configuration)
            let session = try await Connection.open(configuration)
            try await session.execute("DELETE FROM schema_migration WHERE name LIKE '0001%'")
            await session.close()
            let failure = await failure {
                try await Migrator(files: first.merging(second) { $1 }).run(on: configuration)
            }
            guard case .outOfOrder("0001_create_team.sql", after: "0002_add_name.sql") = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
        }
    }

    @Test("a failing migration leaves nothing, names its line and column, and is taken up again when mended")
    func failing() async throws {
        try await TestDatabase.with { configuration in
            let broken = first.merging(["0002_add_name.sql": "CREATE TABLE half (n int);\nSELECT 'ü',\n  nonsense;"]) {
                $1
            }
            let failure = await failure { try await Migrator(files: broken).run(on: configuration) }
            guard case .refused("0002_add_name.sql", line: 3, column: 3, let error) = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
            #expect(error.sqlState?.conditionClass == "42")
            #expect(failure?.description.hasPrefix("0002_add_name.sql:3:3: ") == true)
            let session = try await Connection.open(configuration)
            #expect(try await session.queryValue("SELECT to_regclass('half') IS NULL", as: Bool.self))
            await session.close()
            let mended = try Migrator(files: first.merging(second) { $1 })
            #expect(try await mended.run(on: configuration) == ["0002_add_name.sql"])
        }
    }

    @Test("a migration that ends its own transaction is refused")
    func ownTransaction() async throws {
        try await TestDatabase.with { configuration in
            let failure = await failure {
                try await Migrator(files: ["0001_create_team.sql": "SELECT 1; COMMIT;"]).run(on: configuration)
            }
            guard case .endedTransaction("0001_create_team.sql") = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
        }
    }

    @Test("of many programs that migrate at once each migration is applied by one, and the others wait")
    func race() async throws {
        try await TestDatabase.with { configuration in
            let slow = ["0003_wait_bit.sql": "SELECT pg_sleep(0.05); CREATE TABLE late (n int)"]
            let migrator = try Migrator(files: first.merging(second) { $1 }.merging(slow) { $1 })
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<6 { group.addTask { try await migrator.run(on: configuration) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == migrator.migrations.map(\.name))
        }
    }

    @Test("waiting for another program ends, and says so")
    func locked() async throws {
        try await TestDatabase.with { configuration in
            let slow = try Migrator(files: ["0001_wait_long.sql": "SELECT pg_sleep(60)"])
            let holder = Task { try await slow.run(on: configuration) }
            let session = try await Connection.open(configuration)
            let isHeld: Statement =
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"
            while try await !session.queryValue(isHeld, as: Bool.self) { try await Task.sleep(for: .milliseconds(5)) }
            var hasty = try Migrator(files: first)
            hasty.waitForOthers = .milliseconds(30)
            let impatient = hasty
            let failure = await failure { try await impatient.run(on: configuration) }
            guard case .locked = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
            holder.cancel()
            _ = await holder.result
            #expect(try await Migrator(files: first).run(on: configuration).count == 1)
            await session.close()
        }
    }

    @Test("each schema has a history of its own")
    func schemas() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            for schema in ["one", "two"] {
                try await session.runScript("CREATE SCHEMA \(schema)")
                var configuration = configuration
                configuration.searchPath = [schema]
                #expect(try await Migrator(files: first).run(on: configuration).count == 1)
            }
            await session.close()
        }
    }

    @Test(
        "names that do not begin with a number and say what is done are refused",
        arguments: [
            "create_team.sql", "1_create_team.sql", "0000_create_team.sql", "0001_create.sql", "0001_create_team.txt",
            "0001_Create_Team.sql", "0001__team.sql", "00001_create_team.sql", "",
        ]
    )
    func names(_ name: String) async {
        let failure = await failure { _ = try Migrator(files: [name: ""]) }
        guard case .badName = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
    }

    @Test("a number that is missing or given twice is refused")
    func numbers() async {
        let gap = await failure { _ = try Migrator(files: ["0001_add_a.sql": "", "0003_add_b.sql": ""]) }
        guard case .gap(missing: 2, before: "0003_add_b.sql") = gap else {
            return #expect(Bool(false), "\(String(describing: gap))")
        }
        let twice = await failure { _ = try Migrator(files: ["0001_add_a.sql": "", "0001_add_b.sql": ""]) }
        guard case .duplicateNumber("0001_add_a.sql", "0001_add_b.sql") = twice else {
            return #expect(Bool(false), "\(String(describing: twice))")
        }
    }

    @Test("a database that is away is a failure of its own")
    func away() async {
        let failure = await failure {
            try await Migrator(files: first).run(
                on: ConnectionConfiguration(try ConnectionString("host=/nonexistent dbname=x"))
            )
        }
        guard case .database(let error) = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        #expect(error.isUnavailability)
    }
}
