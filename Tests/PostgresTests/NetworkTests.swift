import Glibc
import PostgresTesting
import Testing

@testable import Postgres

@Suite("TCP, passwords and TLS")
struct NetworkTests {
    /// Runs a program of this machine; nil if it is missing or fails.
    private func output(of program: String, _ arguments: [String]) -> String? {
        for folder in ["/usr/bin", "/bin", "/usr/local/bin"] where access("\(folder)/\(program)", X_OK) == 0 {
            guard let result = try? ServerCommand(path: "\(folder)/\(program)", arguments: arguments).run(),
                result.status == 0
            else {
                return nil
            }
            return result.output
        }
        return nil
    }

    private func freePort() throws -> UInt16 {
        // The kernel does not give the number out again soon after the socket is closed.
        try SilentListener().port
    }

    private func kind(_ text: String) async throws -> PostgresError.Kind? {
        let configuration = ConnectionConfiguration(try ConnectionString(text))
        let error = await postgresError {
            let connection = try await Connection.open(configuration)
            await connection.close()
        }
        if let error { #expect(!"\(error)".contains("right horse"), "\(error)") }
        return error?.kind
    }

    @Test("a server on TCP takes the right password and no other, over TLS that is verified when asked for")
    func network() async throws {
        let folder = TestDatabase.makeFolder()
        let (key, certificate) = (folder + "/server.key", folder + "/server.crt")
        let made = output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
            ]
        )
        guard made != nil else {
            print("skipped: openssl is not installed")
            return
        }
        var configuration = try await startedConfiguration()
        if geteuid() == 0 {
            let account = try ServerAccount.choose(owner: nil, folder: "", candidates: configuration.accounts)
            for file in [key, certificate] { #expect(chown(file, account.userID, account.groupID) == 0) }
        }
        #expect(chmod(key, 0o600) == 0)
        let rules = folder + "/hba.conf"
        writeFile(
            "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\nhostnossl plain all 127.0.0.1/32 scram-sha-256\n",
            to: rules
        )
        let port = try freePort()
        configuration.port = port
        configuration.settings = [
            "listen_addresses": "127.0.0.1", "hba_file": rules, "ssl": "on", "ssl_cert_file": certificate,
            "ssl_key_file": key,
            "password_encryption": "scram-sha-256",
        ]
        let server = try await EmbeddedServer.start(configuration)
        let local = try await Connection.open(ConnectionConfiguration(server.connectionString))
        try await local.runScript("CREATE ROLE alice LOGIN PASSWORD 'right horse'")
        try await local.execute(Statement(unsafeSQL: "CREATE DATABASE plain", isPrepared: false))
        await local.close()
        let place = "hostaddr=127.0.0.1 host=localhost port=\(port) user=alice dbname=gatehouse"
        let password = "password='right horse'"

        #expect(try await kind("\(place) password='wrong horse'") == .connectionFailed)
        #expect(try await kind("\(place) \(password) sslmode=disable") == .connectionFailed)
        #expect(
            try await kind("\(place) \(password) sslmode=verify-full sslrootcert=/nonexistent") == .connectionFailed
        )
        #expect(try await kind("\(place) \(password) sslmode=require") == nil)
        #expect(try await kind("\(place) \(password) sslmode=verify-full sslrootcert=\(certificate)") == nil)
        let renamed = place.replacingAll("host=localhost", with: "host=other.example")
        #expect(
            try await kind("\(renamed) \(password) sslmode=verify-full sslrootcert=\(certificate)") == .connectionFailed
        )
        #expect(try await kind("postgresql://alice:right%20horse@127.0.0.1:\(port)/plain?sslmode=disable") == nil)

        var secure = ConnectionConfiguration(
            try ConnectionString("\(place) \(password) sslmode=verify-full sslrootcert=\(certificate)")
        )
        secure.applicationName = "tests"
        let pool = ConnectionPool(PoolConfiguration(secure))
        #expect(try await pool.queryValue("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", as: Bool.self))
        let large = [UInt8](repeating: 0xa5, count: 3_000_000)
        #expect(try await pool.queryValue("SELECT $1::bytea", [large], as: [UInt8].self) == large)
        let task = Task { try await pool.query("SELECT pg_sleep(60)") }
        while pool.counts.open == pool.counts.idle { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(await postgresError { _ = try await task.value }?.kind == .cancelled)
        let process = try #require(server.processID)
        #expect(kill(process, SIGKILL) == 0)
        while await postgresError({ _ = try await pool.query("SELECT 1") }) != nil || server.processID == process {
            try await Task.sleep(for: .milliseconds(10))
        }
        await pool.close()
        await server.stop()
    }
}
