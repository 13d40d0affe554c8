public import CatalogStore
public import Lifecycle
import RoutingTable

/// A routing snapshot with its bytes, as a gateway takes it.
public struct SnapshotArtefact: Sendable, Hashable {
    /// The environment.
    public var environment: String
    /// The generation of the routing snapshot.
    public var generation: Int64
    /// The bytes.
    public var bytes: [UInt8]
}

extension Governance {
    /// Rolls the routes of an environment back (or forward) to what an older generation held, under a new generation.
    ///
    /// Only routes: what applications were granted or lost since stays as it is. The next publication compiles what is
    /// published then, so a bad release is taken back there too, not only here.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `snapshot-rejected`, `reason-required`, `illegal-transition`.
    public func activateSnapshot(
        _ actor: Actor,
        environment: String = Environment.standardName,
        generation: Int64,
        reason: String
    ) async throws(GovernanceError) -> SnapshotRecord {
        try await change(actor) { work in
            try await work.activateSnapshot(environment, generation, reason: reason)
        }
    }

    /// The snapshots of an environment, the newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listSnapshots(
        _ actor: Actor,
        environment: String = Environment.standardName,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<SnapshotRecord> {
        try actor.requireAnywhere(.readCatalog)
        let before = try page.number()
        return try await read(actor) { work in
            let environment = try await work.fullEnvironment(environment)
            let rows = try await work.transaction.snapshots.list(
                of: environment.id,
                in: actor.organization,
                before: before,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: { String($0.generation) })
        }
    }

    /// A snapshot without its bytes.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showSnapshot(
        _ actor: Actor,
        environment: String = Environment.standardName,
        generation: Int64
    ) async throws(GovernanceError) -> SnapshotRecord {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            try await work.snapshot(generation, of: try await work.fullEnvironment(environment))
        }
    }

    /// A snapshot as a file: signed, so that it can be handed on.
    ///
    /// `generation`: nil for the newest.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func exportSnapshot(
        _ actor: Actor,
        environment: String = Environment.standardName,
        generation: Int64? = nil
    ) async throws(GovernanceError) -> SnapshotArtefact {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in try await work.artefact(generation, of: environment) }
    }

    /// The routing that the gates of an environment should serve, for a gateway that has `known`.
    ///
    /// `known`: the generation that the gateway has; nil for none.
    /// - Returns: nil where the gateway has the newest, or there is none yet.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func pullRouting(
        _ actor: Actor,
        environment: String = Environment.standardName,
        known: Int64? = nil
    ) async throws(GovernanceError) -> SnapshotArtefact? {
        try actor.requireAnywhere(.pullGatewayState)
        return try await read(actor) { work in
            let environment = try await work.fullEnvironment(environment)
            guard environment.generation > 0, environment.generation != known else { return nil }
            return try await work.artefact(environment.generation, of: environment.name)
        }
    }

    /// Every environment with its generation, in the order of promotion.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`.
    public func listEnvironments(_ actor: Actor) async throws(GovernanceError) -> [Environment] {
        guard actor.mayAnywhere(.readCatalog) || actor.mayAnywhere(.pullGatewayState) else {
            throw Authorization.refusal(of: .readCatalog, to: actor)
        }
        return try await read(actor) { work in try await work.transaction.environments.list(in: actor.organization) }
    }
}

extension UnitOfWork {
    fileprivate func activateSnapshot(_ name: String, _ old: Int64, reason: String) async throws -> SnapshotRecord {
        try actor.require(.activateSnapshot, team: nil)
        try requireReason(reason, for: "activating a snapshot")
        let environment = try await lockedEnvironment(name)
        guard old != environment.generation else {
            throw Governance.illegal("generation \(old) is the newest one already", "nothing is left to do")
        }
        let record = try await snapshot(old, of: environment)
        let bytes = try await artefact(old, of: name).bytes
        let generation = environment.generation + 1
        let reissued: [UInt8]
        do throws(SnapshotRejected) {
            // Trusting only our own key: a row that somebody changed in the database is not signed anew.
            reissued = try RoutingSnapshot.reissue(
                bytes,
                generation: UInt64(generation),
                trust: .key(signingKey.publicKey),
                signer: signingKey
            )
        } catch {
            throw GovernanceError(
                .snapshotRejected,
                "generation \(old) cannot be activated: \(error)",
                mend: "choose another generation, or publish again"
            )
        }
        try await transaction.snapshots.insert(
            SnapshotStore.New(
                generation: generation,
                artefact: reissued,
                bodySHA256: record.bodySHA256,
                contentOfGeneration: old,
                cause: "snapshot.activated",
                reason: reason,
                apiCount: record.apiCount,
                versionCount: record.versionCount,
                operationCount: record.operationCount
            ),
            for: environment,
            in: actor.organization,
            by: actor.member,
            at: now
        )
        let detail: AuditDetail = [
            "generation": .number(generation), "contentOf": .number(old), "reason": .text(reason),
            "sha256": .text(Hexadecimal.text(record.bodySHA256)),
        ]
        audit("snapshot.activated", AuditEvent.Subject("environment", id: environment.id.value, name: name), detail)
        try await announce("snapshot.activated", name, detail)
        return try await snapshot(generation, of: environment)
    }

    fileprivate func snapshot(_ generation: Int64, of environment: Environment) async throws -> SnapshotRecord {
        let found = try await transaction.snapshots.find(generation, of: environment.id, in: actor.organization)
        guard let found else { throw GovernanceError.notFound("snapshot", "\(environment.name) \(generation)") }
        return found
    }

    fileprivate func artefact(_ generation: Int64?, of name: String) async throws -> SnapshotArtefact {
        let environment = try await fullEnvironment(name)
        let number = generation ?? environment.generation
        let bytes = try await transaction.snapshots.artefact(number, of: environment.id, in: actor.organization)
        guard let bytes else { throw GovernanceError.notFound("snapshot", "\(name) \(number)") }
        return SnapshotArtefact(environment: name, generation: number, bytes: bytes)
    }
}
