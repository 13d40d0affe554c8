internal import Synchronization
internal import UpstreamRules

/// One address as the list, DNS or a file names it.
struct TargetSetting: Hashable, Sendable {
    var isTLS: Bool
    /// Where to connect: a name or an address.
    var host: String
    var port: Int
    /// Put before the specification's path.
    var path: String
    /// The value of `Host`.
    var authority: String
    /// What the certificate must say, and SNI: the name, whatever address it was resolved to.
    var serverName: String
    var weight: Int
    var priority: Int

    /// What makes it the same target under another weight or priority.
    var identity: String { "\(isTLS ? "https" : "http") \(host) \(port) \(path) \(authority)" }

    /// For labels and notes: `host:port`.
    var label: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What all loops and the checks know of one target. Written by whoever learns something, read by every choice.
final class SharedTarget: Sendable {
    let identity: String
    /// For consistent hashing. Taken of what it is called, so that all gateways agree.
    let seed: UInt64
    let label: String
    /// What the gateway's own checks say.
    let isHealthy = Atomic<Bool>(true)
    /// Out of turn before this monotonic time.
    let ejectedUntil = Atomic<UInt64>(0)
    /// When it came or came back; 0: it was there from the start.
    let availableSince: Atomic<UInt64>
    /// Whether its last outcome was a failure: only then does a success need to be written down.
    let hasFailed = Atomic<Bool>(false)

    init(_ setting: TargetSetting, since: UInt64) {
        identity = setting.identity
        seed = Rendezvous.number(of: setting.identity.utf8)
        label = setting.label
        availableSince = Atomic(since)
    }

    /// Whether requests may go to it.
    @inline(__always)
    func isUsable(at now: UInt64) -> Bool {
        isHealthy.load(ordering: .relaxed) && ejectedUntil.load(ordering: .relaxed) <= now
    }

    /// Since when requests may go to it.
    func usableSince() -> UInt64 {
        max(availableSince.load(ordering: .relaxed), ejectedUntil.load(ordering: .relaxed))
    }
}
