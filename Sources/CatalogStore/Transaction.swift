public import Lifecycle
public import Postgres
import Synchronization

/// One transaction on the catalog: hands out the stores, runs named queries, collects the audit rows.
///
/// A use case gets one, does all of its reads and writes through it, and never sees a half-done change: whatever it throws
/// rolls everything back. Audit rows are written last, because the chain's lock is held from then to the commit; a
/// transaction that cannot write its audit does not commit.
public final class Transaction: Sendable {
    private let session: any Session
    private let recorded = Mutex<[AuditEvent]>([])

    init(_ session: any Session) { self.session = session }

    /// Adds a row to the audit, in this same transaction.
    public func record(_ event: AuditEvent) {
        recorded.withLock { $0.append(event) }
    }

    /// How many audit rows the transaction will write.
    public var recordedCount: Int { recorded.withLock { $0.count } }

    /// Every row that the query `sql/queries/<name>.sql` returns.
    ///
    /// - Throws: ``CatalogError``.
    public func rows(_ name: String, _ parameters: [any Parameter] = []) async throws(CatalogError) -> [Row] {
        let statement = try QueryLibrary.statement(name)
        do {
            return try await session.query(statement, parameters)
        } catch {
            throw CatalogError(error)
        }
    }

    /// The first row that the query returns, if any.
    ///
    /// - Throws: ``CatalogError``.
    public func row(_ name: String, _ parameters: [any Parameter] = []) async throws(CatalogError) -> Row? {
        try await rows(name, parameters).first
    }

    /// Runs a query for its effect.
    ///
    /// - Returns: how many rows it wrote.
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func execute(_ name: String, _ parameters: [any Parameter] = []) async throws(CatalogError) -> Int {
        let statement = try QueryLibrary.statement(name)
        do {
            return try await session.execute(statement, parameters)
        } catch {
            throw CatalogError(error)
        }
    }

    /// Tells listeners at the commit; a lost notice costs time, never a change, because listeners read again anyway.
    ///
    /// - Throws: ``CatalogError``.
    public func notify(_ channel: NoticeChannel, _ payload: String) async throws(CatalogError) {
        do {
            try await session.notify(channel: channel.rawValue, payload: payload)
        } catch {
            throw CatalogError(error)
        }
    }

    func writeAudit() async throws(CatalogError) {
        let events = recorded.withLock { $0 }
        for event in events { try await audit.append(event) }
    }
}

/// What the control nodes tell each other through PostgreSQL.
public enum NoticeChannel: String, Sendable, CaseIterable {
    /// A new routing snapshot; the payload is the environment's name.
    case routing = "gatehouse_routing"
    /// A step of the entitlements' sequence; the payload is the environment's name.
    case entitlements = "gatehouse_entitlements"
    /// Something waits in the outbox.
    case outbox = "gatehouse_outbox"
    /// Documents wait to be checked.
    case evaluations = "gatehouse_evaluations"
}
