public import CatalogStore
import FoundationEssentials
import Lifecycle
public import RoutingTable

/// The use cases of the control plane. One file is one verb phrase is one transaction with its audit row; each is a method
/// of this type in a file of its name, such as `SubmitSpecification.swift`.
///
/// Every use case takes the ``Lifecycle/Actor`` first and decides by ``Authorization``; what the actor may not see is not
/// found. All of them throw ``GovernanceError`` and nothing else.
public struct Governance: Sendable {
    /// Where everything is kept.
    public let catalog: Catalog
    /// Where the time comes from.
    public let clock: any Clock
    /// Signs routing snapshots; the key file is the caller's business.
    public let signingKey: SigningKey
    let compilations: CompilationCache
    let checks: CheckCache

    /// Every field as it stands.
    public init(catalog: Catalog, signingKey: SigningKey, clock: any Clock = SystemClock()) {
        self.catalog = catalog
        self.signingKey = signingKey
        self.clock = clock
        compilations = CompilationCache()
        checks = CheckCache()
    }

    /// One change: a transaction that writes at least one audit row, and that a retry with the same idempotency key does
    /// not repeat: it returns the first result.
    ///
    /// `Result` is stored as JSON where the actor gave a key, so secrets in it are of type ``Secret``, which is left out.
    ///
    /// `mayChangeNothing`: whether the act may find its work done already (closing what is closed) and then writes
    ///   no audit row.
    /// `recordsRefusals`: whether what a policy refused is written down, in a transaction of its own because this one is
    ///   rolled back.
    func change<Result: Codable & Sendable>(
        _ actor: Actor,
        mayChangeNothing: Bool = false,
        recordsRefusals: Bool = true,
        _ body: @escaping @Sendable (UnitOfWork) async throws -> Result
    ) async throws(GovernanceError) -> Result {
        let refusals = RefusalSlot()
        do throws(GovernanceError) {
            return try await changed(actor, mayChangeNothing, refusals, body)
        } catch {
            // Not where the transaction ended for another reason than the refusal.
            if recordsRefusals, error.isByPolicy, let refusal = refusals.refusal {
                try await record(refusal, actor)
            }
            throw error
        }
    }

    private func changed<Result: Codable & Sendable>(
        _ actor: Actor,
        _ mayChangeNothing: Bool,
        _ refusals: RefusalSlot,
        _ body: @escaping @Sendable (UnitOfWork) async throws -> Result
    ) async throws(GovernanceError) -> Result {
        let now = clock.now
        return try await translated {
            try await catalog.transaction { transaction in
                let work = unit(transaction, actor, now, refusals)
                guard let idempotency = actor.idempotency else { return try await work.finish(mayChangeNothing, body) }
                if let earlier = try await work.claim(idempotency) {
                    return try JSONDecoder().decode(Result.self, from: Data(earlier.utf8))
                }
                let result = try await work.finish(mayChangeNothing, body)
                let json = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
                try await transaction.idempotency.finish(idempotency, of: actor, result: json)
                return result
            }
        }
    }

    /// One read: a transaction without an audit row.
    func read<Result: Sendable>(
        _ actor: Actor,
        _ body: @escaping @Sendable (UnitOfWork) async throws -> Result
    ) async throws(GovernanceError) -> Result {
        let now = clock.now
        return try await translated {
            try await catalog.transaction { transaction in
                try await body(unit(transaction, actor, now))
            }
        }
    }

    func unit(
        _ transaction: Transaction,
        _ actor: Actor,
        _ now: Moment,
        _ refusals: RefusalSlot = RefusalSlot()
    ) -> UnitOfWork {
        UnitOfWork(
            transaction: transaction,
            actor: actor,
            now: now,
            signingKey: signingKey,
            compilations: compilations,
            checks: checks,
            refusals: refusals
        )
    }

    /// Runs `body` and turns whatever it throws into the user's terms.
    func translated<Result: Sendable>(
        _ body: () async throws -> Result
    ) async throws(GovernanceError) -> Result {
        do {
            return try await body()
        } catch let error as GovernanceError {
            throw error
        } catch let error as CatalogError {
            throw GovernanceError(error)
        } catch is CancellationError {
            throw GovernanceError(CatalogError.cancelled)
        } catch {
            throw GovernanceError(CatalogError.unexpected(reason: String(describing: error)))
        }
    }
}

/// What one use case works with: the transaction, who acts, and the one moment that all of its rows carry.
struct UnitOfWork: Sendable {
    let transaction: Transaction
    let actor: Actor
    let now: Moment
    let signingKey: SigningKey
    let compilations: CompilationCache
    let checks: CheckCache
    let refusals: RefusalSlot

    /// Adds a row to the audit.
    ///
    /// `detail`: what changed; never a secret.
    func audit(_ action: String, _ subject: AuditEvent.Subject, _ detail: AuditDetail = [:]) {
        transaction.record(
            AuditEvent(
                id: .make(at: now),
                occurredAt: now,
                actor: actor,
                action: action,
                subject: subject,
                detail: detail.json
            )
        )
    }

    fileprivate func finish<Result: Sendable>(
        _ mayChangeNothing: Bool,
        _ body: @Sendable (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        let result = try await body(self)
        precondition(
            mayChangeNothing || transaction.recordedCount > 0,
            "a change without an audit row: the use case forgot it"
        )
        return result
    }

    /// Claims the key for this act, or returns the result of the act that has it.
    fileprivate func claim(_ idempotency: IdempotencyKey) async throws -> String? {
        if try await transaction.idempotency.claim(idempotency, of: actor, at: now) { return nil }
        guard let earlier = try await transaction.idempotency.find(idempotency, of: actor) else {
            throw CatalogError.unexpected(reason: "the idempotency key is neither free nor taken")
        }
        guard earlier.fingerprint == idempotency.fingerprint else {
            throw GovernanceError(
                .idempotencyKeyReused,
                "the idempotency key was used for another request",
                mend: "use a new key for a new request"
            )
        }
        guard let result = earlier.result else {
            throw GovernanceError(
                .idempotencyInProgress,
                "a request with this idempotency key is still being worked on",
                mend: "wait for its answer, then ask again"
            )
        }
        return result
    }
}
