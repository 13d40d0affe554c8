import DocumentTree
import Testing

@Suite("The tree")
struct DocumentTests {
    @Test("a mapping with thousands of keys answers by key as a small one does")
    func largeMapping() throws {
        let members = (0..<5000).map { "\"key\($0)\": \($0)" }.joined(separator: ",")
        let document = try Document.read("{\"big\": {\(members)}, \"small\": {\"key1\": -1}}", name: "a.json")
        let big = try #require(document.root["big"])
        for index in stride(from: 0, to: 5000, by: 7) { #expect(big["key\(index)"]?.integer == index) }
        #expect(big["key5000"] == nil)
        #expect(document.root["small"]?["key1"]?.integer == -1)
        #expect(document.root["small"]?["key2"] == nil)
        let key = try #require(document.keyID("key42"))
        #expect(document.child(big.id, key: key).flatMap(document.integer) == 42)
        #expect(document.text(of: key) == "key42")
        #expect(document.keyID("absent") == nil)
    }

    @Test("children are found by place, in order, and know their parents")
    func shape() throws {
        let document = try Document.read("{\"a\": [10, 20, 30], \"b\": {\"x\": 1}}", name: "a.json")
        let list = try #require(document.root["a"])
        #expect(document.children(list.id).map { document.integer($0) } == [10, 20, 30])
        #expect(list[2]?.integer == 30)
        #expect(list[3] == nil && list[-1] == nil)
        #expect(list["x"] == nil)
        #expect(document.root[0] == nil)
        #expect(document.child(document.rootID, at: 1).flatMap(document.key) == "b")
        #expect(list[1]?.parent == list)
        #expect(list[1].map { document.indexInParent($0.id) } == 1)
        #expect(document.root.parent == nil && document.root.key == nil && document.root.keyRange == nil)
        #expect(document.subtree(of: document.rootID).count { _ in true } == 7)
        #expect(document.subtree(of: list.id).count { _ in true } == 4)
        #expect(document.line(document.root["b"]?.id ?? list.id) == 0)
    }

    @Test("pointers and paths lead to nodes, and to the nearest one where there is none")
    func pointers() throws {
        let document = try Document.read("{\"a/b\": {\"m~n\": [1, {\"\": 2}]}}", name: "a.json")
        let pointer = try #require(JSONPointer("/a~1b/m~0n/1/"))
        let node = try #require(document.resolve(pointer))
        #expect(node.integer == 2)
        #expect(node.pointer.description == "/a~1b/m~0n/1/")
        #expect(document.resolve(node.path) == node)
        #expect(document.resolve(JSONPointer.root) == document.root)
        for missing in [
            "/a~1b/m~0n/2", "/a~1b/m~0n/01", "/a~1b/m~0n/-", "/a~1b/m~0n/99999999999999999999", "/x", "/a~1b/m~0n/0/y",
        ] {
            let pointer = try #require(JSONPointer(missing))
            #expect(document.resolve(pointer) == nil, "\(missing)")
        }
        let dangling = try #require(JSONPointer("/a~1b/nope/deeper"))
        #expect(document.nearest(dangling).path == [.key("a/b")])
    }

    @Test("content is compared by value, across syntaxes and whatever the order of keys")
    func sameValue() throws {
        let json = try Document.read(
            #"{"a": [1, 2.50, "x", null, true], "b": {"c": 99999999999999999999}}"#,
            name: "a.json"
        ).root
        let yaml = try Document.read("b: {c: 99999999999999999999}\na: [1.0, 2.5, x, ~, True]\n", name: "a.yaml").root
        #expect(json.hasSameValue(as: yaml))
        let other = try Document.read("b: {c: 99999999999999999998}\na: [1.0, 2.5, x, ~, True]\n", name: "a.yaml").root
        #expect(!json.hasSameValue(as: other))
        #expect(json != yaml)
        #expect(json["a"] == json["a"])
    }

    @Test("the text of a line is there to be quoted")
    func lines() {
        let source = SourceText(Array("one\r\ntwo\rthree\n".utf8), name: "a")
        #expect(source.lineCount == 4)
        #expect((0..<5).map(source.line) == ["one", "two", "three", "", nil])
        #expect(source.position(atByte: 5) == Position(line: 1, character: 0))
        #expect(source.position(atByte: -1) == .start)
        #expect(source.position(atByte: 99) == Position(line: 3, character: 0))
    }

    @Test("positions on a line of a megabyte are right")
    func longLine() {
        let text = String(repeating: "é😀a", count: 30_000) + "X"
        let source = SourceText(Array(text.utf8), name: "a")
        #expect(source.position(atByte: text.utf8.count - 1) == Position(line: 0, character: 120_000))
        #expect(source.position(atByte: 7 * 12_345 + 2) == Position(line: 0, character: 4 * 12_345 + 1))
    }

    @Test("each limit stops a reader with a finding that names it")
    func limits() throws {
        func finding(_ text: String, _ name: String = "a.yaml", _ change: (inout Limits) -> Void) -> Finding? {
            var limits = Limits()
            change(&limits)
            do {
                _ = try Document.read(text, name: name, limits: limits)
                return nil
            } catch {
                return error.findings.first
            }
        }
        #expect(finding("a: 1") { $0.bytesMax = 3 }?.message == "4 bytes long, at most 3 are read")
        for name in ["a.json", "a.yaml"] {
            #expect(finding("[[[1]]]", name) { $0.depthMax = 2 }?.message == "nested more than 2 levels deep")
            #expect(finding("[[[1]]]", name) { $0.depthMax = 3 } == nil)
            #expect(finding("[1,2,3]", name) { $0.nodesMax = 3 }?.code == "document-limit")
            #expect(finding("[1,2,3]", name) { $0.nodesMax = 4 } == nil)
        }
        #expect(finding("- &a 1\n- *a\n- *a") { $0.aliasesMax = 1 }?.message == "more than 1 aliases")
        #expect(
            finding("- &a [1,2,3]\n- *a\n- *a") { $0.aliasNodesMax = 7 }?.message == "aliases add more than 7 nodes"
        )
        #expect(finding("- &a [[1]]\n- [*a]") { $0.depthMax = 3 }?.code == "document-limit")
        #expect(finding("- &a [[1]]\n- [*a]") { $0.depthMax = 4 } == nil)
        #expect(finding("a\n---\nb\n---\nc\n") { $0.documentsMax = 2 }?.code == "document-limit")
    }

    @Test("findings are limited too")
    func findingsLimit() throws {
        var limits = Limits()
        limits.findingsMax = 5
        let text = "{" + (0..<100).map { _ in "\"a\":1" }.joined(separator: ",") + "}"
        let document = try Document.read(text, name: "a.json", limits: limits)
        #expect(document.findings.count == 5)
        #expect(document.root.count == 1)
    }

    @Test("the syntax is taken from the name, else from the first character")
    func syntax() throws {
        #expect(try Document.read("{\"a\": 1}", name: "<STDIN>").syntax == .json)
        #expect(try Document.read("a: 1", name: "<STDIN>").syntax == .yaml)
        #expect(try Document.read("{a: 1}", name: "x.yml").syntax == .yaml)
        #expect(try Document.read("{a: 1}", name: "x", syntax: .yaml).syntax == .yaml)
        #expect(throws: UnreadableDocument.self) { try Document.read("{a: 1}", name: "X.JSON") }
    }
}
