import CatalogStore
public import Lifecycle

/// An API as somebody wrote it; nil takes the usual.
public struct APIDraft: Sendable, Hashable {
    /// The name that people use.
    public var name: String
    /// The owning team; nil for the actor's only one.
    public var team: String?
    /// Nil for the name.
    public var title: String?
    /// More text for people; may be empty.
    public var description: String
    /// Who sees it.
    public var visibility: API.Visibility
    /// Nil: base path `/name`, behind a plan, security verified, versions by path, header and pin.
    public var settings: APISettings?
    /// Keys and values to find it by.
    public var labels: [String: String]

    /// Every field as it stands.
    public init(
        name: String,
        team: String? = nil,
        title: String? = nil,
        description: String = "",
        visibility: API.Visibility = .internal,
        settings: APISettings? = nil,
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.team = team
        self.title = title
        self.description = description
        self.visibility = visibility
        self.settings = settings
        self.labels = labels
    }
}

extension Governance {
    /// Makes an API. A passthrough API is routed at once; any other waits for its first release.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (the team), `name-taken`, `name-invalid`, `validation-failed`,
    ///   `route-conflict`.
    public func createAPI(_ actor: Actor, _ draft: APIDraft) async throws(GovernanceError) -> API {
        try await change(actor) { work in
            let api = try await work.createAPI(draft)
            if api.settings.passthrough != nil { try await work.routeAgain(api, cause: "api.created") }
            return api
        }
    }

    /// An API that the actor may see.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showAPI(_ actor: Actor, _ name: String) async throws(GovernanceError) -> API {
        try await read(actor) { work in try await work.fullAPI(name) }
    }

    /// A page of the APIs that the actor may see, by name; `words` search name, title and description.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`.
    public func listAPIs(
        _ actor: Actor,
        filter: APIFilter = APIFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<API> {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            let rows = try await work.transaction.apis.list(
                in: actor.organization,
                teams: actor.teams(for: .readCatalog),
                filter: APIStore.Filter(
                    team: filter.team,
                    labelKey: filter.labelKey,
                    labelValue: filter.labelValue,
                    words: filter.words
                ),
                after: page.cursor,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: \.name)
        }
    }
}

/// What to look for among APIs; nil narrows nothing.
public struct APIFilter: Sendable, Hashable {
    /// The owning team's name.
    public var team: String?
    /// A label's key, with any value or with one.
    public var labelKey: String?
    /// A label's value.
    public var labelValue: String?
    /// Words of name, title and description, or a part of the name.
    public var words: String?

    /// Every field as it stands.
    public init(team: String? = nil, labelKey: String? = nil, labelValue: String? = nil, words: String? = nil) {
        self.team = team
        self.labelKey = labelKey
        self.labelValue = labelValue
        self.words = words
    }
}

extension UnitOfWork {
    func createAPI(_ draft: APIDraft) async throws -> API {
        let team = try await teamForNewAPI(draft.team)
        try actor.require(.createAPI, team: team.id)
        let settings = draft.settings ?? APISettings(basePath: "/" + draft.name)
        try check(labels: draft.labels, before: [:])
        try check(settings)
        let api = API(
            id: .make(at: now),
            organization: actor.organization,
            team: team.id,
            teamName: team.name,
            name: draft.name,
            title: draft.title ?? draft.name,
            description: draft.description,
            visibility: draft.visibility,
            settings: settings,
            labels: draft.labels,
            edition: 1,
            createdAt: now,
            updatedAt: now,
            archivedAt: nil
        )
        try await transaction.apis.insert(api, settingsSHA256: try settings.sha256)
        audit(
            "api.created",
            subject(of: api),
            ["team": .text(team.name), "title": .text(api.title), "basePath": .text(settings.basePath)]
        )
        return api
    }

    /// Labels under `gov/` are the governance team's (domain.md section 0.12).
    func check(labels: [String: String], before: [String: String]) throws(GovernanceError) {
        guard labels.count <= 64 else {
            throw GovernanceError(.limitReached, "an API has at most 64 labels", mend: "remove some")
        }
        let keys = Set(labels.keys).union(before.keys)
        let changed = keys.filter { $0.hasPrefix("gov/") && labels[$0] != before[$0] }
        guard !changed.isEmpty else { return }
        try actor.require(.setGovernanceLabel, team: nil)
    }

    /// What the database does not say better.
    func check(_ settings: APISettings) throws(GovernanceError) {
        for host in settings.hosts {
            let isPlain = host.utf8.allSatisfy { byte in
                byte == 0x2A || byte == 0x2D || byte == 0x2E || (0x30...0x39).contains(byte)
                    || (0x61...0x7A).contains(byte)
            }
            guard isPlain, (1...253).contains(host.utf8.count) else {
                throw GovernanceError.invalid(
                    "/hosts",
                    "`\(host)` is no host",
                    mend: "write it in lower case and without a port, such as `api.example.com` or `*.example.com`"
                )
            }
        }
        for (name, value) in settings.requestHeaders.set {
            guard Self.isFieldName(name), value.utf8.allSatisfy({ $0 == 9 || $0 >= 32 && $0 != 127 }) else {
                throw GovernanceError.invalid(
                    "/requestHeaders/set/\(name)",
                    "`\(name)` cannot be sent as a header field",
                    mend: "use a name of letters, digits and hyphens, and a value without control characters"
                )
            }
        }
        for name in settings.requestHeaders.remove where !Self.isFieldName(name) {
            throw GovernanceError.invalid(
                "/requestHeaders/remove",
                "`\(name)` is no header field's name",
                mend: "correct it"
            )
        }
    }

    /// A token of RFC 9110 §5.6.2.
    private static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}

extension Page {
    /// A page from one row more than was asked for, for listings whose key is a text.
    init(surplus rows: [Item], for request: PageRequest, byText key: (Item) -> String) {
        guard rows.count > request.limit, let last = rows.dropLast(rows.count - request.limit).last else {
            self.init(items: rows, next: nil)
            return
        }
        self.init(items: Array(rows.prefix(request.limit)), next: key(last))
    }
}
