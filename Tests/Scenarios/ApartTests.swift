import Foundation
import Testing

@Suite("The control plane and a gateway apart", .enabled(if: Binary.path != nil, "needs the release binary"))
struct ApartTests {
    @Test("what is published there is served here, revocations arrive, and without a control plane it serves on")
    func pulled() async throws {
        let (stack, gateway, _) = try await Stack.apart()
        let world = try await World(on: stack)
        #expect(try await Curl.call(stack.metrics + "/readyz").status == 200)

        // A key that is revoked over there is refused here within a second.
        let other = try await stack.must("key", "create", "web-shop", as: world.cast.developer)
        func status(_ key: String) async throws -> Int {
            try await Curl.call(stack.gateway + "/orders/orders", ["-H", "X-API-Key: \(key)"]).status
        }
        _ = try await Wait.until("the second key", within: 5) { try await status(other) == 200 ? true : nil }
        let listed = try await stack.must("key", "list", "web-shop", "-o", "json", as: world.cast.developer)
        let keys = try #require(try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
        let revoked = try #require(keys.first { other.hasPrefix($0["start"] as? String ?? "-") }?["id"] as? String)
        try await stack.must("key", "revoke", "web-shop", revoked, as: world.cast.developer)
        _ = try await Wait.until("the revocation", within: 1) { try await status(other) == 401 ? true : nil }
        #expect(try await status(world.key) == 200)

        // The gateway is known over there, with what it serves.
        _ = try await Wait.until("the gateway's report", within: 10) {
            let answer = try await stack.control("GET", "/v1/environments/live/gateways")
            return answer.status == 200 && answer.text.contains("\"generation\"") ? true : nil
        }

        // Without the control plane it goes on; which does not wait until gateways have waited long enough.
        #expect(try await stack.running.terminate(within: 15) == 0)
        #expect(try await status(world.key) == 200)
        #expect(try await status(other) == 401)
        #expect(try await gateway.terminate() == 0)
        try FileManager.default.removeItem(at: stack.folder)
    }

    @Test("a control plane without a gateway has health and metrics of its own, with the queue of checks")
    func operations() async throws {
        let (stack, gateway, operations) = try await Stack.apart()
        gateway.killHard()
        #expect(try await Curl.call(operations + "/livez").status == 200)
        #expect(try await Curl.call(operations + "/livez", ["-I"]).status == 200)
        let ready = try await Curl.call(operations + "/readyz")
        #expect(ready.status == 200, "\(ready.text)")
        #expect(try await Curl.call(operations + "/v1/me").status == 404)

        // Two requests of our own, one of them refused, and one to nowhere.
        #expect(try await stack.control("GET", "/v1/me").status == 200)
        #expect(try await stack.control("GET", "/v1/me", as: "gh_no-such-token").status == 401)
        #expect(try await Curl.call(stack.control + "/somewhere/else?secret=1").status == 401)
        #expect(try await stack.control("GET", "/v1/somewhere/else").status == 404)
        let cast = try await Cast(on: stack)
        let files = Files(in: stack.folder)
        let document = Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path
        try await stack.must("submit", document, "--api", "orders", "--team", "sales", as: cast.owner)
        let ruleset = try files.write("house.yaml", "extends: spectral:oas\n")
        try await stack.must("ruleset", "set", "house", ruleset)
        try await stack.must("policy", "set", "tidy", "--ruleset", "house", "--mode", "observe")
        let page = try await Wait.until("a check that was made and an empty queue", within: 30) {
            let text = try await Curl.call(operations + "/metrics").text
            let isDone = !text.contains("gatehouse_control_checks_total{result=\"done\"} 0\n")
            return isDone && text.contains("gatehouse_control_checks_waiting 0\n") ? text : nil
        }
        #expect(page.contains("gatehouse_control_checks_total{result=\"failed\"} 0\n"))
        #expect(page.contains("gatehouse_control_checks_failing 0\n"))
        #expect(page.contains("gatehouse_control_checks_oldest_seconds 0.0\n"))
        for line in [
            #"gatehouse_control_requests_total{method="GET",route="/v1/me",status_class="2xx"} "#,
            #"gatehouse_control_requests_total{method="GET",route="/v1/me",status_class="4xx"} 1"#,
            #"gatehouse_control_requests_total{method="GET",route="unmatched",status_class="4xx"} 2"#,
            #"gatehouse_control_request_duration_seconds_count{route="/v1/me"} "#,
            #"gatehouse_control_database_connections{state="idle"} "#,
        ] { #expect(page.contains(line), "\(line) in \(page)") }
        #expect(!page.contains("secret") && !page.contains("somewhere") && !page.contains("NotFound"))
        try await stack.stop()
    }

    @Test("in one process the gateway's page has both, each metric once")
    func together() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let page = try await Curl.call(stack.metrics + "/metrics").text
        let names = page.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.map { $0.split(separator: " ")[2] }
        #expect(names.contains("gatehouse_http_requests_total"))
        #expect(names.contains("gatehouse_control_checks_total"))
        #expect(Set(names).count == names.count)
        try await stack.stop()
    }

    @Test("an address of the metrics that is taken is named")
    func taken() async throws {
        let stack = try await Stack()
        let address = String(stack.metrics.dropFirst("http://".count))
        let folder = try Stack.makeFolder()
        let second = try Running([
            "control", "--data-dir", folder.appending(path: "data").path, "--control-listen", "127.0.0.1:0",
            "--metrics-listen", address,
        ])
        #expect(try await second.exitCode(within: 60) == 2)
        #expect(second.output.contains("address in use") && second.output.contains(address), "\(second.output)")
        try FileManager.default.removeItem(at: folder)
        try await stack.stop()
    }
}
