internal import RoutingTable
internal import Synchronization
internal import UpstreamRules

/// The shared upstreams of the snapshot in force, by name. Changed with every snapshot, never on an event loop.
final class UpstreamBook: Sendable {
    private let known = Mutex<[String: SharedUpstream]>([:])
    private let files: UpstreamFiles

    init(files: UpstreamFiles) { self.files = files }

    /// All of them, for the drivers and for metrics.
    var all: [SharedUpstream] { known.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// Whether an upstream needs nothing beyond its loop: the next target in turn, and that is all.
    static func isPlain(_ policy: UpstreamPolicy, targetCount: Int) -> Bool {
        guard case .roundRobin = policy.balance, case .none = policy.discovery else { return false }
        return policy.check == nil && (targetCount == 1 || !policy.ejection.isOn) && !policy.bounds.isOn
            && policy.breaker == nil && policy.slowStartMilliseconds == 0 && policy.totalTimeoutMilliseconds == 0
            && policy.retry.tryTimeoutMilliseconds == 0 && policy.retry.statuses.isEmpty
    }

    /// Takes over the upstreams of a snapshot. One whose policy is the same goes on with what is known of its targets.
    ///
    /// - Returns: by the snapshot's number, nil for plain ones.
    func adopt(_ snapshot: RoutingSnapshot) -> [SharedUpstream?] {
        let now = Moment.monotonicNow()
        var adopted: [String: SharedUpstream] = [:]
        let old = known.withLock { $0 }
        let result = snapshot.upstreams.map { record -> SharedUpstream? in
            let listed = record.targets.positions.map { Self.setting(snapshot.targets[$0], record.policy, snapshot) }
            let usesTLS = listed.contains { $0.isTLS } || Self.readsFile(record.policy)
            let isFlat = listed.allSatisfy { $0.priority == listed[0].priority }
            if isFlat, !usesTLS, Self.isPlain(record.policy, targetCount: listed.count) { return nil }
            let name = snapshot.string(record.name)
            let upstream: SharedUpstream
            if let same = old[name], same.policy == record.policy, (same.tls != nil) == usesTLS {
                upstream = same
                same.update(at: now) { list in
                    guard list.listed != listed else { return false }
                    list.listed = listed
                    return true
                }
            } else {
                let tls = usesTLS ? UpstreamTLS(record.policy.tls, files: files, upstream: name) : nil
                upstream = SharedUpstream(name: name, policy: record.policy, listed: listed, tls: tls)
            }
            adopted[name] = upstream
            return upstream
        }
        known.withLock { $0 = adopted }
        return result
    }

    private static func readsFile(_ policy: UpstreamPolicy) -> Bool {
        if case .file = policy.discovery { true } else { false }
    }

    private static func setting(
        _ record: TargetRecord,
        _ policy: UpstreamPolicy,
        _ snapshot: RoutingSnapshot
    ) -> TargetSetting {
        let host = snapshot.string(record.host)
        return TargetSetting(
            isTLS: record.scheme == .https,
            host: host,
            port: Int(record.port),
            path: snapshot.string(record.path),
            authority: snapshot.string(record.authority),
            serverName: policy.tls.serverName.isEmpty ? host : policy.tls.serverName,
            weight: Int(record.weight),
            priority: Int(record.priority)
        )
    }
}
