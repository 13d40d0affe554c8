import BenchProgram
import Foundation

/// A program that is run to its end, and what it cost by the kernel's own account.
struct Child {
    /// From the start of the process to its end.
    let seconds: Double
    /// User and system time of the process and its threads.
    let cpuSeconds: Double
    /// Resident memory at its highest, in MiB; at least that of this program, from whose image a child starts.
    let peakMebibytes: Double
    /// How it ended, as `wait` gives it.
    let status: Int32

    /// Whether it ended by itself with 0.
    var isSuccess: Bool { status == 0 }
    /// The exit code; nil where a signal ended it.
    var exitCode: Int32? { status & 0x7F == 0 ? (status >> 8) & 0xFF : nil }

    /// Runs a program, found on PATH, with stdout going to a file.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - output: the file that takes stdout; stderr is dropped.
    ///   - core: the core it is kept on; nil leaves it free.
    ///   - secondsMax: CPU time it may use; ten times as long on the clock.
    ///   - mebibytesMax: resident memory it may have, looked at twenty times a second; nil for any.
    /// - Returns: what it cost, once it has ended.
    /// - Throws: where it cannot be started.
    static func run(
        _ arguments: [String],
        output: String,
        core: Int? = nil,
        secondsMax: Double = 60,
        mebibytesMax: Int? = nil
    ) throws -> Child {
        var words = core.map { ["taskset", "-c", String($0)] } ?? []
        words += ["prlimit", "--cpu=\(Int(secondsMax))"] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var texts: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var process = pid_t()
        let start = ContinuousClock.now
        let error = posix_spawnp(&process, words[0], &actions, nil, &texts, environ)
        guard error == 0 else { throw Failure("\(words[0]) cannot be started: \(String(cString: strerror(error)))") }
        var isTooLarge = false
        return try wait(for: process, since: start) { elapsed in
            isTooLarge = isTooLarge || mebibytesMax.map { residentMebibytes(process) > $0 } ?? false
            return isTooLarge || elapsed > secondsMax * 10
        }
    }

    /// Waits for the end of a process; a timer interrupts the wait and asks whether it has had enough.
    private static func wait(
        for process: pid_t,
        since start: ContinuousClock.Instant,
        hasHadEnough: (_ seconds: Double) -> Bool
    ) throws -> Child {
        var ignored = sigaction()
        ignored.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGALRM, &ignored, nil)
        let twentiethOfASecond = timeval(tv_sec: 0, tv_usec: 50_000)
        var timer = itimerval(it_interval: twentiethOfASecond, it_value: twentiethOfASecond)
        setitimer(__itimer_which_t(0), &timer, nil)
        defer {
            timer = itimerval()
            setitimer(__itimer_which_t(0), &timer, nil)
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw Failure("wait4: \(String(cString: strerror(errno)))") }
            if hasHadEnough((ContinuousClock.now - start) / .seconds(1)) { kill(process, SIGKILL) }
        }
        return Child(
            seconds: (ContinuousClock.now - start) / .seconds(1),
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMebibytes: Double(usage.ru_maxrss) / 1024,
            status: status
        )
    }

    private static func residentMebibytes(_ process: pid_t) -> Int {
        // A process that has just ended has no such file, and nothing resident.
        let pages = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8))?.split(separator: " ")
        return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * sysconf(Int32(_SC_PAGESIZE)) >> 20
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
