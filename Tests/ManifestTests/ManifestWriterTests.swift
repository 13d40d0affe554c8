import DocumentTree
import Testing
import UpstreamRules
import UpstreamRulesTesting

@testable import Manifest

@Suite("ManifestWriter")
struct ManifestWriterTests {
    @Test("what is written comes back the same, for every field of every kind")
    func roundTrip() throws {
        var set = ManifestSet()
        func item<Spec>(_ name: String, _ spec: Spec) -> ManifestItem<Spec> {
            ManifestItem(
                metadata: ManifestMetadata(name: name, labels: ["a": "b"], annotations: ["c": "d"]),
                spec: spec
            )
        }
        set.environments = [item("test", EnvironmentSpec(rank: 3))]
        set.teams = [item("sales", TeamSpec(title: "Sales"))]
        var upstream = UpstreamSpec(targets: [TargetSpec(url: "https://h:1/p", weight: 0), TargetSpec(url: "http://i")])
        upstream.connectTimeoutMilliseconds = 1_500
        upstream.idleTimeoutMilliseconds = 7
        var balanced = UpstreamSpec(targets: [TargetSpec(url: "http://j", priority: 2)])
        balanced.policy = .everything
        var standard = UpstreamSpec(targets: [TargetSpec(url: "http://k")])
        standard.policy.check = ActiveCheck()
        standard.policy.breaker = Breaker()
        standard.policy.discovery = .file(name: "lists/k")
        standard.policy.ejection.baseMilliseconds = 400_000
        standard.policy.ejection.longestMilliseconds = 400_000
        set.upstreams = [item("u", upstream), item("v", balanced), item("w", standard)]
        set.apis = [
            item(
                "legacy",
                APISpec(
                    title: "T",
                    team: "sales",
                    visibility: .private,
                    basePath: "/l",
                    hosts: ["a.b"],
                    access: .open,
                    security: .delegate,
                    versioning: VersioningSpec(
                        places: [.query, .mediaType],
                        header: "H",
                        query: "q",
                        mediaTypeParameter: "m",
                        standard: "none"
                    ),
                    requestHeaders: RequestHeadersSpec(set: ["A": "1", "B": "2"], remove: ["C"]),
                    isPassthrough: true,
                    upstream: "u",
                    deny: ["/admin"]
                )
            ),
            item("plain", APISpec()),
        ]
        let deprecation = DeprecationSpec(
            deprecatedAt: 0,
            sunsetAt: 951_827_696,
            successor: "2",
            link: "http://x",
            reason: "r"
        )
        set.versions = [
            item(
                "v1",
                APIVersionSpec(
                    api: "plain",
                    version: "1.10",
                    definition: .inline(InlineDefinition(["openapi": "3.1.0", "x": [1, 2.5, nil, true]])),
                    upstream: "u",
                    state: .suspended,
                    deprecation: deprecation,
                    message: "m"
                )
            ),
            item("v2", APIVersionSpec(api: "plain", version: "2", definition: .file("a/b.yaml"), upstream: "u")),
            item("v0", APIVersionSpec(api: "plain", version: "0", definition: nil, state: .retired)),
        ]
        let limit = LimitSpec(
            name: "l",
            kind: .rate,
            amount: 5,
            window: "PT1M",
            algorithm: .gcra,
            burst: 2,
            align: LimitSpec.Alignment.none
        )
        set.plans = [
            item("gold", PlanSpec(api: "plain", title: "G", approval: .automatic, operations: ["a"], limits: [limit])),
            item("none", PlanSpec(api: "plain", operations: [])),
        ]
        set.applications = [item("shop", ApplicationSpec(team: "sales", title: "Shop"))]
        set.subscriptions = [
            item(
                "s",
                SubscriptionSpec(
                    application: "shop",
                    plan: "gold",
                    environment: "test",
                    major: 1,
                    pin: PinSpec(version: "1.10", mode: .hard, expiresAt: 5),
                    state: .paused,
                    startsAt: 1,
                    endsAt: 2,
                    comment: "c"
                )
            )
        ]
        set.credentials = [
            item(
                "k",
                CredentialSpec(
                    application: "shop",
                    environment: "test",
                    sha256: String(repeating: "0", count: 64),
                    start: "gh_x",
                    note: "n",
                    startsAt: 1,
                    expiresAt: 2,
                    pins: [PinSpec(api: "plain", version: "1.10")]
                )
            )
        ]
        let values = ManifestWriter.values(set)
        let again = ManifestReader.read(Array(JSONValue.array(values).text().utf8), name: "m.json")
        #expect(again.findings == [])
        #expect(again.manifests == set)
        #expect(again.manifests.danglingReferences() == [])
    }
}
