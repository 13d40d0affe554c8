import Lifecycle
import RoutingTable

/// The last pass: the content of the snapshot.
struct Emit {
    let input: CompilationInput

    func run() -> RoutingContent {
        // An API without anything to route would only hide what else lies at its base path.
        let apis = input.apis.filter { $0.settings.passthrough != nil || !$0.versions.isEmpty }
        let used = Set(
            apis.flatMap { api in
                [api.settings.passthrough?.upstream].compactMap { $0 }
                    + api.versions.filter { $0.label.state == .published }.map(\.upstream)
            }
        )
        return RoutingContent(
            environment: input.environment,
            apis: apis.map(emit),
            upstreams: input.upstreams.filter { used.contains($0.name) }.map(emit),
            isOffline: input.isOffline || apis.contains { $0.versions.contains { $0.approval == .offline } }
        )
    }

    private func emit(_ api: CompilationInput.API) -> RoutingContent.API {
        let settings = api.settings
        return RoutingContent.API(
            name: api.name,
            title: api.title,
            hosts: settings.hosts,
            basePath: settings.basePath,
            access: settings.access == .open ? .open : .plan,
            security: settings.security == .delegate ? .delegate : .verify,
            versioning: emit(settings.versioning),
            versions: api.versions.map(emit),
            passthrough: settings.passthrough.map { RoutingContent.Passthrough(upstream: $0.upstream, deny: $0.deny) },
            requestHeaders: RoutingContent.RequestHeaders(
                set: settings.requestHeaders.set.sorted { $0.key < $1.key }
                    .map { RoutingContent.HeaderField(name: $0.key, value: $0.value) },
                remove: settings.requestHeaders.remove
            )
        )
    }

    private func emit(_ versioning: APISettings.Versioning) -> RoutingContent.Versioning {
        let places = Set(versioning.places)
        let standard: RoutingContent.DefaultVersion
        switch versioning.standard {
        case "latest": standard = .latest
        case "none": standard = .none
        default: standard = .exact(versioning.standard)
        }
        return RoutingContent.Versioning(
            inPath: places.contains(.path),
            inHeader: places.contains(.header),
            inQuery: places.contains(.query),
            inMediaType: places.contains(.mediaType),
            usesPins: places.contains(.pin),
            headerName: versioning.header,
            queryName: versioning.query,
            mediaTypeParameter: versioning.mediaTypeParameter,
            default: standard
        )
    }

    private func emit(_ version: ApprovedVersion) -> RoutingContent.Version {
        let label = version.label
        let isRetired = label.state == .retired
        return RoutingContent.Version(
            name: label.name,
            major: label.major,
            sortKey: label.sortKey,
            state: label.state,
            isSuspended: label.isSuspended,
            deprecatedAt: label.leaving.deprecatedAt,
            sunsetAt: label.leaving.sunsetAt,
            successor: label.leaving.successor,
            deprecationLink: label.leaving.deprecationLink,
            upstream: isRetired ? "" : version.upstream,
            schemes: isRetired ? [] : version.unit?.schemes ?? [],
            operations: isRetired ? [] : version.unit?.operations ?? []
        )
    }

    private func emit(_ upstream: CompilationInput.Upstream) -> RoutingContent.Upstream {
        RoutingContent.Upstream(
            name: upstream.name,
            targets: upstream.targets.map { target in
                RoutingContent.Target(
                    scheme: target.scheme == "https" ? .https : .http,
                    host: target.host,
                    port: target.port,
                    path: target.path,
                    weight: target.weight,
                    priority: target.priority
                )
            },
            connectTimeoutMilliseconds: upstream.connectTimeoutMilliseconds,
            headerTimeoutMilliseconds: upstream.headerTimeoutMilliseconds,
            idleTimeoutMilliseconds: upstream.idleTimeoutMilliseconds,
            policy: upstream.policy
        )
    }
}
