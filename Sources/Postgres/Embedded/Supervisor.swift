import CPostmaster
import Glibc
import Synchronization

/// The thread that starts the server, waits for its end, and starts it again.
///
/// One thread for the server's whole life, because the kernel sends the death signal when the thread that started the
/// server ends, not when the process does.
final class Supervisor: Sendable {
    private let configuration: EmbeddedServer.Configuration
    private let onEvent: @Sendable (EmbeddedServer.Event) -> Void
    private let wakeUp: WakeUp
    private let shared = Mutex(Shared())

    private struct Shared {
        var processID: Int32?
        var isStopping = false
        var isOver = false
        var log: ServerLog?
        var started: CheckedContinuation<Result<String, EmbeddedServerFailure>, Never>?
        var stopped: [CheckedContinuation<Void, Never>] = []
    }

    init(
        _ configuration: EmbeddedServer.Configuration,
        onEvent: @escaping @Sendable (EmbeddedServer.Event) -> Void
    ) throws(EmbeddedServerFailure) {
        self.configuration = configuration
        self.onEvent = onEvent
        do throws(PostgresError) { wakeUp = try WakeUp() } catch { throw .database(error) }
    }

    var processID: Int32? { shared.withLock { $0.processID } }

    var logTail: String { shared.withLock { $0.log }?.tail ?? "" }

    /// Starts the thread and waits until the server is ready.
    ///
    /// - Returns: The folder of the socket.
    func start() async throws(EmbeddedServerFailure) -> String {
        let result: Result<String, EmbeddedServerFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                shared.withLock { $0.started = continuation }
                do throws(PostgresError) {
                    try DetachedThread.start { self.live() }
                } catch {
                    answer(.failure(.database(error)))
                }
            }
        } onCancel: {
            requestStop()
        }
        return try result.get()
    }

    func requestStop() {
        shared.withLock { $0.isStopping = true }
        wakeUp.signal()
    }

    func stop() async {
        requestStop()
        await withCheckedContinuation { continuation in
            let isOver = shared.withLock { shared in
                if !shared.isOver { shared.stopped.append(continuation) }
                return shared.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: The thread

    /// The first answer counts; later ones have nobody waiting for them.
    private func answer(_ result: Result<String, EmbeddedServerFailure>) {
        let continuation = shared.withLock { shared in
            defer { shared.started = nil }
            return shared.started
        }
        continuation?.resume(returning: result)
    }

    private func live() {
        do throws(EmbeddedServerFailure) {
            let directory = DataDirectory(configuration.dataDirectory)
            try FileSystem.makeDirectories(directory.path, mode: 0o711)
            let lock = try DataDirectoryLock.take(directory)
            try serve(directory)
            // Only when the server has ended may another process have the data directory.
            _ = consume lock
        } catch {
            answer(.failure(error))
        }
        let waiting = shared.withLock { shared in
            shared.isOver = true
            defer { shared.stopped = [] }
            return shared.stopped
        }
        for continuation in waiting { continuation.resume() }
    }

    private func serve(_ directory: DataDirectory) throws(EmbeddedServerFailure) {
        let launch = try Launch(configuration, directory)
        defer { launch.log.finish() }
        shared.withLock { $0.log = launch.log }
        var restarts = RestartState()
        var isFirst = true
        while !isStopping {
            do throws(EmbeddedServerFailure) {
                try launch.clearLeftovers()
                let process = try launch.start()
                try waitUntilReady(process, launch)
                shared.withLock { $0.processID = process }
                defer { shared.withLock { $0.processID = nil } }
                restarts.becameReady(now: .now)
                if isFirst { answer(.success(launch.socketFolder)) } else { onEvent(.recovered(processID: process)) }
                isFirst = false
                let status = waitForEnd(of: process)
                if isStopping { break }
                let pause = restarts.ended(now: .now)
                onEvent(.ended(reason: Self.reason(status), log: launch.log.tail, pause: pause))
                rest(pause)
            } catch {
                // A server that never came up is the caller's to judge; one that did is ours to bring back.
                if isFirst { throw error }
                if isStopping { break }
                let pause = restarts.ended(now: .now)
                onEvent(.restartFailed(error, pause: pause))
                rest(pause)
            }
        }
        try launch.clearLeftovers()
        launch.removeRuntimeFolder()
        if isFirst { throw .startFailed(reason: "was stopped before it was ready", log: "") }
    }

    private var isStopping: Bool { shared.withLock { $0.isStopping } }

    /// Reads the state that the server writes for `pg_ctl` into the last line of `postmaster.pid`; asking over a
    /// connection would fill the log with refusals.
    private func waitUntilReady(_ process: pid_t, _ launch: Launch) throws(EmbeddedServerFailure) {
        let deadline = ContinuousClock.now + configuration.startTimeout
        while true {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                // Its last words may still be in the pipe.
                usleep(50_000)
                throw .startFailed(reason: Self.reason(ServerCommand.exitStatus(status)), log: launch.log.tail)
            }
            if launch.isReady(process) { return }
            if isStopping {
                end(process)
                throw .startFailed(reason: "was stopped before it was ready", log: "")
            }
            if ContinuousClock.now >= deadline {
                end(process)
                throw .startTimedOut(after: configuration.startTimeout, log: launch.log.tail)
            }
            wait(descriptor: -1, for: .milliseconds(5))
        }
    }

    /// Waits for the end of the server, its own or the one that was asked for.
    ///
    /// - Returns: Exit status as a shell tells it.
    private func waitForEnd(of process: pid_t) -> Int32 {
        let watch = postmaster_watch(process)
        defer { if watch >= 0 { close(watch) } }
        while true {
            var status: Int32 = 0
            let reaped = waitpid(process, &status, WNOHANG)
            if reaped == process { return ServerCommand.exitStatus(status) }
            // Reaped by somebody else in this process: the end is known, its status is not.
            if reaped < 0, errno == ECHILD { return -1 }
            if isStopping { return end(process) }
            // Without a descriptor to watch, looking now and then has to do.
            wait(descriptor: watch, for: watch >= 0 ? nil : .milliseconds(100))
        }
    }

    /// Stops the server: orderly, then at once (it recovers at its next start), then by force.
    @discardableResult
    private func end(_ process: pid_t) -> Int32 {
        let steps: [(signal: Int32, patience: Duration)] = [
            (SIGINT, configuration.stopTimeout), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(10)),
        ]
        for step in steps {
            kill(process, step.signal)
            let deadline = ContinuousClock.now + step.patience
            while ContinuousClock.now < deadline {
                var status: Int32 = 0
                let reaped = waitpid(process, &status, WNOHANG)
                if reaped == process { return ServerCommand.exitStatus(status) }
                if reaped < 0, errno == ECHILD { return -1 }
                usleep(5000)
            }
        }
        return -1
    }

    private func rest(_ pause: Duration) {
        let deadline = ContinuousClock.now + pause
        while !isStopping {
            let left = ContinuousClock.now.duration(to: deadline)
            if left <= .zero { return }
            wait(descriptor: -1, for: left)
        }
    }

    /// Waits for the descriptor, a request to stop, or the end of the time.
    private func wait(descriptor: Int32, for duration: Duration?) {
        var descriptors = [
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // poll passes over a negative descriptor. An interrupted wait is a short one, and every caller loops.
        _ = poll(&descriptors, 2, duration.map { Int32(clamping: $0.milliseconds) } ?? -1)
        if descriptors[0].revents != 0 { wakeUp.drain() }
    }

    private static func reason(_ status: Int32) -> String {
        switch status {
        case -1: "ended"
        case 129...: "was ended by signal \(status - 128)"
        default: "ended with status \(status)"
        }
    }
}
