import RoutingTable
import Testing

@testable import Gateway

@Suite("Phases, through Explainer")
struct PhasesTests {
    private let now: Int64 = 1_780_000_000

    private func explain(
        _ method: String,
        _ url: String,
        key: String? = nil,
        _ fields: [(name: String, value: String)] = [],
        api: (inout RoutingContent.API) -> Void = { _ in },
        rights: (inout EntitlementContent) -> Void = { _ in }
    ) throws -> Explanation {
        let snapshot = try RoutingSnapshot(content: Sample.orders(port: 1, api), generation: 1)
        let entitlements = try EntitlementSet(content: Sample.rights(rights), sequence: 1)
        var fields = fields
        if let key { fields.append((name: "Gatehouse-Key", value: Sample.key(key))) }
        return Explainer.explain(
            method: method,
            url: url,
            headers: fields,
            snapshot: snapshot,
            entitlements: entitlements,
            now: now
        )
    }

    @Test(
        "who may call what",
        arguments: [
            ("GET", "/orders/items", nil, 401, "credential-missing"), ("GET", "/orders/items", "gold", nil, nil),
            ("GET", "/orders/v1/items", "gold", nil, nil), ("GET", "/orders/1.2.0/items", "gold", nil, nil),
            ("GET", "/orders/items/7", "gold", nil, nil), ("GET", "/orders/items", "silver", nil, nil),
            ("POST", "/orders/items", "silver", 403, "operation-not-granted"),
            ("GET", "/orders/items", "paused", 403, "subscription-paused"),
            ("GET", "/orders/items", "ended", 403, "subscription-expired"),
            ("GET", "/orders/items", "future", 403, "subscription-not-started"),
            ("GET", "/orders/items", "none", 403, "subscription-missing"),
            ("GET", "/orders/items", "expired", 401, "credential-expired"),
            ("GET", "/orders/v2/items", "gold", 403, "version-not-granted"),
            ("GET", "/orders/v2/items", "every", nil, nil), ("GET", "/orders/ping", nil, nil, nil),
            ("GET", "/orders/undeclared", nil, 401, "credential-missing"),
            ("GET", "/orders/undeclared", "gold", nil, nil),
            ("GET", "/orders/oauth", "gold", 401, "scheme-unsupported"),
            ("GET", "/nowhere", nil, 404, "no-such-api"), ("GET", "/orders/v9/items", "gold", 404, "no-such-operation"),
            ("GET", "/orders/other", "gold", 404, "no-such-operation"),
            ("DELETE", "/orders/items", "gold", 405, "method-not-allowed"),
            ("GET", "/orders/items/", "gold", 404, "no-such-operation"),
            ("GET", "/orders/0.9.0/items", "every", 410, "version-sunset"),
            ("GET", "/orders/0.5.0/items", "every", 410, "version-retired"),
            ("GET", "/orders/0.7.0/items", "every", 503, "version-suspended"),
            ("GET", "/orders/1.2.0/items", "pinned", 409, "version-pinned"),
            ("GET", "/orders/v1/items", "pinned", nil, nil), ("GET", "/orders/a%2fb", "gold", 400, "path-refused"),
        ] as [(String, String, String?, Int?, String?)]
    )
    func matrix(_ method: String, _ url: String, _ key: String?, _ status: Int?, _ code: String?) throws {
        let explanation = try explain(method, url, key: key)
        #expect(explanation.status == status, "\(explanation.steps)")
        #expect(explanation.code == code)
        #expect(explanation.steps.last?.isPassed == (code == nil))
    }

    @Test("an explanation names operation, requirement, place, plan, limits and what is forwarded")
    func everything() throws {
        let explanation = try explain("GET", "/orders/v1/items?a=b", key: "tight")
        #expect(explanation.api == "orders")
        #expect(explanation.version == "1.2.0", "the newest of the major that is not deprecated")
        #expect(explanation.operation == "list")
        #expect(explanation.pathTemplate == "/items")
        #expect(explanation.source == Sample.place(12))
        #expect(explanation.requirement == ["key"])
        #expect(explanation.application == "tight")
        #expect(explanation.credentialStart == "gh_live_tight")
        #expect(explanation.plan == "tight-plan")
        #expect(explanation.limits.map(\.name) == ["second", "month"])
        #expect(explanation.upstream == "u")
        #expect(explanation.forwardedPath == "/items")
        #expect(explanation.steps.map(\.phase) == Explanation.Phase.allCases)
    }

    @Test("a version that is not granted names those that are")
    func grantedVersions() throws {
        let explanation = try explain("GET", "/orders/v2/items", key: "gold")
        #expect(Set(explanation.grantedVersions) == ["1.0.0", "1.2.0"])
    }

    @Test("a version is chosen by field, parameter and media type where the API allows, and two wishes must agree")
    func wishes() throws {
        let everywhere: (inout RoutingContent.API) -> Void = {
            $0.versioning = .init(inPath: true, inHeader: true, inQuery: true, inMediaType: true)
        }
        func version(_ url: String, _ fields: [(name: String, value: String)]) throws -> String? {
            let explanation = try explain("GET", url, key: "every", fields, api: everywhere)
            return explanation.code ?? explanation.version
        }
        #expect(try version("/orders/items", [("API-Version", "1.0.0")]) == "1.0.0")
        #expect(try version("/orders/items", [("api-version", "v1")]) == "1.2.0")
        #expect(try version("/orders/items?api-version=2", []) == "2.0.0")
        #expect(try version("/orders/items?api-version=1%2E0.0", []) == "1.0.0")
        #expect(
            try version("/orders/items", [("Accept", "application/json;q=1; version=\"2\", text/plain")]) == "2.0.0"
        )
        #expect(try version("/orders/v1/items", [("API-Version", "2")]) == "version-malformed")
        #expect(try version("/orders/v2/items", [("API-Version", "2")]) == "2.0.0")
        #expect(try version("/orders/items?api-version=1", [("API-Version", "2")]) == "version-malformed")
        #expect(try version("/orders/items", [("API-Version", "77")]) == "unknown-version")
    }

    @Test("without a wish the pin decides, then the default; a soft pin yields to a wish")
    func pins() throws {
        #expect(try explain("GET", "/orders/items", key: "pinned").version == "1.0.0")
        let soft: (inout EntitlementContent) -> Void = { content in
            let index = content.credentials.firstIndex { $0.start == "gh_live_gold" }!
            content.credentials[index].pins = [.init(api: "orders", version: "1.0.0")]
        }
        #expect(try explain("GET", "/orders/items", key: "gold", rights: soft).version == "1.0.0")
        #expect(try explain("GET", "/orders/1.2.0/items", key: "gold", rights: soft).version == "1.2.0")
        let none: (inout RoutingContent.API) -> Void = { $0.versioning.default = .none }
        #expect(try explain("GET", "/orders/items", key: "gold", api: none).code == "version-malformed")
    }

    @Test(
        "a key is found where the specification's schemes put it",
        arguments: [
            ([("X-API-Key", "K")], nil), ([("Authorization", "Bearer K")], nil), ([("authorization", "bearer K")], nil),
            ([("X-API-Key", "K"), ("Gatehouse-Key", "K")], nil),
            ([("X-API-Key", "K"), ("Gatehouse-Key", "L")], "credential-ambiguous"),
            ([("X-API-Key", "gh_live_wrong")], "credential-malformed"), ([("X-API-Key", "")], "credential-malformed"),
            ([("X-API-Key", "imported-unknown")], "credential-invalid"), ([("X_API_Key", "K")], "credential-missing"),
            ([("Authorization", "Basic Og==")], "credential-missing"),
            ([("Connection", "X-API-Key"), ("X-API-Key", "K")], "credential-missing"),
        ] as [([(String, String)], String?)]
    )
    func keyPlaces(_ fields: [(String, String)], _ code: String?) throws {
        let filled = fields.map { name, value in
            let value = value.replacing("K", with: Sample.key("gold"))
            return (name: name, value: value == "L" ? Sample.key("silver") : value)
        }.map { (name: $0.name, value: $0.name == "Connection" ? "X-API-Key" : $0.value) }
        #expect(try explain("GET", "/orders/items", filled).code == code)
    }

    @Test("keys are also taken as Basic password, from a cookie and from a parameter when the specification says so")
    func otherPlaces() throws {
        let places: (inout RoutingContent.API) -> Void = { api in
            for index in api.versions.indices {
                api.versions[index].schemes = [
                    .init(name: "key", place: .apiKeyQuery("api_key")), .init(name: "bearer", place: .basic),
                    .init(name: "oauth", place: .apiKeyCookie("session")),
                ]
            }
        }
        let key = Sample.key("gold")
        #expect(try explain("GET", "/orders/items?a=1&api_key=\(key)", api: places).code == nil)
        #expect(try explain("GET", "/orders/items?api%5Fkey=\(key)", api: places).code == nil)
        #expect(try explain("GET", "/orders/items", [("Cookie", "a=b; session=\"\(key)\"")], api: places).code == nil)
        let basic = Base64.encode("anybody:\(key)")
        #expect(try explain("GET", "/orders/items", [("Authorization", "Basic \(basic)")], api: places).code == nil)
        #expect(
            try explain("GET", "/orders/items", [("Authorization", "Basic ???")], api: places).code
                == "credential-malformed"
        )
    }

    @Test("an open API needs no subscription, and a delegating one leaves security to its upstream")
    func modes() throws {
        #expect(try explain("GET", "/orders/undeclared") { $0.access = .open }.code == nil)
        #expect(try explain("GET", "/orders/items") { $0.access = .open }.code == "credential-missing")
        #expect(try explain("GET", "/orders/items", key: "none") { $0.access = .open }.code == nil)
        let delegate: (inout RoutingContent.API) -> Void = { $0.security = .delegate }
        #expect(try explain("GET", "/orders/oauth", key: "gold", api: delegate).code == nil)
        #expect(try explain("GET", "/orders/oauth", api: delegate).code == "credential-missing")
        let bearer = [(name: "Authorization", value: "Bearer somebody-elses")]
        #expect(try explain("GET", "/orders/oauth", key: "gold", bearer, api: delegate).code == nil)
    }

    @Test("a pass-through API can stand behind a plan")
    func passthroughPlan() throws {
        var content = Sample.passthrough(port: 1)
        content.apis[0].access = .plan
        let snapshot = try RoutingSnapshot(content: content, generation: 1)
        var rights = Sample.rights()
        rights.subscriptions[0].api = "all"
        rights.subscriptions[0].major = nil
        let entitlements = try EntitlementSet(content: rights, sequence: 1)
        func code(_ key: String?) -> String? {
            let fields = key.map { [(name: "Gatehouse-Key", value: Sample.key($0))] } ?? []
            return Explainer.explain(
                method: "PUT",
                url: "/any/thing",
                headers: fields,
                snapshot: snapshot,
                entitlements: entitlements,
                now: now
            ).code
        }
        #expect(code("gold") == nil)
        #expect(code("silver") == "subscription-missing")
        #expect(code(nil) == "credential-missing")
    }

    @Test("without entitlements nobody is known")
    func nobody() throws {
        let snapshot = try RoutingSnapshot(content: Sample.orders(port: 1), generation: 1)
        func code(_ fields: [(name: String, value: String)]) -> String? {
            Explainer.explain(
                method: "GET",
                url: "/orders/items",
                headers: fields,
                snapshot: snapshot,
                entitlements: nil,
                now: now
            ).code
        }
        #expect(code([]) == "credential-missing")
        #expect(code([("X-API-Key", Sample.key("gold"))]) == "credential-invalid")
    }
}

enum Base64 {
    static func encode(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        var out = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                out += place <= group.count ? String(digits[bits >> (18 - 6 * place) & 63]) : "="
            }
        }
        return out
    }
}
