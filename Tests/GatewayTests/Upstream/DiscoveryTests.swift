import Synchronization
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Discovery of targets")
struct DiscoveryTests {
    static func setting(_ host: String, port: Int = 80) -> TargetSetting {
        TargetSetting(
            isTLS: false,
            host: host,
            port: port,
            path: "",
            authority: host,
            serverName: host,
            weight: 1,
            priority: 0
        )
    }

    @Test("a name becomes its addresses, keeps its Host, and no answer keeps the last good ones")
    func names() {
        var list = TargetList([Self.setting("a.test"), Self.setting("10.0.0.9")])
        #expect(list.targets.map(\.host) == ["a.test", "10.0.0.9"], "until it is resolved, the name itself")
        #expect(list.resolve("a.test", to: ["10.0.0.2", "10.0.0.1"]) == true)
        #expect(list.targets.map(\.host) == ["10.0.0.1", "10.0.0.2", "10.0.0.9"])
        #expect(list.targets.map(\.authority) == ["a.test", "a.test", "10.0.0.9"])
        #expect(
            list.resolve("a.test", to: ["10.0.0.1", "10.0.0.2", "10.0.0.1"]) == false,
            "another order is nothing new"
        )
        #expect(list.resolve("a.test", to: []) == false)
        #expect(list.targets.count == 3)
        #expect(list.resolve("a.test", to: ["10.0.0.3"]) == true)
        #expect(list.targets.map(\.host) == ["10.0.0.3", "10.0.0.9"])
    }

    @Test("a file replaces the list")
    func file() {
        var list = TargetList([Self.setting("a.test")])
        #expect(list.read([Self.setting("b.test")]) == true)
        #expect(list.read([Self.setting("b.test")]) == false)
        #expect(list.targets.map(\.host) == ["b.test"])
    }

    @Test("a file of targets is read line by line")
    func lines() throws {
        let text = """
            # ours
            http://10.0.0.1:8080/base/ weight=5 priority=1

            https://API.test\r
            http://[::1]:81
            """
        let targets = try TargetFile.read(Array(text.utf8), serverName: "")
        #expect(targets.map(\.label) == ["10.0.0.1:8080", "api.test:443", "[::1]:81"])
        #expect(targets.map(\.authority) == ["10.0.0.1:8080", "api.test", "[::1]:81"])
        #expect(targets.map(\.path) == ["/base", "", ""])
        #expect((targets[0].weight, targets[0].priority, targets[1].weight) == (5, 1, 100))
        #expect(targets.map(\.isTLS) == [false, true, false])
        #expect(try TargetFile.read(Array("https://1.2.3.4".utf8), serverName: "api.test")[0].serverName == "api.test")
    }

    @Test(
        "a file with one bad line is not taken at all, and the line is named",
        arguments: [
            ("", "it names no target with a weight above 0"),
            ("http://a weight=0", "it names no target with a weight above 0"),
            ("http://a\nftp://b", "line 2: `ftp://b` begins neither with `http://` nor with `https://`"),
            ("http://", "line 1: `http://` has no host and port to connect to"),
            ("http://u@h", "line 1: `http://u@h` has no host and port to connect to"),
            ("http://h:0", "line 1: `http://h:0` has no host and port to connect to"),
            ("http://h:99999", "line 1: `http://h:99999` has no host and port to connect to"),
            ("http://h/a?b", "line 1: `http://h/a?b` has a path with a character that it cannot have"),
            ("http://h weight", "line 1: `weight` is neither `weight=NUMBER` nor `priority=NUMBER`"),
            ("http://h weight=-1", "line 1: `weight=-1` is neither `weight=NUMBER` nor `priority=NUMBER`"),
            ("http://h priority=16", "line 1: `priority=16` is out of range or unknown"),
        ]
    )
    func badLines(_ text: String, _ reason: String) {
        let fault = #expect(throws: TargetFile.Fault.self) {
            try TargetFile.read(Array(text.utf8), serverName: "")
        }
        #expect(fault?.description == reason)
    }

    @Test("bytes that are no text, and more targets than there may be, are refused")
    func bounds() {
        #expect(throws: TargetFile.Fault(line: 0, reason: "it is not UTF-8")) {
            try TargetFile.read([0xFF, 0xFE], serverName: "")
        }
        let many = String(repeating: "http://h\n", count: TargetList.targetsMax + 1)
        #expect(throws: TargetFile.Fault.self) { try TargetFile.read(Array(many.utf8), serverName: "") }
    }

    @Test("targets that stay keep what is known of them when others come and go")
    func sharedTargets() {
        let shared = SharedUpstream(
            name: "u",
            policy: UpstreamPolicy(),
            listed: [Self.setting("a"), Self.setting("b")],
            tls: nil
        )
        let before = shared.entries
        before.entries[0].target.ejectedUntil.store(99, ordering: .relaxed)
        shared.update(at: 5) { list in
            list.listed = [Self.setting("c"), Self.setting("a")]
            return true
        }
        let after = shared.entries
        #expect(after.generation > before.generation)
        #expect(after.entries.map(\.setting.host) == ["c", "a"])
        #expect(after.entries[1].target === before.entries[0].target)
        #expect(after.entries[0].target.usableSince() == 5, "a new one starts slowly")
        shared.update(at: 6) { _ in false }
        #expect(shared.generation == after.generation)
    }
}
