internal import Synchronization

/// The last good artifacts on disk, as they came (so their signatures are checked again at start): two generations of the
/// routing snapshot, the entitlements' base, and the deltas after it.
///
/// The time of a file's last change is when it was last known to be current, so that a gateway that starts without its control plane
/// knows how old its knowledge is, and does not take it for fresh.
///
/// Every file is replaced as a whole. A disk that is full or read-only costs the keeping, never the serving: the reason is
/// kept in ``failure`` and shown by `/readyz?verbose`.
final class SnapshotStore: Sendable {
    private struct State {
        var failure: String?
        var deltaBytes = 0
        var hasBase = false
        var routingConfirmedAt: Int64 = 0
        var entitlementsConfirmedAt: Int64 = 0
        /// While a successor reads the files: what is kept afterwards.
        var held: [Artifact]?
    }

    private enum Artifact {
        case routing([UInt8])
        case base([UInt8])
        case delta([UInt8])
    }

    private let folder: String
    private let state = Mutex(State())

    /// Bytes of an artifact that is read back at most.
    static let artifactBytesMax = 600 << 20
    /// Bytes of deltas kept behind a base; beyond, a new base is asked for.
    static let deltaBytesMax = 16 << 20

    init(folder: String) { self.folder = folder }

    private var routing: String { folder + "/routing.snapshot" }
    private var routingPrevious: String { folder + "/routing.previous.snapshot" }
    private var base: String { folder + "/entitlements.snapshot" }
    private var deltas: String { folder + "/entitlements.deltas" }

    /// Why the last artifact could not be kept; nil when all is well.
    var failure: String? { state.withLock { $0.failure } }

    /// Whether the deltas have grown so long that a new base should be asked for.
    var wantsBase: Bool { state.withLock { $0.deltaBytes > Self.deltaBytesMax } }

    /// Leaves the files as they are until ``release()``; what comes meanwhile waits.
    func hold() { state.withLock { $0.held = $0.held ?? [] } }

    /// Keeps what waited, and goes on.
    func release() {
        let waited = state.withLock { state in
            defer { state.held = nil }
            return state.held ?? []
        }
        for artifact in waited {
            switch artifact {
            case .routing(let bytes): keepRouting(bytes)
            case .base(let bytes): keepBase(bytes)
            case .delta(let bytes): keepDelta(bytes)
            }
        }
    }

    private func waits(_ artifact: Artifact) -> Bool {
        state.withLock { state in
            guard state.held != nil else { return false }
            state.held?.append(artifact)
            return true
        }
    }

    /// Keeps a routing snapshot; the one before it stays as the previous one.
    func keepRouting(_ bytes: [UInt8]) {
        guard !waits(.routing(bytes)) else { return }
        attempt { () throws(Disk.Failure) in
            if Disk.exists(routing) { try Disk.move(routing, to: routingPrevious) }
            try Disk.replace(routing, with: bytes)
        }
    }

    /// Keeps a base; deltas before it are of no use any more.
    func keepBase(_ bytes: [UInt8]) {
        guard !waits(.base(bytes)) else { return }
        attempt { () throws(Disk.Failure) in
            try Disk.replace(base, with: bytes)
            try Disk.replace(deltas, with: [])
            state.withLock {
                $0.deltaBytes = 0
                $0.hasBase = true
            }
        }
    }

    /// Keeps a delta behind the base.
    func keepDelta(_ bytes: [UInt8]) {
        guard !waits(.delta(bytes)) else { return }
        guard state.withLock({ $0.hasBase }) else { return }
        attempt { () throws(Disk.Failure) in
            try Disk.append(deltas, Self.frame(bytes))
            state.withLock { $0.deltaBytes += bytes.count + 4 }
        }
    }

    /// Notes that what is kept is current: every few seconds at most.
    func confirm(routing: Bool, at now: Int64) {
        let isDue = state.withLock { state in
            let last = routing ? state.routingConfirmedAt : state.entitlementsConfirmedAt
            guard now - last >= Self.confirmSeconds else { return false }
            if routing { state.routingConfirmedAt = now } else { state.entitlementsConfirmedAt = now }
            return true
        }
        let path = routing ? self.routing : base
        guard isDue, Disk.exists(path) else { return }
        attempt { () throws(Disk.Failure) in try Disk.touch(path) }
    }

    /// How far a file's time may lag behind.
    private static let confirmSeconds: Int64 = 5

    /// Reads everything back into an activation, and says what was found.
    ///
    /// - Returns: notes for people, for example that a file was corrupt and the previous one is used.
    func restore(into activation: Activation) -> [String] {
        var notes: [String] = []
        for path in [routing, routingPrevious] where Disk.exists(path) {
            do {
                let bytes = try Disk.read(path, bytesMax: Self.artifactBytesMax)
                try activation.activate(bytes, storedAt: try Disk.changedAt(path))
                if path == routingPrevious { notes.append("the previous routing snapshot is used: \(path)") }
                break
            } catch {
                notes.append("\(path) is not used: \(error)")
            }
        }
        guard Disk.exists(base) else { return notes }
        do {
            let bytes = try Disk.read(base, bytesMax: Self.artifactBytesMax)
            try activation.apply(bytes, storedAt: try Disk.changedAt(base))
            state.withLock { $0.hasBase = true }
        } catch {
            notes.append("\(base) is not used: \(error)")
            return notes
        }
        notes += restoreDeltas(into: activation)
        return notes
    }

    private func restoreDeltas(into activation: Activation) -> [String] {
        guard Disk.exists(deltas) else { return [] }
        do {
            let bytes = try Disk.read(deltas, bytesMax: Self.artifactBytesMax)
            // The base is confirmed with all its deltas; the last of these may be younger.
            let storedAt = max(try Disk.changedAt(deltas), try Disk.changedAt(base))
            var index = 0
            while index + 4 <= bytes.count {
                let count = bytes[index..<(index + 4)].reduce(0) { $0 << 8 | Int($1) }
                // A delta that was cut off by a crash was never confirmed; the control plane sends it again.
                guard index + 4 + count <= bytes.count else { break }
                try activation.apply(Array(bytes[(index + 4)..<(index + 4 + count)]), storedAt: storedAt)
                index += 4 + count
            }
            state.withLock { $0.deltaBytes = index }
            // What follows would be appended behind the cut and never be found.
            if index < bytes.count { try Disk.replace(deltas, with: Array(bytes[..<index])) }
            return []
        } catch {
            return ["\(deltas) is used in part: \(error)"]
        }
    }

    private static func frame(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(truncatingIfNeeded: bytes.count)
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + bytes
    }

    private func attempt(_ body: () throws(Disk.Failure) -> Void) {
        do throws(Disk.Failure) {
            try body()
            state.withLock { $0.failure = nil }
        } catch {
            let reason = "\(error)"
            state.withLock { $0.failure = reason }
        }
    }
}
