internal import NIOCore
internal import NIOPosix
internal import RoutingTable
internal import Synchronization

/// Takes artifacts in: checks, derives, swaps, and keeps the bytes. One writer at a time, never on an event loop.
final class Activation: Sendable {
    private struct State {
        var routes: RouteView?
        var entitlements: EntitlementSet?
        var tables: GateTables?
        var routingAt: Int64?
        var entitlementsAt: Int64?
        /// Deltas that came while levels are being merged elsewhere; nil while they are not.
        var sinceMerge: [EntitlementDelta]?
    }

    private let state = Mutex(State())
    private let core: GatewayCore
    private let trust: SnapshotTrust
    private let environment: String?
    private let store: SnapshotStore?

    init(core: GatewayCore, trust: SnapshotTrust, environment: String?, store: SnapshotStore?) {
        self.core = core
        self.trust = trust
        self.environment = environment
        self.store = store
    }

    /// Puts a routing snapshot in force; the same one again changes nothing. `storedAt`: when bytes of our own disk were last known to
    /// be current; nil for others, which are kept.
    func activate(_ bytes: [UInt8], storedAt: Int64? = nil) throws(ActivationRefused) {
        let snapshot: RoutingSnapshot
        do throws(SnapshotRejected) {
            snapshot = try RoutingSnapshot.decode(bytes, trust: trust)
        } catch { throw .rejected(error) }
        let isNew = try state.withLock { state throws(ActivationRefused) in
            try checkEnvironment(snapshot.environment, state)
            if let current = state.routes?.snapshot {
                if current.generation == snapshot.generation, current.checksum == snapshot.checksum { return false }
                // Files compiled offline carry no history that could be rolled back to a revoked state.
                guard snapshot.generation > current.generation || snapshot.isOffline else {
                    throw .notNewer(found: snapshot.generation, current: current.generation)
                }
            }
            let now = Moment.now().seconds
            state.routes = RouteView(
                snapshot: snapshot,
                series: core.series,
                activatedAt: now,
                upstreams: core.upstreams.adopt(snapshot)
            )
            state.routingAt = min(storedAt ?? now, now)
            publish(&state)
            return true
        }
        if isNew, storedAt == nil { store?.keepRouting(bytes) }
    }

    /// Applies entitlements: a base replaces, a delta adds. `storedAt`: as for ``activate(_:storedAt:)``.
    func apply(_ bytes: [UInt8], storedAt: Int64? = nil) throws(ActivationRefused) {
        let now = Moment.now().seconds
        let knownAt = min(storedAt ?? now, now)
        switch try read(bytes) {
        case .base(let base):
            guard try take(base, knownAt) else { return }
            if storedAt == nil { store?.keepBase(bytes) }
        case .delta(let delta):
            try take(delta, knownAt)
            if storedAt == nil { store?.keepDelta(bytes) }
        }
    }

    /// Notes that the control plane had nothing newer: what is in force is as fresh as can be.
    func confirm(routing: Bool) {
        let now = Moment.now().seconds
        state.withLock { state in
            if routing { state.routingAt = now } else { note(now, &state) }
        }
        store?.confirm(routing: routing, at: now)
    }

    /// What is in force, for reports and health.
    var status: GatewayStatus {
        state.withLock { state in
            GatewayStatus(
                environment: state.routes?.snapshot.environment ?? environment,
                generation: state.routes?.snapshot.generation,
                checksum: state.routes?.snapshot.checksum,
                isOffline: state.routes?.snapshot.isOffline ?? false,
                sequence: state.entitlements?.sequence,
                routingConfirmedAt: state.routingAt,
                entitlementsConfirmedAt: state.entitlementsAt
            )
        }
    }

    private func note(_ now: Int64, _ state: inout State) {
        state.entitlementsAt = now
        core.entitlementsConfirmedAt.store(now, ordering: .relaxed)
    }

    private enum Reading {
        case base(EntitlementSet)
        case delta(EntitlementDelta)
    }

    private func read(_ bytes: [UInt8]) throws(ActivationRefused) -> Reading {
        do throws(SnapshotRejected) {
            do throws(SnapshotRejected) {
                return .base(try EntitlementSet.decode(bytes, trust: trust))
            } catch {
                guard error == .notAnArtifact else { throw error }
                return .delta(try EntitlementDelta.decode(bytes, trust: trust))
            }
        } catch {
            throw .rejected(error)
        }
    }

    private func take(_ base: EntitlementSet, _ knownAt: Int64) throws(ActivationRefused) -> Bool {
        try state.withLock { state throws(ActivationRefused) in
            try checkEnvironment(base.environment, state)
            note(knownAt, &state)
            if let current = state.entitlements {
                if current.sequence == base.sequence { return false }
                guard base.sequence > current.sequence else {
                    throw .notNewer(found: base.sequence, current: current.sequence)
                }
            }
            state.entitlements = base
            publish(&state)
            return true
        }
    }

    private func take(_ delta: EntitlementDelta, _ knownAt: Int64) throws(ActivationRefused) {
        let grown = try state.withLock { state throws(ActivationRefused) -> EntitlementSet? in
            guard let current = state.entitlements else { throw .noBase }
            let next: EntitlementSet
            do throws(DeltaRejected) {
                next = try current.applying(delta, isVerified: verifies)
            } catch { throw .delta(error) }
            state.entitlements = next
            note(knownAt, &state)
            publish(&state)
            guard state.sinceMerge == nil else {
                state.sinceMerge?.append(delta)
                return nil
            }
            guard next.wantsMerge else { return nil }
            state.sinceMerge = []
            return next
        }
        guard let grown else { return }
        // Beside, because it takes seconds among a million keys, and a key that is revoked meanwhile must not wait for it.
        NIOSingletons.posixBlockingThreadPool.submit { _ in self.merge(grown) }
    }

    private var verifies: Bool {
        if case .key = trust { true } else { false }
    }

    /// Makes one level of a set, brings in what came meanwhile, and puts that in force.
    private func merge(_ grown: EntitlementSet) {
        // Content that was accepted record by record is accepted as a whole; should it not be, the levels stay as they are.
        let flat = try? grown.merged()
        state.withLock { state in
            let deltas = state.sinceMerge ?? []
            state.sinceMerge = nil
            guard let flat, state.entitlements?.environment == flat.environment else { return }
            var merged = flat
            for delta in deltas {
                guard let next = try? merged.applying(delta, isVerified: verifies) else { return }
                merged = next
            }
            // A new base may have come in between, and then this one is of no use.
            guard state.entitlements?.sequence == merged.sequence else { return }
            state.entitlements = merged
            publish(&state)
        }
    }

    /// Whether levels are being merged.
    var isMerging: Bool { state.withLock { $0.sinceMerge != nil } }

    /// Swaps in what the state says. Without entitlements nobody has any, and public operations are served.
    private func publish(_ state: inout State) {
        guard let routes = state.routes else { return }
        guard let rights = state.entitlements ?? Self.nobody(in: routes.snapshot.environment) else { return }
        let tables = GateTables(snapshot: routes.snapshot, entitlements: rights, reusing: state.tables)
        state.tables = tables
        core.active.store(GateView(tables: tables, routes: routes))
    }

    private static func nobody(in environment: String) -> EntitlementSet? {
        // Cannot fail for the environment of a snapshot that was accepted; nil keeps the old view.
        try? EntitlementSet(content: EntitlementContent(environment: environment), sequence: 0)
    }

    private func checkEnvironment(_ found: String, _ state: State) throws(ActivationRefused) {
        let expected = environment ?? state.routes?.snapshot.environment ?? state.entitlements?.environment
        guard let expected, expected != found else { return }
        throw .otherEnvironment(found: found, expected: expected)
    }
}
