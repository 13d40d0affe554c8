import CatalogStore
public import Lifecycle

/// What to change of an API; nil leaves it.
public struct APIChange: Sendable, Hashable {
    /// The team.
    public var team: String?
    /// Text for people.
    public var title: String?
    /// More text for people; may be empty.
    public var description: String?
    /// Who sees it.
    public var visibility: API.Visibility?
    /// How the gate runs it.
    public var settings: APISettings?
    /// All labels, not only those that change.
    public var labels: [String: String]?
    /// The edition that the caller saw; another one is refused. Nil takes whatever is there.
    public var edition: Int64?

    /// Every field as it stands.
    public init(
        team: String? = nil,
        title: String? = nil,
        description: String? = nil,
        visibility: API.Visibility? = nil,
        settings: APISettings? = nil,
        labels: [String: String]? = nil,
        edition: Int64? = nil
    ) {
        self.team = team
        self.title = title
        self.description = description
        self.visibility = visibility
        self.settings = settings
        self.labels = labels
        self.edition = edition
    }
}

extension Governance {
    /// Changes an API. Other settings make every approval stale that does not cover them; where a version is live, who may
    /// call and who enforces `security` is for the governance team to change.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `precondition-failed`, `concurrent-change`,
    ///   `validation-failed`, `route-conflict`.
    public func updateAPI(_ actor: Actor, _ name: String, _ change: APIChange) async throws(GovernanceError) -> API {
        try await self.change(actor) { work in
            let (api, isRoutedOtherwise) = try await work.updateAPI(name, change)
            if isRoutedOtherwise { try await work.routeAgain(api, cause: "api.updated") }
            return api
        }
    }
}

extension UnitOfWork {
    /// - Returns: the API, and whether the gates have to learn of the change.
    func updateAPI(_ name: String, _ change: APIChange) async throws -> (API, isRoutedOtherwise: Bool) {
        let before = try await fullAPI(name, isLocking: true)
        try actor.require(.updateAPI, team: before.team)
        try require(edition: change.edition, is: before.edition)
        var api = before
        if let team = change.team, team != before.teamName {
            let next = try await self.team(team)
            try actor.require(.updateAPI, team: next.id)
            api.team = next.id
            api.teamName = next.name
        }
        if let title = change.title { api.title = title }
        if let description = change.description { api.description = description }
        if let visibility = change.visibility { api.visibility = visibility }
        if let labels = change.labels {
            try check(labels: labels, before: before.labels)
            api.labels = labels
        }
        if let settings = change.settings {
            try check(settings)
            api.settings = settings
        }
        let isPublished = try await transaction.apis.isPublished(api.id)
        if isPublished, api.settings.decidesOtherwise(than: before.settings) {
            // What protects callers and upstreams of a live version is not one team's to loosen.
            try actor.require(.changeLiveEnforcement, team: nil)
        }
        guard let edition = try await transaction.apis.update(api, settingsSHA256: try api.settings.sha256, at: now)
        else {
            throw GovernanceError(
                .concurrentChange,
                "the API was changed in the meantime",
                mend: "look at it again and repeat the change"
            )
        }
        api.edition = edition
        api.updatedAt = now
        audit("api.updated", subject(of: api), Self.detail(from: before, to: api))
        let isRouted = isPublished || before.settings.passthrough != nil || api.settings.passthrough != nil
        return (api, isRouted && (api.settings != before.settings || api.title != before.title))
    }

    private static func detail(from before: API, to after: API) -> AuditDetail {
        var detail: AuditDetail = [:]
        if before.teamName != after.teamName { detail["team"] = .text(after.teamName) }
        if before.title != after.title { detail["title"] = .text(after.title) }
        if before.description != after.description { detail["description"] = .text(after.description) }
        if before.visibility != after.visibility { detail["visibility"] = .text(after.visibility.rawValue) }
        if before.labels != after.labels {
            detail["labels"] = .list(after.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        }
        let old = before.settings
        let new = after.settings
        if old.basePath != new.basePath { detail["basePath"] = .text(new.basePath) }
        if old.hosts != new.hosts { detail["hosts"] = .list(new.hosts) }
        if old.access != new.access { detail["access"] = .text(new.access.rawValue) }
        if old.security != new.security { detail["security"] = .text(new.security.rawValue) }
        if old.versioning != new.versioning { detail["versioning"] = .list(new.versioning.places.map(\.rawValue)) }
        if old.requestHeaders != new.requestHeaders {
            // Values may be secrets between the gate and the upstream: names only.
            detail["requestHeaders"] = .list(
                new.requestHeaders.set.keys.sorted() + new.requestHeaders.remove.map { "-\($0)" }
            )
        }
        if old.passthrough != new.passthrough { detail["passthrough"] = .truth(new.passthrough != nil) }
        return detail
    }
}

extension APISettings {
    /// Whether who may call, or what the upstream is told about them, is another.
    fileprivate func decidesOtherwise(than other: APISettings) -> Bool {
        access != other.access || security != other.security || requestHeaders != other.requestHeaders
    }
}
