import Testing

@testable import RoutingTable

@Suite("RoutingSnapshot lookup")
struct RouteLookupTests {
    @Test("a concrete segment wins over one with parameters, the more literal text the better")
    func precedence() throws {
        let snapshot = try Samples.snapshot(routes: [
            ("GET", "/users/me"), ("GET", "/users/{id}"), ("GET", "/users/{id}.json"), ("GET", "/users/u-{id}.json"),
            ("GET", "/users/{from}-{to}"),
        ])
        #expect(snapshot.answer("GET", "/users/me") == "GET /users/me")
        #expect(snapshot.answer("GET", "/users/you") == "GET /users/{id}")
        #expect(snapshot.answer("GET", "/users/7.json") == "GET /users/{id}.json")
        #expect(snapshot.answer("GET", "/users/u-7.json") == "GET /users/u-{id}.json")
        #expect(snapshot.answer("GET", "/users/1-2") == "GET /users/{from}-{to}")
        #expect(snapshot.answer("GET", "/users/.json") == "GET /users/{id}")
        #expect(snapshot.answer("GET", "/users/1-") == "GET /users/{id}")
    }

    @Test("nothing that matches is missed: a dead end is left for the next best branch")
    func backtracking() throws {
        let snapshot = try Samples.snapshot(routes: [
            ("GET", "/a/b/c"), ("GET", "/a/{x}/d"), ("GET", "/{w}/b/e"), ("GET", "/a/p{x}/f"), ("POST", "/a/b/c/{y}"),
        ])
        #expect(snapshot.answer("GET", "/a/b/d") == "GET /a/{x}/d")
        #expect(snapshot.answer("GET", "/a/b/e") == "GET /{w}/b/e")
        #expect(snapshot.answer("GET", "/a/pq/d") == "GET /a/{x}/d")
        #expect(snapshot.answer("GET", "/a/b/g") == "404")
        #expect(snapshot.captures("GET", "/a/b/d") == ["b"])
        #expect(snapshot.captures("GET", "/a/b/e") == ["a"])
    }

    @Test("a method that the concrete path lacks is looked for on the templated one, and 405 lists them all")
    func methods() throws {
        let snapshot = try Samples.snapshot(routes: [
            ("GET", "/users/me"), ("DELETE", "/users/{id}"), ("PUT", "/users/{id}"), ("PURGE", "/cache"),
        ])
        #expect(snapshot.answer("DELETE", "/users/me") == "DELETE /users/{id}")
        #expect(snapshot.answer("POST", "/users/me") == "405 DELETE, GET, PUT")
        #expect(snapshot.answer("POST", "/users/you") == "405 DELETE, PUT")
        #expect(snapshot.answer("get", "/users/me") == "405 DELETE, GET, PUT")
        #expect(snapshot.answer("PURGE", "/cache") == "PURGE /cache")
        #expect(snapshot.answer("GET", "/nothing") == "404")
    }

    @Test("a trailing slash counts, and an empty rest is the root")
    func slashes() throws {
        let snapshot = try Samples.snapshot([
            Samples.api(
                versions: [
                    Samples.version(
                        "1",
                        major: 1,
                        key: 1,
                        operations: [
                            Samples.operation("root", "GET", "/"), Samples.operation("items", "GET", "/items"),
                            Samples.operation("item", "GET", "/items/{id}"), Samples.operation("slash", "GET", "/box/"),
                        ]
                    )
                ]
            )
        ])
        #expect(snapshot.answer("GET", "/orders") == "root")
        #expect(snapshot.answer("GET", "/orders/") == "root")
        #expect(snapshot.answer("GET", "/orders/items") == "items")
        #expect(snapshot.answer("GET", "/orders/items/") == "404")
        #expect(snapshot.answer("GET", "/orders/box") == "404")
        #expect(snapshot.answer("GET", "/orders/box/") == "slash")
        #expect(snapshot.answer("GET", "/orders//items") == "404")
    }

    @Test("more than eight parameters still match; the first eight are captured")
    func manyParameters() throws {
        let template = (0..<12).map { "/{p\($0)}" }.joined()
        let snapshot = try Samples.snapshot(routes: [("GET", template)])
        let path = (0..<12).map { "/v\($0)" }.joined()
        #expect(snapshot.answer("GET", path) == "GET \(template)")
        #expect(snapshot.captures("GET", path) == (0..<8).map { "v\($0)" })
    }

    @Test("several parameters in one segment are captured in order")
    func patternCaptures() throws {
        let snapshot = try Samples.snapshot(routes: [("GET", "/r/{year}-{month}-{day}.csv")])
        #expect(snapshot.captures("GET", "/r/2024-07-01.csv") == ["2024", "07", "01"])
        #expect(snapshot.captures("GET", "/r/a--b-c.csv") == ["a", "-b", "c"])
        #expect(snapshot.captures("GET", "/r/2024-07.csv") == [])
    }

    @Test("the longest base path wins, segment by segment")
    func basePaths() throws {
        let version = [Samples.version("1", major: 1, key: 1)]
        let snapshot = try Samples.snapshot([
            Samples.api("root", basePath: "/", versions: version),
            Samples.api("orders", basePath: "/orders", versions: version),
            Samples.api("deep", basePath: "/orders/archive/old", versions: version),
        ])
        #expect(snapshot.apiName("/") == "root")
        #expect(snapshot.apiName("/ordersx") == "root")
        #expect(snapshot.apiName("/order") == "root")
        #expect(snapshot.apiName("/orders") == "orders")
        #expect(snapshot.apiName("/orders/1") == "orders")
        #expect(snapshot.apiName("/orders/archive") == "orders")
        #expect(snapshot.apiName("/orders/archive/older") == "orders")
        #expect(snapshot.apiName("/orders/archive/old") == "deep")
        #expect(snapshot.apiName("/orders/archive/old/x") == "deep")
    }

    @Test("an exact host wins over a suffix, the longer suffix over the shorter, and any host comes last")
    func hosts() throws {
        let version = [Samples.version("1", major: 1, key: 1)]
        let snapshot = try Samples.snapshot([
            Samples.api("exact", basePath: "/x", hosts: ["api.example.com"], versions: version),
            Samples.api("wide", basePath: "/x", hosts: ["*.example.com"], versions: version),
            Samples.api("narrow", basePath: "/x", hosts: ["*.eu.example.com"], versions: version),
            Samples.api("any", basePath: "/x", versions: version),
            Samples.api("only", basePath: "/only", versions: version),
        ])
        #expect(snapshot.apiName("/x", host: "api.example.com") == "exact")
        #expect(snapshot.apiName("/x", host: "www.example.com") == "wide")
        #expect(snapshot.apiName("/x", host: "a.eu.example.com") == "narrow")
        #expect(snapshot.apiName("/x", host: "eu.example.com") == "wide")
        #expect(snapshot.apiName("/x", host: "example.com") == "any")
        #expect(snapshot.apiName("/x", host: "badexample.com") == "any")
        #expect(snapshot.apiName("/x", host: "") == "any")
        #expect(snapshot.apiName("/only", host: "api.example.com") == "only")
        #expect(snapshot.apiName("/y", host: "api.example.com") == nil)
    }

    @Test("a version in the path is a major with `v` or an exact name, and knows when it is also a path")
    func pathVersions() throws {
        var two = Samples.version("2.1.0", major: 2, key: 3)
        two.operations.append(Samples.operation("odd", "GET", "/v1/odd"))
        let snapshot = try Samples.snapshot([
            Samples.api(versions: [
                Samples.version("1.0.0", major: 1, key: 1), two, Samples.version("v3", major: 3, key: 4),
            ])
        ])
        func read(_ path: String) -> PathVersion? {
            let path = Array(path.utf8)
            return snapshot.pathVersion(api: APIIndex(rawValue: 0), path: path.span, from: 7)
        }
        #expect(read("/orders/v2/items")?.selector == .major(2))
        #expect(read("/orders/v2/items")?.rest == 10)
        #expect(read("/orders/v2/items")?.isAlsoPath == false)
        #expect(read("/orders/v1")?.selector == .major(1))
        #expect(read("/orders/v1")?.isAlsoPath == true)
        #expect(read("/orders/2.1.0/x")?.selector == .exact(VersionIndex(rawValue: 1)))
        #expect(read("/orders/v3/x")?.selector == .exact(VersionIndex(rawValue: 0)))
        #expect(read("/orders/v9/x") == nil)
        #expect(read("/orders/2/x") == nil)
        #expect(read("/orders/v02") == nil)
        #expect(read("/orders") == nil)
        #expect(read("/orders/") == nil)
        func named(_ text: String) -> VersionSelector {
            let text = Array(text.utf8)
            return snapshot.versionSelector(api: APIIndex(rawValue: 0), text: text.span)
        }
        #expect(named("2") == .major(2))
        #expect(named("v2") == .major(2))
        #expect(named("2.1.0") == .exact(VersionIndex(rawValue: 1)))
        #expect(named("7") == .unknown)
        #expect(named("") == .unknown)
        #expect(named("99999999999") == .unknown)
    }

    @Test("records carry what the gate needs: places of keys, requirements, pre-rendered fields, sources")
    func records() throws {
        let snapshot = try RoutingSnapshot(content: Samples.rich(), generation: 7)
        let orders = try #require(snapshot.api(named: "orders"))
        let record = snapshot.apis[orders.position]
        let places = record.keyPlaces.positions.map { snapshot.keyPlaces[$0] }
        #expect(places.map(\.kind) == [.header, .query, .cookie, .bearer, .basic])
        #expect(snapshot.string(places[0].name) == "x-key")
        let old = try #require(snapshot.version(named: "1.0.0", of: orders))
        let version = snapshot.versions[old.position]
        #expect(snapshot.string(version.deprecationField) == "@1767225600")
        #expect(snapshot.string(version.sunsetField) == "Wed, 01 Jul 2026 00:00:00 GMT")
        #expect(
            snapshot.string(version.linkField)
                == "<https://example.com/orders-v1>; rel=\"deprecation\", </orders/2.0.0>; rel=\"successor-version\""
        )
        let list = try #require(snapshot.operation(named: "listOrders", of: old))
        let operation = snapshot.operations[list.position]
        #expect(operation.permitsAnonymous)
        #expect(operation.declaresSecurity)
        #expect(operation.alternatives.count == 1)
        let uses = snapshot.alternatives[operation.alternatives.positions.lowerBound].uses
        #expect(
            uses.positions.map { snapshot.string(snapshot.schemes[snapshot.uses[$0].scheme.position].name) } == [
                "key", "oauth",
            ]
        )
        #expect(snapshot.source(of: list)?.line == 12)
        #expect(snapshot.source(of: list)?.pointer == "/paths/~1orders/get")
        let target = snapshot.targets[snapshot.upstreams[0].targets.positions.lowerBound + 1]
        #expect(snapshot.string(target.authority) == "[::1]")
        let retired = try #require(snapshot.version(named: "0.9.0", of: orders))
        #expect(snapshot.versions[retired.position].isGone(at: 0))
        #expect(snapshot.versions[retired.position].upstream == nil)
        #expect(version.isGone(at: 1_782_864_000))
        #expect(!version.isGone(at: 1_782_863_999))
        #expect(snapshot.checksum == (try RoutingSnapshot(content: Samples.rich(), generation: 8)).checksum)
    }
}
