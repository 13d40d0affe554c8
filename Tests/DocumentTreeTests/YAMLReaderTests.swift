import DocumentTree
import Testing

@Suite("Reading YAML")
struct YAMLReaderTests {
    private func read(_ text: String) throws -> Document { try Document.read(text, name: "a.yaml") }

    private func failure(_ text: String) -> Finding? {
        do {
            _ = try Document.read(text, name: "a.yaml")
            return nil
        } catch {
            return error.findings.first
        }
    }

    @Test(
        "plain scalars follow the core schema of YAML 1.2",
        arguments: [
            ("~", NodeKind.null), ("null", .null), ("Null", .null), ("NULL", .null), ("nuLL", .string),
            ("true", .boolean),
            ("True", .boolean), ("FALSE", .boolean), ("yes", .string), ("no", .string), ("on", .string),
            ("off", .string),
            ("y", .string), ("1", .integer), ("-1", .integer), ("+1", .integer), ("007", .integer), ("0x1F", .integer),
            ("0o17", .integer), ("0o18", .string), ("0xG", .string), ("1_000", .string), ("0b1", .string),
            ("1.10", .number),
            ("1.", .number), (".5", .number), ("-.5e-3", .number), ("1e3", .number), ("1e", .string), (".", .string),
            ("-", .sequence), ("+", .string), (".inf", .number), ("-.INF", .number), (".nan", .number),
            ("-.nan", .string),
            ("12:30:45", .string), ("2001-12-14", .string), ("1.2.3", .string), ("'1'", .string), ("\"true\"", .string),
            ("text", .string), ("", .null),
        ]
    )
    func coreSchema(_ text: String, _ kind: NodeKind) throws {
        #expect(
            try read("a: \(text.isEmpty || text == "-" ? "\n- " : text)\nb: 1").root["a"]?.kind
                == (text.isEmpty ? .sequence : kind)
        )
    }

    @Test("numbers have their values")
    func numbers() throws {
        let root = try read("[0x1F, 0o17, +7, 1., .5, -.5e1, 1.e2, .inf, -.inf, .nan, 012]").root
        #expect(root[0]?.integer == 31)
        #expect(root[1]?.integer == 15)
        #expect(root[2]?.integer == 7)
        #expect(root[3]?.number == 1)
        #expect(root[4]?.number == 0.5)
        #expect(root[5]?.number == -5)
        #expect(root[6]?.number == 100)
        #expect(root[7]?.number == .infinity)
        #expect(root[8]?.number == -.infinity)
        #expect(root[9]?.number?.isNaN == true)
        #expect(root[10]?.integer == 12)
    }

    @Test("texts of every style are decoded")
    func styles() throws {
        let root = try read(
            """
            plain: two
              lines
            single: 'it''s'
            double: "a\\tb\\u00e9"
            literal: |
              one
               two

            folded: >-
              one
              two
            empty: ''
            none:
            """
        ).root
        #expect(root["plain"]?.string == "two lines")
        #expect(root["single"]?.string == "it's")
        #expect(root["double"]?.string == "a\tbé")
        #expect(root["literal"]?.string == "one\n two\n")
        #expect(root["folded"]?.string == "one two")
        #expect(root["empty"]?.string == "")
        #expect(root["none"]?.isNull == true)
    }

    @Test("ranges are those that Spectral reports")
    func ranges() throws {
        let document = try read(
            "---\ninfo:\n  version: 1.0.0\n  title: Stoplight\n\nlist:\n- a\n- text: |\n    one\n    two\n\n\nend: x\n"
        )
        let root = document.root
        #expect(root.range == SourceRange(start: .start, end: Position(line: 12, character: 6)))
        #expect(
            root["info"]?.range
                == SourceRange(start: Position(line: 1, character: 5), end: Position(line: 3, character: 18))
        )
        #expect(
            root["info"]?["title"]?.range
                == SourceRange(start: Position(line: 3, character: 9), end: Position(line: 3, character: 18))
        )
        #expect(
            root["list"]?[0]?.range
                == SourceRange(start: Position(line: 6, character: 2), end: Position(line: 6, character: 3))
        )
        #expect(
            root["list"]?[1]?["text"]?.range
                == SourceRange(start: Position(line: 7, character: 8), end: Position(line: 9, character: 7))
        )
        #expect(root["list"]?[1]?.range.start == Position(line: 7, character: 2))
        #expect(
            root["end"]?.keyRange
                == SourceRange(start: Position(line: 12, character: 0), end: Position(line: 12, character: 3))
        )
    }

    @Test("positions are right behind characters of every width, and with CR LF")
    func wideCharacters() throws {
        let root = try read("\u{FEFF}é: 😀\r\nüü: [ñ, x]\r\nlast: y").root
        #expect(
            root["é"]?.range
                == SourceRange(start: Position(line: 0, character: 3), end: Position(line: 0, character: 5))
        )
        #expect(
            root["üü"]?[1]?.range
                == SourceRange(start: Position(line: 1, character: 8), end: Position(line: 1, character: 9))
        )
        #expect(root["last"]?.range.start == Position(line: 2, character: 6))
        #expect(root["üü"]?[0]?.string == "ñ")
    }

    @Test("keys that are not strings are read as their text and said to be so")
    func otherKeys() throws {
        let document = try read("200: a\n'201': b\ntrue: c\n1.0: d\n~: e\n")
        #expect(document.root.keys == ["200", "201", "true", "1.0", "~"])
        #expect(document.incompatibleValueFindings.map(\.severity) == [.warning, .warning, .warning, .error])
        #expect(document.incompatibleValueFindings.first?.range.end == Position(line: 0, character: 3))
    }

    @Test("a number and its text are one key")
    func collidingKeys() throws {
        let document = try read("a:\n  '200': x\n  200: y\n")
        #expect(document.duplicateKeyFindings.map(\.path) == [[.key("a"), .key("200")]])
    }

    @Test("aliases are expanded, with places of their own and of what they name")
    func aliases() throws {
        let root = try read("base: &b {x: [1, 2], y: &y text}\nuse: *b\nagain: [*y, *y]\n").root
        #expect(root["use"]?["x"]?[1]?.integer == 2)
        #expect(root["use"]?["x"]?[1]?.path == [.key("use"), .key("x"), .index(1)])
        #expect(document(of: root).byteRange(root["use"]?.id ?? root.id) == 38..<40)
        #expect(root["use"]?["y"]?.range.start.line == 0)
        #expect(root["again"]?.elements.map(\.string) == ["text", "text"])
        #expect(root["again"]?[1]?.range.start == Position(line: 2, character: 12))
        #expect(root["base"]?.hasSameValue(as: root["use"] ?? root) == true)
    }

    private func document(of node: Node) -> Document { node.document }

    @Test("an anchored scalar may be a key, and a key may be an anchor")
    func aliasKeys() throws {
        let root = try read("a: &k name\n*k : 1\n&x other: *k\nlast: *x\n").root
        #expect(root.keys == ["a", "name", "other", "last"])
        #expect(root["name"]?.integer == 1)
        #expect(root["last"]?.string == "other")
    }

    @Test("an anchor may be used again after it was given anew")
    func redefinedAnchor() throws {
        let root = try read("- &a 1\n- *a\n- &a 2\n- *a\n").root
        #expect(root.elements.map(\.integer) == [1, 1, 2, 2])
    }

    @Test("merge keys: what the mapping has itself wins whatever its place, of several the first")
    func mergeKeys() throws {
        let document = try read(
            """
            one: &one {a: 1, b: 1, c: 1}
            two: &two {b: 2, d: 2}
            single: {<<: *one, b: 9}
            before:
              b: 9
              <<: [*two, *one]
              z: 9
            inline: {<<: {q: 1}}
            text: {"<<": 1}
            """
        )
        #expect(document.findings.isEmpty)
        let root = document.root
        #expect(root["single"]?.jsonText() == #"{"a":1,"c":1,"b":9}"#)
        #expect(root["before"]?.jsonText() == #"{"b":9,"d":2,"a":1,"c":1,"z":9}"#)
        #expect(root["inline"]?.jsonText() == #"{"q":1}"#)
        #expect(root["text"]?.jsonText() == #"{"<<":1}"#)
        #expect(root["before"]?["a"]?.path == [.key("before"), .key("a")])
        #expect(root["before"]?["a"]?.range.start.line == 0)
        #expect(root["before"]?["z"].map { document.indexInParent($0.id) } == 4)
        #expect(root["one"]?.jsonText() == #"{"a":1,"b":1,"c":1}"#)
    }

    @Test("a merge of anything but mappings is an error")
    func badMerge() throws {
        let document = try read("a: {<<: 5}\nb: {<<: [1, {c: 2}]}\n")
        #expect(document.findings.map(\.severity) == [.error, .error])
        #expect(document.root["a"]?.count == 0)
        #expect(document.root["b"]?["c"]?.integer == 2)
    }

    @Test(
        "what YAML cannot say is refused with its place",
        arguments: [
            ("a: *nope", "unknown alias `*nope`", 0, 3), ("a: &a [*a]", "stands inside of the node it names", 0, 7),
            ("? [x]\n: y", "mapping key must be a string", 0, 2), ("a: [1", "not YAML", 0, 0),
            ("a: b: c", "not YAML", 0, 4),
            ("\ta: 1", "not YAML", 0, 0), ("a: \"\\q\"", "not YAML", 0, 0), ("a: 1\n...\n}{", "not YAML", 2, 0),
            ("a: \u{1}", "not YAML", 0, 3),
        ]
    )
    func refused(_ text: String, _ message: String, _ line: Int, _ character: Int) throws {
        let finding = try #require(failure(text))
        #expect(finding.message.contains(message), "\(finding.message)")
        #expect(finding.range.start.line >= line)
        if character > 0 { #expect(finding.range.start == Position(line: line, character: character), "\(finding)") }
    }

    @Test(
        "nothing, blanks and comments are an empty document",
        arguments: ["", "  \n", "# only\n# comments\n", "---\n# nothing\n", "---\n...\n"]
    )
    func empty(_ text: String) {
        #expect(failure(text)?.code == "empty-document")
    }

    @Test("tags of the core schema decide the kind")
    func coreTags() throws {
        let document = try read(
            "a: !!str 200\nb: !!int 5\nc: !!float 5\nd: ! 5\ne: !!map {x: 1}\nf: !!seq [1]\ng: !!null ''\n"
        )
        #expect(document.root["a"]?.string == "200")
        #expect(document.root["b"]?.integer == 5)
        #expect(document.root["c"]?.number == 5)
        #expect(document.root["d"]?.string == "5")
        #expect(document.findings.isEmpty)
        #expect(document.root["a"]?.range.start == Position(line: 0, character: 9))
    }

    @Test(
        "foreign tags are ignored aloud, language types are errors",
        arguments: [
            ("!foo bar", Severity.warning), ("!!binary aGk=", .warning), ("!Sub '${x}'", .warning),
            ("!!python/object:os.system x", .error),
            ("!ruby/object:Gem {}", .error), ("!<tag:evil,2020:x> y", .error), ("!!int text", .error),
        ]
    )
    func foreignTags(_ text: String, _ severity: Severity) throws {
        #expect(try read("a: \(text)").findings.map(\.severity) == [severity])
    }

    @Test("a stream gives every document, and the first where one is asked for")
    func streams() throws {
        let text = "---\na: 1\n---\n# nothing\n---\n- b\n...\n"
        let documents = try Document.readStream(Array(text.utf8), name: "a.yaml")
        #expect(documents.map { $0.root.jsonText() } == [#"{"a":1}"#, #"["b"]"#])
        #expect(documents[1].root[0]?.range.start == Position(line: 5, character: 2))
        #expect(try read(text).root["a"]?.integer == 1)
        #expect(try Document.readStream([], name: "a.yaml").isEmpty)
        #expect(try Document.readStream(Array("{\"a\":1}".utf8), name: "a.json").count == 1)
    }

    @Test("anchors end with their document")
    func anchorsEnd() {
        #expect(throws: UnreadableDocument.self) {
            try Document.readStream(Array("a: &a 1\n---\nb: *a\n".utf8), name: "a.yaml")
        }
    }

    @Test("UTF-16 is decoded whatever its order, UTF-32 is refused")
    func encodings() throws {
        let units = Array("\u{FEFF}a: é😀\n".utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try Document.read(little, name: "a.yaml").root["a"]?.string == "é😀")
        let document = try Document.read(big, name: "a.yaml")
        #expect(
            document.root["a"]?.range
                == SourceRange(start: Position(line: 0, character: 3), end: Position(line: 0, character: 6))
        )
        for bad in [[0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0xFF, 0xFE, 0x61], [0xFF, 0xFE, 0x00, 0xD8, 0x61, 0]]
            as [[UInt8]]
        {
            #expect(throws: UnreadableDocument.self) { try Document.read(bad, name: "a.yaml") }
        }
    }

    @Test(
        "broken UTF-8 is refused at its byte",
        arguments: [
            [0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0xC0, 0x80], [0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80],
            [0x61, 0x3A, 0x20, 0xF4, 0x90, 0x80, 0x80], [0x61, 0x3A, 0x20, 0xE2, 0x82],
        ] as [[UInt8]]
    )
    func brokenUTF8(_ bytes: [UInt8]) throws {
        let error = #expect(throws: UnreadableDocument.self) { try Document.read(bytes, name: "a.yaml") }
        #expect(error?.findings.first?.code == "encoding")
        #expect(error?.findings.first?.range.start == Position(line: 0, character: 3))
    }
}
