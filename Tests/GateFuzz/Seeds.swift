import Glibc
import UpstreamRules

@testable import RoutingTable

/// A content that uses every part of a routing snapshot.
enum SampleRoutes {
    static let content: RoutingContent = {
        let source = RoutingContent.SourcePlace(
            specificationSHA256: Digest32.sha256(of: [1]),
            file: "orders.yaml",
            line: 12,
            pointer: "/paths/~1orders/get"
        )
        let key = [
            [RoutingContent.SchemeUse(scheme: "key"), RoutingContent.SchemeUse(scheme: "o", scopes: ["a"])], [],
        ]
        let operations = [
            RoutingContent.Operation(id: "list", method: "GET", pathTemplate: "/orders", security: key, source: source),
            RoutingContent.Operation(id: "get", method: "GET", pathTemplate: "/orders/{id}", isDeprecated: true),
            RoutingContent.Operation(id: "report", method: "POST", pathTemplate: "/reports/{year}-{month}.json"),
            RoutingContent.Operation(id: "all", method: "GET", pathTemplate: "/orders/all/", security: []),
        ]
        var old = version("1.0.0", 1, operations)
        old.deprecatedAt = 1_767_225_600
        old.sunsetAt = 1_782_864_000
        old.successor = "2.0.0"
        old.deprecationLink = "https://example.com/v1"
        var gone = version("0.9.0", nil, [])
        gone.state = .retired
        gone.upstream = ""
        var orders = RoutingContent.API(
            name: "orders",
            title: "Orders",
            hosts: ["api.example.com", "*.example.org"],
            basePath: "/orders",
            versions: [old, version("2.0.0", 2, operations), gone]
        )
        orders.versioning.inQuery = true
        orders.versioning.inMediaType = true
        orders.versioning.default = .exact("2.0.0")
        orders.requestHeaders.set = [RoutingContent.HeaderField(name: "X-Gateway-Auth", value: "verified")]
        orders.requestHeaders.remove = ["Cookie"]
        var legacy = RoutingContent.API(name: "legacy", basePath: "/legacy/app", access: .open, security: .delegate)
        legacy.passthrough = RoutingContent.Passthrough(upstream: "b", deny: ["/admin"])
        return RoutingContent(environment: "live", apis: [orders, legacy], upstreams: upstreams)
    }()

    private static func version(
        _ name: String,
        _ major: Int?,
        _ operations: [RoutingContent.Operation]
    ) -> RoutingContent.Version {
        RoutingContent.Version(
            name: name,
            major: major,
            sortKey: [UInt8(major ?? 0)],
            upstream: "a",
            schemes: [
                RoutingContent.SecurityScheme(name: "key", place: .apiKeyHeader("X-Key")),
                RoutingContent.SecurityScheme(name: "q", place: .apiKeyQuery("api_key")),
                RoutingContent.SecurityScheme(name: "c", place: .apiKeyCookie("session")),
                RoutingContent.SecurityScheme(name: "bearer", place: .bearer),
                RoutingContent.SecurityScheme(name: "o", place: .unsupported("oauth2")),
            ],
            operations: operations
        )
    }

    private static let upstreams: [RoutingContent.Upstream] = {
        var policy = UpstreamPolicy()
        policy.balance = .hash(.cookie("sid"))
        var check = ActiveCheck(path: "/up?x")
        check.expected = [.init(200, 204), .init(404, 404)]
        policy.check = check
        policy.breaker = Breaker()
        policy.retry.statuses = [502, 503]
        policy.discovery = .dns(intervalMilliseconds: 22_000)
        policy.tls.authorities = "ca.pem"
        policy.tls.serverName = "backend.test"
        let target = RoutingContent.Target(scheme: .https, host: "::1", port: 443, path: "/base", weight: 2)
        return [
            RoutingContent.Upstream(name: "a", targets: [RoutingContent.Target(host: "127.0.0.1", port: 9001)]),
            RoutingContent.Upstream(name: "b", targets: [target], policy: policy),
        ]
    }()
}

/// Inputs that the checks of binary readers begin with, by check and name.
enum Seeds {
    static func all() throws -> [(check: String, name: String, bytes: [UInt8])] {
        var plain = SampleRoutes.content
        plain.upstreams.removeLast()
        plain.apis.removeLast()
        let rights = SampleRights.content
        let delta = SampleRights.delta
        return [
            (
                "snapshot", "artifact",
                [0] + (try RoutingSnapshot.encode(SampleRoutes.content, generation: 1, signer: nil))
            ),
            ("snapshot", "body-1", [1] + (try plain.encodedBody())),
            ("snapshot", "body-2", [3] + (try SampleRoutes.content.encodedBody())),
            ("entitlements", "base", [0] + (try EntitlementSet.encode(rights, sequence: 1, signer: nil))),
            ("entitlements", "base-body", [2] + (try rights.encodedBody())),
            ("entitlements", "delta", [1] + (try delta.encode(signer: nil))),
            ("entitlements", "delta-body", [3] + (try delta.encodedBody())),
        ]
    }
}

/// libFuzzer calls this before anything else: writes ``Seeds`` below the folder that `FUZZ_SEEDS` names.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    guard let folder = getenv("FUZZ_SEEDS").map({ String(cString: $0) }) else { return 0 }
    do {
        for seed in try Seeds.all() {
            let path = "\(folder)/\(seed.check)/own-\(seed.name)"
            guard let file = fopen(path, "w") else { preconditionFailure("\(path) cannot be written") }
            let written = fwrite(seed.bytes, 1, seed.bytes.count, file)
            guard fclose(file) == 0, written == seed.bytes.count else { preconditionFailure("\(path) is not whole") }
        }
    } catch {
        preconditionFailure("a seed cannot be made: \(error)")
    }
    return 0
}
