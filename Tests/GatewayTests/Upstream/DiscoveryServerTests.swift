import Foundation
import RoutingTable
import Synchronization
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Targets found while the gateway runs", .serialized)
struct DiscoveryServerTests {
    @Test("a name is resolved again and again; new addresses are used, gone ones are left, no answer keeps the last")
    func names() async throws {
        let upstream = ScriptedUpstream.echo()
        let answers = Mutex<[String]?>(["127.0.0.1"])
        let notes = NoteBook()
        var content = Sample.passthrough(port: upstream.port)
        content.upstreams[0].targets[0].host = "backend.test"
        content.upstreams[0].policy.discovery = .dns(intervalMilliseconds: 100)
        let gateway = try await TestGateway(content) {
            $0.resolve = { _ in answers.withLock { $0 } }
            $0.onNote = { notes.add($0) }
        }
        #expect(await eventually { gateway.get("/")?.status == 200 })
        #expect(gateway.get("/")?.status == 200)
        answers.withLock { $0 = nil }
        #expect(await eventually { gateway.metric("gatehouse_upstream_discovery_failures_total") >= 2 })
        #expect(gateway.get("/")?.status == 200, "the last good address stays in use")
        #expect(notes.all.filter { $0.contains("cannot be resolved") }.count == 1, "said once, not every time")
        answers.withLock { $0 = ["127.0.0.2", "127.0.0.1"] }
        #expect(await eventually { gateway.metric("gatehouse_upstream_targets") == 2 })
        #expect((0..<6).allSatisfy { _ in gateway.get("/")?.status == 200 })
        answers.withLock { $0 = ["127.0.0.9"] }
        #expect(await eventually { gateway.metric("gatehouse_upstream_targets") == 1 })
        #expect(gateway.get("/")?.code == "upstream-unreachable")
        await gateway.stop()
    }

    @Test("a name that has no address at all is 502 with dns_error")
    func noAddress() async throws {
        var content = Sample.passthrough(port: 80)
        content.upstreams[0].targets[0].host = "nothing.invalid"
        let gateway = try await TestGateway(content)
        let failed = try #require(gateway.get("/"))
        #expect(failed.code == "upstream-unreachable")
        #expect(failed.field("proxy-status") == "gatehouse; error=dns_error")
        await gateway.stop()
    }

    @Test("targets come from a file that is read again when it changes; bad content keeps the last good and says so")
    func file() async throws {
        let upstreams = ["a", "b"].map { SwitchableUpstream($0) }
        let folder = TemporaryFolder()
        let path = folder.path + "/targets"
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        try write("http://127.0.0.1:\(upstreams[0].port)\n")
        let notes = NoteBook()
        var content = Sample.passthrough(port: 9)
        content.upstreams[0].policy.discovery = .file(name: "targets")
        let gateway = try await TestGateway(content) {
            $0.upstreamFiles = folder.path
            $0.onNote = { notes.add($0) }
        }
        func seen() -> Set<String> { Set((0..<6).compactMap { _ in gateway.get("/")?.body }) }
        #expect(await eventually { seen() == ["a"] })
        try write("http://127.0.0.1:\(upstreams[0].port)\nhttp://127.0.0.1:\(upstreams[1].port) weight=100\n")
        #expect(await eventually { seen() == ["a", "b"] })
        try write("http://127.0.0.1:\(upstreams[1].port)\nnonsense\n")
        #expect(await eventually { notes.all.contains { $0.contains("line 2: `nonsense` begins neither") } })
        #expect(seen() == ["a", "b"])
        try FileManager.default.removeItem(atPath: path)
        #expect(await eventually { notes.all.contains { $0.contains("cannot be read") } })
        #expect(seen() == ["a", "b"])
        try write("http://127.0.0.1:\(upstreams[1].port)\n")
        #expect(await eventually { seen() == ["b"] })
        #expect(await eventually { upstreams[0].openCount == 0 })
        await gateway.stop()
    }

    @Test("a load goes on without an error while targets come and go")
    func changesUnderLoad() async throws {
        let upstreams = ["a", "b", "c"].map { SwitchableUpstream($0) }
        let folder = TemporaryFolder()
        @Sendable func write(_ places: [Int]) {
            let text = places.map { "http://127.0.0.1:\(upstreams[$0].port)\n" }.joined()
            try? text.write(toFile: folder.path + "/t", atomically: true, encoding: .utf8)
        }
        write([0])
        for upstream in upstreams { upstream.become(.slow(4)) }
        var content = Sample.passthrough(port: 9)
        content.upstreams[0].policy.discovery = .file(name: "t")
        let gateway = try await TestGateway(content) {
            $0.upstreamFiles = folder.path
            $0.loops = 2
        }
        #expect(await eventually { gateway.get("/")?.status == 200 })
        let result = await gateway.load(
            clients: 6,
            requests: 1_000,
            step: { step in
                if step == 2 { write([0, 1, 2]) }
                if step == 6 { write([2]) }
            }
        )
        print("figure: targets come and go under load: \(result.statuses), by target \(result.byName)")
        #expect(result.statuses == [200: 6_000])
        #expect(result.byName.count == 3)
        await gateway.stop()
    }
}
