internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import UpstreamRules

/// Does what upstreams need beside requests: checks targets, asks DNS, looks at files. On an event loop of its own; what
/// blocks goes to threads.
final class UpstreamDriver: @unchecked Sendable {
    // SAFETY: everything mutable is touched on `eventLoop` only. Guarded by the integration tests of checks and discovery.
    private let eventLoop: any EventLoop
    private let threads: NIOThreadPool
    private let book: UpstreamBook
    private let files: UpstreamFiles
    private let limits: GatewayLimits
    private let resolve: @Sendable (String) -> [String]?
    private let tell: @Sendable (String) -> Void
    private var driven: [String: Driven] = [:]
    private var randomState: UInt64
    private var isStopped = false

    /// How often it is looked whether anything is due.
    static let tickMilliseconds = 50
    /// How often files are looked at.
    static let fileNanoseconds: UInt64 = 1_000_000_000

    /// What is going on for one upstream.
    private final class Driven: @unchecked Sendable {
        // SAFETY: touched on the driver's event loop only; threads carry it there and back.
        let shared: SharedUpstream
        var checks: [String: Check] = [:]
        var names: [String: Asking] = [:]
        var nextFileLook: UInt64 = 0
        var isLooking = false
        var stamp: UpstreamFiles.Stamp?
        /// The last thing said about the file, so that it is not said every second.
        var fault: String?

        init(_ shared: SharedUpstream) { self.shared = shared }
    }

    private struct Check {
        var track: CheckTrack
        var next: UInt64
        var isRunning = false
    }

    private struct Asking {
        var next: UInt64 = 0
        var isRunning = false
        var failures = 0
    }

    init(
        book: UpstreamBook,
        files: UpstreamFiles,
        limits: GatewayLimits,
        eventLoop: any EventLoop,
        threads: NIOThreadPool,
        resolve: @escaping @Sendable (String) -> [String]?,
        tell: @escaping @Sendable (String) -> Void
    ) {
        self.book = book
        self.files = files
        self.limits = limits
        self.eventLoop = eventLoop
        self.threads = threads
        self.resolve = resolve
        self.tell = tell
        randomState = Moment.now().wall
    }

    /// Begins; ends with the event loop.
    func start() {
        let interval = TimeAmount.milliseconds(Int64(Self.tickMilliseconds))
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in self.tick() }
    }

    /// Nothing new is begun after this.
    func stop() { eventLoop.execute { self.isStopped = true } }

    private func tick() {
        guard !isStopped else { return }
        let all = book.all
        if all.isEmpty, driven.isEmpty { return }
        let now = Moment.monotonicNow()
        var kept: [String: Driven] = [:]
        for shared in all {
            var entry = driven[shared.name]
            if entry?.shared !== shared { entry = nil }
            let current = entry ?? Driven(shared)
            kept[shared.name] = current
            drive(current, now)
        }
        driven = kept
    }

    private func drive(_ entry: Driven, _ now: UInt64) {
        if let check = entry.shared.policy.check { runChecks(entry, check, now) }
        if case .dns(let interval) = entry.shared.policy.discovery { askNames(entry, interval, now) }
        if now >= entry.nextFileLook, !entry.isLooking { lookAtFiles(entry, now) }
    }

    // MARK: Checks

    private func runChecks(_ entry: Driven, _ check: ActiveCheck, _ now: UInt64) {
        let entries = entry.shared.entries.entries
        var kept: [String: Check] = [:]
        for target in entries {
            let identity = target.target.identity
            var state =
                entry.checks[identity]
                ?? Check(
                    track: CheckTrack(check, isHealthy: target.target.isHealthy.load(ordering: .relaxed)),
                    next: now
                )
            if !state.isRunning, now >= state.next {
                state.isRunning = true
                HealthProbe.start(target.setting, check, tls: entry.shared.tls, on: eventLoop, limits: limits) {
                    self.checked(entry, target.target, check, isGood: $0)
                }
            }
            kept[identity] = state
        }
        entry.checks = kept
    }

    private func checked(_ entry: Driven, _ target: SharedTarget, _ check: ActiveCheck, isGood: Bool) {
        if isGood {
            entry.shared.counts.checksGood.wrappingAdd(1, ordering: .relaxed)
        } else {
            entry.shared.counts.checksBad.wrappingAdd(1, ordering: .relaxed)
        }
        guard var state = entry.checks[target.identity] else { return }
        let now = Moment.monotonicNow()
        state.isRunning = false
        randomState &+= 0x9E37_79B9_7F4A_7C15
        state.next = now + CheckTrack.intervalNanoseconds(check, random: Rendezvous.mix(randomState) >> 1)
        if let isHealthy = state.track.record(isGood: isGood) {
            entry.shared.note(target, isHealthy: isHealthy, at: now)
            tell(
                "upstream `\(entry.shared.name)`: target \(target.label) is \(isHealthy ? "healthy again" : "unhealthy")"
            )
        }
        entry.checks[target.identity] = state
    }

    // MARK: Names

    private func askNames(_ entry: Driven, _ intervalMilliseconds: Int, _ now: UInt64) {
        for name in entry.shared.namesToResolve {
            var asking = entry.names[name] ?? Asking()
            if !asking.isRunning, now >= asking.next {
                asking.isRunning = true
                let resolve = self.resolve
                threads.submit { state in
                    // Shutting down: there is nobody left to tell.
                    guard case .active = state else { return }
                    let found = resolve(name)
                    self.eventLoop.execute { self.resolved(entry, name, found, intervalMilliseconds) }
                }
            }
            entry.names[name] = asking
        }
    }

    private func resolved(_ entry: Driven, _ name: String, _ found: [String]?, _ intervalMilliseconds: Int) {
        var asking = entry.names[name] ?? Asking()
        let now = Moment.monotonicNow()
        asking.isRunning = false
        asking.next = now + UInt64(intervalMilliseconds) * 1_000_000
        if let found, !found.isEmpty {
            if asking.failures > 0 { tell("upstream `\(entry.shared.name)`: `\(name)` is resolved again") }
            asking.failures = 0
            entry.shared.update(at: now) { $0.resolve(name, to: found) }
        } else {
            entry.shared.counts.discoveryFailures.wrappingAdd(1, ordering: .relaxed)
            if asking.failures == 0 {
                tell("upstream `\(entry.shared.name)`: `\(name)` cannot be resolved, the last addresses stay in use")
            }
            asking.failures += 1
        }
        entry.names[name] = asking
    }

    // MARK: Files

    private func lookAtFiles(_ entry: Driven, _ now: UInt64) {
        entry.nextFileLook = now + Self.fileNanoseconds
        let name: String? = if case .file(let file) = entry.shared.policy.discovery { file } else { nil }
        guard entry.shared.tls != nil || name != nil else { return }
        entry.isLooking = true
        let (shared, files, known) = (entry.shared, self.files, entry.stamp)
        threads.submit { state in
            // Shutting down: there is nobody left to tell.
            guard case .active = state else { return }
            let told = shared.tls?.refresh()
            let look = name.map { Self.look($0, files, shared, known) }
            self.eventLoop.execute {
                if let told {
                    shared.counts.certificateLoads.wrappingAdd(1, ordering: .relaxed)
                    self.tell(told)
                }
                self.looked(entry, look)
            }
        }
    }

    /// What a look at a file of targets found.
    private struct Look: Sendable {
        var stamp: UpstreamFiles.Stamp?
        /// Nil when the file had not changed.
        var result: Result<[TargetSetting], UpstreamFiles.Fault>?
    }

    private static func look(
        _ name: String,
        _ files: UpstreamFiles,
        _ shared: SharedUpstream,
        _ known: UpstreamFiles.Stamp?
    ) -> Look {
        let stamp = files.stamp(name)
        if let stamp, stamp == known { return Look(stamp: stamp) }
        do throws(UpstreamFiles.Fault) {
            let bytes = try files.read(name, bytesMax: TargetFile.bytesMax)
            do throws(TargetFile.Fault) {
                let targets = try TargetFile.read(bytes, serverName: shared.policy.tls.serverName)
                return Look(stamp: stamp, result: .success(targets))
            } catch {
                return Look(stamp: stamp, result: .failure(.init(description: "`\(name)`: \(error)")))
            }
        } catch {
            return Look(stamp: stamp, result: .failure(error))
        }
    }

    private func looked(_ entry: Driven, _ look: Look?) {
        entry.isLooking = false
        guard let look else { return }
        entry.stamp = look.stamp
        switch look.result {
        case nil: return
        case .success(let targets):
            entry.fault = nil
            entry.shared.update(at: Moment.monotonicNow()) { $0.read(targets) }
            tell("upstream `\(entry.shared.name)`: \(targets.count) targets were read")
        case .failure(let fault):
            entry.shared.counts.discoveryFailures.wrappingAdd(1, ordering: .relaxed)
            guard entry.fault != fault.description else { return }
            entry.fault = fault.description
            tell("upstream `\(entry.shared.name)`: \(fault); the last targets stay in use")
        }
    }
}
