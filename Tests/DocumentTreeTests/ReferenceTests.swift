import DocumentTree
import Testing

@Suite("References")
struct ReferenceTests {
    private func document(_ text: String) throws -> Document { try Document.read(text, name: "a.yaml") }

    @Test("a chain is followed to its end, siblings stay where they are")
    func chains() throws {
        let document = try document("a: {$ref: '#/b', note: 1}\nb: {$ref: '#/c~1d/0'}\nc/d: [{x: 1}]\n")
        let resolver = ReferenceResolver(document)
        let start = try #require(document.root["a"])
        #expect(resolver.resolve(start).node?["x"]?.integer == 1)
        #expect(resolver.target(of: start)?.node == document.root["b"])
        #expect(start["note"]?.integer == 1)
        #expect(resolver.resolved(document.root) == document.root)
        #expect(resolver.target(of: document.root) == nil)
        #expect(resolver.findings().isEmpty)
    }

    @Test(
        "what leads nowhere is a finding at the reference",
        arguments: [
            ("'#/nope'", "invalid-ref"), ("'#/a/$ref/x'", "invalid-ref"), ("'#/a~2'", "invalid-ref"),
            ("'#'", "invalid-ref"), ("''", "invalid-ref"),
            ("'#name'", "invalid-ref"), ("'other.yaml#/a'", "external-reference-refused"),
            ("'https://example.com/a'", "external-reference-refused"),
            ("'file:///etc/passwd'", "external-reference-refused"), ("'//host/a'", "external-reference-refused"),
            ("5", "invalid-ref"),
            ("'#/%zz'", "invalid-ref"),
        ]
    )
    func failures(_ reference: String, _ code: String) throws {
        let document = try document("a: {$ref: \(reference)}")
        let findings = ReferenceResolver(document).findings()
        #expect(findings.map(\.code) == [code])
        #expect(findings.first?.path == [.key("a"), .key("$ref")])
        #expect(findings.first?.severity == .error)
    }

    @Test("a ring is a finding at each of its references, and what leads into it too")
    func rings() throws {
        let document = try document(
            "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: '#/b'}\nself: {$ref: '#/self'}\nfine: {$ref: '#/x'}\nx: 1\n"
        )
        let resolver = ReferenceResolver(document)
        #expect(resolver.findings().map { $0.path.first } == [.key("a"), .key("b"), .key("c"), .key("self")])
        let (ring, fine) = (try #require(document.root["a"]), try #require(document.root["fine"]))
        #expect(resolver.resolve(ring).finding?.message == "reference leads back to itself")
        #expect(resolver.resolve(fine).node?.integer == 1)
    }

    @Test("a survey says of all references what is said of each")
    func survey() throws {
        let document = try document(
            """
            a: {$ref: '#/b'}
            b: {$ref: '#/x'}
            c: {$ref: '#/d'}
            d: {$ref: '#/c'}
            e: {$ref: '#/nope'}
            f: {$ref: 'other.yaml'}
            g: {$ref: '#named', again: {$ref: '#/b'}}
            h: {$ref: 5}
            example: {$ref: '#/y'}
            x: {$anchor: named}
            y: 1
            """
        )
        let resolver = ReferenceResolver(document)
        let survey = resolver.survey()
        #expect(survey.findings == resolver.findings())
        let names = Set(survey.named.compactMap { document.key($0) })
        #expect(names == ["b", "x", "d", "c", "y"])
        let surveyed = JSONPathIndex(document, following: survey)
        let asked = JSONPathIndex(document) { resolver.resolved(document.node($0))?.id }
        for id in document.subtree(of: document.rootID) { #expect(surveyed.follow(id) == asked.follow(id)) }
        let start = try #require(document.root["a"]?.id)
        #expect(surveyed.follow(start) == document.root["x"]?.id)
    }

    @Test("a chain that is too long is refused by both ways of asking")
    func longChains() throws {
        let count = Limits.referenceChainMax + 10
        let text = (0..<count).map { "a\($0): {$ref: '#/a\($0 + 1)'}" }.joined(separator: "\n") + "\na\(count): 1\n"
        let document = try document(text)
        let resolver = ReferenceResolver(document)
        #expect(resolver.findings().count == 10)
        let surveyed = JSONPathIndex(document, following: resolver.survey())
        for id in document.subtree(of: document.rootID) {
            #expect(surveyed.follow(id) == resolver.resolved(document.node(id))?.id ?? id)
        }
        for (index, entry) in document.root.entries.enumerated() where index < count {
            #expect((resolver.resolve(entry.value).node == nil) == (index < 10), "\(index)")
        }
    }

    @Test("a recursive schema is no ring")
    func recursion() throws {
        let document = try document("schemas: {Tree: {properties: {child: {$ref: '#/schemas/Tree'}}}}")
        #expect(ReferenceResolver(document).findings().isEmpty)
    }

    @Test("data, extensions and properties of that name are not references")
    func data() throws {
        let document = try document(
            """
            schema:
              properties:
                $ref: {type: string}
                default: {$ref: '#/gone-1'}
              default: {$ref: '#/data'}
              example: {$ref: '#/data'}
              enum: [{$ref: '#/data'}]
              x-more: {$ref: 'file:///data'}
            responses:
              default: {$ref: '#/gone-2'}
            examples:
              one: {value: {$ref: '#/data'}}
              two: {$ref: '#/gone-3'}
            """
        )
        #expect(
            ReferenceResolver(document).findings().map(\.message)
                == [1, 2, 3].map { "`#/gone-\($0)` points to nothing" }
        )
    }

    @Test("names that schemas give themselves are found, nothing is fetched")
    func ownNames() throws {
        let document = try document(
            """
            $self: https://example.com/api
            schemas:
              A: {$id: 'https://example.com/a', $defs: {x: {$anchor: deep, type: integer}}}
              B: {$ref: '#deep'}
              C: {$ref: 'https://example.com/a#/$defs/x'}
              D: {$ref: 'https://example.com/api#/schemas/A'}
              E: {$ref: 'https://example.com/a'}
              F: {$ref: 'https://example.com/a#deep'}
            """
        )
        let resolver = ReferenceResolver(document)
        #expect(resolver.findings().isEmpty)
        let schemas = try #require(document.root["schemas"])
        for name in ["B", "C", "F"] {
            #expect(schemas[name].flatMap(resolver.resolved)?["type"]?.string == "integer", "\(name)")
        }
        for name in ["D", "E"] { #expect(schemas[name].flatMap(resolver.resolved) == schemas["A"], "\(name)") }
    }

    @Test("messages quote at most eighty characters and no control characters")
    func quoting() throws {
        let document = try document("a: {$ref: \"http://x/\\r\\n\(String(repeating: "y", count: 200))\"}")
        let message = try #require(ReferenceResolver(document).findings().first?.message)
        #expect(!message.contains("\r\n") && message.utf8.count < 250)
    }
}
