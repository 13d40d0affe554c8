@testable import RoutingTable

/// Content that uses every part of the artifacts.
enum Samples {
    static let upstream = RoutingContent.Upstream(
        name: "orders-v1",
        targets: [
            RoutingContent.Target(host: "127.0.0.1", port: 9001, weight: 100),
            RoutingContent.Target(scheme: .https, host: "::1", port: 443, path: "/base", weight: 0),
        ]
    )

    static func version(
        _ name: String,
        major: Int?,
        key: UInt8,
        operations: [RoutingContent.Operation] = [operation("listOrders", "GET", "/orders")]
    ) -> RoutingContent.Version {
        RoutingContent.Version(
            name: name,
            major: major,
            sortKey: [key],
            upstream: "orders-v1",
            schemes: [
                RoutingContent.SecurityScheme(name: "key", place: .apiKeyHeader("X-Key")),
                RoutingContent.SecurityScheme(name: "query", place: .apiKeyQuery("api_key")),
                RoutingContent.SecurityScheme(name: "cookie", place: .apiKeyCookie("session")),
                RoutingContent.SecurityScheme(name: "bearer", place: .bearer),
                RoutingContent.SecurityScheme(name: "basic", place: .basic),
                RoutingContent.SecurityScheme(name: "oauth", place: .unsupported("oauth2")),
            ],
            operations: operations
        )
    }

    static func operation(
        _ id: String,
        _ method: String,
        _ path: String,
        security: [[RoutingContent.SchemeUse]]? = nil
    ) -> RoutingContent.Operation {
        RoutingContent.Operation(id: id, method: method, pathTemplate: path, security: security)
    }

    static func api(
        _ name: String = "orders",
        basePath: String = "/orders",
        hosts: [String] = [],
        versions: [RoutingContent.Version]
    ) -> RoutingContent.API {
        RoutingContent.API(name: name, title: name, hosts: hosts, basePath: basePath, versions: versions)
    }

    static func snapshot(_ apis: [RoutingContent.API]) throws -> RoutingSnapshot {
        let content = RoutingContent(environment: "live", apis: apis, upstreams: [upstream])
        return try RoutingSnapshot(content: content, generation: 1)
    }

    /// One API, one version, these routes.
    static func snapshot(routes: [(String, String)]) throws -> RoutingSnapshot {
        let operations = routes.map { operation("\($0.0) \($0.1)", $0.0, $0.1) }
        return try snapshot([api(basePath: "/", versions: [version("1", major: 1, key: 1, operations: operations)])])
    }

    static func rich() -> RoutingContent {
        let source = RoutingContent.SourcePlace(
            specificationSHA256: Digest32.sha256(of: [1]),
            file: "orders.yaml",
            line: 12,
            pointer: "/paths/~1orders/get"
        )
        var list = operation(
            "listOrders",
            "GET",
            "/orders",
            security: [
                [
                    RoutingContent.SchemeUse(scheme: "key"),
                    RoutingContent.SchemeUse(scheme: "oauth", scopes: ["a", "b"]),
                ], [],
            ]
        )
        list.source = source
        var get = operation("getOrder", "GET", "/orders/{id}", security: [])
        get.isDeprecated = true
        let report = operation("report", "POST", "/reports/{year}-{month}.json", security: [[.init(scheme: "basic")]])
        var old = version("1.0.0", major: 1, key: 1, operations: [list, get])
        old.deprecatedAt = 1_767_225_600
        old.sunsetAt = 1_782_864_000
        old.successor = "2.0.0"
        old.deprecationLink = "https://example.com/orders-v1"
        var new = version("2.0.0", major: 2, key: 2, operations: [list, get, report])
        new.isSuspended = true
        var gone = version("0.9.0", major: nil, key: 0, operations: [])
        gone.state = .retired
        gone.upstream = ""
        var orders = api(hosts: ["api.example.com", "*.example.org"], versions: [old, new, gone])
        orders.versioning.inQuery = true
        orders.versioning.inMediaType = true
        orders.versioning.default = .exact("2.0.0")
        orders.requestHeaders.set = [RoutingContent.HeaderField(name: "X-Gateway-Auth", value: "verified")]
        orders.requestHeaders.remove = ["Cookie"]
        var legacy = api("legacy", basePath: "/legacy/app", versions: [])
        legacy.passthrough = RoutingContent.Passthrough(upstream: "orders-v1", deny: ["/admin", "/x/y/"])
        legacy.access = .open
        legacy.security = .delegate
        return RoutingContent(environment: "live", apis: [orders, legacy], upstreams: [upstream], isOffline: true)
    }

    // MARK: Entitlements

    static func id(_ number: Int, kind: UInt64 = 1) -> RecordID { RecordID(high: UInt64(number), low: kind) }

    static func key(_ number: Int) -> Digest32 { Digest32.sha256(of: Array("key \(number)".utf8)) }

    static func credential(_ number: Int, of application: Int) -> EntitlementContent.Credential {
        EntitlementContent.Credential(id: id(number, kind: 2), sha256: key(number), applicationID: id(application))
    }

    static func subscription(
        _ number: Int,
        of application: Int,
        api: String = "orders",
        major: Int? = nil
    ) -> EntitlementContent.Subscription {
        EntitlementContent.Subscription(
            id: id(number, kind: 3),
            applicationID: id(application),
            api: api,
            major: major,
            plan: "gold",
            limits: [
                EntitlementContent.Limit(
                    name: "second",
                    kind: .rate,
                    amount: 100,
                    window: .seconds(1),
                    algorithm: .gcra,
                    burst: 20
                ),
                EntitlementContent.Limit(
                    name: "month",
                    kind: .quota,
                    amount: 1_000_000,
                    window: .calendar(.month),
                    algorithm: .fixedWindow
                ),
            ]
        )
    }

    static func entitlements(_ count: Int) -> EntitlementContent {
        var content = EntitlementContent(environment: "live")
        for number in 0..<count {
            content.applications.append(EntitlementContent.Application(id: id(number), name: "app-\(number)"))
            content.credentials.append(credential(number, of: number))
            var subscription = subscription(number, of: number, major: number % 3 == 0 ? 1 : nil)
            if number % 4 == 0 { subscription.operations = ["listOrders"] }
            if number % 5 == 0 {
                subscription.pins = [EntitlementContent.Pin(api: "orders", version: "1.0.0", isHard: number % 2 == 0)]
            }
            content.subscriptions.append(subscription)
        }
        return content
    }
}

/// A small generator with a fixed start, so that a failure comes again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension RoutingSnapshot {
    /// What a request gets, in words: the operation's id, "405 …", or "404".
    func answer(_ method: String, _ path: String, host: String = "", version: Int = 0) -> String {
        let host = Array(host.utf8)
        let path = Array(path.utf8)
        let method = Array(method.utf8)
        guard let match = findAPI(host: host.span, path: path.span) else { return "no api" }
        let row = apis[match.api.position].versions.first + UInt32(version)
        let index = VersionIndex(rawValue: row)
        var captures = PathCaptures()
        let found = findOperation(
            version: index,
            method: method.span,
            path: path.span,
            from: match.rest,
            captures: &captures
        )
        switch found {
        case .found(let operation): return string(operations[operation.position].id)
        case .methodNotAllowed:
            let allow = allowedMethods(version: index, path: path.span, from: match.rest)
            return "405 " + String(decoding: allow, as: UTF8.self)
        case .notFound: return "404"
        }
    }

    func apiName(_ path: String, host: String = "") -> String? {
        let host = Array(host.utf8)
        let path = Array(path.utf8)
        return findAPI(host: host.span, path: path.span).map { string(apis[$0.api.position].name) }
    }

    /// The captured texts of a path that matches.
    func captures(_ method: String, _ path: String) -> [String] {
        let path = Array(path.utf8)
        let method = Array(method.utf8)
        var captures = PathCaptures()
        let version = VersionIndex(rawValue: 0)
        guard
            case .found = findOperation(
                version: version,
                method: method.span,
                path: path.span,
                from: 0,
                captures: &captures
            )
        else { return [] }
        return (0..<captures.count).map { String(decoding: path[captures[$0].range], as: UTF8.self) }
    }
}
