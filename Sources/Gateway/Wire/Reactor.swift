internal import CPoll
internal import Glibc
internal import Synchronization
internal import Telemetry

/// The thread of one loop: waits for sockets to become ready, lets each read, runs what other threads ask for, and ticks.
///
/// An own loop instead of SwiftNIO's: a proxied request is four readiness events, and NIO's channel, pipeline and selector
/// cost about 2 µs of the 13 that nginx needs for all of it, most of it reference counting. What NIO is good at beyond that
/// (resolving names, health and metrics on their own listener) stays with it, off this thread.
@safe final class Reactor: @unchecked Sendable {
    // SAFETY: all but `mailbox` and `wakeup` is touched from the loop's thread alone, once it runs. Guarded by
    // "swapping tables under load" and by running the gateway's tests under the thread sanitizer.
    static let blockBytes = 64 * 1024
    private static let eventsMax = 64

    /// What one read may bring; lent to the wire that reads, for the length of one event.
    let block: UnsafeMutablePointer<UInt8>
    /// More than so many bytes waiting on one wire, and it counts as blocked.
    let backlogBytesMax: Int
    /// Where TLS works; made when it is first spoken.
    private(set) lazy var pipe = TLSPipe()
    private let poll: Int32
    private let wakeup: Int32
    /// Becomes ready when this loop asks it to, behind all that is ready already; see ``measureDelay()``.
    private let probe: Int32
    private var probedAt: UInt64 = 0
    /// Hears how long something that is ready waits until its turn comes, in nanoseconds, and when that was measured; at least once a
    /// tick. True measures again at once.
    var delayMeasured: ((UInt64, UInt64) -> Bool)?
    private let events: UnsafeMutablePointer<cpoll_event>
    /// By descriptor. Not counted while they are at work, which would take two atomic steps an event: one reference is taken when a
    /// wire is added, and given back when the turn is over in which it was removed.
    // SAFETY: every entry holds the reference that `add` took until `remove` moves it to `removed`. Guarded by the tests of
    // faults, which close connections inside of events, their own and others.
    private var wires: [Unmanaged<Wire>?] = unsafe []
    private var removed: [Wire] = []
    /// Counts the turns, so that the clocks are read once in each; see ``LoopContext/refreshTime()``.
    private(set) var turn: UInt64 = 0
    private var listeners: [Int32: Listener] = [:]
    private var again: [Wire] = []
    private var serials: UInt32 = 0
    private var stops = false
    private let mailbox = Mutex<[@Sendable () -> Void]>([])
    /// How long the loop was away from its sockets: the longest time in nanoseconds, then the turns longer than each of
    /// ``pauseBorders``. What every connection of the loop waits for at most before it is looked at.
    let pauses = CellBank()

    /// Pauses are counted above these lengths; with the labels of their metric.
    static let pauseBorders: [(nanoseconds: UInt64, seconds: String)] = [
        (1_000_000, "0.001"), (5_000_000, "0.005"), (25_000_000, "0.025"), (100_000_000, "0.1"),
    ]

    /// - Throws: the number of the system's error, when there are no descriptors left.
    init(backlogBytesMax: Int) throws(Disk.Failure) {
        self.backlogBytesMax = backlogBytesMax
        let poll = cpoll_create()
        guard poll >= 0 else { throw Disk.Failure(call: "epoll_create1", path: "", code: errno) }
        let wakeup = cpoll_wakeup()
        guard wakeup >= 0, cpoll_add_level(poll, wakeup, 0) == 0 else {
            let error = errno
            _ = Glibc.close(poll)
            throw Disk.Failure(call: "eventfd", path: "", code: error)
        }
        let probe = cpoll_wakeup()
        guard probe >= 0, cpoll_add_level(poll, probe, 0) == 0 else {
            let error = errno
            for descriptor in [probe, wakeup, poll] where descriptor >= 0 { _ = Glibc.close(descriptor) }
            throw Disk.Failure(call: "eventfd", path: "", code: error)
        }
        self.poll = poll
        self.wakeup = wakeup
        self.probe = probe
        unsafe block = .allocate(capacity: Self.blockBytes)
        unsafe events = .allocate(capacity: Self.eventsMax)
    }

    deinit {
        unsafe block.deallocate()
        unsafe events.deallocate()
        for place in unsafe wires.indices { unsafe wires[place]?.release() }
        _ = Glibc.close(probe)
        _ = Glibc.close(wakeup)
        _ = Glibc.close(poll)
    }

    // MARK: From any thread

    /// Runs `task` on the loop's thread, soon.
    func execute(_ task: @escaping @Sendable () -> Void) {
        mailbox.withLock { $0.append(task) }
        cpoll_wake(wakeup)
    }

    // MARK: From the loop's thread

    /// Runs until ``stop()``; `tick` says in how many milliseconds it is to be called again.
    func run(tick: () -> Int) {
        var now = Moment.monotonicNow()
        var next = now
        while !stops {
            let woken = wait(until: next, from: now)
            now = Moment.monotonicNow()
            if now >= next {
                next = now &+ UInt64(tick()) &* 1_000_000
                if probedAt == 0 { measureDelay() }
                now = Moment.monotonicNow()
            }
            if now &- woken > 1_000_000 { notePause(now &- woken) }
        }
    }

    @inline(never)
    private func notePause(_ nanoseconds: UInt64) {
        if nanoseconds > pauses.value(at: 0) { pauses.set(nanoseconds, at: 0) }
        for (place, border) in Self.pauseBorders.enumerated() where nanoseconds > border.nanoseconds {
            pauses.add(1, at: place + 1)
        }
    }

    /// Makes ``run(tick:)`` return after the present turn.
    func stop() { stops = true }

    /// One turn: waits for sockets, and lets each that is ready read.
    ///
    /// - Returns: when the waiting was over.
    private func wait(until deadline: UInt64, from now: UInt64) -> UInt64 {
        let timeout = again.isEmpty && deadline > now ? Int32((deadline - now) / 1_000_000) + 1 : 0
        let count = unsafe cpoll_wait(poll, events, timeout)
        let woken = Moment.monotonicNow()
        turn &+= 1
        if !removed.isEmpty { removed.removeAll(keepingCapacity: true) }
        var index = 0
        while index < Int(count) {
            let event = unsafe events[index]
            index &+= 1
            let place = Int(event.descriptor)
            if unsafe place < wires.count, let wire = unsafe wires[place] {
                unsafe wire._withUnsafeGuaranteedRef { wire in
                    // An event for a descriptor that was closed and taken again in this very turn is not for the new one.
                    if wire.serial == event.serial { wire.ready(event.readiness) }
                }
            } else if event.descriptor == wakeup {
                runMailbox()
            } else if event.descriptor == probe {
                noteDelay()
            } else {
                listeners[event.descriptor]?.accept()
            }
        }
        guard !again.isEmpty else { return woken }
        var turn: [Wire] = []
        swap(&turn, &again)
        for wire in turn { wire.readReady() }
        return woken
    }

    /// Puts a mark at the end of the kernel's list of ready sockets; when it comes up, all that was ready before it has had its turn.
    private func measureDelay() {
        probedAt = Moment.monotonicNow()
        cpoll_wake(probe)
    }

    private func noteDelay() {
        cpoll_drain(probe)
        let now = Moment.monotonicNow()
        let delay = now &- probedAt
        probedAt = 0
        if delayMeasured?(delay, now) == true { measureDelay() }
    }

    private func runMailbox() {
        cpoll_drain(wakeup)
        let tasks = mailbox.withLock { tasks in
            defer { tasks.removeAll(keepingCapacity: true) }
            return tasks
        }
        for task in tasks { task() }
    }

    func nextSerial() -> UInt32 {
        serials &+= 1
        return serials
    }

    func add(_ wire: Wire) {
        let place = Int(wire.descriptor)
        while unsafe wires.count <= place { unsafe wires.append(nil) }
        unsafe wires[place] = Unmanaged.passRetained(wire)
        // Fails only without memory in the kernel; the wire then never becomes ready and its deadline ends it.
        _ = cpoll_add(poll, wire.descriptor, wire.serial)
    }

    func remove(_ wire: Wire) {
        // Closing a descriptor takes it out of the queue.
        let place = Int(wire.descriptor)
        guard let known = unsafe wires[place], unsafe known.toOpaque() == Unmanaged.passUnretained(wire).toOpaque()
        else { return }
        unsafe wires[place] = nil
        removed.append(unsafe known.takeRetainedValue())
    }

    /// Lets a wire read once more, after the others.
    func readAgain(_ wire: Wire) {
        if !again.contains(where: { $0 === wire }) { again.append(wire) }
    }

    func add(_ listener: Listener) {
        listeners[listener.descriptor] = listener
        _ = cpoll_add_level(poll, listener.descriptor, 0)
    }

    /// Stops asking a listener, for the time being or for good.
    func remove(_ listener: Listener) {
        listeners[listener.descriptor] = nil
        _ = cpoll_remove(poll, listener.descriptor)
    }
}
