import Foundation
import Testing

@Suite("The control plane's HTTP API", .serialized, .enabled(if: Binary.path != nil, "needs the release binary"))
struct ControlAPITests {
    @Test("every operation of the description exists and answers 401 without a token, but for the few open ones")
    func unauthenticatedWalk() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let operations = await APIDescription.shared.operations
        #expect(operations.count >= 85)
        let open = operations.filter(\.isOpen).map(\.id).sorted()
        #expect(open == ["getCatalogLinkset", "getDescription", "getLiveness", "getReadiness", "getRoot"])
        for operation in operations {
            let path = operation.path.replacing(/\{[a-z]+\}/, with: "1")
            let answer = try await Curl.call(stack.control + path, ["-X", operation.method])
            #expect(answer.status == (operation.isOpen ? 200 : 401), "\(operation.id)")
            if !operation.isOpen {
                #expect(answer.field("WWW-Authenticate") != nil)
                #expect(answer.field("Content-Type") == "application/problem+json")
            }
            // With a token no operation is unknown to the router: what is not found is named.
            if !operation.isOpen, operation.method == "GET" {
                let known = try await stack.control(operation.method, path)
                #expect(!known.text.contains("there is no such path"), "\(operation.id) is described but not routed")
            }
        }
        try await stack.stop()
    }

    @Test("every operation is seen to work, and every answer is one that the description allows")
    func wholeAPI() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let run = APIRun(stack: stack)
        try await run.people()
        try await run.catalog()
        try await run.policies()
        try await run.consumers()
        try await run.operations()
        try await run.service()
        let seen = await APIDescription.shared.seen
        let all = Set(await APIDescription.shared.operations.map(\.id))
        #expect(all.subtracting(seen).isEmpty, "never answered well: \(all.subtracting(seen).sorted())")
        try await stack.stop()
    }
}

/// One run over the whole API; every answer is checked against the description as it comes.
struct APIRun {
    let stack: Stack

    /// Sends a request and checks the answer's status and shape.
    @discardableResult
    func call(
        _ method: String,
        _ path: String,
        _ status: Int,
        _ body: String? = nil,
        as token: String? = nil,
        fields: [String] = []
    ) async throws -> Answer {
        var arguments = ["-X", method, "-H", "Authorization: Bearer \(try token ?? stack.administratorToken)"]
        if let body, !fields.contains(where: { $0.hasPrefix("Content-Type") }), !body.isEmpty {
            arguments += ["-H", "Content-Type: application/json"]
        }
        for field in fields { arguments += ["-H", field] }
        let answer = try await Curl.call(stack.control + path, arguments, body: body.map { Data($0.utf8) })
        #expect(answer.status == status, "\(method) \(path): \(answer.text.prefix(500))")
        let faults = await APIDescription.shared.faults(method, path, answer)
        #expect(faults.isEmpty, "\(faults.prefix(5))")
        return answer
    }

    func text(_ answer: Answer, _ member: String) throws -> String {
        try #require(try answer.json()[member] as? String, "no `\(member)` in \(answer.text.prefix(300))")
    }

    func token(of member: String) async throws -> String {
        try text(try await call("POST", "/v1/tokens", 201, #"{"member":"\#(member)","note":"test"}"#), "token")
    }

    func people() async throws {
        try await call("GET", "/v1/me", 200)
        for team in ["sales", "shop"] { try await call("POST", "/v1/teams", 201, #"{"name":"\#(team)"}"#) }
        try await call("POST", "/v1/teams", 409, #"{"name":"sales"}"#)
        try await call("POST", "/v1/teams", 422, #"{"name":"other","colour":"red"}"#)
        try await call("POST", "/v1/teams", 400, "{")
        try await call("GET", "/v1/teams?limit=1", 200)
        try await call("GET", "/v1/teams/sales", 200)
        try await call("GET", "/v1/teams/nobody", 404)
        for (name, role, team) in [
            ("alice", "api-owner", "\"sales\""), ("bob", "approver", "null"), ("carol", "app-owner", "\"shop\""),
        ] {
            try await call(
                "POST",
                "/v1/members",
                201,
                #"{"name":"\#(name)","roles":[{"role":"\#(role)","team":\#(team)}]}"#
            )
        }
        try await call(
            "POST",
            "/v1/members",
            201,
            #"{"name":"gate","kind":"service","roles":[{"role":"gateway","team":null}]}"#
        )
        try await call("GET", "/v1/members", 200)
        let bob = try await call("GET", "/v1/members/bob", 200)
        try await call("PATCH", "/v1/members/bob", 428, #"{"title":"Bob"}"#)
        try await call("PATCH", "/v1/members/bob", 412, #"{"title":"Bob"}"#, fields: ["If-Match: \"999\""])
        try await call(
            "PATCH",
            "/v1/members/bob",
            200,
            #"{"title":"Bob"}"#,
            fields: ["If-Match: \(bob.field("ETag") ?? "")"]
        )
        let spare = try await call("POST", "/v1/tokens", 201, #"{"note":"spare"}"#)
        try await call("GET", "/v1/tokens", 200)
        try await call("DELETE", "/v1/tokens/\(text(spare, "id"))", 204)
        try await call("GET", "/v1/me", 401, as: text(spare, "token"))
    }

    func catalog() async throws {
        let alice = try await token(of: "alice")
        let bob = try await token(of: "bob")
        let document = try String(
            contentsOf: Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml"),
            encoding: .utf8
        )
        try await call("POST", "/v1/apis", 201, #"{"name":"empty","team":"sales"}"#, as: alice)
        let empty = try await call("GET", "/v1/apis/empty", 200, as: alice)
        try await call(
            "PATCH",
            "/v1/apis/empty",
            200,
            #"{"title":"Empty","labels":{"domain":"sales"}}"#,
            as: alice,
            fields: ["If-Match: \(empty.field("ETag") ?? "")"]
        )
        let versions = "/v1/apis/orders/versions"
        let one = versions + "/1.0.0"
        let yaml = ["Content-Type: application/yaml"]
        try await call(
            "POST",
            one + "/revisions?team=sales&upstream=http://127.0.0.1:9",
            201,
            document,
            as: alice,
            fields: yaml
        )
        try await call(
            "POST",
            one + "/revisions?team=sales&upstream=http://127.0.0.1:9",
            409,
            document,
            as: alice,
            fields: yaml
        )
        try await call("POST", one + "/revisions", 422, "a: [", as: alice, fields: yaml)
        try await call("POST", one + "/revisions", 422, "openapi: 9.9.9\ninfo: {}", as: alice, fields: yaml)
        try await call("GET", "/v1/apis?q=orders", 200)
        try await call("GET", versions, 200)
        try await call("GET", one, 200)
        try await call("GET", one + "/revisions", 200)
        let revision = try await call("GET", one + "/revisions/1", 200)
        let source = try await call("GET", one + "/revisions/1/specification", 200)
        #expect(source.text == document)
        try await call("GET", one + "/revisions/1/findings", 200)
        try await call("GET", one + "/revisions/1/changes", 200)
        try await call("GET", one + "/revisions/1/changes?base=1.0.0@1", 200)
        try await call("GET", one + "/revisions/1/changes?base=9.9.9", 404)
        try await call("GET", "/v1/reviews", 200)
        try await call("POST", one + "/releases", 409, "{}", as: alice)
        let hash = try text(revision, "manifestSha256")
        let vote = #"{"decision":"approve","manifestSha256":"\#(hash)"}"#
        try await call("POST", one + "/revisions/1/votes", 403, vote, as: alice)
        let stale = #"{"decision":"approve","manifestSha256":"\#(String(repeating: "0", count: 64))"}"#
        try await call("POST", one + "/revisions/1/votes", 409, stale, as: bob)
        try await call("POST", one + "/revisions/1/votes", 201, vote, as: bob)
        try await call("POST", one + "/revisions/1/votes", 409, vote, as: bob)
        try await call("GET", one + "/revisions/1/votes", 200)
        try await call("POST", one + "/releases", 201, "{}", as: alice)
        try await call("GET", one + "/releases", 200)
        try await call("PUT", one + "/suspension", 200, #"{"reason":"test"}"#, as: alice)
        try await call("DELETE", one + "/suspension?reason=over", 200, as: alice)
        try await call(
            "PUT",
            one + "/deprecation",
            200,
            #"{"reason":"test","sunsetAt":"2099-01-01T00:00:00Z"}"#,
            as: alice
        )
        try await call("DELETE", one + "/deprecation?reason=mistake", 200, as: alice)
    }

    func policies() async throws {
        let alice = try await token(of: "alice")
        let bob = try await token(of: "bob")
        let yaml = ["Content-Type: application/yaml"]
        let house =
            "rules:\n  tagged: {given: '$.paths[*][get]', severity: error, then: {field: tags, function: truthy}}\n"
        try await call("PUT", "/v1/rulesets/house", 201, house, fields: yaml)
        try await call("PUT", "/v1/rulesets/house?message=again", 200, house, fields: yaml)
        try await call("PUT", "/v1/rulesets/house", 403, house, as: alice, fields: yaml)
        try await call("PUT", "/v1/rulesets/bad", 422, "rules: [", fields: yaml)
        try await call("GET", "/v1/rulesets", 200)
        try await call("GET", "/v1/rulesets/house", 200)
        try await call("GET", "/v1/rulesets/house/revisions", 200)
        let text = try await call("GET", "/v1/rulesets/house/revisions/1/text", 200)
        #expect(text.text == house)
        try await call("GET", "/v1/rulesets/house/revisions/9/text", 404)
        let terms =
            #"{"mode":"observe","rulesets":[{"name":"house"},{"name":"spectral:oas"}],"selector":{"matchLabels":{}}}"#
        try await call("PUT", "/v1/policies/tagged", 201, terms)
        let policy = try await call("PUT", "/v1/policies/tagged", 200, terms)
        try await call("PUT", "/v1/policies/tagged", 412, terms, fields: ["If-Match: \"99\""])
        try await call("PUT", "/v1/policies/tagged", 200, terms, fields: ["If-Match: \(policy.field("ETag") ?? "")"])
        try await call("PUT", "/v1/policies/tagged", 422, #"{"mode":"strict","rulesets":[{"nam":"house"}]}"#)
        try await call("PUT", "/v1/policies/none", 422, #"{"rulesets":[{"name":"hous"}]}"#)
        try await call("GET", "/v1/policies", 200)
        try await call("GET", "/v1/policies/tagged", 200)
        try await call("GET", "/v1/policies/tagged/evaluation?change=newly_failing&limit=1", 200)
        try await call("GET", "/v1/policies/tagged/evaluation?change=worse", 400)
        try await call("GET", "/v1/apis/orders/versions/1.0.0/revisions/1/policies", 200)
        try await call("DELETE", "/v1/rulesets/house", 409)
        try await waivers(alice, bob)
        try await call("DELETE", "/v1/policies/tagged", 204)
        try await call("DELETE", "/v1/rulesets/house", 204)
        try await call("GET", "/v1/policies/tagged", 404)
    }

    private func waivers(_ alice: String, _ bob: String) async throws {
        let end = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 86_400))
        let body = #"{"api":"orders","rule":"tagged","pointer":"/paths","reason":"test","expiresAt":"\#(end)"}"#
        let waiver = try await call("POST", "/v1/waivers", 201, body, as: alice)
        let one = "/v1/waivers/" + (try self.text(waiver, "id"))
        let far = body.replacing(end, with: "2099-01-01T00:00:00Z")
        try await call("POST", "/v1/waivers", 422, far, as: alice)
        try await call("POST", "/v1/waivers", 422, #"{"api":"orders","rule":"tagged","reason":"test"}"#, as: alice)
        try await call("PUT", one + "/decision", 403, #"{"decision":"grant"}"#, as: alice)
        try await call("PUT", one + "/decision", 422, #"{"decision":"refuse"}"#, as: bob)
        try await call("PUT", one + "/decision", 200, #"{"decision":"grant"}"#, as: bob)
        try await call("PUT", one + "/decision", 409, #"{"decision":"grant"}"#, as: bob)
        try await call("GET", one, 200)
        try await call("GET", "/v1/waivers?api=orders&state=granted", 200)
        try await call("DELETE", one, 422, as: alice)
        try await call("DELETE", one + "?reason=test", 200, as: alice)
        try await call("GET", "/v1/waivers/nothing", 404)
    }

    func consumers() async throws {
        let alice = try await token(of: "alice")
        let carol = try await token(of: "carol")
        try await call(
            "POST",
            "/v1/plans",
            422,
            #"{"name":"gold","api":"orders","operations":["lstOrders"]}"#,
            as: alice
        )
        try await call(
            "POST",
            "/v1/plans",
            201,
            #"{"name":"gold","api":"orders","operations":["listOrders"],"limits":[{"name":"rate","kind":"rate","amount":10,"window":"PT1S","burst":5}]}"#,
            as: alice
        )
        let plan = try await call("GET", "/v1/plans/gold", 200)
        try await call(
            "PATCH",
            "/v1/plans/gold",
            200,
            #"{"title":"Gold"}"#,
            as: alice,
            fields: ["If-Match: \(plan.field("ETag") ?? "")"]
        )
        try await call("GET", "/v1/plans?api=orders", 200)
        try await call("POST", "/v1/applications", 201, #"{"name":"web-shop","team":"shop"}"#, as: carol)
        try await call("POST", "/v1/applications", 201, #"{"name":"old","team":"shop"}"#, as: carol)
        try await call("GET", "/v1/applications", 200, as: carol)
        try await call("GET", "/v1/applications/web-shop", 200, as: carol)
        try await call("DELETE", "/v1/applications/old?reason=unused", 204, as: carol)
        let asked = try await call(
            "POST",
            "/v1/subscriptions",
            201,
            #"{"application":"web-shop","plan":"gold","pin":"1.0.0"}"#,
            as: carol
        )
        try await call("POST", "/v1/subscriptions", 409, #"{"application":"web-shop","plan":"gold"}"#, as: carol)
        let subscription = "/v1/subscriptions/" + (try text(asked, "id"))
        try await call("GET", "/v1/subscriptions?state=pending", 200, as: alice)
        try await call("GET", subscription, 200, as: carol)
        try await call("PUT", subscription + "/decision", 200, #"{"decision":"approve"}"#, as: alice)
        try await call("PUT", subscription + "/decision", 409, #"{"decision":"approve"}"#, as: alice)
        try await call("PUT", subscription + "/pause", 200, "{}", as: alice)
        try await call("DELETE", subscription + "/pause", 200, as: alice)
        try await call("PUT", subscription + "/pin", 200, #"{"version":"1.0.0","mode":"hard"}"#, as: carol)
        try await call("DELETE", subscription + "/pin", 200, as: carol)
        let migration = "/v1/applications/web-shop/migration?api=orders"
        try await call("GET", migration + "&from=1.0.0&to=1.0.0", 200, as: carol)
        try await call("GET", migration, 400, as: carol)
        try await call("GET", migration + "&from=1.0.0&to=9.9.9", 404, as: carol)
        let keys = "/v1/applications/web-shop/credentials"
        let issued = try await call("POST", keys, 201, #"{"note":"test"}"#, as: carol)
        let credential = try #require(try issued.json()["credential"] as? [String: Any])
        let id = try #require(credential["id"] as? String)
        try await call("GET", keys, 200, as: carol)
        try await call("PUT", "\(keys)/\(id)/pin", 200, #"{"api":"orders","version":"1.0.0"}"#, as: carol)
        try await call("DELETE", "\(keys)/\(id)/pin?api=orders", 200, as: carol)
        try await call("POST", "\(keys)/\(id)/rotation", 201, #"{"overlap":"PT1H"}"#, as: carol)
        try await call("DELETE", "\(keys)/\(id)?reason=test", 200, as: carol)
        try await call("DELETE", subscription + "?reason=test", 200, as: carol)
        try await call("PUT", subscription + "/decision", 409, #"{"decision":"reject"}"#, as: alice)
    }

    func operations() async throws {
        let gate = try await token(of: "gate")
        let live = "/v1/environments/live"
        try await call("GET", "/v1/environments", 200)
        try await call("GET", live + "/snapshots", 200)
        try await call("GET", live + "/snapshots/1", 200)
        try await call("GET", live + "/snapshots/1/file", 200)
        try await call("POST", live + "/activations", 201, #"{"generation":1,"reason":"test"}"#)
        let routing = try await call("GET", live + "/routing", 200, as: gate)
        let tag = routing.field("ETag") ?? ""
        try await call("GET", live + "/routing?wait=0", 304, as: gate, fields: ["If-None-Match: \(tag)"])
        try await call("GET", live + "/entitlements?after=0", 200, as: gate)
        try await newestEntitlements(live, as: gate)
        try await call("GET", live + "/routing", 403, as: try await token(of: "bob"))
        let denial = """
            {"name":"gate-1","sequence":1,"generation":1,"denials":[{"requestId":"request-1","at":"2026-01-01T00:00:00Z","status":403,\
            "code":"operation-not-granted","method":"POST","path":"/orders/orders","host":"localhost","api":"orders","version":"1.0.0",\
            "operation":"createOrder","application":"web-shop","detail":"the plan does not grant it"}]}
            """
        try await call("POST", live + "/gateways", 204, denial, as: gate)
        try await call("GET", live + "/gateways", 200)
        try await call("GET", live + "/signing-key", 200)
        try await call("GET", "/v1/requests/request-1/explanation", 200)
        try await call("GET", "/v1/requests/nothing/explanation", 404)
        try await call("GET", "/v1/audit?limit=5", 200)
        try await call("GET", "/v1/audit/verification", 200)
        let manifest =
            "apiVersion: gatehouse.dev/v1\nkind: Team\nmetadata: {name: logistics}\nspec: {title: Logistics}\n"
        let yaml = ["Content-Type: application/yaml"]
        try await call("POST", "/v1/manifests?dryRun=true", 200, manifest, fields: yaml)
        try await call("POST", "/v1/manifests", 200, manifest, fields: yaml)
        try await call("POST", "/v1/manifests", 422, manifest.replacing("title", with: "titel"), fields: yaml)
        try await call("GET", "/v1/manifests", 200)
        let alice = try await token(of: "alice")
        let one = "/v1/apis/orders/versions/1.0.0"
        try await call("PUT", one + "/sunset", 200, #"{"reason":"test"}"#, as: alice)
        try await call("DELETE", one + "/releases/live?reason=test", 200, as: alice)
    }

    /// A gateway that has the newest sequence gets nothing; which that is, is found by asking.
    private func newestEntitlements(_ live: String, as gate: String) async throws {
        for sequence in 1...200 {
            let path = live + "/entitlements?after=\(sequence)&wait=0"
            let answer = try await Curl.call(stack.control + path, ["-H", "Authorization: Bearer \(gate)"])
            if answer.status == 204 {
                try await call("GET", path, 204, as: gate)
                return
            }
        }
        Issue.record("no sequence up to 200 is the newest")
    }

    func service() async throws {
        for path in ["/", "/livez", "/readyz", "/openapi.json", "/.well-known/api-catalog"] {
            try await call("GET", path, 200)
        }
    }
}
