public import Lifecycle
import Postgres

/// APIs with their settings and labels.
public struct APIStore: Sendable {
    let transaction: Transaction

    /// What to look for in a listing; nil narrows nothing.
    public struct Filter: Sendable, Hashable {
        /// The owning team's name.
        public var team: String?
        /// A label's key, with any value or with one.
        public var labelKey: String?
        /// A label's value.
        public var labelValue: String?
        /// Words of the name, title and description, or a part of the name.
        public var words: String?

        /// Every field as it stands.
        public init(team: String? = nil, labelKey: String? = nil, labelValue: String? = nil, words: String? = nil) {
            self.team = team
            self.labelKey = labelKey
            self.labelValue = labelValue
            self.words = words
        }
    }

    /// An API by name.
    ///
    /// `teams`: whose private APIs may be seen; nil for all.
    /// - Throws: ``CatalogError``.
    public func find(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> API? {
        try Row.read(
            try await transaction.row("api/find", [organization, name, teams.map { Array($0) }]),
            API.init
        )
    }

    /// The API of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func get(_ id: APIID, in organization: OrganizationID) async throws(CatalogError) -> API? {
        try Row.read(try await transaction.row("api/get", [organization, id]), API.init)
    }

    /// An API by name, held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func lock(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> API? {
        try Row.read(
            try await transaction.row("api/lock", [organization, name, teams.map { Array($0) }]),
            API.init
        )
    }

    /// A page of APIs by name.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        filter: Filter = Filter(),
        after name: String?,
        limit: Int
    ) async throws(CatalogError) -> [API] {
        try await transaction.rows(
            "api/list",
            [
                organization, name ?? "", teams.map { Array($0) }, filter.team, filter.labelKey, filter.labelValue,
                filter.words, limit,
            ]
        ).read(API.init)
    }

    /// The APIs that the gate of an environment routes.
    ///
    /// - Throws: ``CatalogError``.
    public func routed(
        in environment: EnvironmentID,
        tombstonesSince since: Moment
    ) async throws(CatalogError) -> [API] {
        try await transaction.rows("release/apis_routed", [environment, since]).read(API.init)
    }

    /// Adds an API with its labels.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ api: API, settingsSHA256: [UInt8]) async throws(CatalogError) {
        let settings = api.settings
        try await transaction.execute(
            "api/insert",
            [
                api.id, api.organization, api.team, api.name, api.title, api.description, api.visibility.rawValue,
                settings.basePath, settings.hosts, settings.access.rawValue, settings.security.rawValue,
                try StoredJSON.text(settings.versioning), try StoredJSON.text(settings.requestHeaders),
                try settings.storedPassthrough, settingsSHA256, api.createdAt,
            ]
        )
        try await setLabels(of: api)
    }

    /// Changes an API that is still as it was read, and its labels.
    ///
    /// - Returns: the new edition; nil where somebody else changed it since.
    /// - Throws: ``CatalogError``.
    public func update(_ api: API, settingsSHA256: [UInt8], at now: Moment) async throws(CatalogError) -> Int64? {
        let settings = api.settings
        let row = try await transaction.row(
            "api/update",
            [
                api.id, api.team, api.title, api.description, api.visibility.rawValue, settings.basePath,
                settings.hosts,
                settings.access.rawValue, settings.security.rawValue, try StoredJSON.text(settings.versioning),
                try StoredJSON.text(settings.requestHeaders), try settings.storedPassthrough, settingsSHA256, now,
                api.archivedAt, api.edition,
            ]
        )
        guard let row else { return nil }
        try await setLabels(of: api)
        return try row.read("etag")
    }

    private func setLabels(of api: API) async throws(CatalogError) {
        try await transaction.execute("api_label/delete_all", [api.id])
        guard !api.labels.isEmpty else { return }
        let labels = api.labels.sorted { $0.key < $1.key }
        try await transaction.execute(
            "api_label/insert",
            [api.organization, api.id, labels.map(\.key), labels.map(\.value)]
        )
    }

    /// Whether any version of it is published anywhere.
    ///
    /// - Throws: ``CatalogError``.
    public func isPublished(_ id: APIID) async throws(CatalogError) -> Bool {
        guard let row = try await transaction.row("release/exists_for_api", [id]) else { return false }
        return try row.read("found")
    }

    /// The names of the environments whose gates know it.
    ///
    /// - Throws: ``CatalogError``.
    public func environments(of id: APIID) async throws(CatalogError) -> [String] {
        try await transaction.rows("release/environments_of_api", [id]).read {
            (row: Row) throws(CatalogError) -> String in
            try row.read("slug")
        }
    }
}

extension APISettings {
    fileprivate var storedPassthrough: String? {
        get throws(CatalogError) {
            guard let passthrough else { return nil }
            return try StoredJSON.text(passthrough)
        }
    }
}

extension API {
    fileprivate init(_ row: Row) throws(CatalogError) {
        let passthrough: String? = try row.read("passthrough")
        var settings = APISettings(
            basePath: try row.read("base_path"),
            hosts: try row.read("hosts"),
            access: try row.word("access"),
            security: try row.word("security"),
            versioning: try StoredJSON.value(try row.read("versioning"), as: APISettings.Versioning.self),
            requestHeaders: try StoredJSON.value(try row.read("request_headers"), as: APISettings.RequestHeaders.self)
        )
        if let passthrough { settings.passthrough = try StoredJSON.value(passthrough) }
        self.init(
            id: try row.read("id"),
            organization: try row.read("org_id"),
            team: try row.read("team_id"),
            teamName: try row.read("team"),
            name: try row.read("slug"),
            title: try row.read("title"),
            description: try row.read("description"),
            visibility: try row.word("visibility"),
            settings: settings,
            labels: try StoredJSON.value(try row.read("labels")),
            edition: try row.read("etag"),
            createdAt: try row.read("created_at"),
            updatedAt: try row.read("updated_at"),
            archivedAt: try row.read("archived_at")
        )
    }
}

extension Transaction {
    /// APIs with their settings and labels.
    public var apis: APIStore { APIStore(transaction: self) }
}
