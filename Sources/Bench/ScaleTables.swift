import Foundation
import RoutingTable

/// Routes and rights at the size of a large organization: many APIs of twenty routes, a subscription for each application, ten
/// keys for each subscription.
enum ScaleTables {
    static let routesPerAPI = 20
    static let keysPerApplication = 10

    /// - Parameters:
    ///   - routes: how many, in APIs of ``routesPerAPI``.
    ///   - port: where all upstreams are.
    ///   - changed: the API whose second route is another one, and which: `(number of the API, edition)`.
    /// - Returns: the content.
    static func routing(routes: Int, port: Int, changed: (api: Int, edition: Int)? = nil) -> RoutingContent {
        let apis = (0..<routes / routesPerAPI).map { number in
            api(number, edition: changed?.api == number ? changed?.edition : nil)
        }
        let upstreams = apis.map { api in
            RoutingContent.Upstream(name: api.name, targets: [.init(host: "127.0.0.1", port: port)])
        }
        return RoutingContent(environment: "live", apis: apis, upstreams: upstreams)
    }

    static func path(api: Int, route: Int) -> String { "/service\(api)/resources\(route)/42" }

    private static func api(_ number: Int, edition: Int?) -> RoutingContent.API {
        let operations = (0..<routesPerAPI).map { route in
            let suffix = route == 1 ? edition.map { "/edition\($0)" } ?? "" : ""
            return RoutingContent.Operation(
                id: "operation\(route)",
                method: "GET",
                pathTemplate: "/resources\(route)/{id}\(suffix)",
                security: [[RoutingContent.SchemeUse(scheme: "key")]]
            )
        }
        let version = RoutingContent.Version(
            name: "1.0.0",
            major: 1,
            sortKey: [1],
            upstream: "service\(number)",
            schemes: [RoutingContent.SecurityScheme(name: "key", place: .apiKeyHeader("X-API-Key"))],
            operations: operations
        )
        return RoutingContent.API(name: "service\(number)", basePath: "/service\(number)", versions: [version])
    }

    static func key(_ number: Int) -> String { "imported_scalescalescalescalescalescale_\(number)" }

    static func credential(_ number: Int) -> EntitlementContent.Credential {
        EntitlementContent.Credential(
            id: RecordID(high: 2, low: UInt64(number)),
            sha256: Digest32.sha256(of: Array(key(number).utf8)),
            applicationID: RecordID(high: 1, low: UInt64(number / keysPerApplication)),
            start: "gh_live_scal"
        )
    }

    static func entitlements(keys: Int, apis: Int) -> EntitlementContent {
        let applications = 0..<max(1, keys / keysPerApplication)
        return EntitlementContent(
            environment: "live",
            applications: applications.map { .init(id: RecordID(high: 1, low: UInt64($0)), name: "application-\($0)") },
            credentials: (0..<keys).map(credential),
            subscriptions: applications.map { number in
                .init(
                    id: RecordID(high: 3, low: UInt64(number)),
                    applicationID: RecordID(high: 1, low: UInt64(number)),
                    api: "service\(number % apis)",
                    plan: "gold",
                    limits: [
                        .init(
                            name: "second",
                            kind: .rate,
                            amount: 1_000_000,
                            window: .seconds(1),
                            algorithm: .gcra,
                            burst: 1_000
                        )
                    ]
                )
            }
        )
    }
}
