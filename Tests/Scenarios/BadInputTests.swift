import Foundation
import Testing

@Suite(
    "Bad input is told what, where and how to mend it",
    .serialized,
    .enabled(if: Binary.path != nil, "needs the release binary")
)
struct BadInputTests {
    @Test("documents that cannot be submitted are refused with the place and the reason; nothing is stored")
    func documents() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let cast = try await Cast(on: stack)
        let cases: [(name: String, text: String, status: Int, code: String)] = [
            ("not YAML", "a: [1, 2", 422, "unreadable-document"),
            ("not OpenAPI", "hello: world", 422, "not-openapi"),
            (
                "unknown version", "openapi: 4.0.0\ninfo: {title: a, version: '1'}\npaths: {}", 422,
                "unsupported-openapi-version"
            ),
            ("too large", "openapi: 3.0.0\n#" + String(repeating: "x", count: 17 << 20), 413, "spec-too-large"),
            (
                "reference to a file",
                "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {/a: {$ref: '/etc/passwd'}}", 422,
                "external-reference-refused"
            ),
        ]
        for item in cases {
            let answer = try await Curl.call(
                stack.control + "/v1/apis/bad/versions/1/revisions?team=sales",
                [
                    "-X", "POST", "-H", "Authorization: Bearer \(cast.owner)", "-H", "Content-Type: application/yaml",
                    "-H", "Expect:",
                ],
                body: Data(item.text.utf8)
            )
            #expect(answer.status == item.status, "\(item.name): \(answer.text.prefix(300))")
            #expect(try answer.json()["code"] as? String == item.code, "\(item.name)")
            #expect(
                !answer.text.contains("Swift.") && !answer.text.contains(".swift:"),
                "\(item.name) shows our insides"
            )
            if item.name == "not YAML" {
                let errors = try #require(try answer.json()["errors"] as? [[String: Any]])
                #expect(errors.first?["line"] is Int)
            }
        }
        #expect(try await stack.control("GET", "/v1/apis/bad").status == 404, "a refused document made an API")
        try await stack.stop()
    }

    @Test("acts out of order end with the exit code and the sentence that fits")
    func outOfOrder() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let cast = try await Cast(on: stack)
        let file = Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path
        let upstream = "http://127.0.0.1:9"
        try await stack.must(
            "submit",
            file,
            "--api",
            "orders",
            "--team",
            "sales",
            "--upstream",
            upstream,
            as: cast.owner
        )

        let duplicate = try await stack.run("submit", file, "--api", "orders", "--upstream", upstream, as: cast.owner)
        #expect(duplicate.code == 4 && duplicate.errors.contains("duplicate-submission"), "\(duplicate.errors)")
        let early = try await stack.run("version", "publish", "orders", "1.0.0", as: cast.owner)
        #expect(early.code == 1 && early.errors.contains("not-approved"), "\(early.errors)")
        let own = try await stack.run("review", "approve", "orders", "1.0.0", as: cast.owner)
        #expect(own.code != 0, "an author approved")
        let stranger = try await stack.run("version", "publish", "orders", "1.0.0", as: cast.developer)
        #expect(stranger.code == 3, "\(stranger.errors)")

        try await stack.must("review", "approve", "orders", "1.0.0", as: cast.approver)
        let twice = try await stack.run("review", "approve", "orders", "1.0.0", as: cast.approver)
        #expect(twice.code == 4, "\(twice.errors)")

        // The approval holds for one release manifest: another upstream is another manifest.
        let elsewhere = try await stack.run(
            "version",
            "publish",
            "orders",
            "1.0.0",
            "--upstream",
            "http://127.0.0.1:10",
            as: cast.owner
        )
        #expect(elsewhere.code != 0, "an approval for one upstream published another")
        try await stack.must("version", "publish", "orders", "1.0.0", as: cast.owner)
        try await stack.stop()
    }

    @Test("a manifest with an unknown field is refused with file, line and the name that was meant")
    func manifest() async throws {
        let folder = try Stack.makeFolder()
        let file = folder.appending(path: "api.yaml")
        let text =
            "apiVersion: gatehouse.dev/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  basepath: /orders\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let result = try await Binary.run(["compile", "-f", file.path, "--output", folder.appending(path: "out").path])
        #expect(result.code == 2)
        #expect(result.errors.contains("api.yaml:6:") && result.errors.contains("basePath"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out").path))
        try FileManager.default.removeItem(at: folder)
    }

    @Test("two specifications that claim the same route are a conflict that names both, and nothing is published")
    func routeConflict() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let cast = try await Cast(on: stack)
        let file = Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path
        for api in ["orders", "copies"] {
            try await stack.must("api", "create", api, "--team", "sales", "--base-path", "/same", as: cast.owner)
            try await stack.must("submit", file, "--api", api, "--upstream", "http://127.0.0.1:9", as: cast.owner)
            try await stack.must("review", "approve", api, "1.0.0", as: cast.approver)
        }
        try await stack.must("version", "publish", "orders", "1.0.0", as: cast.owner)
        let second = try await stack.run("version", "publish", "copies", "1.0.0", as: cast.owner)
        #expect(second.code == 1, "\(second.errors)")
        #expect(
            second.errors.contains("route-conflict") && second.errors.contains("orders")
                && second.errors.contains("copies")
        )
        #expect(try await stack.must("version", "show", "copies", "1.0.0", "-o", "json").contains("\"approved\""))
        try await stack.stop()
    }

    @Test("usage mistakes end with exit code 2, and --version and --help with 0")
    func usage() async throws {
        #expect(try await Binary.run(["frobnicate"]).code == 2)
        #expect(try await Binary.run(["lint"]).code == 2)
        #expect(try await Binary.run(["lint", "/nonexistent.yaml"]).code == 2)
        let version = try await Binary.run(["--version"])
        #expect(version.code == 0 && version.output.contains("0.1"))
        #expect(try await Binary.run(["submit", "--help"]).output.contains("Example: gatehouse submit"))
        for shell in ["bash", "zsh", "fish"] {
            #expect(try await Binary.run(["completion", shell]).output.contains("gatehouse"))
        }
        let unreachable = try await Binary.run(
            ["team", "list"],
            environment: ["GATEHOUSE_URL": "http://127.0.0.1:9", "GATEHOUSE_TOKEN": "gt_x"]
        )
        #expect(unreachable.code == 3)
    }
}
