/// Why the private PostgreSQL does not run, and what to do about it.
public enum EmbeddedServerFailure: Error, Hashable, Sendable {
    /// Neither `PATH` nor the folder of installations has `initdb` and `postgres`.
    case noBinaries(searched: String)
    /// The data was made by another major version than the installed ones.
    case versionMismatch(dataDirectory: String, made: String, installed: [String])
    /// Another process runs on this data directory.
    case inUse(dataDirectory: String, processID: Int32?)
    /// There is neither a `postgres` nor a `nobody` to run as.
    case noAccount(tried: [String])
    /// The account that PostgreSQL runs as cannot enter a folder above the data.
    case unreachable(folder: String, account: String)
    /// The data belongs to another user than this process.
    case foreignOwner(folder: String, owner: String)
    /// The folder holds something else than a database cluster.
    case notACluster(folder: String)
    /// No folder for the socket has a path short enough, or nobody else's.
    case noSocketFolder(tried: [String])
    /// A file operation failed.
    case file(operation: String, path: String, reason: String)
    /// `initdb` failed.
    case initializationFailed(output: String)
    /// The server ended before it was ready.
    case startFailed(reason: String, log: String)
    /// The server was not ready in time.
    case startTimedOut(after: Duration, log: String)
    /// A server of a process that has ended still runs on the data and does not stop.
    case orphanRunning(processID: Int32)
    /// The server runs, and the connection to it failed.
    case database(PostgresError)
}

extension EmbeddedServerFailure: CustomStringConvertible {
    /// What happened and what to do about it, in one line.
    public var description: String {
        switch self {
        case .noBinaries(let searched):
            "PostgreSQL is not installed: no `initdb` and `postgres` in \(searched); install it with "
                + "`apt-get install postgresql`, or give the address of a running one"
        case .versionMismatch(let folder, let made, let installed):
            "`\(folder)` was made by PostgreSQL \(made), and only version \(installed.joined(separator: ", ")) is installed; "
                + "install it with `apt-get install postgresql-\(made)`, or bring the data over with `pg_upgrade`"
        case .inUse(let folder, let processID):
            "`\(folder)` is in use by \(processID.map { "process \($0)" } ?? "another process"); stop it, or choose another "
                + "data directory"
        case .noAccount(let tried):
            "PostgreSQL does not run as root, and none of the users \(tried.map { "`\($0)`" }.joined(separator: ", ")) exists; "
                + "create one with `adduser --system postgres`"
        case .unreachable(let folder, let account):
            "the user `\(account)`, as whom PostgreSQL runs, cannot enter `\(folder)`; choose a data directory such as "
                + "`/var/lib/gatehouse`, or allow it with `chmod o+x \(folder)`"
        case .foreignOwner(let folder, let owner):
            "`\(folder)` belongs to `\(owner)`; run as that user or as root"
        case .notACluster(let folder):
            "`\(folder)` is not empty and holds no database cluster; choose another data directory"
        case .noSocketFolder(let tried):
            "no folder for the database's socket: \(tried.joined(separator: "; "))"
        case .file(let operation, let path, let reason): "cannot \(operation) `\(path)`: \(reason)"
        case .initializationFailed(let output): "initdb failed: \(Self.telling(output))"
        case .startFailed(let reason, let log): "the database server \(reason): \(Self.telling(log))"
        case .startTimedOut(let limit, let log):
            "the database server was not ready after \(limit): \(Self.telling(log))"
        case .orphanRunning(let processID):
            "a database server of an earlier run, process \(processID), still works on the data and does not stop"
        case .database(let error): "the private database server cannot be used: \(error)"
        }
    }

    /// The lines of a log that tell the cause: errors and their details, else the last ones.
    private static func telling(_ log: String) -> String {
        let lines = log.split(separator: "\n").map { $0.trimmed }
        let markers = ["FATAL:", "PANIC:", "error:", "DETAIL:", "HINT:", "could not", "No space left"]
        let telling = lines.filter { line in markers.contains { line.contains($0) } }
        let chosen = (telling.isEmpty ? lines : telling).suffix(4)
        return chosen.isEmpty ? "it said nothing" : chosen.joined(separator: "; ")
    }
}
