import Glibc

/// The thread on which one connection's libpq calls run, as the executor of the connection's actor.
///
/// libpq blocks: in name resolution, in TLS handshakes, in PQcancel. On a thread of its own that costs the cooperative
/// pool nothing, and the actor makes the compiler check that nobody else touches the connection.
final class ConnectionThread: SerialExecutor {
    private let queue = JobQueue()

    /// Starts the thread.
    ///
    /// - Throws: `PostgresError` of kind `.connectionFailed` if the system gives no thread.
    init() throws(PostgresError) {
        let queue = queue
        try DetachedThread.start {
            while let entry = queue.next() {
                entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
            }
        }
    }

    deinit { queue.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.append(JobQueue.Entry(job: UnownedJob(job), executor: self))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Jobs on their way to a thread.
///
/// SAFETY: `entries` and `isStopped` are touched only with `mutex` held. Every test of the driver goes through it.
private final class JobQueue: @unchecked Sendable {
    /// The executor is kept alive while its job waits and runs: the job itself may drop the last other reference.
    struct Entry {
        let job: UnownedJob
        let executor: ConnectionThread
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var entries: [Entry] = []
    private var isStopped = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func append(_ entry: Entry) {
        pthread_mutex_lock(mutex)
        entries.append(entry)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// The next job, or nil once stopped and empty.
    func next() -> Entry? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while entries.isEmpty {
            if isStopped { return nil }
            pthread_cond_wait(condition, mutex)
        }
        // A connection's queue is one or two jobs long, so that shifting costs nothing.
        return entries.removeFirst()
    }
}
