import ArgumentParser
import CatalogStore
import Foundation
import Governance
import Logging
import Postgres
import RoutingTable

extension TokenCommand {
    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "recover",
            abstract: "The way back in when the administrator's token is lost.",
            discussion: """
                For whoever may read the data directory or the database: makes a new administrator's token, writes it to the \
                data directory and leaves a mark in the audit trail. With a private database, stop `gatehouse up` first.

                Example: gatehouse token recover --data-dir /var/lib/gatehouse
                """
        )
        @Option(help: "Data directory.")
        var dataDir: String?
        @Flag(help: "Revoke the administrator's other tokens.")
        var revokeOthers = false
        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let directory = DataDirectory(option: dataDir)
            let logger = Log.make(level: .error)
            try directory.make()
            let external = try database.external()
            let key = try SigningKeyFile(directory: directory).load()
            let running = try await DatabaseProcess(external: external, directory: directory, logger: logger)
            do {
                let token = try await recover(on: running.connectionString, key)
                try directory.writeSecret(token + "\n", to: directory.administratorToken)
                await running.stop()
            } catch {
                await running.stop()
                throw error
            }
            Console.error("wrote a new administrator's token to \(directory.administratorToken.path)")
        }

        private func recover(on connection: ConnectionString, _ key: SigningKey) async throws -> String {
            _ = try await Migrations.apply(on: ConnectionConfiguration(connection))
            let pool = ConnectionPool(PoolConfiguration(connection))
            let governance = Governance(catalog: Catalog(pool: pool), signingKey: key)
            do {
                let issued = try await governance.recoverAdministrator(revokesOthers: revokeOthers)
                await pool.close()
                guard let text = issued.secret.text else {
                    throw Stop(.remote, "the token was made but not shown; run it again")
                }
                return text
            } catch let error as GovernanceError {
                await pool.close()
                throw Stop(.remote, "\(error.what); \(error.mend)")
            }
        }
    }
}
