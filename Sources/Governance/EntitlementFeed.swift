import CatalogStore
public import Lifecycle
import RoutingTable
import Synchronization

/// What gateways pull to know who may call what: one sequence that only goes forward, as signed artifacts.
///
/// A gateway that knows nothing, or whose sequence is too old for the log, gets a base; otherwise a delta to now. Both are
/// read in one snapshot of the database, together with the clock, so that what an artifact says and the sequence it carries
/// belong together; and because deltas are made from the records as they are, applying every delta gives what a base of the
/// same sequence says.
///
/// Routes are not part of it: going back to an older routing snapshot revives nothing here.
public final class EntitlementFeed: Sendable {
    /// What a gateway gets.
    public enum Step: Sendable, Hashable {
        /// Everything, as of a sequence.
        case base(sequence: UInt64, artifact: [UInt8])
        /// What changed since the gateway's sequence.
        case delta(from: UInt64, to: UInt64, artifact: [UInt8])
        /// Nothing changed in this environment; the gateway keeps its sequence.
        case nothing
    }

    /// Deltas of more records than this are answered with a base instead.
    public static let deltaRecordsMax = 100_000
    /// How long the log of changes is kept.
    public static let logRetention = Duration.seconds(7 * 24 * 3_600)

    /// How long gateways are told of what has ended, so that they can say why they refuse.
    public static let endedRetention = Duration.seconds(30 * 24 * 3_600)

    let catalog: Catalog
    private let signingKey: SigningKey
    private let clock: any Clock
    /// The last artifacts of each environment: many gateways ask for the same ones at the same time.
    private let recent = Mutex<[EnvironmentID: [UInt64?: Recent]]>([:])

    /// An artifact and the moment of the sequence up to which it is current.
    private struct Recent {
        var sequence: UInt64
        var step: Step
    }

    /// The feed of a catalog.
    public init(_ governance: Governance) {
        catalog = governance.catalog
        signingKey = governance.signingKey
        clock = governance.clock
    }

    /// The next step for a gateway at `sequence`; 0 is a gateway that knows nothing.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (the environment), `database-unavailable`.
    public func step(
        _ actor: Actor,
        environment: String,
        after sequence: UInt64
    ) async throws(GovernanceError) -> Step {
        try actor.requireAnywhere(.pullGatewayState)
        return try await step(in: actor.organization, environment: environment, after: sequence)
    }

    /// The same for a gateway in this process, which has no token.
    ///
    /// - Throws: ``GovernanceError``: `not-found` (the environment), `database-unavailable`.
    public func step(
        in organization: OrganizationID,
        environment: String,
        after sequence: UInt64
    ) async throws(GovernanceError) -> Step {
        try await translated {
            try await self.catalog.snapshot { transaction in
                try await self.read(transaction, organization, environment, after: sequence)
            }
        }
    }

    /// Everything, as of now.
    ///
    /// - Throws: ``GovernanceError``: `not-found` (the environment), `database-unavailable`.
    public func base(
        in organization: OrganizationID,
        environment: String
    ) async throws(GovernanceError) -> (sequence: UInt64, artifact: [UInt8]) {
        guard
            case .base(let sequence, let artifact) = try await step(
                in: organization,
                environment: environment,
                after: 0
            )
        else {
            throw GovernanceError(CatalogError.unexpected(reason: "a gateway that knows nothing was given no base"))
        }
        return (sequence, artifact)
    }

    /// Forgets changes that are older than ``logRetention``; gateways that were away for longer get a base.
    ///
    /// - Throws: ``GovernanceError`` `database-unavailable`.
    public func trim() async throws(GovernanceError) {
        let before = clock.now.advanced(by: .zero - Self.logRetention)
        try await translated {
            try await self.catalog.transaction { transaction in try await transaction.entitlements.trim(before: before)
            }
        }
    }

    /// What ended before this moment is told to gateways no more.
    var forgottenBefore: Moment { clock.now.advanced(by: .zero - Self.endedRetention) }

    private func read(
        _ transaction: Transaction,
        _ organization: OrganizationID,
        _ name: String,
        after sequence: UInt64
    ) async throws -> Step {
        guard let environment = try await transaction.subscribables.environment(name, in: organization) else {
            throw GovernanceError.notFound("environment", name)
        }
        let scope = Scope(organization: organization, environment: environment, name: name)
        let now = try await transaction.entitlements.clock()
        // A gateway that is ahead comes from before the database was restored: only a base can put it right.
        let needsBase = sequence == 0 || sequence < now.floor || sequence > now.sequence
        if !needsBase, sequence == now.sequence { return .nothing }
        let key = needsBase ? nil : Optional(sequence)
        if let kept = recent.withLock({ $0[environment]?[key] }), kept.sequence == now.sequence { return kept.step }
        let step: Step
        if needsBase {
            step = try await base(transaction, scope, at: now.sequence)
        } else {
            step = try await delta(transaction, scope, from: sequence, to: now.sequence)
        }
        recent.withLock { recent in
            // Only what is current is worth keeping.
            recent[environment, default: [:]] = (recent[environment] ?? [:]).filter {
                $0.value.sequence == now.sequence
            }
            recent[environment, default: [:]][key] = Recent(sequence: now.sequence, step: step)
        }
        return step
    }

    private func base(_ transaction: Transaction, _ scope: Scope, at sequence: UInt64) async throws -> Step {
        let content = try await content(transaction, scope)
        do throws(InvalidContent) {
            return .base(
                sequence: sequence,
                artifact: try EntitlementSet.encode(content, sequence: sequence, signer: signingKey)
            )
        } catch {
            throw CatalogError.unexpected(reason: "the entitlements of `\(scope.name)` cannot be written: \(error)")
        }
    }

    private func delta(
        _ transaction: Transaction,
        _ scope: Scope,
        from sequence: UInt64,
        to newest: UInt64
    ) async throws -> Step {
        guard let changes = try await changes(transaction, scope, after: sequence) else {
            return try await base(transaction, scope, at: newest)
        }
        guard !changes.isEmpty else { return .nothing }
        let delta = EntitlementDelta(
            environment: scope.name,
            fromSequence: sequence,
            toSequence: newest,
            changes: changes
        )
        do throws(InvalidContent) {
            return .delta(from: sequence, to: newest, artifact: try delta.encode(signer: signingKey))
        } catch {
            throw CatalogError.unexpected(reason: "a delta of `\(scope.name)` cannot be written: \(error)")
        }
    }

    private func translated<Result: Sendable>(
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
