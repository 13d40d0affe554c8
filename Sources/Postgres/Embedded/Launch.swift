import Glibc

/// Everything that is settled before the server starts: binaries, account, folders, cluster, settings.
struct Launch {
    let directory: DataDirectory
    let socketFolder: String
    let log: ServerLog
    private let port: UInt16
    private let command: ServerCommand

    /// Settles it, making the cluster if there is none. The caller holds the lock of the data directory.
    ///
    /// - Throws: `EmbeddedServerFailure`.
    init(_ configuration: EmbeddedServer.Configuration, _ directory: DataDirectory) throws(EmbeddedServerFailure) {
        self.directory = directory
        port = configuration.port
        let version = try directory.clusterVersion()
        let path = configuration.path ?? Self.environment("PATH") ?? ""
        let search = ServerBinaries.Search(path: path, installations: configuration.installations)
        let binaries = try ServerBinaries.find(search, dataVersion: version, dataDirectory: directory.path)
        let account = try ServerAccount.choose(
            owner: FileSystem.linkStatus(directory.cluster)?.st_uid,
            folder: directory.cluster,
            candidates: configuration.accounts
        )
        try directory.make(reachableBy: account)
        if version == nil {
            try directory.initialize(
                binaries,
                account: account,
                role: configuration.role,
                isDurable: configuration.isDurable
            )
        }
        socketFolder = try directory.makeSocketFolder(for: account, runtimeFolder: Self.environment("XDG_RUNTIME_DIR"))
        log = try ServerLog(folder: directory.logs, bytesMax: configuration.logBytesMax)
        var command = ServerCommand(
            path: binaries.postgres,
            arguments: ["-D", directory.cluster] + Self.settings(configuration, socketFolder).flatMap { ["-c", $0] }
        )
        command.account = account
        command.directory = directory.cluster
        // "Fast": sessions end, everything is written to its place.
        command.deathSignal = SIGINT
        self.command = command
    }

    /// Starts the server.
    ///
    /// - Throws: `.file`.
    func start() throws(EmbeddedServerFailure) -> pid_t {
        log.forgetTail()
        return try command.start(output: log.writer)
    }

    /// Waits for servers of an earlier run and removes what they left.
    ///
    /// - Throws: `.orphanRunning`, `.file`.
    func clearLeftovers() throws(EmbeddedServerFailure) {
        try Residents(directory: directory).clear(socket: socketFolder + "/.s.PGSQL.\(port)")
    }

    /// Removes a socket folder outside of the data directory. Called when no server runs any more.
    func removeRuntimeFolder() {
        // One that is not empty or not ours to remove may stay: the next start uses it again.
        if socketFolder != directory.sockets { rmdir(socketFolder) }
    }

    /// Whether this very process says that it takes connections.
    func isReady(_ process: pid_t) -> Bool {
        guard let text = FileSystem.text(of: directory.processFile) else { return false }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmed }
        return lines.count >= 8 && lines[0] == "\(process)" && lines[7] == "ready"
    }

    private static func settings(_ configuration: EmbeddedServer.Configuration, _ socketFolder: String) -> [String] {
        var settings = [
            "listen_addresses": "",
            "port": String(configuration.port),
            // A list, so that the one folder in it is quoted.
            "unix_socket_directories": Statement.quoted(identifier: socketFolder),
            // The folder keeps others out; the socket's own permissions are the second lock.
            "unix_socket_permissions": "0700",
            "max_connections": String(configuration.connectionsMax),
            "fsync": configuration.isDurable ? "on" : "off",
            "synchronous_commit": configuration.isDurable ? "on" : "off",
            "full_page_writes": configuration.isDurable ? "on" : "off",
            // Queries of a catalog are short: compiling them costs more than it saves.
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "logging_collector": "off",
            "log_line_prefix": "%m [%p] ",
            "log_destination": "stderr",
            "cluster_name": "gatehouse",
        ]
        settings.merge(configuration.settings) { _, given in given }
        return settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
