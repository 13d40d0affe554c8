public import Lifecycle
import Postgres
import UpstreamRules

/// Upstreams by name and content; a row never changes, the newest row of a name is what the name means.
public struct UpstreamStore: Sendable {
    let transaction: Transaction

    /// Stores an upstream, or finds the one of the same name and content.
    ///
    /// - Throws: ``CatalogError``.
    public func store(
        _ upstream: Upstream,
        team: TeamID?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Upstream {
        let policy = upstream.policy == UpstreamPolicy() ? nil : try StoredJSON.text(upstream.policy)
        try await transaction.execute(
            "upstream/insert",
            [
                upstream.id, organization, team, upstream.name, try StoredJSON.text(upstream.targets),
                upstream.connectTimeoutMilliseconds, upstream.headerTimeoutMilliseconds,
                upstream.idleTimeoutMilliseconds, policy, upstream.sha256, now,
            ]
        )
        let row = try await transaction.row("upstream/find_content", [organization, upstream.name, upstream.sha256])
        guard let stored = try Row.read(row, Upstream.init) else {
            throw CatalogError.unexpected(reason: "an upstream is neither new nor stored")
        }
        return stored
    }

    /// The newest content of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func newest(_ name: String, in organization: OrganizationID) async throws(CatalogError) -> Upstream? {
        try Row.read(try await transaction.row("upstream/find_newest", [organization, name]), Upstream.init)
    }

    /// The upstream of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func get(_ id: UpstreamID, in organization: OrganizationID) async throws(CatalogError) -> Upstream? {
        try Row.read(try await transaction.row("upstream/get", [organization, id]), Upstream.init)
    }

    /// The upstreams of these identifiers, in any order.
    ///
    /// - Throws: ``CatalogError``.
    public func list(_ ids: [UpstreamID], in organization: OrganizationID) async throws(CatalogError) -> [Upstream] {
        try await transaction.rows("upstream/list", [organization, ids]).read(Upstream.init)
    }
}

extension Upstream {
    fileprivate init(_ row: Row) throws(CatalogError) {
        let policy: String? = try row.read("policy")
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            targets: try StoredJSON.value(try row.read("targets")),
            connectTimeoutMilliseconds: try row.read("connect_timeout_ms"),
            headerTimeoutMilliseconds: try row.read("header_timeout_ms"),
            idleTimeoutMilliseconds: try row.read("idle_timeout_ms"),
            policy: try policy.map { (text) throws(CatalogError) in try StoredJSON.value(text) } ?? UpstreamPolicy(),
            sha256: try row.read("sha256")
        )
    }
}

extension Transaction {
    /// Upstreams.
    public var upstreams: UpstreamStore { UpstreamStore(transaction: self) }
}
