import ArgumentParser
import Assets
import Postgres

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring a database to this version.",
        discussion: "Example: DATABASE_URL=postgresql:///gatehouse gatehouse migrate",
        subcommands: [Run.self, Status.self],
        defaultSubcommand: Run.self
    )

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Apply what is missing; several at once wait for each other.",
            discussion: "Example: gatehouse migrate --database-url postgresql:///gatehouse"
        )
        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let applied = try await Migrations.apply(on: MigrateCommand.target(database))
            Console.error(applied.isEmpty ? "nothing to apply" : "applied \(applied.joined(separator: ", "))")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "What is applied and what is missing.",
            discussion: "Example: gatehouse migrate status"
        )
        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let target = try MigrateCommand.target(database)
            do {
                let status = try await Migrations.migrator().status(on: target)
                let rows = status.map { [$0.name, MigrateCommand.text(of: $0.state)] }
                Console.write(Table(headings: ["MIGRATION", "STATE"], rows: rows).text)
            } catch let error as PostgresError {
                throw Stop(.remote, "the database cannot be asked: \(error)")
            }
        }
    }

    fileprivate static func text(of state: Migrator.Status.State) -> String {
        switch state {
        case .applied(let time): "applied \(time)"
        case .pending: "pending"
        case .changed(let time): "applied \(time), changed since"
        case .unknown(let time): "applied \(time), unknown to this program"
        }
    }

    /// The database that was named; a private one migrates itself when `gatehouse up` starts.
    private static func target(_ database: DatabaseOptions) throws -> ConnectionConfiguration {
        guard let external = try database.external() else {
            throw Stop(
                .usage,
                "name a database with --database-url or DATABASE_URL; the private one migrates itself at start"
            )
        }
        return ConnectionConfiguration(external)
    }
}

/// The migrations that this binary carries.
enum Migrations {
    static func migrator() throws -> Migrator {
        var files: [String: String] = [:]
        for name in Assets.names(under: "sql/migrations/") { files[name] = Assets.text(name) }
        do throws(MigrationFailure) {
            return try Migrator(files: files)
        } catch {
            throw Stop(.usage, "the binary's own migrations cannot be read: \(error)")
        }
    }

    /// Applies what is missing and returns the names.
    static func apply(on target: ConnectionConfiguration) async throws -> [String] {
        let migrator = try migrator()
        do throws(MigrationFailure) {
            return try await migrator.run(on: target)
        } catch {
            throw Stop(error.postgresError?.isUnavailability == true ? .remote : .usage, "\(error)")
        }
    }
}
