public import DocumentTree

/// Manifests back into JSON values, for `export`: reading them again gives the same set.
///
/// Fields that have their default are left out where leaving them out says the same.
public enum ManifestWriter {
    /// Every manifest, in the order in which objects need each other.
    public static func values(_ manifests: ManifestSet) -> [JSONValue] {
        manifests.environments.map { value(.environment, $0.metadata, members($0.spec)) }
            + manifests.teams.map { value(.team, $0.metadata, members($0.spec)) }
            + manifests.upstreams.map { value(.upstream, $0.metadata, members($0.spec)) }
            + manifests.apis.map { value(.api, $0.metadata, members($0.spec)) }
            + manifests.versions.map { value(.apiVersion, $0.metadata, members($0.spec)) }
            + manifests.plans.map { value(.plan, $0.metadata, members($0.spec)) }
            + manifests.applications.map { value(.application, $0.metadata, members($0.spec)) }
            + manifests.subscriptions.map { value(.subscription, $0.metadata, members($0.spec)) }
            + manifests.credentials.map { value(.credential, $0.metadata, members($0.spec)) }
            + manifests.rulesets.map { value(.ruleset, $0.metadata, members($0.spec)) }
            + manifests.policies.map { value(.policy, $0.metadata, members($0.spec)) }
    }

    private static func value(_ kind: ManifestKind, _ metadata: ManifestMetadata, _ spec: [Member]) -> JSONValue {
        var fields: [Member] = [("name", .string(metadata.name))]
        fields += map("labels", metadata.labels) + map("annotations", metadata.annotations)
        return .object([
            ("apiVersion", .string(ManifestKind.schemaVersion)), ("kind", .string(kind.rawValue)),
            ("metadata", .object(fields)), ("spec", .object(spec)),
        ])
    }

    typealias Member = (String, JSONValue)

    private static func members(_ spec: EnvironmentSpec) -> [Member] {
        integer("rank", spec.rank)
    }

    private static func members(_ spec: TeamSpec) -> [Member] {
        text("title", spec.title)
    }

    private static func members(_ spec: ApplicationSpec) -> [Member] {
        reference("team", spec.team) + text("title", spec.title)
    }

    private static func members(_ spec: APISpec) -> [Member] {
        var members = text("title", spec.title) + reference("team", spec.team)
        members.append(("visibility", .string(spec.visibility.rawValue)))
        members += text("basePath", spec.basePath)
        members.append(("hosts", .array(spec.hosts.map { .string($0) })))
        members.append(("access", .string(spec.access.rawValue)))
        members.append(("security", .string(spec.security.rawValue)))
        let versioning = spec.versioning
        let standard = VersioningSpec()
        var places: [Member] = [("in", .array(versioning.places.map { .string($0.rawValue) }))]
        places.append(("header", .string(versioning.header)))
        if versioning.query != standard.query { places.append(("query", .string(versioning.query))) }
        if versioning.mediaTypeParameter != standard.mediaTypeParameter {
            places.append(("mediaTypeParameter", .string(versioning.mediaTypeParameter)))
        }
        places.append(("default", .string(versioning.standard)))
        members.append(("versioning", .object(places)))
        if spec.requestHeaders != RequestHeadersSpec() {
            let fields = map("set", spec.requestHeaders.set) + list("remove", spec.requestHeaders.remove)
            members.append(("requestHeaders", .object(fields)))
        }
        if spec.isPassthrough {
            members.append(("passthrough", .bool(true)))
            members += reference("upstream", spec.upstream) + list("deny", spec.deny)
        }
        return members
    }

    private static func members(_ spec: APIVersionSpec) -> [Member] {
        var members: [Member] = [("api", .string(spec.api.name)), ("version", .string(spec.version))]
        switch spec.definition {
        case .file(let file): members.append(("definition", .object([("file", .string(file.name))])))
        case .inline(let inline): members.append(("definition", .object([("inline", inline.value)])))
        case nil: break
        }
        members += reference("upstream", spec.upstream)
        members.append(("state", .string(spec.state.rawValue)))
        if let deprecation = spec.deprecation {
            let fields =
                time("deprecatedAt", deprecation.deprecatedAt) + time("sunsetAt", deprecation.sunsetAt)
                + text("successor", deprecation.successor) + text("link", deprecation.link)
                + text("reason", deprecation.reason)
            members.append(("deprecation", .object(fields)))
        }
        return members + text("message", spec.message)
    }

    private static func members(_ spec: PlanSpec) -> [Member] {
        let limits = spec.limits.map { limit in
            JSONValue.object(
                [
                    ("name", .string(limit.name)), ("kind", .string(limit.kind.rawValue)),
                    ("amount", .integer(Int64(limit.amount))), ("window", .string(limit.window)),
                ] + text("algorithm", limit.algorithm?.rawValue) + integer("burst", limit.burst)
                    + text("align", limit.align?.rawValue)
            )
        }
        var members: [Member] = [("api", .string(spec.api.name))] + text("title", spec.title)
        members.append(("approval", .string(spec.approval.rawValue)))
        members.append(("operations", spec.operations.map { .array($0.map { .string($0) }) } ?? .null))
        members.append(("limits", .array(limits)))
        return members
    }

    private static func members(_ spec: SubscriptionSpec) -> [Member] {
        var members: [Member] = [("application", .string(spec.application.name)), ("plan", .string(spec.plan.name))]
        members += reference("environment", spec.environment) + integer("major", spec.major)
        if let pin = spec.pin { members.append(("pin", value(pin))) }
        members.append(("state", .string(spec.state.rawValue)))
        return members + time("startsAt", spec.startsAt) + time("endsAt", spec.endsAt) + text("comment", spec.comment)
    }

    private static func members(_ spec: CredentialSpec) -> [Member] {
        var members: [Member] = [("application", .string(spec.application.name))]
        members += reference("environment", spec.environment)
        members.append(("kind", .string(spec.kind.rawValue)))
        members.append(("secret", .object([("sha256", .string(spec.sha256))])))
        members += text("start", spec.start) + text("note", spec.note)
        members += time("startsAt", spec.startsAt) + time("expiresAt", spec.expiresAt)
        return members + (spec.pins.isEmpty ? [] : [("pins", .array(spec.pins.map(value)))])
    }

    private static func value(_ pin: PinSpec) -> JSONValue {
        if pin.api == nil, pin.mode == .soft, pin.expiresAt == nil { return .string(pin.version) }
        var members = reference("api", pin.api)
        members.append(("version", .string(pin.version)))
        members.append(("mode", .string(pin.mode.rawValue)))
        return .object(members + time("expiresAt", pin.expiresAt))
    }

    // MARK: Members

    static func text(_ key: String, _ value: String?) -> [Member] { value.map { [(key, .string($0))] } ?? [] }

    static func integer(_ key: String, _ value: Int?) -> [Member] {
        value.map { [(key, .integer(Int64($0)))] } ?? []
    }

    private static func time(_ key: String, _ value: Int64?) -> [Member] {
        value.map { [(key, .string(ManifestTime.text($0)))] } ?? []
    }

    private static func reference(_ key: String, _ value: ManifestReference?) -> [Member] {
        value.map { [(key, .string($0.name))] } ?? []
    }

    static func list(_ key: String, _ values: [String]) -> [Member] {
        values.isEmpty ? [] : [(key, .array(values.map { .string($0) }))]
    }

    static func map(_ key: String, _ values: [String: String]) -> [Member] {
        guard !values.isEmpty else { return [] }
        return [(key, .object(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))]
    }

    /// Milliseconds as an ISO 8601 duration in seconds.
    static func duration(_ milliseconds: Int) -> String {
        let rest = milliseconds % 1_000
        guard rest > 0 else { return "PT\(milliseconds / 1_000)S" }
        let digits = String(rest + 1_000).dropFirst()
        return "PT\(milliseconds / 1_000).\(digits)S"
    }
}
