import CatalogStore
import Lifecycle
import Manifest

/// Environments, teams, upstreams and APIs.
extension ManifestRun {
    mutating func apply(_ item: ManifestItem<EnvironmentSpec>) async throws -> ManifestChange {
        let environments = try await work.transaction.environments.list(in: work.actor.organization)
        if let known = environments.first(where: { $0.name == item.name }) {
            let isOther = item.spec.rank.map { $0 != known.rank } ?? false
            return ManifestChange(
                .environment,
                item,
                isNew: false,
                note: isOther ? "the rank stays \(known.rank): environments are not reordered by manifests" : nil
            )
        }
        try work.actor.require(.manageEnvironments, team: nil)
        let environment = Environment(
            id: .make(at: work.now),
            name: item.name,
            rank: item.spec.rank ?? (environments.map(\.rank).max() ?? 0) + 1,
            generation: 0
        )
        _ = try await work.transaction.environments.insert(environment, in: work.actor.organization, at: work.now)
        work.audit(
            "environment.created",
            AuditEvent.Subject("environment", id: environment.id.value, name: environment.name),
            ["rank": .number(Int64(environment.rank))]
        )
        return ManifestChange(.environment, item, isNew: true)
    }

    mutating func apply(_ item: ManifestItem<TeamSpec>) async throws -> ManifestChange {
        guard let known = try await work.transaction.people.team(named: item.name, in: work.actor.organization) else {
            _ = try await work.createTeam(item.name, title: item.spec.title)
            return ManifestChange(.team, item, isNew: true)
        }
        guard let title = item.spec.title, title != known.title else {
            return ManifestChange(.team, item, isNew: false)
        }
        try work.actor.require(.manageMembers, team: nil)
        try await work.transaction.people.setTitle(title, of: known.id)
        work.audit("team.updated", work.subject(of: known), ["title": .text(title)])
        return ManifestChange(.team, item, isNew: false, fields: ["title"])
    }

    /// An upstream is content: another content under the same name is another one, and a version that runs against it has to
    /// be approved with it.
    mutating func apply(_ item: ManifestItem<UpstreamSpec>) async throws -> ManifestChange {
        let wanted = Upstream(
            id: .make(at: work.now),
            name: item.name,
            targets: try UnitOfWork.targets(
                item.spec.targets.map {
                    UpstreamDraft.Target($0.url.name, weight: $0.weight, priority: $0.priority)
                }
            ),
            connectTimeoutMilliseconds: item.spec.connectTimeoutMilliseconds,
            headerTimeoutMilliseconds: item.spec.headerTimeoutMilliseconds,
            idleTimeoutMilliseconds: item.spec.idleTimeoutMilliseconds,
            policy: item.spec.policy
        ).digested
        let known = try await work.transaction.upstreams.newest(item.name, in: work.actor.organization)
        if let known, known.sha256 == wanted.sha256 { return ManifestChange(.upstream, item, isNew: false) }
        try work.actor.requireAnywhere(.submitSpecification)
        _ = try await work.transaction.upstreams.store(wanted, team: nil, in: work.actor.organization, at: work.now)
        let targets = wanted.targets.map { "\($0.scheme)://\($0.host):\($0.port)\($0.path)" }
        work.audit(
            "upstream.stored",
            AuditEvent.Subject("upstream", id: wanted.id.value, name: wanted.name),
            ["targets": .list(targets)]
        )
        return ManifestChange(.upstream, item, isNew: known == nil, fields: Self.fields(wanted, known))
    }

    /// Which parts of an upstream are not as they were.
    private static func fields(_ wanted: Upstream, _ known: Upstream?) -> [String] {
        guard let known else { return ["targets"] }
        var fields: [String] = []
        if wanted.targets != known.targets { fields.append("targets") }
        if wanted.connectTimeoutMilliseconds != known.connectTimeoutMilliseconds
            || wanted.headerTimeoutMilliseconds != known.headerTimeoutMilliseconds
            || wanted.idleTimeoutMilliseconds != known.idleTimeoutMilliseconds
        {
            fields.append("timeouts")
        }
        if wanted.policy != known.policy { fields.append("policy") }
        return fields
    }

    mutating func apply(_ item: ManifestItem<APISpec>) async throws -> ManifestChange {
        let teams = work.actor.teams(for: .readCatalog)
        let settings = APISettings(item)
        let found = try await work.transaction.apis.find(item.name, in: work.actor.organization, teams: teams)
        guard let known = found else {
            let api = try await work.createAPI(
                APIDraft(
                    name: item.name,
                    team: item.spec.team?.name,
                    title: item.spec.title,
                    visibility: API.Visibility(item.spec.visibility),
                    settings: settings,
                    labels: item.metadata.labels
                )
            )
            try await route(api)
            return ManifestChange(.api, item, isNew: true)
        }
        var differences = Differences()
        if let team = item.spec.team?.name { differences.compare("team", known.teamName, team) }
        differences.compare("title", known.title, item.spec.title ?? item.name)
        differences.compare("visibility", known.visibility, API.Visibility(item.spec.visibility))
        differences.compare("labels", known.labels, item.metadata.labels)
        settings.compare(with: known.settings, &differences)
        guard !differences.isEmpty else { return ManifestChange(.api, item, isNew: false) }
        let (api, isRoutedOtherwise) = try await work.updateAPI(
            item.name,
            APIChange(
                team: item.spec.team?.name,
                title: item.spec.title ?? item.name,
                visibility: API.Visibility(item.spec.visibility),
                settings: settings,
                labels: item.metadata.labels
            )
        )
        if isRoutedOtherwise { try await route(api) }
        return ManifestChange(.api, item, isNew: false, fields: differences.fields)
    }

    private mutating func route(_ api: API) async throws {
        if api.settings.passthrough != nil {
            needsRouting(try await work.transaction.environments.list(in: work.actor.organization).map(\.name))
        } else {
            needsRouting(try await work.transaction.apis.environments(of: api.id))
        }
    }
}

extension API.Visibility {
    init(_ visibility: APISpec.Visibility) {
        switch visibility {
        case .public: self = .public
        case .internal: self = .internal
        case .private: self = .private
        }
    }
}

extension APISettings {
    /// The settings that a manifest describes.
    init(_ item: ManifestItem<APISpec>) {
        let spec = item.spec
        self.init(
            basePath: spec.basePath ?? "/" + item.name,
            hosts: spec.hosts,
            access: spec.access == .open ? .open : .plan,
            security: spec.security == .delegate ? .delegate : .verify,
            versioning: Versioning(
                places: spec.versioning.places.compactMap { Versioning.Place(rawValue: $0.rawValue) },
                header: spec.versioning.header,
                query: spec.versioning.query,
                mediaTypeParameter: spec.versioning.mediaTypeParameter,
                standard: spec.versioning.standard
            ),
            requestHeaders: RequestHeaders(set: spec.requestHeaders.set, remove: spec.requestHeaders.remove),
            passthrough: spec.isPassthrough ? Passthrough(upstream: spec.upstream?.name ?? "", deny: spec.deny) : nil
        )
    }

    fileprivate func compare(with before: APISettings, _ differences: inout Differences) {
        differences.compare("basePath", before.basePath, basePath)
        differences.compare("hosts", before.hosts, hosts)
        differences.compare("access", before.access, access)
        differences.compare("security", before.security, security)
        differences.compare("versioning", before.versioning, versioning)
        differences.compare("requestHeaders", before.requestHeaders, requestHeaders)
        differences.compare("passthrough", before.passthrough, passthrough)
    }
}
