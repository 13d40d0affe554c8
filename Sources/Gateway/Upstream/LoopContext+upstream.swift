internal import RoutingTable
internal import UpstreamRules

// How a loop comes to its side of an upstream, and how it parts with targets that are gone.

extension LoopContext {
    /// Makes the loop's side of an upstream, from the snapshot or from what is shared of it.
    func makeUpstream(_ routes: RouteView, _ index: UpstreamIndex) -> LoopUpstream {
        let snapshot = routes.snapshot
        let record = snapshot.upstreams[index.position]
        let times = LoopUpstream.Times(
            connectMilliseconds: Int(record.connectTimeoutMilliseconds),
            headerNanoseconds: UInt64(record.headerTimeoutMilliseconds) * 1_000_000,
            idleNanoseconds: UInt64(record.idleTimeoutMilliseconds) * 1_000_000,
            tryNanoseconds: UInt64(record.policy.retry.tryTimeoutMilliseconds) * 1_000_000,
            totalNanoseconds: UInt64(record.policy.totalTimeoutMilliseconds) * 1_000_000
        )
        guard let shared = routes.upstreams[index.position] else {
            let targets = record.targets.positions.map { makeTarget(snapshot.targets[$0], snapshot) }
            return LoopUpstream(
                targets: targets,
                times: times,
                policy: record.policy,
                shared: nil,
                generation: 0,
                loop: self,
                previous: nil
            )
        }
        let previous = known(shared.name)
        let (generation, entries) = shared.entries
        let upstream = LoopUpstream(
            targets: entries.map { makeTarget($0, shared, previous) },
            times: times,
            policy: record.policy,
            shared: shared,
            generation: generation,
            loop: self,
            previous: previous
        )
        if upstream.line != nil {
            for target in upstream.targets { target.pool.onFree = { [weak upstream] in upstream?.serve() } }
        }
        keep(upstream, as: shared.name, instead: previous)
        return upstream
    }

    private func makeTarget(_ record: TargetRecord, _ snapshot: RoutingSnapshot) -> LoopTarget {
        LoopTarget(
            pool: pool(TargetKey(host: snapshot.string(record.host), port: Int(record.port)), nil),
            weight: Int(record.weight),
            priority: Int(record.priority),
            path: snapshot.bytes(record.path),
            authority: snapshot.bytes(record.authority),
            state: nil
        )
    }

    private func makeTarget(
        _ entry: SharedUpstream.Entry,
        _ shared: SharedUpstream,
        _ previous: LoopUpstream?
    ) -> LoopTarget {
        let setting = entry.setting
        let known = previous?.targets.first { $0.state === entry.target }
        // The very same target goes on, with what is in flight and how fast it was.
        if let known, known.weight == setting.weight, known.priority == setting.priority { return known }
        let key = TargetKey(
            host: setting.host,
            port: setting.port,
            owner: shared.name,
            serverName: setting.isTLS ? setting.serverName : nil
        )
        let target = LoopTarget(
            pool: pool(key, shared),
            weight: setting.weight,
            priority: setting.priority,
            path: Array(setting.path.utf8),
            authority: Array(setting.authority.utf8),
            state: entry.target
        )
        if let known { target.latency = known.latency }
        return target
    }
}
