import CPostmaster
import Glibc

/// One of PostgreSQL's programs with whom it runs as; tied to the calling thread, with which it ends.
struct ServerCommand {
    let path: String
    let arguments: [String]
    /// nil runs it as this process.
    var account: ServerAccount?
    var directory = "/"
    var deathSignal = SIGKILL
    /// For `run` only.
    var timeout = Duration.seconds(300)

    /// What a program that ended left behind.
    struct Result {
        /// Exit status, or 128 + the signal that ended it, as a shell tells it.
        let status: Int32
        let output: String
    }

    /// Starts it.
    ///
    /// - Parameter output: Where standard output and standard error go.
    /// - Returns: Process ID.
    /// - Throws: `.file` naming the step that failed.
    func start(output: Int32) throws(EmbeddedServerFailure) -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        // Nothing of this process's environment: PGOPTIONS, PGDATA or LC_ALL would change what the server does.
        let settings = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC",
            "HOME=\(directory)",
        ]
        var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        var step: UnsafePointer<CChar>?
        let process = postmaster_spawn(
            path,
            &arguments,
            &environment,
            account?.isOther == true ? 1 : 0,
            account?.userID ?? 0,
            account?.groupID ?? 0,
            account?.groups ?? [],
            Int32(account?.groups.count ?? 0),
            output,
            directory,
            deathSignal,
            &step
        )
        guard process > 0 else {
            let reason = String(cString: strerror(errno))
            throw .file(operation: step.map { String(cString: $0) } ?? "start", path: path, reason: reason)
        }
        return process
    }

    /// Runs it to its end and collects what it says.
    ///
    /// - Throws: `.file` if it does not start.
    func run() throws(EmbeddedServerFailure) -> Result {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw FileSystem.failure("make a pipe for", path) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let process: pid_t
        do throws(EmbeddedServerFailure) {
            process = try start(output: ends[1])
            close(ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        let output = collect(ends[0], from: process)
        return Result(status: Self.wait(for: process), output: output)
    }

    /// Reads to the end of the stream, at most a megabyte, and kills the program when its time is over.
    private func collect(_ descriptor: Int32, from process: pid_t) -> String {
        let deadline = ContinuousClock.now + timeout
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = ContinuousClock.now.duration(to: deadline)
            if left <= .zero || poll(&polled, 1, Int32(clamping: left.milliseconds)) == 0 {
                kill(process, SIGKILL)
                return String(decoding: output, as: UTF8.self) + "\nerror: not finished after \(timeout)"
            }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: output, as: UTF8.self) }
            if output.count < 1 << 20 { output += buffer[..<count] }
        }
    }

    /// Reaps a process that has ended or is about to.
    static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            // ECHILD: somebody else reaped it, so that its status is lost.
            guard errno == EINTR else { return -1 }
        }
        return exitStatus(status)
    }

    /// As a shell tells it.
    static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
}
