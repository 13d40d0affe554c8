import Lifecycle
import Testing

@Suite struct VersionNameTests {
    private func order(_ names: [String]) -> [String] {
        names.map { VersionName($0) }.sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }.map(\.text)
    }

    @Test("numbers compare by value, pre-releases come before their release")
    func semantic() {
        let expected = [
            "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0", "2.0.0", "10.0.0",
        ]
        #expect(order(expected.shuffled()) == expected)
    }

    @Test("dates compare by date")
    func dates() {
        let expected = ["2023-12-31", "2024-07-01", "2024-07-01-preview", "2025-01-01"]
        #expect(order(expected.shuffled()) == expected)
    }

    @Test("a shorter name that begins the same is less, words are less than numbers")
    func shapes() {
        #expect(order(["1.2.0", "1.2", "1"]) == ["1", "1.2", "1.2.0"])
        #expect(order(["1", "beta"]) == ["beta", "1"])
        #expect(order(["v2", "1.9"]) == ["1.9", "v2"])
    }

    @Test(
        "the major is the first number, but not of a date or a word",
        arguments: [("1.2.0", 1), ("v3", 3), ("10", 10), ("0.1", 0), ("2.0.0-rc.1", 2)]
    )
    func major(name: String, major: Int) {
        #expect(VersionName(name).major == major)
    }

    @Test("these name no major", arguments: ["2024-07-01", "beta", "version", "v", "99999999999", "x1"])
    func noMajor(name: String) {
        #expect(VersionName(name).major == nil)
    }

    @Test("build metadata has no weight")
    func build() {
        #expect(VersionName("1.0.0+5").sortKey == VersionName("1.0.0+7").sortKey)
    }
}

@Suite struct UpstreamTargetTests {
    @Test("a URL becomes scheme, host, port and path")
    func reading() throws {
        let target = try Upstream.Target(url: "http://127.0.0.1:9001/base/")
        #expect(target == Upstream.Target(scheme: "http", host: "127.0.0.1", port: 9001, path: "/base"))
        #expect(try Upstream.Target(url: "https://API.example.com").port == 443)
        #expect(try Upstream.Target(url: "https://API.example.com").host == "api.example.com")
        #expect(try Upstream.Target(url: "http://[::1]:8080/x").host == "::1")
    }

    @Test(
        "what is no upstream is refused with its reason",
        arguments: [
            ("ftp://x", Upstream.Target.Malformed.notHTTP), ("http://", .noHost), ("http://x:0", .badPort),
            ("http://x:99999", .badPort), ("http://x:", .badPort), ("http://u:p@x", .hasUserInformation),
            ("http://x/?a=b", .hasQueryOrFragment), ("http://x y", .badCharacter), ("http://x\u{0}", .badCharacter),
            ("http://h_o%s/t", .badCharacter), ("http://[::1", .noHost), ("http://x:+80", .badPort),
        ]
    )
    func refusing(url: String, reason: Upstream.Target.Malformed) {
        #expect(throws: reason) { try Upstream.Target(url: url) }
    }
}
