import DocumentTree
import Lifecycle
import RoutingTable

/// Looks for requests that two APIs would take. Two versions of one API never conflict: the version is chosen first.
///
/// Among host patterns the more specific one wins by design, so only equal patterns meet. Under equal ones
/// - the same base path is a conflict;
/// - where one base path lies inside another, the longer one wins: so an operation of the outer API whose paths begin with
///   the inner base path can never be called, and one that could be called there by way of its parameters conflicts with any
///   operation of the inner API that matches the same path. An outer API that passes everything through does not conflict:
///   an API inside it is how a pass-through is replaced piece by piece.
struct ResolveConflicts {
    private let apis: [CompiledAPI]

    init(input: CompilationInput) {
        apis = input.apis.filter { $0.settings.passthrough != nil || !$0.versions.isEmpty }.map(CompiledAPI.init)
    }

    func run() -> [Finding] { conflicts().map(\.finding) }

    func conflicts() -> [RouteConflict] {
        var found: [RouteConflict] = []
        var byHost: [String: [Int]] = [:]
        for (index, api) in apis.enumerated() {
            for host in api.hosts { byHost[host, default: []].append(index) }
        }
        for (host, members) in byHost.sorted(by: { $0.key < $1.key }) {
            // By base path, so that what lies inside another one follows it.
            var byBase: [[String]: Int] = [:]
            for member in members {
                let base = apis[member].base
                if let other = byBase[base] {
                    found.append(sameBase(apis[other], apis[member], host))
                } else {
                    byBase[base] = member
                }
            }
            for (base, inner) in byBase.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                for count in base.indices {
                    guard let outer = byBase[Array(base[..<count])] else { continue }
                    found += nested(outer: apis[outer], inner: apis[inner], host)
                }
            }
        }
        return found
    }

    // MARK: The same base path

    private func sameBase(_ left: CompiledAPI, _ right: CompiledAPI, _ host: String) -> RouteConflict {
        let pair = sharedRoute(left, right)
        return RouteConflict(
            first: left.claim(pair?.0 ?? left.operations.first, host),
            second: right.claim(pair?.1 ?? right.operations.first, host),
            reason: "claim the same base path `\(left.basePath)`\(host == "*" ? "" : " on host `\(host)`")"
        )
    }

    /// The first operation of one that has a counterpart of the same method and shape in the other.
    private func sharedRoute(
        _ left: CompiledAPI,
        _ right: CompiledAPI
    ) -> (CompiledAPI.Route, CompiledAPI.Route)? {
        let byShape = Dictionary(right.operations.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for route in left.operations {
            if let other = byShape[route.key] { return (route, other) }
        }
        return nil
    }

    // MARK: A base path inside another

    private func nested(outer: CompiledAPI, inner: CompiledAPI, _ host: String) -> [RouteConflict] {
        guard !outer.isPassthrough else { return [] }
        let extra = Array(inner.base.dropFirst(outer.base.count))
        if let selector = extra.first, outer.versionSegments.contains(selector) {
            return [
                RouteConflict(
                    first: outer.claim(outer.operations.first, host),
                    second: inner.claim(inner.operations.first, host),
                    reason: "meet at `\(inner.basePath)`: the first one's version `\(selector)` is called there"
                )
            ]
        }
        // One conflict a pair of APIs says what to do; a list of all operations would not say more.
        for route in outer.operations {
            guard let contact = route.contact(with: extra) else { continue }
            switch contact {
            case .always:
                return [
                    RouteConflict(
                        first: outer.claim(route, host),
                        second: inner.claim(inner.operations.first { $0.overlaps(route, after: extra.count) }, host),
                        reason: "meet at `\(inner.basePath)`: the second one takes every request of the first"
                    )
                ]
            case .sometimes:
                if inner.isPassthrough {
                    return [
                        RouteConflict(
                            first: outer.claim(route, host),
                            second: inner.claim(nil, host),
                            reason: "meet at `\(inner.basePath)`: some requests are both"
                        )
                    ]
                }
                guard let other = inner.operations.first(where: { $0.overlaps(route, after: extra.count) }) else {
                    continue
                }
                return [
                    RouteConflict(
                        first: outer.claim(route, host),
                        second: inner.claim(other, host),
                        reason: "meet at `\(inner.basePath)`: some requests are both"
                    )
                ]
            }
        }
        return []
    }
}

/// An API as the pass compares it.
private struct CompiledAPI {
    /// One operation with its template.
    struct Route {
        let version: String
        let operation: RoutingContent.Operation
        let template: RouteTemplate

        var key: String { operation.method + " " + template.shape }

        enum Contact {
            case always
            case sometimes
        }

        /// Whether requests of this operation lie below some more literal segments.
        func contact(with extra: [String]) -> Contact? {
            guard template.segments.count >= extra.count else { return nil }
            var contact = Contact.always
            for (segment, text) in zip(template.segments, extra) {
                guard segment.matches(Array(text.utf8)) else { return nil }
                if !segment.isLiteral { contact = .sometimes }
            }
            return contact
        }

        /// Whether some path is this operation's and, below so many leading segments, the other's.
        func overlaps(_ outer: Route, after count: Int) -> Bool {
            let rest = outer.template.segments.dropFirst(count)
            // What ends right at the base path is looked up as `/` there.
            if rest.isEmpty { return template.segments.count == 1 && template.segments[0].overlaps(.empty) }
            return rest.count == template.segments.count && zip(rest, template.segments).allSatisfy { $0.overlaps($1) }
        }
    }

    let name: String
    let hosts: [String]
    let basePath: String
    /// The base path's segments, canonical.
    let base: [String]
    let isPassthrough: Bool
    /// First segments that are read as a version.
    let versionSegments: Set<String>
    let operations: [Route]

    init(_ api: CompilationInput.API) {
        name = api.name
        hosts = api.settings.hosts.isEmpty ? ["*"] : Set(api.settings.hosts.map { $0.lowercased() }).sorted()
        basePath = api.settings.basePath
        // A base path that cannot be made canonical is refused by the routing table; here it only has to be compared.
        let canonical = (try? RouteTemplate.canonical(Array(basePath.utf8))) ?? Array(basePath.utf8)
        base = String(decoding: canonical, as: UTF8.self).split(separator: "/").map(String.init)
        isPassthrough = api.settings.passthrough != nil
        let versions = api.versions.sorted { $0.label.name < $1.label.name }
        let selectors = versions.flatMap { [$0.label.name] + ($0.label.major.map { ["v\($0)"] } ?? []) }
        versionSegments = api.settings.versioning.places.contains(.path) ? Set(selectors) : []
        operations = versions.filter { $0.label.state == .published }.flatMap { version in
            (version.unit?.operations ?? []).compactMap { operation in
                // Templates that cannot be read were findings of their unit.
                guard let template = try? RouteTemplate(operation.pathTemplate) else { return nil }
                return Route(version: version.label.name, operation: operation, template: template)
            }.sorted { ($0.template.shape, $0.operation.method) < ($1.template.shape, $1.operation.method) }
        }
    }

    func claim(_ route: Route?, _ host: String) -> RouteConflict.Claim {
        RouteConflict.Claim(
            api: name,
            version: route?.version,
            operation: route?.operation,
            base: host == "*" ? basePath : host + basePath
        )
    }
}

extension RouteTemplate.Segment {
    /// What a trailing slash makes.
    fileprivate static let empty = RouteTemplate.Segment(literals: [[]], parameters: [])
}
