import CatalogStore
import ControlPlane
import Foundation
import Governance
import Logging
import Postgres
import ServiceLifecycle

/// Brings the catalog up and keeps watch over it: waits for the database however long it takes, migrates it, makes the first
/// administrator, then tells everybody in this process what changes.
struct CatalogProcess: Service {
    let connection: ConnectionConfiguration
    let directory: DataDirectory
    let governance: Governance
    let engine: ControlEngine
    let changes: ChangeSignal
    /// Fired when documents wait to be checked.
    let checks: ChangeSignal
    let logger: Logger

    /// - Throws: `Stop` where waiting cannot help: migrations that were changed, a database that is newer than this program.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            guard try await prepare() else { return }
            engine.becameReady(governance)
            let channels: [NoticeChannel] = [.routing, .entitlements, .evaluations]
            var listener = Listener(connection, channels: channels.map(\.rawValue))
            let logger = logger
            listener.onFailure = { error in
                logger.warning("not listening to the catalog", metadata: ["cause": "\(error.message)"])
            }
            try await listener.run { event in
                if case .notification(let notice) = event, notice.channel == NoticeChannel.evaluations.rawValue {
                    checks.fire()
                    return
                }
                changes.fire()
                if event == .reread { checks.fire() }
            }
        }
    }

    /// Migrates and makes the first administrator.
    ///
    /// - Returns: false where the process ends first.
    private func prepare() async throws -> Bool {
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            do {
                let applied = try await Migrations.apply(on: connection)
                if !applied.isEmpty {
                    logger.info("migrated", metadata: ["applied": "\(applied.joined(separator: ", "))"])
                }
                try await bootstrap()
                return true
            } catch let stop as Stop where stop.code == .remote {
                waiting(stop.text)
            } catch let error as GovernanceError where error.code == .databaseUnavailable {
                waiting(error.cause ?? error.what)
            }
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
        return false
    }

    /// Printed when it is there, for scripts that wait for the line and read the file.
    private func announceToken() {
        Console.write("administrator  \(directory.administratorToken.path)\n")
    }

    private func waiting(_ cause: String) {
        logger.warning("the database cannot be reached; trying again", metadata: ["cause": "\(cause)"])
        engine.isWaiting("the database cannot be reached")
    }

    /// The first start makes an administrator's token; no default credential exists.
    private func bootstrap() async throws {
        guard let issued = try await governance.bootstrapAdministrator(), let token = issued.secret.text else {
            if try directory.readSecret(directory.administratorToken) == nil {
                logger.notice("no administrator's token in the data directory; `gatehouse token recover` makes one")
            } else {
                announceToken()
            }
            return
        }
        try directory.writeSecret(token + "\n", to: directory.administratorToken)
        logger.notice("made the first administrator", metadata: ["token": "\(directory.administratorToken.path)"])
        announceToken()
    }
}
