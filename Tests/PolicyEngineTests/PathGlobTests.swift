import Testing

@testable import PolicyEngine

@Suite("Patterns for paths")
struct PathGlobTests {
    @Test(
        "a pattern takes the paths it means and no others",
        arguments: [
            ("*.yaml", ["a.yaml", "x/y/a.yaml"], ["a.yml", ".a.yaml", ".b/a.yaml"]),
            ("./*.yaml", ["a.yaml"], ["x/a.yaml"]),
            (
                "v2/**/*.json", ["v2/a.json", "v2/x/y/a.json"],
                ["v1/a.json", "v2/a.yaml", "x/v2/a.json", "v2/.x/a.json"]
            ),
            ("**/*.json", ["a.json", "x/a.json"], ["a.json/b", ".x/a.json"]),
            ("**", ["a", "a/b/c"], [".a", "a/.b"]),
            ("a/**", ["a/b", "a/b/c", "a"], ["b"]),
            ("a?c", ["abc", "x/abc"], ["ac", "abbc"]),
            ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
            ("[!a-c]x", ["dx"], ["ax"]),
            ("*.{yml,yaml,json}", ["a.yml", "a.yaml", "a.json"], ["a.txt", "a.{yml"]),
            ("{a,b{c,d}}e", ["ae", "bce", "bde"], ["be", "abce"]),
            ("{a}b", ["{a}b"], ["ab"]),
            ("x\\*", ["x*"], ["xy"]),
            (".git/*", [".git/a"], ["git/a"]),
            (
                "docs/openapi.yaml", ["docs/openapi.yaml", "./docs/openapi.yaml"],
                ["openapi.yaml", "a/docs/openapi.yaml"]
            ),
        ] as [(String, [String], [String])]
    )
    func matching(text: String, taken: [String], left: [String]) throws {
        let glob = try #require(PathGlob(text))
        for path in taken { #expect(glob.matches(path), "\(text) leaves \(path)") }
        for path in left { #expect(!glob.matches(path), "\(text) takes \(path)") }
    }

    @Test("a pattern that is none is refused", arguments: ["", "[a", "{a,b", "a{b,{c}"])
    func refused(text: String) {
        #expect(PathGlob(text) == nil)
    }

    @Test("braces cannot multiply without end")
    func bounded() {
        #expect(PathGlob(String(repeating: "{a,b}", count: 8)) != nil)
        #expect(PathGlob(String(repeating: "{a,b}", count: 9)) == nil)
    }

    @Test("many stars cost no more than their number")
    func stars() throws {
        let glob = try #require(
            PathGlob(String(repeating: "*a", count: 40) + "/" + String(repeating: "**/", count: 40) + "b")
        )
        #expect(!glob.matches(String(repeating: "a", count: 200) + "/" + String(repeating: "a/", count: 200) + "c"))
    }

    @Test("the search begins below the names that are plain")
    func folder() {
        #expect(PathGlob("specs/v1/*.yaml")?.folder == "specs/v1/")
        #expect(PathGlob("*.yaml")?.folder == "")
        #expect(PathGlob("/srv/**/a.yaml")?.folder == "/srv/")
        #expect(PathGlob.isPattern("a/*.yaml") && !PathGlob.isPattern("a/b.yaml"))
    }
}
