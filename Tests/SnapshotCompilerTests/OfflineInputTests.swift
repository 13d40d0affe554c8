import DocumentTree
import Manifest
import RoutingTable
import Testing
import UpstreamRules

@testable import SnapshotCompiler

@Suite("OfflineInput")
struct OfflineInputTests {
    private static let key = Digest32.sha256(of: Array("the key".utf8))
    private static let manifests = """
        apiVersion: gatehouse.dev/v1
        kind: Api
        metadata: {name: orders}
        spec: {title: Orders, versioning: {in: [path, header, pin], default: latest}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Upstream
        metadata: {name: orders-v1}
        spec: {targets: [{url: "http://127.0.0.1:9001/base/", weight: 100}]}
        ---
        apiVersion: gatehouse.dev/v1
        kind: ApiVersion
        metadata: {name: orders-1}
        spec: {api: orders, version: 1.2.0, definition: {file: orders.yaml}, upstream: orders-v1,
               deprecation: {deprecatedAt: 2026-01-01, sunsetAt: 2026-07-01, successor: 2.0.0}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: ApiVersion
        metadata: {name: orders-2}
        spec:
          api: orders
          version: 2.0.0
          upstream: orders-v1
          definition:
            inline:
              openapi: 3.1.0
              info: {title: T, version: 2.0.0}
              components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
              security: [{key: []}]
              paths: {/orders: {get: {operationId: list, responses: {}}}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Plan
        metadata: {name: gold}
        spec: {api: orders, operations: [list],
               limits: [{name: second, kind: rate, amount: 100, window: PT1S, algorithm: gcra, burst: 20},
                        {name: month, kind: quota, amount: 1000000, window: P1M, align: calendar}]}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Application
        metadata: {name: shop}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Subscription
        metadata: {name: shop-orders}
        spec: {application: shop, plan: gold, pin: 1.2.0}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Credential
        metadata: {name: shop-1}
        spec: {application: shop, secret: {sha256: "\(key.hexadecimal)"}}
        """

    private static let document = Make.document([("/orders", ["get"])]).replacing(
        "      responses",
        with: "      operationId: list\n      responses"
    )

    private func offline(_ text: String = manifests, environment: String = "live") -> OfflineInput {
        let reading = ManifestReader.read(Array(text.utf8), name: "m.yaml")
        #expect(reading.findings == [])
        return OfflineInput(reading.manifests, environment: environment) { reference in
            reference.name == "orders.yaml"
                ? .bytes(Array(Self.document.utf8), name: "orders.yaml") : .failed(reason: "no such file")
        }
    }

    @Test("an upstream's policy and its targets' priorities arrive in the snapshot")
    func upstreamPolicy() throws {
        let text = Self.manifests.replacing(
            "spec: {targets: [{url: \"http://127.0.0.1:9001/base/\", weight: 100}]}",
            with: """
                spec:
                  targets: [{url: "https://a.test"}, {url: "http://b.test", priority: 2}]
                  balance: least-requests
                  circuitBreaker: {probes: 9}
                  tls: {authorities: ca.pem}
                """
        )
        let content = try #require(Compiler.compile(offline(text).input).content)
        var policy = UpstreamPolicy()
        policy.balance = .leastRequests
        policy.breaker = Breaker()
        policy.breaker?.probes = 9
        policy.tls.authorities = "ca.pem"
        #expect(content.upstreams[0].policy == policy)
        #expect(content.upstreams[0].targets.map(\.priority) == [0, 2])
        #expect(content.upstreams[0].targets.map(\.scheme) == [.https, .http])
    }

    @Test("manifests become routes and rights that a gate accepts")
    func accepted() throws {
        let offline = offline()
        #expect(offline.findings == [])
        let compilation = Compiler.compile(offline.input)
        #expect(compilation.findings == [])
        let content = try #require(compilation.content)
        #expect(content.isOffline)
        #expect(content.apis[0].basePath == "/orders")
        #expect(
            content.upstreams[0].targets == [
                RoutingContent.Target(host: "127.0.0.1", port: 9001, path: "/base", weight: 100)
            ]
        )
        let old = try #require(content.apis[0].versions.first { $0.name == "1.2.0" })
        #expect(old.deprecatedAt == 1_767_225_600)
        #expect(old.sunsetAt == 1_782_864_000)
        let tables = GateTables(
            snapshot: try RoutingSnapshot(content: content, generation: 1),
            entitlements: try EntitlementSet(content: offline.entitlements, sequence: 1)
        )
        guard case .known(let credential, let application) = tables.identify(Self.key, now: 1_770_000_000) else {
            Issue.record("the key is not known")
            return
        }
        let decision = tables.chooseVersion(
            api: APIIndex(rawValue: 0),
            selector: nil,
            credential: credential,
            application: application,
            now: 1_770_000_000
        )
        guard case .chosen(let version, by: .subscriptionPin) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(tables.snapshot.string(tables.snapshot.versions[version.position].name) == "1.2.0")
        guard case .granted(let subscription) = tables.subscription(of: application, version: version, now: 0) else {
            Issue.record("not granted")
            return
        }
        let operation = OperationIndex(rawValue: tables.snapshot.versions[version.position].operations.first)
        #expect(tables.permits(subscription, operation: operation))
        #expect(tables.entitlements.limit(subscription, at: 1).window == .calendar(.month))
        #expect(tables.entitlements.limit(subscription, at: 0).burst == 20)
    }

    @Test("equal files give equal bytes, ids included, in any order")
    func deterministic() throws {
        let parts = Self.manifests.split(separator: "---\n").map(String.init)
        let expected = offline()
        let bytes = try EntitlementSet.encode(expected.entitlements, sequence: 1, signer: nil)
        let content = try #require(Compiler.compile(expected.input).content)
        for _ in 0..<5 {
            let other = offline(parts.shuffled().joined(separator: "\n---\n"))
            #expect(try EntitlementSet.encode(other.entitlements, sequence: 1, signer: nil) == bytes)
            let again = try #require(Compiler.compile(other.input).content)
            // Line numbers move with the parts; everything else stays.
            #expect(again.apis.map(\.name) == content.apis.map(\.name))
            #expect(again.upstreams == content.upstreams)
        }
        #expect(
            try RoutingSnapshot.encode(
                try #require(Compiler.compile(offline().input).content),
                generation: 1,
                signer: nil
            )
                == RoutingSnapshot.encode(content, generation: 1, signer: nil)
        )
    }

    @Test("rights of other environments are left out")
    func environments() {
        let text = Self.manifests.replacing("pin: 1.2.0}", with: "environment: live, pin: 1.2.0}")
        let other = offline(text, environment: "test")
        #expect(other.entitlements.subscriptions.isEmpty)
        #expect(other.entitlements.credentials.isEmpty)
        #expect(other.entitlements.environment == "test")
    }

    @Test(
        "what is wrong is told at its place",
        arguments: [
            ("file: orders.yaml", "file: no.yaml", CompilationCode.unreadableDefinition, 13),
            ("http://127.0.0.1:9001/base/", "ftp://x", CompilationCode.invalidTarget, 8),
            ("operations: [list]", "operations: [lst]", CompilationCode.unknownOperation, 30),
            ("pin: 1.2.0", "pin: 9.9.9", CompilationCode.unknownVersion, 40),
            ("window: P1M, align: calendar", "window: P1M", CompilationCode.invalidLimit, 35),
            ("plan: gold", "plan: silver", ManifestCode.danglingReference, 42),
        ]
    )
    func faults(before: String, after: String, code: String, line: Int) throws {
        let findings = offline(Self.manifests.replacing(before, with: after)).findings
        #expect(findings.map(\.code) == [code])
        let place = try #require(findings.first)
        #expect(place.source == "m.yaml")
        // A block's range begins with its first line, so a few lines of tolerance where the whole manifest is meant.
        #expect(abs(place.range.start.line - line) <= 4, "\(place)")
    }

    @Test("an inline definition that is no OpenAPI document is told")
    func badInline() {
        let text = Self.manifests.replacing("openapi: 3.1.0", with: "swagger: 1.2")
        #expect(offline(text).findings.map(\.code) == ["unsupported-openapi-version"])
    }
}
