public import Lifecycle
import Postgres

/// What a subscription, a plan and a pin need to know of the provider's side: the API, its versions, the environment.
public struct SubscribableStore: Sendable {
    let transaction: Transaction

    /// An API that can be subscribed to.
    public struct API: Sendable, Hashable {
        /// The row's identifier.
        public let id: APIID
        /// The name.
        public let name: String
        /// The team that owns it.
        public let teamID: TeamID
        /// Whether it has no specification, and so no versions.
        public let isPassthrough: Bool
        /// Whether everybody may call it without a subscription.
        public let isOpen: Bool
    }

    /// A version of an API that is not retired.
    public struct Version: Sendable, Hashable {
        /// The row's identifier.
        public let id: APIVersionID
        /// The name.
        public let name: String
        /// The major version; nil: every one, or none is named.
        public let major: Int?
        /// When its deprecation takes effect; nil: it has none.
        public let deprecatedAt: Moment?
        /// From when on the gate answers 410; nil: not set.
        public let sunsetAt: Moment?
        /// The version that takes its place.
        public let successor: String?
        /// Whether it is live in the environment asked about.
        public let isPublished: Bool

        /// Whether new subscriptions to it are refused at `now`.
        public func isDeprecated(at now: Moment) -> Bool { deprecatedAt.map { $0 <= now } ?? false }
    }

    /// The API of a name, nil where there is none that `teams` may see; nil teams means every team.
    ///
    /// - Throws: ``CatalogError``.
    public func api(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> API? {
        guard
            let row = try await transaction.row("subscription/find_api", [organization, name, teams.map { Array($0) }])
        else { return nil }
        return API(
            id: try row.read("id"),
            name: try row.read("slug"),
            teamID: try row.read("team_id"),
            isPassthrough: try row.read("is_passthrough"),
            isOpen: try row.read("is_open")
        )
    }

    /// The versions of an API that are not retired, the latest first.
    ///
    /// - Throws: ``CatalogError``.
    public func versions(of api: APIID, in environment: EnvironmentID) async throws(CatalogError) -> [Version] {
        var versions: [Version] = []
        for row in try await transaction.rows("subscription/list_versions", [api, environment]) {
            versions.append(
                Version(
                    id: try row.read("id"),
                    name: try row.read("version"),
                    major: try row.read("major"),
                    deprecatedAt: try row.read("deprecated_at"),
                    sunsetAt: try row.read("sunset_at"),
                    successor: try row.read("successor"),
                    isPublished: try row.read("is_published")
                )
            )
        }
        return versions
    }

    /// The newest revision of each version of an API that is not retired, the latest version first.
    ///
    /// - Throws: ``CatalogError``.
    public func newestRevisions(
        of api: APIID
    ) async throws(CatalogError) -> [(revision: RevisionID, specification: SpecificationID)] {
        var list: [(revision: RevisionID, specification: SpecificationID)] = []
        for row in try await transaction.rows("plan/list_newest_specifications", [api]) {
            list.append((try row.read("revision_id"), try row.read("spec_content_id")))
        }
        return list
    }

    /// A document's bytes, as they were submitted.
    ///
    /// - Throws: ``CatalogError``.
    public func specification(_ id: SpecificationID) async throws(CatalogError) -> [UInt8]? {
        try await transaction.row("plan/find_specification", [id])?.read("bytes")
    }

    /// The team of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func team(_ name: String, in organization: OrganizationID) async throws(CatalogError) -> TeamID? {
        try await transaction.row("application/find_team", [organization, name])?.read("id")
    }

    /// The environment of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func environment(_ name: String, in organization: OrganizationID) async throws(CatalogError)
        -> EnvironmentID?
    {
        try await transaction.row("subscription/find_environment", [organization, name])?.read("id")
    }
}

extension Transaction {
    /// What can be subscribed to.
    public var subscribables: SubscribableStore { SubscribableStore(transaction: self) }
}

extension SubscribableStore.API {
    /// The API of a subscription, which either side may see.
    public init(of subscription: Subscription) {
        self.init(
            id: subscription.apiID,
            name: subscription.api,
            teamID: subscription.providerTeamID,
            isPassthrough: false,
            isOpen: false
        )
    }
}
