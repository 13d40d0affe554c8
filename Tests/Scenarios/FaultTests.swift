import Foundation
import Testing

@Suite("Faults that a user meets", .serialized, .enabled(if: Binary.path != nil, "needs the release binary"))
struct FaultTests {
    @Test("a port in use is an error that names the address, and nothing is left behind")
    func portInUse() async throws {
        let stack = try await Stack()
        try await stack.ready()
        for (option, taken) in [
            ("--control-listen", stack.control), ("--gateway-listen", stack.gateway),
            ("--metrics-listen", stack.metrics),
        ] {
            let address = taken.replacing("http://", with: "")
            let folder = try Stack.makeFolder()
            var arguments = ["up", "--data-dir", folder.appending(path: "data").path]
            for other in ["--control-listen", "--gateway-listen", "--metrics-listen"] {
                arguments += [other, other == option ? address : "127.0.0.1:0"]
            }
            let second = try Running(arguments)
            #expect(try await second.exitCode(within: 60) == 2)
            #expect(second.output.contains("address in use") && second.output.contains(address), "\(second.output)")
            try FileManager.default.removeItem(at: folder)
        }
        try await stack.stop()
    }

    @Test("a second process on one data directory is refused and says why")
    func sharedDataDirectory() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let second = try Running([
            "up", "--data-dir", stack.folder.appending(path: "data").path, "--control-listen", "127.0.0.1:0",
            "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
        ])
        #expect(try await second.exitCode(within: 60) == 2)
        #expect(second.output.contains("in use") || second.output.contains("another"), "\(second.output)")
        #expect(try await Curl.call(stack.control + "/readyz").status == 200)
        try await stack.stop()
    }

    @Test("kill -9 loses nothing that was acknowledged, and the next start recovers by itself")
    func killHard() async throws {
        let first = try await Stack()
        try await first.ready()
        let world = try await World(on: first)
        #expect(try await world.call(first).status == 200)
        first.running.killHard()
        _ = try await first.running.exitCode()
        let second = try await Stack(folder: first.folder)
        // The last good tables are on disk: the gateway serves before the catalog is there.
        let answer = try await Wait.until("the gateway after kill -9", within: 20) {
            let answer = try await world.call(second)
            return answer.status == 200 ? answer : nil
        }
        #expect(answer.field("API-Version") == "1.0.0")
        try await second.ready()
        #expect(try await second.must("version", "show", "orders", "1.0.0", "-o", "json").contains("\"published\""))
        #expect(try await second.run("audit", "verify").code == 0)
        try await second.stop()
    }

    @Test("a database that dies under load: the gateway serves on, the control plane says 503 and recovers by itself")
    func databaseDies() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let world = try await World(on: stack)
        let postmaster = try await postmaster(of: stack)
        for _ in 0..<3 {
            kill(postmaster, SIGKILL)
            var unavailable = 0
            for _ in 0..<20 {
                #expect(try await world.call(stack).status == 200)
                let answer = try await Curl.call(
                    stack.control + "/v1/me",
                    ["-H", "Authorization: Bearer \(try stack.administratorToken)"]
                )
                #expect(answer.status == 200 || answer.status == 503, "\(answer.status) \(answer.text)")
                if answer.status == 503 {
                    unavailable += 1
                    #expect(answer.field("Retry-After") != nil)
                    #expect(answer.field("Content-Type") == "application/problem+json")
                }
            }
            try await stack.ready(within: 30)
            if unavailable > 0 { break }
        }
        try await stack.must("team", "create", "after-the-crash")
        try await stack.stop()
    }

    @Test("a key of a closed subscription and a revoked key are refused within a second")
    func revocation() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let world = try await World(on: stack)
        #expect(try await world.call(stack).status == 200)
        try await stack.must("subscription", "close", world.subscription, "--reason", "test", as: world.cast.developer)
        try await Task.sleep(for: .seconds(1))
        let closed = try await world.call(stack)
        #expect(closed.status == 403)
        #expect(try closed.json()["code"] as? String == "subscription-missing")
        let decided = try await stack.run("subscription", "approve", world.subscription, as: world.cast.owner)
        #expect(decided.code == 4, "\(decided.errors)")
        let keys = try await stack.must("key", "list", "web-shop", "-o", "name", as: world.cast.developer)
        try await stack.must("key", "revoke", "web-shop", keys, as: world.cast.developer)
        try await Task.sleep(for: .seconds(1))
        let revoked = try await world.call(stack)
        #expect(revoked.status == 401)
        #expect(revoked.field("WWW-Authenticate") != nil)
        try await stack.stop()
    }

    @Test("the way back in: a lost administrator's token is replaced from the machine itself")
    func recovery() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let lost = try stack.administratorToken
        try await stack.running.terminate()
        let data = stack.folder.appending(path: "data").path
        try FileManager.default.removeItem(atPath: data + "/admin.token")
        let result = try await Binary.run(["token", "recover", "--data-dir", data, "--revoke-others"])
        #expect(result.code == 0, "\(result.errors)")
        let again = try await Stack(folder: stack.folder)
        try await again.ready()
        #expect(try await again.run("member", "show").code == 0)
        #expect(try await again.run("member", "show", as: lost).code == 3)
        #expect(try await again.must("audit", "list").contains("administrator.recovered"))
        try await again.stop()
    }

    private func postmaster(of stack: Stack) async throws -> Int32 {
        let found = try await Shell.run(
            "find",
            [stack.folder.appending(path: "data").path, "-name", "postmaster.pid"]
        )
        let file = try #require(found.output.split(separator: "\n").first.map(String.init))
        let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
        return try #require(line.flatMap { Int32($0) })
    }
}

/// One published API with a mock behind it, an application with an accepted subscription and a key.
struct World: Sendable {
    let cast: Cast
    let key: String
    let subscription: String
    let mock: Running

    init(on stack: Stack) async throws {
        let file = Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path
        mock = try Running(["mock", file, "--listen", "127.0.0.1:0"])
        let upstream = try await mock.line("mock of \(file)")
        cast = try await Cast(on: stack)
        try await cast.publish(file, api: "orders", version: "1.0.0", upstream: upstream, on: stack)
        try await stack.must("plan", "create", "orders-basic", "--api", "orders", as: cast.owner)
        (key, subscription) = try await cast.subscribe(
            application: "web-shop",
            plan: "orders-basic",
            pin: "1.0.0",
            on: stack
        )
        let world = self
        _ = try await Wait.until("the first call through the gateway", within: 5) {
            try await world.call(stack).status == 200 ? true : nil
        }
    }

    func call(_ stack: Stack, _ path: String = "/orders/orders") async throws -> Answer {
        try await Curl.call(stack.gateway + path, ["-H", "X-API-Key: \(key)"])
    }
}
