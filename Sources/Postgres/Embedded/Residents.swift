import Glibc

/// Server processes that work on a cluster, whoever started them.
///
/// PostgreSQL itself looks only at the number in `postmaster.pid`. That misleads it where nobody reaps (a zombie
/// answers `kill(pid, 0)`) and after a reboot (the number belongs to someone else). With the lock held we may look
/// closer: every server process has the cluster as its working directory.
struct Residents {
    let directory: DataDirectory

    /// Live `postgres` processes in the cluster, by process ID.
    func find() -> [pid_t] {
        guard let cluster = FileSystem.resolved(directory.cluster) else { return [] }
        var residents: [pid_t] = []
        for name in FileSystem.names(in: "/proc") {
            // A zombie has no working directory any more.
            guard let process = pid_t(name), Self.link("/proc/\(name)/cwd") == cluster else { continue }
            // Somebody's shell may stand in the folder: leave it alone.
            guard FileSystem.text(of: "/proc/\(name)/comm", bytesMax: 64)?.trimmed == "postgres" else { continue }
            residents.append(process)
        }
        return residents
    }

    /// The process that `postmaster.pid` names, if it is one of `residents`.
    func postmaster(among residents: [pid_t]) -> pid_t? {
        guard let line = FileSystem.text(of: directory.processFile)?.split(separator: "\n").first,
            let process = pid_t(line.trimmed)
        else { return nil }
        return residents.contains(process) ? process : nil
    }

    /// Waits until no server works on the cluster, asking more and more firmly, and clears away what it left.
    ///
    /// - Parameters:
    ///   - socket: Path of the socket.
    ///   - patience: How long to wait in all.
    /// - Throws: `.orphanRunning`, `.file`.
    func clear(socket: String, patience: Duration = .seconds(20)) throws(EmbeddedServerFailure) {
        let start = ContinuousClock.now
        var steps: [(after: Duration, signal: Int32)] = [
            // Fast: ends sessions, writes a checkpoint. The death signal asked for the same.
            (.milliseconds(200), SIGINT),
            // At once, without a checkpoint.
            (patience / 2, SIGQUIT),
            (patience * 0.75, SIGKILL),
        ]
        while true {
            let residents = find()
            guard let first = residents.first else { break }
            let elapsed = ContinuousClock.now - start
            let postmaster = postmaster(among: residents)
            guard elapsed < patience else { throw .orphanRunning(processID: postmaster ?? first) }
            if let next = steps.first, elapsed >= next.after {
                steps.removeFirst()
                if next.signal == SIGINT, let postmaster {
                    kill(postmaster, SIGINT)
                } else {
                    // Sessions whose server died have nobody to write a checkpoint for: those are not asked first. A
                    // process that has just ended is what is wanted.
                    for resident in residents { kill(resident, next.signal == SIGINT ? SIGQUIT : next.signal) }
                }
            }
            usleep(10_000)
        }
        for leftover in [directory.processFile, socket, socket + ".lock"] {
            try FileSystem.remove(leftover)
        }
    }

    private static func link(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? 0
            }
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
