import Glibc
import PostgresTesting
import Testing

@testable import Postgres

/// What starting a server throws.
func startFailure(_ configuration: EmbeddedServer.Configuration) async -> EmbeddedServerFailure? {
    do throws(EmbeddedServerFailure) {
        let server = try await EmbeddedServer.start(configuration)
        await server.stop()
        return nil
    } catch { return error }
}

/// Starts and stops a server that must start.
func startAndStop(_ configuration: EmbeddedServer.Configuration) async throws {
    try await EmbeddedServer.start(configuration).stop()
}

/// Throw-away data in a fresh folder, empty.
func temporaryConfiguration() -> EmbeddedServer.Configuration {
    var configuration = EmbeddedServer.Configuration(dataDirectory: TestDatabase.makeFolder() + "/data")
    configuration.isDurable = false
    return configuration
}

/// Throw-away data in a fresh folder, as a first start left them; copying is quicker than `initdb`.
func startedConfiguration() async throws -> EmbeddedServer.Configuration {
    let configuration = temporaryConfiguration()
    let source = try await Template.folder.value
    let result = try ServerCommand(path: "/bin/cp", arguments: ["-a", source, configuration.dataDirectory]).run()
    #expect(result.status == 0, "\(result.output)")
    return configuration
}

private enum Template {
    static let folder = Task {
        let configuration = temporaryConfiguration()
        try await startAndStop(configuration)
        return configuration.dataDirectory
    }
}

func writeFile(_ text: String, to path: String, mode: mode_t = 0o644) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
    #expect(descriptor >= 0)
    let bytes = Array(text.utf8)
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    chmod(path, mode)
    close(descriptor)
}

func keptNumber(_ server: EmbeddedServer) async throws -> Int {
    let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
    let number: Int = try await connection.queryValue("SELECT n FROM kept")
    await connection.close()
    return number
}
