import DocumentTree
import Testing

@testable import Manifest

/// The example of the interface's description, word for word.
private let example = """
    apiVersion: gatehouse.dev/v1
    kind: Api
    metadata: {name: orders, labels: {domain: sales}}
    spec: {title: Orders, team: sales, visibility: internal, basePath: /orders, hosts: [], access: plan, security: verify,
           versioning: {in: [path, header, pin], header: API-Version, default: latest}}
    ---
    apiVersion: gatehouse.dev/v1
    kind: Upstream
    metadata: {name: orders-v1}
    spec: {targets: [{url: "http://127.0.0.1:9001", weight: 100}], balance: round-robin}
    ---
    apiVersion: gatehouse.dev/v1
    kind: ApiVersion
    metadata: {name: orders-1.2.0}
    spec: {api: orders, version: 1.2.0, definition: {file: orders-1.2.0.yaml}, upstream: orders-v1, state: published}
    ---
    apiVersion: gatehouse.dev/v1
    kind: Plan
    metadata: {name: orders-gold}
    spec: {api: orders, approval: manual, operations: null,   # null: every operation; else a list of operationIds
           limits: [{name: second, kind: rate, amount: 100, window: PT1S, algorithm: gcra, burst: 20},
                    {name: month, kind: quota, amount: 1000000, window: P1M, align: calendar}]}
    ---
    apiVersion: gatehouse.dev/v1
    kind: Application
    metadata: {name: web-shop}
    spec: {team: shop}
    ---
    apiVersion: gatehouse.dev/v1
    kind: Subscription
    metadata: {name: web-shop-orders}
    spec: {application: web-shop, plan: orders-gold, pin: 1.2.0}
    ---
    apiVersion: gatehouse.dev/v1
    kind: Credential
    metadata: {name: web-shop-1}
    spec: {application: web-shop, kind: api-key, secret: {sha256: "\(String(repeating: "ab", count: 32))"}}
    """

@Suite("ManifestReader")
struct ManifestReaderTests {
    private func read(_ text: String, name: String = "m.yaml") -> ManifestReading {
        ManifestReader.read(Array(text.utf8), name: name)
    }

    /// One manifest with this `spec`, as findings in words: `code line:column message (help)`.
    private func faults(_ kind: String, _ spec: String) -> [String] {
        let text = "apiVersion: gatehouse.dev/v1\nkind: \(kind)\nmetadata: {name: x}\nspec: \(spec)\n"
        return read(text).findings.map(Self.words)
    }

    private static func words(_ finding: Finding) -> String {
        let start = finding.range.start
        let help = finding.help.map { " (\($0))" } ?? ""
        return "\(finding.code) \(start.line + 1):\(start.character + 1) \(finding.message)\(help)"
    }

    @Test("the documented example is read into typed values without a finding")
    func documentedExample() throws {
        let reading = read(example)
        #expect(reading.findings == [])
        let set = reading.manifests
        #expect(set.count == 7)
        let api = try #require(set.apis.first)
        #expect(api.metadata.labels == ["domain": "sales"])
        #expect(api.spec.title == "Orders")
        #expect(api.spec.team == "sales")
        #expect(api.spec.versioning.places == [.path, .header, .pin])
        #expect(set.upstreams.first?.spec.targets == [TargetSpec(url: "http://127.0.0.1:9001", weight: 100)])
        let version = try #require(set.versions.first)
        #expect(version.spec.version == "1.2.0")
        #expect(version.spec.definition == .file("orders-1.2.0.yaml"))
        guard case .file(let file) = version.spec.definition else { throw UnreadableDocument(findings: []) }
        #expect(file.place?.source == "m.yaml")
        #expect(file.place?.range.start.line == 14)
        let plan = try #require(set.plans.first)
        #expect(plan.spec.operations == nil)
        #expect(plan.spec.limits.map(\.name) == ["second", "month"])
        #expect(plan.spec.limits[1].align == .calendar)
        #expect(set.subscriptions.first?.spec.pin == PinSpec(version: "1.2.0"))
        #expect(set.credentials.first?.spec.sha256 == String(repeating: "ab", count: 32))
        #expect(set.danglingReferences() == [])
    }

    @Test("an unknown field is named with its place, what was expected, and the nearest name")
    func unknownFields() {
        let text =
            "apiVersion: gatehouse.dev/v1\nkind: Plan\nmetadata: {name: x}\nspec:\n  api: a\n  limts: []\n  colour: red\n"
        let findings = read(text).findings
        #expect(findings.map(\.code) == [ManifestCode.unknownField, ManifestCode.unknownField])
        #expect(findings[0].range.start == Position(line: 5, character: 2))
        #expect(findings[0].path == [.key("spec"), .key("limts")])
        #expect(findings[0].message.hasPrefix("`Plan.spec` has no field `limts`, expected one of `api`, `title`"))
        #expect(findings[0].help == "did you mean `limits`?")
        #expect(findings[1].help == nil)
        #expect(read(text).manifests.plans.isEmpty)
    }

    @Test(
        "a wrong field is told with its type or value",
        arguments: [
            ("Plan", "{api: 7}", "manifest-wrong-type 4:13 `Plan.spec.api` is a whole number, expected a name"),
            ("Plan", "{}", "manifest-missing-field 4:6 `Plan.spec` lacks `api`"),
            ("Plan", "[]", "manifest-wrong-type 4:6 `Plan.spec` is a list, expected a mapping"),
            (
                "Plan", "{api: a, approval: manul}",
                "manifest-invalid-value 4:26 `Plan.spec.approval` is `manul`, expected one of `automatic`, `manual` (did you mean `manual`?)"
            ),
            (
                "Plan", "{api: a, limits: [{name: n, kind: rate, amount: 1, window: 1S}]}",
                "manifest-invalid-value 4:66 `Plan.spec.limits[0].window` is `1S`, expected an ISO 8601 duration such as `PT1S` or `P1M`"
            ),
            (
                "Plan", "{api: a, limits: [{name: n, kind: rate, amount: 0, window: PT1S}]}",
                "manifest-invalid-value 4:55 `Plan.spec.limits[0].amount` is 0, expected 1 to 1000000000000"
            ),
            (
                "Plan", "{api: a, operations: list}",
                "manifest-wrong-type 4:28 `Plan.spec.operations` is text, expected a list of text"
            ),
            (
                "Upstream", "{targets: []}",
                "manifest-invalid-value 4:16 `Upstream.spec.targets` is empty, expected at least one `{url: …}`"
            ),
            ("Upstream", "{}", "manifest-missing-field 4:6 `Upstream.spec` lacks `targets`"),
            (
                "Upstream", "{targets: [{url: u}], timeouts: {connect: 5s}}",
                "manifest-invalid-value 4:49 `Upstream.spec.timeouts.connect` is `5s`, expected an ISO 8601 duration from `PT0.001S` to `P1D`"
            ),
            (
                "Upstream", "{targets: [{url: u}], balance: consistent-hash}",
                "manifest-missing-field 4:6 `Upstream.spec` lacks `hash` (say what requests are known by: `hash: {by: application}`)"
            ),
            (
                "Upstream", "{targets: [{url: u}], balance: consistent-hash, hash: {by: header}}",
                "manifest-missing-field 4:60 `Upstream.spec.hash` lacks `name` (name the header whose value is the key)"
            ),
            (
                "Upstream", "{targets: [{url: u}], health: {active: {path: x}}}",
                "manifest-invalid-value 4:53 `Upstream.spec.health.active.path` is `x`, expected a path that begins with a slash"
            ),
            (
                "Upstream", "{targets: [{url: u}], health: {active: {statuses: [\"20\"]}}}",
                "manifest-invalid-value 4:56 `Upstream.spec.health.active.statuses` expects texts such as `\"200-299\"` or `\"404\"`"
            ),
            (
                "Upstream", "{targets: [{url: u}], health: {passive: {ejection: PT9S, longestEjection: PT5S}}}",
                "manifest-invalid-value 4:81 `Upstream.spec.health.passive.longestEjection` is below `ejection`"
            ),
            (
                "Upstream", "{targets: [{url: u}], retry: {statuses: [200]}}",
                "manifest-invalid-value 4:48 an element of `Upstream.spec.retry.statuses` is no number from 400 to 599"
            ),
            (
                "Upstream", "{targets: [{url: u}], discovery: {dns: PT1S, file: f}}",
                "manifest-invalid-value 4:39 `Upstream.spec.discovery` expects one of `dns` and `file`"
            ),
            (
                "Upstream", "{targets: [{url: u}], tls: {authorities: /etc/ca.pem}}",
                "manifest-invalid-value 4:48 `/etc/ca.pem` is no name of a file in the gateway's folder of upstream files (name it without a leading slash and without `..`)"
            ),
            (
                "Upstream", "{targets: [{url: u}], tls: {certificate: c.pem}}",
                "manifest-missing-field 4:33 `Upstream.spec.tls` lacks `key` (the two go together)"
            ),
            (
                "Api", "{basePath: orders}",
                "manifest-invalid-value 4:18 `Api.spec.basePath` is `orders`, expected a path such as `/orders` without a slash at its end"
            ),
            (
                "Api", "{passthrough: true}",
                "manifest-missing-field 4:6 `Api.spec` lacks `upstream` (a pass-through API names where its requests go)"
            ),
            (
                "Api", "{upstream: u}",
                "manifest-invalid-value 4:18 `Api.spec.upstream` is only for an API with `passthrough: true` (name the upstream in the ApiVersion)"
            ),
            (
                "Api", "{versioning: {in: [paht]}}",
                "manifest-invalid-value 4:26 an element of `Api.spec.versioning.in` is `paht`, expected one of `path`, `header`, `query`, "
                    + "`media-type`, `pin` (did you mean `path`?)"
            ),
            (
                "ApiVersion", "{api: a, version: 1}",
                "manifest-missing-field 4:6 `ApiVersion.spec` lacks `definition` (write `definition: {file: NAME}`)"
            ),
            (
                "ApiVersion", "{api: a, version: 1, definition: {file: f, inline: {}}}",
                "manifest-invalid-value 4:57 `ApiVersion.spec.definition` has both `file` and `inline`, expected one of them"
            ),
            (
                "ApiVersion", "{api: a, version: 1, state: retired, deprecation: {sunsetAt: soon}}",
                "manifest-invalid-value 4:68 `ApiVersion.spec.deprecation.sunsetAt` is `soon`, expected a time such as `2026-07-01T00:00:00Z`"
            ),
            (
                "ApiVersion",
                "{api: a, version: 1, state: retired, deprecation: {deprecatedAt: 2026-02-01, sunsetAt: 2026-01-01}}",
                "manifest-invalid-value 4:94 `ApiVersion.spec.deprecation.sunsetAt` lies before `deprecatedAt`"
            ),
            (
                "Credential", "{application: a, secret: {sha256: abc}}",
                "manifest-invalid-value 4:41 `Credential.spec.secret.sha256` is not 64 hexadecimal digits, the SHA-256 of the whole key"
            ),
            ("Credential", "{application: a}", "manifest-missing-field 4:6 `Credential.spec` lacks `secret`"),
        ]
    )
    func faulty(kind: String, spec: String, expected: String) {
        #expect(faults(kind, spec) == [expected])
    }

    @Test(
        "known kinds that are not read yet are refused by name, unknown ones with the nearest",
        arguments: ManifestKind.allCases
    )
    func kinds(kind: ManifestKind) {
        let codes = faults(kind.rawValue, "{}").map { $0.prefix { $0 != " " } }
        #expect(codes.contains(Substring(ManifestCode.unsupportedKind)) == !kind.isSupported)
        #expect(!codes.contains(Substring(ManifestCode.unknownKind)))
        #expect(faults("Aplication", "{}").first?.contains("did you mean `Application`?") == true)
    }

    @Test("what is no manifest is said to be none")
    func notManifests() {
        #expect(read("openapi: 3.1.0\n").findings.map(\.code) == [ManifestCode.notAManifest])
        #expect(read("just text\n").findings.map(\.code) == [ManifestCode.notAManifest])
        #expect(read("a: [\n").findings.isEmpty == false)
        #expect(read("").findings.isEmpty)
        #expect(read("kind: Team\nmetadata: {name: a}\n").findings.map(\.code) == [ManifestCode.missingField])
        #expect(
            read("apiVersion: v2\nkind: Team\nmetadata: {name: a}\n").findings.map(\.code) == [
                ManifestCode.invalidValue
            ]
        )
        #expect(read("apiVersion: gatehouse.dev/v1\nkind: Team\n").findings.map(\.code) == [ManifestCode.missingField])
        #expect(
            read("apiVersion: gatehouse.dev/v1\nkind: Team\nmetadata: {name: a/b}\n").findings.map(\.code) == [
                ManifestCode.invalidValue
            ]
        )
        let status = "apiVersion: gatehouse.dev/v1\nkind: Team\nmetadata: {name: a}\nstatus: {anything: 1}\n"
        #expect(read(status).findings == [])
        #expect(read(status).manifests.teams.count == 1)
    }

    @Test("the same kind and name twice is found over all texts, and so is a version of an API")
    func duplicates() {
        let text = Array(example.utf8)
        let reading = ManifestReader.read([(text, "a.yaml"), (text, "b.yaml")])
        #expect(reading.findings.count == 7)
        #expect(reading.findings.allSatisfy { $0.code == ManifestCode.duplicate && $0.source == "b.yaml" })
        #expect(reading.findings[0].message == "Api `orders` is there twice, first at a.yaml:1:1")
        var set = read(example).manifests
        var copy = set.versions[0]
        copy.metadata.name = "another"
        set.versions.append(copy)
        #expect(set.duplicates().map(\.code) == [ManifestCode.duplicate])
    }

    @Test("a reference to nothing is a finding at the reference, unless it is known elsewhere")
    func danglingReferences() throws {
        let set = read(
            example.replacing("plan: orders-gold", with: "plan: orders-gld").replacing(
                "upstream: orders-v1,",
                with: "upstream: x,"
            )
        ).manifests
        let findings = set.danglingReferences()
        #expect(findings.map(\.message) == ["there is no Upstream `x`", "there is no Plan `orders-gld`"])
        #expect(findings[1].help == "did you mean `orders-gold`?")
        #expect(findings[0].range.start.line == 14)
        #expect(set.danglingReferences { kind, name in kind == .upstream && name == "x" }.count == 1)
    }

    @Test("an object with a fault of its own is not missing as well")
    func faultyIsNotMissing() {
        let reading = read(example.replacing("balance: round-robin", with: "balance: random"))
        #expect(reading.findings.map(\.code) == [ManifestCode.invalidValue])
        #expect(reading.manifests.upstreams.isEmpty)
        #expect(reading.manifests.danglingReferences() == [])
    }
}
