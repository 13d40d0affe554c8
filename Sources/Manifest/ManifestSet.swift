/// Manifests as typed values, in the order they were read.
public struct ManifestSet: Hashable, Sendable {
    public var environments: [ManifestItem<EnvironmentSpec>] = []
    public var teams: [ManifestItem<TeamSpec>] = []
    public var upstreams: [ManifestItem<UpstreamSpec>] = []
    public var apis: [ManifestItem<APISpec>] = []
    public var versions: [ManifestItem<APIVersionSpec>] = []
    public var plans: [ManifestItem<PlanSpec>] = []
    public var applications: [ManifestItem<ApplicationSpec>] = []
    public var subscriptions: [ManifestItem<SubscriptionSpec>] = []
    public var credentials: [ManifestItem<CredentialSpec>] = []
    public var rulesets: [ManifestItem<RulesetSpec>] = []
    public var policies: [ManifestItem<PolicySpec>] = []

    /// Names of manifests with a fault of their own: they are left out, but not unknown.
    private var faultyNames: [ManifestKind: Set<String>] = [:]

    public init() {}

    /// How many manifests there are.
    public var count: Int {
        environments.count + teams.count + upstreams.count + apis.count + versions.count + plans.count
            + applications.count + subscriptions.count + credentials.count + rulesets.count + policies.count
    }

    /// Adds the manifests of another set behind these.
    public mutating func append(_ other: ManifestSet) {
        environments += other.environments
        teams += other.teams
        upstreams += other.upstreams
        apis += other.apis
        versions += other.versions
        plans += other.plans
        applications += other.applications
        subscriptions += other.subscriptions
        credentials += other.credentials
        rulesets += other.rulesets
        policies += other.policies
        faultyNames.merge(other.faultyNames) { $0.union($1) }
    }

    /// Whether there is a manifest of this kind and name.
    public func contains(_ kind: ManifestKind, _ name: String) -> Bool {
        names(of: kind).contains(name)
    }

    mutating func note(faulty kind: ManifestKind, _ name: String) {
        faultyNames[kind, default: []].insert(name)
    }

    /// Whether a faulty manifest of this kind and name was left out.
    func isFaulty(_ kind: ManifestKind, _ name: String) -> Bool {
        faultyNames[kind]?.contains(name) ?? false
    }

    func names(of kind: ManifestKind) -> Set<String> {
        switch kind {
        case .environment: Set(environments.map(\.name))
        case .team: Set(teams.map(\.name))
        case .upstream: Set(upstreams.map(\.name))
        case .api: Set(apis.map(\.name))
        case .apiVersion: Set(versions.map(\.name))
        case .plan: Set(plans.map(\.name))
        case .application: Set(applications.map(\.name))
        case .subscription: Set(subscriptions.map(\.name))
        case .credential: Set(credentials.map(\.name))
        case .ruleset: Set(rulesets.map(\.name))
        case .policy: Set(policies.map(\.name))
        case .certificate, .authProvider: []
        }
    }
}
