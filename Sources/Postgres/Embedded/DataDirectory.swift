import Glibc

/// The folder of an embedded server and who may enter what in it.
///
/// ```
/// lock      held by the process that runs the server, with its process ID in it
/// cluster/  the database cluster, 0700, owned by the account that PostgreSQL runs as
/// log/      postgres.log and postgres.log.1, each at most half of the limit
/// run/      the socket, 0700, same owner: who may enter this folder is who may connect
/// ```
struct DataDirectory {
    let path: String

    init(_ path: String) {
        self.path = FileSystem.absolute(path)
    }

    var cluster: String { path + "/cluster" }
    var lock: String { path + "/lock" }
    var logs: String { path + "/log" }
    var sockets: String { path + "/run" }
    var processFile: String { cluster + "/postmaster.pid" }

    /// Version that made the cluster; nil if there is none yet.
    ///
    /// - Throws: `.notACluster`.
    func clusterVersion() throws(EmbeddedServerFailure) -> String? {
        guard FileSystem.linkStatus(cluster) != nil else { return nil }
        if let version = FileSystem.text(of: cluster + "/PG_VERSION", bytesMax: 64), !version.trimmed.isEmpty {
            return String(version.trimmed)
        }
        throw .notACluster(folder: cluster)
    }

    /// Makes the folder, and lets the account through to the cluster.
    ///
    /// - Throws: `.unreachable`, `.file`.
    func make(reachableBy account: ServerAccount) throws(EmbeddedServerFailure) {
        for folder in FileSystem.ancestors(of: path) {
            guard let status = FileSystem.status(folder) else { throw FileSystem.failure("read", folder) }
            guard !account.canEnter(status) else { continue }
            // Only the folder that was given to us is ours to open; x without r shows no names.
            guard folder == path, chmod(folder, (status.st_mode & 0o7777) | S_IXOTH) == 0 else {
                throw .unreachable(folder: folder, account: account.name)
            }
        }
        if mkdir(logs, 0o700) != 0, errno != EEXIST { throw FileSystem.failure("create the folder", logs) }
    }

    /// The folder for the socket: `run` here, or a short one elsewhere if the path would be too long for the kernel
    /// (107 bytes and a zero) or libpq would take it for a list of hosts.
    ///
    /// - Throws: `.noSocketFolder`, `.file`.
    func makeSocketFolder(for account: ServerAccount, runtimeFolder: String?) throws(EmbeddedServerFailure) -> String {
        let fits = { (folder: String) in
            folder.utf8.count + "/.s.PGSQL.65535".utf8.count <= 107 && !folder.contains(",")
        }
        if fits(sockets) {
            try FileSystem.makePrivateDirectory(sockets, for: account)
            return sockets
        }
        var tried = ["`\(sockets)` is too long for a socket, or has a comma"]
        let parents = geteuid() == 0 ? ["/run", "/tmp"] : [runtimeFolder, "/tmp"].compactMap { $0 }
        for parent in parents {
            let folder = parent + "/postgres-" + String(fingerprint, radix: 16)
            guard fits(folder), FileSystem.status(parent) != nil else { continue }
            // In /tmp anybody may have made the folder before us: then it is theirs, and not used.
            if let status = FileSystem.linkStatus(folder),
                !FileSystem.isDirectory(status) || ![account.userID, geteuid()].contains(status.st_uid)
            {
                tried.append("`\(folder)` belongs to somebody else")
                continue
            }
            do throws(EmbeddedServerFailure) {
                try FileSystem.makePrivateDirectory(folder, for: account)
                return folder
            } catch {
                tried.append("\(error)")
            }
        }
        throw .noSocketFolder(tried: tried)
    }

    /// FNV-1a of the path, so that each data directory has a runtime folder of its own.
    private var fingerprint: UInt64 {
        path.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Makes a cluster. Interrupted anywhere it leaves nothing that looks like one: `initdb` works in another folder,
    /// which is renamed when complete.
    ///
    /// - Throws: `.initializationFailed`, `.file`.
    func initialize(
        _ binaries: ServerBinaries,
        account: ServerAccount,
        role: String,
        isDurable: Bool
    ) throws(EmbeddedServerFailure) {
        try removeUnfinished()
        let unfinished = cluster + ".new-\(getpid())"
        try FileSystem.makePrivateDirectory(unfinished, for: account)
        // Order by code points, which no update of the C library changes, and letters of every script.
        let hasUTF8 = newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil).map { freelocale($0) } != nil
        var command = ServerCommand(
            path: binaries.initdb,
            arguments: [
                "--pgdata=\(unfinished)", "--username=\(role)", "--encoding=UTF8", "--locale=C",
                "--lc-ctype=\(hasUTF8 ? "C.UTF-8" : "C")", "--auth-local=trust", "--auth-host=reject",
                "--data-checksums",
                "--no-instructions",
            ] + (isDurable ? [] : ["--no-sync"])
        )
        command.account = account
        let result = try command.run()
        guard result.status == 0 else {
            try removeUnfinished()
            throw .initializationFailed(output: result.output)
        }
        guard rename(unfinished, cluster) == 0 else { throw FileSystem.failure("rename to", cluster) }
        if isDurable { try FileSystem.synchronize(folder: path) }
    }

    private func removeUnfinished() throws(EmbeddedServerFailure) {
        for name in FileSystem.names(in: path) where name.hasPrefix("cluster.new-") {
            try FileSystem.remove(path + "/" + name)
        }
    }
}

/// The lock that keeps a second process off a data directory. The kernel gives it up when the process ends, however it
/// ends.
struct DataDirectoryLock: ~Copyable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Takes the lock.
    ///
    /// - Throws: `.inUse` with the process that has it; `.file`.
    static func take(_ directory: DataDirectory) throws(EmbeddedServerFailure) -> DataDirectoryLock {
        let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileSystem.failure("open", directory.lock) }
        let lock = DataDirectoryLock(descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw FileSystem.failure("lock", directory.lock) }
            let holder = FileSystem.text(of: directory.lock, bytesMax: 32).flatMap { Int32($0.trimmed) }
            throw .inUse(dataDirectory: directory.path, processID: holder)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            throw FileSystem.failure("write", directory.lock)
        }
        return lock
    }

    deinit {
        // Closing alone does not give the lock up while a child that was just forked still has the descriptor.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
