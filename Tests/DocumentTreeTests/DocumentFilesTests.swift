import Testing

@testable import DocumentTree

@Suite("Documents of several files")
struct DocumentFilesTests {
    private func read(_ text: String, name: String = "specs/a.yaml", _ others: [String: String] = [:]) throws
        -> Document
    {
        try Document.read(Array(text.utf8), name: name, path: "a.yaml") { path in
            others[path].map { .content(Array($0.utf8)) } ?? .unreadable("no such file")
        }
    }

    private static let files = [
        "models/pet.yml":
            "# é\nPet: {type: object, properties: {tag: {$ref: 'tag.json#/Tag'}}}\nOther: {title: unused}\n",
        "models/tag.json":
            "\u{FEFF}{\"Tag\": {\"type\": \"string\", \"x\": \"\\u00e9\", \"up\": {\"$ref\": \"../a.yaml#/own\"}}}",
    ]

    @Test("a reference leads into another file, and each node has its file's name, place and path")
    func places() throws {
        let document = try read("own: 1\npet: {$ref: './models/pet.yml#/Pet'}", Self.files)
        let resolver = ReferenceResolver(document)
        #expect(resolver.findings().isEmpty)
        func follow(_ node: Node?) throws -> Node { try #require(resolver.resolved(node ?? document.root)) }
        let pet = try follow(document.root["pet"])
        #expect(document.sourceName(pet.id) == "specs/models/pet.yml")
        #expect(pet.path == [.key("Pet")])
        #expect(pet.range.start == Position(line: 1, character: 4))
        let tag = try follow(pet["properties"]?["tag"])
        #expect(document.sourceName(tag.id) == "specs/models/tag.json")
        #expect(tag["x"]?.string == "é")
        // The byte order mark has no width.
        #expect(tag.keyRange?.start == Position(line: 0, character: 1))
        #expect(tag["type"]?.range.start == Position(line: 0, character: 17))
        #expect(try follow(tag["up"]).id == document.root["own"]?.id)
        let same = try Document.read("own: 1\npet: {$ref: './models/pet.yml#/Pet'}", name: "a.yaml")
        #expect(document.root.range == same.root.range)
        #expect(document.filePaths == ["a.yaml", "models/pet.yml", "models/tag.json"])
        let alone = try Document.read(Self.files["models/pet.yml"] ?? "", name: "pet.yml")
        #expect(document.node(document.fileRoots[1]).range == alone.root.range)
        #expect(document.node(document.fileRoots[1])["Pet"]?.range == alone.root["Pet"]?.range)
    }

    @Test("what references reach in other files belongs to the document, what they do not reach does not")
    func reached() throws {
        let document = try read("own: 1\npet: {$ref: 'models/pet.yml#/Pet'}", Self.files)
        let resolver = ReferenceResolver(document)
        let reached = resolver.reachedInOtherFiles()
        #expect(reached.map { document.sourceName($0) } == ["specs/models/pet.yml", "specs/models/tag.json"])
        let index = JSONPathIndex(document, others: reached) { resolver.resolved(document.node($0))?.id }
        #expect(index.nodes(withKey: "type").count == 2)
        #expect(index.nodes(withKey: "title").isEmpty)
        #expect(index.withoutReferences().nodes(withKey: "type").isEmpty)
        let path = try JSONPath("$.pet.properties.tag.type", dialect: .spectral)
        let matches = try path.matches(in: document, index: index)
        #expect(matches.map { document.sourceName($0.node) } == ["specs/models/tag.json"])
    }

    @Test(
        "what is not opened is told at the reference, with the reason",
        arguments: [
            ("../b.yaml", "external-reference-refused", "out of the document's folder"),
            ("x/../../b.yaml#/a", "external-reference-refused", "out of the document's folder"),
            ("%2e%2e/b.yaml", "external-reference-refused", "out of the document's folder"),
            ("/etc/passwd", "external-reference-refused", "relative paths"),
            ("..\\b.yaml", "external-reference-refused", "relative paths"),
            ("https://example.com/b.yaml", "external-reference-refused", "URLs"),
            ("file:///etc/passwd", "external-reference-refused", "URLs"),
            ("//example.com/b.yaml", "external-reference-refused", "URLs"),
            ("%zz", "external-reference-refused", "no path"),
            ("b.yaml", "invalid-ref", "no such file"),
            ("broken.yaml", "invalid-ref", "cannot be read"),
            ("link.yaml", "external-reference-refused", "symbolic link"),
            ("good.yaml#/none", "invalid-ref", "points to nothing"),
            ("a.yaml#/none", "invalid-ref", "points to nothing"),
        ]
    )
    func refused(reference: String, code: String, reason: String) throws {
        var asked: [String] = []
        let document = try Document.read(Array("a: {$ref: '\(reference)'}".utf8), name: "a.yaml", path: "a.yaml") {
            path in
            asked.append(path)
            switch path {
            case "broken.yaml": return .content(Array("a: [".utf8))
            case "good.yaml": return .content(Array("a: 1".utf8))
            case "link.yaml": return .refused("it is a symbolic link")
            default: return .unreadable("no such file")
            }
        }
        let finding = try #require(ReferenceResolver(document).findings().first)
        #expect(finding.code == code)
        #expect(finding.message.contains(reason), "\(finding.message)")
        #expect(finding.path == [.key("a"), .key("$ref")])
        #expect(asked.allSatisfy { !$0.contains("..") && !$0.hasPrefix("/") && !$0.contains(":") })
        #expect(document.findings.contains { $0.source == "broken.yaml" } == (reference == "broken.yaml"))
    }

    @Test("a document that refers to no file is read as if alone, and asks for none")
    func alone() throws {
        let document = try Document.read(Array("a: {$ref: '#/b'}\nb: 1".utf8), name: "a.yaml", path: "a.yaml") { path in
            Issue.record("asked for \(path)")
            return .unreadable("")
        }
        #expect(document.filePaths.isEmpty)
        #expect(document.fileRoots == [document.rootID])
    }

    @Test("files in a circle are read once, and a ring through them is found")
    func circle() throws {
        let document = try read(
            "a: {$ref: 'b.yaml#/b'}\nc: {$ref: 'b.yaml#/ring'}",
            ["b.yaml": "b: {x: {$ref: 'a.yaml#/a'}}\nring: {$ref: 'a.yaml#/c'}"]
        )
        #expect(document.filePaths == ["a.yaml", "b.yaml"])
        let findings = ReferenceResolver(document).findings()
        #expect(Set(findings.map(\.message)) == ["reference leads back to itself"])
        #expect(Set(findings.map(\.source)) == ["specs/a.yaml", "specs/b.yaml"])
    }

    @Test("anchors and pointers without a file are about the file they stand in")
    func ownFile() throws {
        let document = try read(
            "x: {$anchor: here, n: 1}\np: {$ref: 'b.yaml#/p'}\nq: {$ref: 'b.yaml#here'}",
            ["b.yaml": "p: {$ref: '#here'}\nx: {$anchor: here, n: 2}"]
        )
        let resolver = ReferenceResolver(document)
        #expect(resolver.findings().isEmpty)
        for key in ["p", "q"] {
            let holder = try #require(document.root[key])
            #expect(resolver.resolved(holder)?["n"]?.integer == 2)
        }
    }

    @Test("findings of the reader name the file they are about")
    func readerFindings() throws {
        let document = try read("a: {$ref: b.yaml}", ["b.yaml": "x: 1\nx: 2"])
        let finding = try #require(document.duplicateKeyFindings.first)
        #expect(finding.source == "specs/b.yaml" && finding.range.start.line == 1)
    }

    @Test("files and their nodes are limited together")
    func limits() throws {
        var limits = Limits()
        limits.filesMax = 2
        let error = #expect(throws: UnreadableDocument.self) {
            try Document.read(
                Array("a: {$ref: b.yaml}\nc: {$ref: c.yaml}".utf8),
                name: "a.yaml",
                path: "a.yaml",
                limits: limits
            ) { _ in .content(Array("x: 1".utf8)) }
        }
        #expect(error?.findings.first?.message.contains("more than 2 files") == true)
    }
}
