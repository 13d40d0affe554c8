import CatalogStore
import DocumentTree
public import Lifecycle
import Manifest

extension Governance {
    /// The catalog, as far as the actor sees it, as manifests: applying them to an empty catalog submits everything again, and
    /// applying them to this one takes over what people made.
    ///
    /// A version comes with the document that is live, else its newest. Keys come as the hashes they are kept as.
    ///
    /// - Returns: multi-document YAML.
    /// - Throws: ``GovernanceError``: `forbidden`, `database-unavailable`.
    public func exportManifests(_ actor: Actor) async throws(GovernanceError) -> String {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            var export = ManifestExport(work: work)
            try await export.collect()
            return YAMLText.documents(ManifestWriter.values(export.manifests))
        }
    }
}

/// Collects manifests from the catalog.
struct ManifestExport {
    let work: UnitOfWork
    private(set) var manifests = ManifestSet()
    private var upstreams: [String: Upstream] = [:]

    private static let pageSize = 200

    init(work: UnitOfWork) { self.work = work }

    mutating func collect() async throws {
        for environment in try await work.transaction.environments.list(in: work.actor.organization)
        where environment.name != Environment.standardName {
            manifests.environments.append(
                ManifestItem(metadata: .init(name: environment.name), spec: EnvironmentSpec(rank: environment.rank))
            )
        }
        try await collectTeams()
        try await collectAPIs()
        for upstream in upstreams.values.sorted(by: { $0.name < $1.name }) {
            manifests.upstreams.append(ManifestItem(metadata: .init(name: upstream.name), spec: UpstreamSpec(upstream)))
        }
        try await collectPlans()
        try await collectPolicies()
        guard work.actor.mayAnywhere(.readApplications) else { return }
        try await collectApplications()
        try await collectSubscriptions()
        try await collectCredentials()
    }

    private mutating func collectTeams() async throws {
        guard work.actor.mayAnywhere(.readMembers) else { return }
        var after: String?
        repeat {
            let page = try await work.transaction.people.teams(
                in: work.actor.organization,
                after: after,
                limit: Self.pageSize
            )
            for team in page {
                let title = team.title == team.name ? nil : team.title
                manifests.teams.append(ManifestItem(metadata: .init(name: team.name), spec: TeamSpec(title: title)))
            }
            after = page.count == Self.pageSize ? page.last?.name : nil
        } while after != nil
    }

    private mutating func collectAPIs() async throws {
        var after: String?
        repeat {
            let page = try await work.transaction.apis.list(
                in: work.actor.organization,
                teams: work.actor.teams(for: .readCatalog),
                filter: APIStore.Filter(),
                after: after,
                limit: Self.pageSize
            )
            for api in page {
                manifests.apis.append(
                    ManifestItem(metadata: .init(name: api.name, labels: api.labels), spec: APISpec(api))
                )
                if let passthrough = api.settings.passthrough { try await keep(upstream: passthrough.upstream) }
                try await collectVersions(of: api)
            }
            after = page.count == Self.pageSize ? page.last?.name : nil
        } while after != nil
    }

    private mutating func collectVersions(of api: API) async throws {
        var after: (sortKey: [UInt8], id: APIVersionID)?
        repeat {
            let page = try await work.transaction.versions.list(
                of: api.id,
                in: work.actor.organization,
                after: after,
                limit: Self.pageSize
            )
            for version in page { try await collect(version, of: api) }
            after = page.count == Self.pageSize ? page.last.map { ($0.sortKey, $0.id) } : nil
        } while after != nil
    }

    private mutating func collect(_ version: APIVersion, of api: API) async throws {
        let detail = try await work.detail(of: version)
        let live = detail.releases.first { $0.state == .published && $0.environmentName == Environment.standardName }
        let organization = work.actor.organization
        var revision = detail.newestRevision
        if let live { revision = try await work.transaction.revisions.get(live.revision, in: organization) }
        guard let revision, let value = try await document(of: revision) else { return }
        var upstream: String?
        if let id = live?.upstream ?? revision.upstream {
            let known = try await work.transaction.upstreams.get(id, in: organization)
            if let known {
                upstreams[known.name] = known
                upstream = known.name
            }
        }
        let state: APIVersionSpec.State =
            version.retiredAt != nil
            ? .retired : live == nil ? .draft : live?.isSuspended == true ? .suspended : .published
        manifests.versions.append(
            ManifestItem(
                metadata: .init(name: "\(api.name)-\(version.version)"),
                spec: APIVersionSpec(
                    api: ManifestReference(api.name),
                    version: version.version,
                    definition: .inline(InlineDefinition(value)),
                    upstream: upstream.map { ManifestReference($0) },
                    state: state,
                    deprecation: DeprecationSpec(version)
                )
            )
        )
    }

    private func document(of revision: Revision) async throws -> JSONValue? {
        let content = try await work.transaction.specifications.load(
            revision.specification,
            in: work.actor.organization
        )
        guard let content else { return nil }
        return JSONValue(try Document.read(content.bytes, name: revision.fileName).root)
    }

    private mutating func keep(upstream name: String) async throws {
        guard let known = try await work.transaction.upstreams.newest(name, in: work.actor.organization) else { return }
        upstreams[name] = known
    }

    private mutating func collectPolicies() async throws {
        let organization = work.actor.organization
        let rulesets = try await work.transaction.rulesets.list(
            in: organization,
            after: nil,
            limit: UnitOfWork.rulesetsMax
        )
        for ruleset in rulesets {
            let number = ruleset.newest.number
            guard let (bytes, _) = try await work.transaction.rulesets.load(number, of: ruleset.id) else { continue }
            let value = JSONValue(try Document.read(bytes, name: ruleset.name).root)
            let title = ruleset.title == ruleset.name ? nil : ruleset.title
            let spec = RulesetSpec(title: title, definition: .inline(InlineDefinition(value)))
            manifests.rulesets.append(ManifestItem(metadata: .init(name: ruleset.name), spec: spec))
        }
        let policies = try await work.transaction.policies.list(
            in: organization,
            after: nil,
            limit: UnitOfWork.policiesMax
        )
        manifests.policies += policies.map { ManifestItem(metadata: .init(name: $0.name), spec: PolicySpec($0)) }
    }

    private mutating func collectPlans() async throws {
        var after: PlanID?
        repeat {
            let page = try await work.transaction.plans.list(
                in: work.actor.organization,
                teams: work.actor.teams(for: .readCatalog),
                api: nil,
                after: after,
                limit: Self.pageSize
            )
            manifests.plans += page.map { ManifestItem(metadata: .init(name: $0.name), spec: PlanSpec($0)) }
            after = page.count == Self.pageSize ? page.last?.id : nil
        } while after != nil
    }

    private mutating func collectApplications() async throws {
        var after: ApplicationID?
        repeat {
            let page = try await work.transaction.applications.list(
                in: work.actor.organization,
                teams: work.actor.teams(for: .readApplications),
                team: nil,
                isWithArchived: false,
                after: after,
                limit: Self.pageSize
            )
            for application in page {
                let title = application.title == application.name ? nil : application.title
                let spec = ApplicationSpec(team: ManifestReference(application.team), title: title)
                manifests.applications.append(ManifestItem(metadata: .init(name: application.name), spec: spec))
            }
            after = page.count == Self.pageSize ? page.last?.id : nil
        } while after != nil
    }

    private mutating func collectSubscriptions() async throws {
        // Only what the actor could apply again: the own applications' subscriptions.
        let viewer = SubscriptionStore.Viewer(
            organization: work.actor.organization,
            consumerTeams: work.actor.teams(for: .readApplications),
            providerTeams: []
        )
        var before: SubscriptionID?
        repeat {
            let page = try await work.transaction.subscriptions.list(
                for: viewer,
                state: nil,
                api: nil,
                application: nil,
                before: before,
                limit: Self.pageSize
            )
            for subscription in page where subscription.state.isOpen {
                let line = subscription.major.map { "-v\($0)" } ?? ""
                let name = subscription.name ?? "\(subscription.application)-\(subscription.api)\(line)"
                let item = ManifestItem(metadata: .init(name: name), spec: SubscriptionSpec(subscription))
                manifests.subscriptions.append(item)
            }
            before = page.count == Self.pageSize ? page.last?.id : nil
        } while before != nil
        manifests.subscriptions.reverse()
    }

    private mutating func collectCredentials() async throws {
        let kept = try await work.transaction.credentials.kept(
            by: nil,
            in: work.actor.organization,
            teams: work.actor.teams(for: .readApplications)
        )
        for credential in kept {
            let name = credential.name ?? "key-\(credential.id.value.hexadecimal)"
            let known = try await work.transaction.credentials.find(
                credential.id,
                of: credential.application,
                in: work.actor.organization,
                teams: work.actor.teams(for: .readApplications)
            )
            manifests.credentials.append(
                ManifestItem(metadata: .init(name: name), spec: CredentialSpec(credential, pins: known?.pins ?? []))
            )
        }
    }
}
