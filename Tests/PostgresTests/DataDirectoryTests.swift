import Glibc
import PostgresTesting
import Testing

@testable import Postgres

@Suite("What an embedded server starts from")
struct DataDirectoryTests {
    @Test("initdb is found off PATH, and its absence is told with what to install")
    func binaries() async throws {
        var configuration = temporaryConfiguration()
        configuration.path = "/nonexistent:relative"
        try await startAndStop(configuration)
        var bare = temporaryConfiguration()
        bare.path = "/nonexistent"
        bare.installations = "/nonexistent"
        let missing = await startFailure(bare)
        guard case .noBinaries = missing else { return #expect(Bool(false), "\(String(describing: missing))") }
        #expect(missing?.description.contains("apt-get install postgresql") == true)
    }

    /// A folder with scripts that pretend to be PostgreSQL of some version.
    private func pretend(version: String, initdb: String) -> String {
        let folder = TestDatabase.makeFolder()
        writeFile("#!/bin/sh\necho 'postgres (PostgreSQL) \(version)'\n", to: folder + "/postgres", mode: 0o755)
        writeFile("#!/bin/sh\n\(initdb)\n", to: folder + "/initdb", mode: 0o755)
        return folder
    }

    @Test("data of another major version choose their own binaries, or name the package that has them")
    func version() async throws {
        var configuration = try await startedConfiguration()
        // A newer version first on PATH: new data would take it, existing data do not.
        let newer = pretend(version: "99.1", initdb: "exit 1")
        configuration.path = newer
        try await startAndStop(configuration)
        configuration.installations = "/nonexistent"
        let mismatch = await startFailure(configuration)
        let made = try #require(FileSystem.text(of: configuration.dataDirectory + "/cluster/PG_VERSION")?.trimmed)
        #expect(
            mismatch
                == .versionMismatch(dataDirectory: configuration.dataDirectory, made: String(made), installed: ["99"])
        )
        #expect(mismatch?.description.contains("apt-get install postgresql-\(made)") == true)
    }

    @Test("a failing initdb is told with its reason and leaves nothing that looks like a cluster")
    func initializationFails() async throws {
        var configuration = temporaryConfiguration()
        configuration.path = pretend(
            version: "15.1",
            initdb:
                "echo 'creating subdirectories ... ok'; echo 'initdb: error: could not write to file: No space left on device' >&2; exit 1"
        )
        let full = await startFailure(configuration)
        guard case .initializationFailed = full else { return #expect(Bool(false), "\(String(describing: full))") }
        #expect(full?.description == "initdb failed: initdb: error: could not write to file: No space left on device")
        #expect(FileSystem.names(in: configuration.dataDirectory).filter { $0.hasPrefix("cluster") }.isEmpty)
        configuration.path = nil
        try await startAndStop(configuration)
    }

    @Test("what an interrupted initdb left is cleared away")
    func interruptedInitialization() async throws {
        let configuration = temporaryConfiguration()
        try FileSystem.makeDirectories(configuration.dataDirectory + "/cluster.new-1/base", mode: 0o711)
        writeFile("15\n", to: configuration.dataDirectory + "/cluster.new-1/PG_VERSION")
        try await startAndStop(configuration)
        #expect(FileSystem.names(in: configuration.dataDirectory) == ["cluster", "lock", "log", "run"])
    }

    @Test("a folder with something else in it is not taken for a cluster")
    func notACluster() async throws {
        let configuration = temporaryConfiguration()
        try FileSystem.makeDirectories(configuration.dataDirectory + "/cluster", mode: 0o755)
        writeFile("hello", to: configuration.dataDirectory + "/cluster/letter.txt")
        #expect(await startFailure(configuration) == .notACluster(folder: configuration.dataDirectory + "/cluster"))
    }

    @Test("a long path gets a short folder for its socket, private to the server's user")
    func longPath() async throws {
        var configuration = temporaryConfiguration()
        configuration.dataDirectory += "/" + String(repeating: "long", count: 40)
        let server = try await EmbeddedServer.start(configuration)
        let folder = try #require(server.connectionString["host"])
        #expect(folder.utf8.count < 60)
        let status = try #require(FileSystem.linkStatus(folder))
        #expect(status.st_mode & 0o777 == 0o700)
        #expect(status.st_uid == FileSystem.linkStatus(configuration.dataDirectory + "/cluster")?.st_uid)
        let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
        #expect(try await connection.queryValue("SELECT 1", as: Int.self) == 1)
        await connection.close()
        await server.stop()
        #expect(FileSystem.linkStatus(folder) == nil)
    }

    @Test("a path with spaces, quotes and a comma is a path like any other")
    func strangePath() async throws {
        var configuration = try await startedConfiguration()
        for name in ["a 'b' \"c\" ü", "a,b"] {
            let strange = configuration.dataDirectory + " " + name
            #expect(rename(configuration.dataDirectory, strange) == 0)
            configuration.dataDirectory = strange
            let server = try await EmbeddedServer.start(configuration)
            let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
            #expect(try await connection.queryValue("SELECT 1", as: Int.self) == 1)
            await connection.close()
            await server.stop()
        }
    }

    @Test("as root it runs as an unprivileged user, and says which folder that user cannot enter")
    func root() async throws {
        guard geteuid() == 0 else { return }
        var configuration = temporaryConfiguration()
        configuration.accounts = ["no_such_user", "nobody"]
        let server = try await EmbeddedServer.start(configuration)
        #expect(
            FileSystem.status(configuration.dataDirectory + "/cluster")?.st_uid == getpwnam("nobody").pointee.pw_uid
        )
        #expect(FileSystem.status(configuration.dataDirectory + "/run").map { $0.st_mode & 0o777 } == 0o700)
        await server.stop()
        // The owner of the data stays the one, whoever would come first now.
        configuration.accounts = ["postgres"]
        try await startAndStop(configuration)
        configuration.accounts = ["no_such_user"]
        var other = temporaryConfiguration()
        other.accounts = ["no_such_user", "root"]
        #expect(await startFailure(other) == .noAccount(tried: ["no_such_user", "root"]))
        let closed = TestDatabase.makeFolder()
        chmod(closed, 0o700)
        let unreachable = await startFailure(EmbeddedServer.Configuration(dataDirectory: closed + "/data"))
        guard case .unreachable(folder: closed, _) = unreachable else {
            return #expect(Bool(false), "\(String(describing: unreachable))")
        }
        // The data directory itself is ours to open.
        let own = TestDatabase.makeFolder()
        chmod(own, 0o700)
        var opened = temporaryConfiguration()
        opened.dataDirectory = own
        try await startAndStop(opened)
    }

    @Test("paths are made absolute without following links")
    func paths() {
        #expect(FileSystem.absolute("/a//b/./c/../d/") == "/a/b/d")
        #expect(FileSystem.absolute("/../..") == "/")
        #expect(FileSystem.absolute("x").hasSuffix("/x"))
        #expect(FileSystem.ancestors(of: "/a/b") == ["/", "/a", "/a/b"])
    }
}
