import DocumentTree
import Lifecycle
import RoutingTable
import Testing

@testable import SnapshotCompiler

@Suite("Compiler")
struct CompilerTests {
    private static let keyed = """
        components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, oauth: {type: oauth2, flows: {}}}}

        """

    private func codes(_ compilation: Compilation) -> [String] {
        compilation.findings.filter { $0.severity == .error }.map(\.code)
    }

    @Test("operations come with their ids, requirements and places")
    func operations() throws {
        let unit = try Make.unit(
            """
            openapi: 3.0.3
            info: {title: T, version: 1.0.0}
            security: [{key: []}]
            components:
              securitySchemes:
                key: {type: apiKey, in: query, name: k}
                basic: {type: http, scheme: basic}
                bearer: {type: http, scheme: bearer}
                digest: {type: http, scheme: digest}
                cookie: {type: apiKey, in: cookie, name: c}
                sso: {type: openIdConnect, openIdConnectUrl: "https://x"}
            paths:
              /a:
                get: {operationId: list, responses: {}}
                post: {security: [{}, {bearer: [], basic: []}], deprecated: true, responses: {}}
              /a/{id}:
                get: {security: [], responses: {}}
            """
        )
        #expect(unit.findings == [])
        #expect(unit.operations.map(\.id) == ["list", "POST /a", "GET /a/{id}"])
        #expect(
            unit.operations.map(\.security) == [
                [[.init(scheme: "key")]], [[], [.init(scheme: "bearer"), .init(scheme: "basic")]], [],
            ]
        )
        #expect(unit.operations.map(\.isDeprecated) == [false, true, false])
        #expect(unit.operations[1].source?.line == 15)
        #expect(unit.operations[1].source?.pointer == "/paths/~1a/post")
        #expect(unit.operations[1].source?.file == "a.yaml")
        #expect(
            unit.schemes.map(\.place) == [
                .apiKeyQuery("k"), .basic, .bearer, .unsupported("http digest"), .apiKeyCookie("c"),
                .unsupported("openIdConnect"),
            ]
        )
    }

    @Test("a unit comes back from its stored form")
    func stored() throws {
        let unit = try Make.unit(
            Make.document([("/b/{x}", ["get"]), ("/a", ["post", "get"])], extra: Self.keyed),
            name: "dir name/a b.yaml"
        )
        let again = try CompilationUnit(encoded: try unit.encoded())
        #expect(again.sourceName == unit.sourceName)
        #expect(again.sha256 == unit.sha256)
        #expect(Set(again.operations) == Set(unit.operations))
        #expect(Set(again.schemes) == Set(unit.schemes))
        #expect(throws: SnapshotRejected.self) { try CompilationUnit(encoded: Array(try unit.encoded().dropLast())) }
        let other = try RoutingSnapshot.encode(RoutingContent(environment: "live"), generation: 1, signer: nil)
        #expect(throws: SnapshotRejected.self) { try CompilationUnit(encoded: other) }
        let compiled = Compiler.compile(
            Make.input([Make.api("a", "/a", security: .delegate, versions: [Make.version(unit: unit)])])
        )
        let recompiled = Compiler.compile(
            Make.input([Make.api("a", "/a", security: .delegate, versions: [Make.version(unit: again)])])
        )
        let first = try RoutingSnapshot.encode(try #require(compiled.content), generation: 1, signer: nil)
        #expect(try RoutingSnapshot.encode(try #require(recompiled.content), generation: 1, signer: nil) == first)
    }

    @Test("the same input in any order gives the same bytes and the same findings", arguments: 0..<10)
    func deterministic(seed: Int) throws {
        let unit = try Make.unit(Make.document([("/x", ["get"]), ("/{y}", ["get", "post"])]))
        let apis = (0..<8).map { number in
            Make.api(
                "api\(number)",
                "/b\(number)",
                hosts: ["b.example", "a.example"],
                versions: [
                    Make.version("1.0.0", unit: unit, successor: "9"), Make.version("2.0.0", unit: unit),
                    Make.version("0.9", unit: nil, state: .retired),
                ]
            )
        }
        let expected = Compiler.compile(Make.input(apis))
        var shuffled = Make.input(apis.shuffled())
        for index in shuffled.apis.indices {
            shuffled.apis[index].versions.shuffle()
            shuffled.apis[index].settings.hosts.shuffle()
            shuffled.apis[index].settings.versioning.places.shuffle()
        }
        let again = Compiler.compile(shuffled)
        #expect(again.findings == expected.findings)
        #expect(expected.findings.allSatisfy { $0.severity == .warning && $0.code == CompilationCode.unknownVersion })
        let bytes = try RoutingSnapshot.encode(try #require(expected.content), generation: 1, signer: nil)
        #expect(try RoutingSnapshot.encode(try #require(again.content), generation: 1, signer: nil) == bytes)
    }

    @Test("two paths of one document that differ only by names conflict when the method is the same, both places named")
    func sameShape() throws {
        let unit = try Make.unit(Make.document([("/a/{x}", ["get"]), ("/a/{y}", ["get", "post"])]))
        let conflict = try #require(unit.findings.first { $0.severity == .error })
        #expect(conflict.code == CompilationCode.routeConflict)
        #expect(
            conflict.message
                == "`GET /a/{y}` matches the same requests as `GET /a/{x}` at a.yaml:5 (/paths/~1a~1{x}/get): the paths differ only by names of parameters"
        )
        #expect(conflict.range.start.line == 7)
        #expect(unit.findings.contains { $0.code == CompilationCode.equivalentPaths && $0.severity == .warning })
        #expect(unit.operations.map(\.id) == ["GET /a/{x}", "POST /a/{y}"])
        #expect(
            Compiler.compile(Make.input([Make.api("a", "/a", versions: [Make.version(unit: unit)])])).content == nil
        )
    }

    @Test("a path with a query or fragment is a finding and is not routed")
    func unroutablePaths() throws {
        let unit = try Make.unit(Make.document([("/a?b=c", ["get"]), ("/a#b", ["get"]), ("/a", ["get"])]))
        #expect(unit.operations.map(\.pathTemplate) == ["/a"])
        let findings = unit.findings.filter { $0.code == CompilationCode.pathTemplate }
        #expect(findings.map(\.range.start.line) == [3, 6])
        #expect(
            findings.allSatisfy { $0.severity == .warning && $0.message.hasSuffix("its operations are not routed") }
        )
        let compilation = Compiler.compile(Make.input([Make.api("a", "/a", versions: [Make.version(unit: unit)])]))
        #expect(compilation.content?.apis[0].versions[0].operations.count == 1)
    }

    @Test("an operationId that stands twice is kept for the first one")
    func repeatedIDs() throws {
        let unit = try Make.unit(
            """
            openapi: 3.0.3
            info: {title: T, version: 1.0.0}
            paths:
              /a: {get: {operationId: x, responses: {}}, post: {operationId: x, responses: {}}}
            """
        )
        #expect(unit.operations.map(\.id) == ["x", "POST /a"])
        #expect(unit.findings.map(\.code) == [CompilationCode.repeatedOperationID])
    }

    @Test(
        "security that cannot be read lets nobody in",
        arguments: ["security: [oops]", "security: {key: []}", "security: nobody"]
    )
    func unreadableSecurity(line: String) throws {
        let unit = try Make.unit(Make.document([("/a", ["get"])], extra: line + "\n"))
        #expect(unit.findings.contains { $0.code == CompilationCode.unreadableSecurity && $0.severity == .error })
        let security = try #require(unit.operations.first).security
        #expect(security.map { !$0.isEmpty && !$0.contains([]) } ?? true)
    }

    @Test("an operation that no bound verifier can let anybody into is refused with the two ways out")
    func noVerifier() throws {
        func compile(_ security: String, mode: APISettings.Security = .verify) throws -> Compilation {
            let text = Make.document([("/a", ["get"]), ("/b", ["get"])], extra: Self.keyed + "security: \(security)\n")
            return Compiler.compile(
                Make.input([Make.api("a", "/a", security: mode, versions: [Make.version(unit: try Make.unit(text))])])
            )
        }
        let refused = try compile("[{oauth: [read]}]")
        #expect(codes(refused) == [CompilationCode.noVerifierBound])
        let finding = try #require(refused.findings.first)
        #expect(finding.message.contains("operation `GET /a` and 1 more operation of api `a` version `1.0.0`"))
        #expect(finding.message.contains("`oauth` (oauth2)"))
        #expect(finding.help?.contains("security: delegate") == true)
        #expect(finding.help?.contains("apiKey") == true)
        #expect(finding.source == "a.yaml")
        #expect(finding.range.start.line == 6)
        #expect(codes(try compile("[{oauth: []}]", mode: .delegate)) == [])
        #expect(codes(try compile("[{oauth: []}, {key: []}]")) == [])
        #expect(codes(try compile("[{oauth: []}, {}]")) == [])
        #expect(codes(try compile("[{oauth: [], key: []}]")) == [CompilationCode.noVerifierBound])
        #expect(codes(try compile("[{missing: []}]")) == [CompilationCode.noVerifierBound])
        #expect(codes(try compile("[]")) == [])
    }

    @Test("the same base path of two APIs is a conflict that names both operations with their places")
    func sameBasePath() throws {
        let left = try Make.unit(Make.document([("/x", ["get"]), ("/y/{a}", ["get"])]), name: "left.yaml")
        let right = try Make.unit(Make.document([("/z", ["get"]), ("/y/{b}", ["get"])]), name: "right.yaml")
        let compilation = Compiler.compile(
            Make.input([
                Make.api("one", "/shop", versions: [Make.version(unit: left)]),
                Make.api("two", "/shop", versions: [Make.version(unit: right)]),
            ])
        )
        #expect(compilation.content == nil)
        let finding = try #require(compilation.findings.first)
        #expect(finding.code == CompilationCode.routeConflict)
        #expect(
            finding.message
                == "api `one` version `1.0.0` `GET /y/{a}` at left.yaml:8 (/paths/~1y~1{a}/get) and api `two` version `1.0.0` "
                + "`GET /y/{b}` at right.yaml:8 (/paths/~1y~1{b}/get) claim the same base path `/shop`"
        )
        #expect(finding.source == "left.yaml")
        #expect(finding.range.start.line == 7)
    }

    @Test("base paths inside one another conflict exactly where a request could be both")
    func nestedBasePaths() throws {
        func conflicts(
            _ outer: [String],
            _ inner: [String],
            base: String = "/shop/items",
            hosts: ([String], [String]) = ([], [])
        ) throws -> Int {
            let left = try Make.unit(Make.document(outer.map { ($0, ["get"]) }), name: "outer.yaml")
            let right = try Make.unit(Make.document(inner.map { ($0, ["get"]) }), name: "inner.yaml")
            let compilation = Compiler.compile(
                Make.input([
                    Make.api("outer", "/shop", hosts: hosts.0, versions: [Make.version(unit: left)]),
                    Make.api("inner", base, hosts: hosts.1, versions: [Make.version(unit: right)]),
                ])
            )
            return compilation.findings.count { $0.code == CompilationCode.routeConflict }
        }
        #expect(try conflicts(["/carts", "/carts/{id}"], ["/", "/{id}"]) == 0)
        #expect(try conflicts(["/items/{id}"], ["/other"]) == 1)
        #expect(try conflicts(["/{kind}/{id}"], ["/{id}"]) == 1)
        #expect(try conflicts(["/{kind}/{id}"], ["/{id}/parts"]) == 0)
        #expect(try conflicts(["/{kind}"], ["/"]) == 1)
        #expect(try conflicts(["/{kind}"], ["/{id}"]) == 0)
        #expect(try conflicts(["/x-{kind}/{id}"], ["/{id}"]) == 0)
        #expect(try conflicts(["/a"], ["/b"], base: "/shopping") == 0)
        #expect(try conflicts(["/a"], ["/b"], base: "/shop/v1") == 1)
        #expect(try conflicts(["/items/{id}"], ["/{id}"], hosts: (["a.example"], ["b.example"])) == 0)
        #expect(try conflicts(["/items/{id}"], ["/{id}"], hosts: (["a.example"], [])) == 0)
        #expect(try conflicts(["/items/{id}"], ["/{id}"], hosts: (["a.example", "c.example"], ["C.example"])) == 1)
    }

    @Test("a pass-through may hold APIs inside it, and may not stand inside one that uses its paths")
    func passthroughNesting() throws {
        let unit = try Make.unit(Make.document([("/old/x", ["get"])]))
        func compile(_ outer: String, _ inner: String) -> [String] {
            var passthrough = Make.api("pass", outer, versions: [])
            passthrough.settings.passthrough = APISettings.Passthrough(upstream: "u", deny: ["/admin"])
            return codes(
                Compiler.compile(
                    Make.input([passthrough, Make.api("api", inner, versions: [Make.version(unit: unit)])])
                )
            )
        }
        #expect(compile("/", "/new") == [])
        #expect(compile("/new/old", "/new") == [CompilationCode.routeConflict])
        #expect(compile("/new/other", "/new") == [])
    }

    @Test("versions, defaults and upstreams that do not exist are named")
    func dangling() throws {
        let unit = try Make.unit(Make.document([("/a", ["get"])]))
        func codes(_ change: (inout CompilationInput) -> Void) -> [String] {
            var input = Make.input([Make.api("a", "/a", versions: [Make.version(unit: unit)])])
            change(&input)
            return self.codes(Compiler.compile(input))
        }
        #expect(codes { _ in } == [])
        #expect(codes { $0.upstreams = [] } == [CompilationCode.unknownUpstream])
        #expect(codes { $0.upstreams.append(Make.upstream) } == [CompilationCode.unknownUpstream])
        #expect(codes { $0.upstreams[0].targets[0].weight = 0 } == [CompilationCode.unknownUpstream])
        #expect(codes { $0.apis[0].settings.versioning.standard = "7" } == [CompilationCode.unknownVersion])
        #expect(codes { $0.apis[0].settings.versioning.standard = "1.0.0" } == [])
        #expect(codes { $0.apis[0].versions.append($0.apis[0].versions[0]) } == [CompilationCode.repeatedVersion])
        #expect(
            codes { $0.apis[0].settings.passthrough = .init(upstream: "u") } == [
                CompilationCode.passthroughWithVersions
            ]
        )
        #expect(codes { $0.apis[0].settings.basePath = "/a//b" } == [CompilationCode.unroutable])
    }

    @Test("an API without a version routes nothing, and unused upstreams are left out")
    func leftOut() throws {
        let unit = try Make.unit(Make.document([("/a", ["get"])]))
        var input = Make.input([
            Make.api("a", "/a", versions: [Make.version(unit: unit)]), Make.api("b", "/a", versions: []),
        ])
        var spare = Make.upstream
        spare.name = "spare"
        input.upstreams.append(spare)
        let content = try #require(Compiler.compile(input).content)
        #expect(content.apis.map(\.name) == ["a"])
        #expect(content.upstreams.map(\.name) == ["u"])
        #expect(!content.isOffline)
    }

    @Test(
        "documents that others wrote compile, route and come back",
        arguments: SharedFixtures.names(bytesMax: 700_000)
    )
    func realDocuments(name: String) throws {
        let unit = try Make.unit(String(decoding: try SharedFixtures.bytes(name), as: UTF8.self), name: name)
        let input = Make.input([Make.api("real", "/real", security: .delegate, versions: [Make.version(unit: unit)])])
        let compilation = Compiler.compile(input)
        if unit.findings.contains(where: { $0.severity == .error }) {
            #expect(compilation.content == nil)
            return
        }
        let content = try #require(compilation.content, "\(compilation.findings)")
        let snapshot = try RoutingSnapshot(content: content, generation: 1)
        var captures = PathCaptures()
        for (row, operation) in snapshot.operations.enumerated() {
            // Every template with its parameters filled in leads to its own operation, or to a more literal one.
            let template = try RouteTemplate(snapshot.string(operation.pathTemplate))
            let path =
                Array("/real".utf8)
                + template.segments.flatMap { segment in
                    [UInt8(ascii: "/")] + Array(segment.literals.joined(separator: Array("zz9".utf8)))
                }
            let method = snapshot.bytes(operation.method)
            let found = snapshot.findOperation(
                version: VersionIndex(rawValue: 0),
                method: method.span,
                path: path.span,
                from: 5,
                captures: &captures
            )
            #expect(
                found == .found(OperationIndex(rawValue: UInt32(row))),
                "\(snapshot.string(operation.pathTemplate))"
            )
        }
    }
}
