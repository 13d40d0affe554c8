import DocumentTree
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String) throws -> Document { try Document.read(text, name: "a.json") }

    private func failure(_ text: String) -> Finding? {
        do {
            _ = try Document.read(text, name: "a.json")
            return nil
        } catch {
            return error.findings.first
        }
    }

    @Test("every kind of value is read with its kind and text")
    func kinds() throws {
        let root = try read(#"{"s":"x","i":-12,"n":1.50,"e":2E3,"t":true,"f":false,"z":null,"a":[1,[]],"o":{}}"#).root
        #expect(
            root.entries.map(\.value.kind) == [
                .string, .integer, .number, .number, .boolean, .boolean, .null, .sequence, .mapping,
            ]
        )
        #expect(root["s"]?.string == "x")
        #expect(root["i"]?.integer == -12)
        #expect(root["n"]?.number == 1.5)
        #expect(root["n"]?.scalarText == "1.50")
        #expect(root["e"]?.number == 2000)
        #expect(root["t"]?.boolean == true)
        #expect(root["f"]?.boolean == false)
        #expect(root["z"]?.isNull == true)
        #expect(root["a"]?.count == 2)
        #expect(root["a"]?[1]?.count == 0)
        #expect(root["o"]?.isMapping == true)
        #expect(root["missing"] == nil)
    }

    @Test("escapes are decoded in values and keys")
    func escapes() throws {
        let root = try read(#"{"a\u0062c":"\"\\\/\b\f\n\r\t é \u00e9 \ud83d\ude00 😀","plain":1}"#).root
        #expect(root["abc"]?.string == "\"\\/\u{8}\u{C}\n\r\t é é 😀 😀")
        #expect(root.keys == ["abc", "plain"])
    }

    @Test(
        "what is not JSON is refused with its place",
        arguments: [
            ("{\"a\":1,}", 0, 7), ("[1,]", 0, 3), ("{\"a\" 1}", 0, 5), ("{a:1}", 0, 1), ("[1 2]", 0, 3), ("01", 0, 1),
            ("-", 0, 1), ("1.", 0, 2), ("1e", 0, 2), ("+1", 0, 0), ("NaN", 0, 0), ("tru", 0, 0), ("{\"a\":1} x", 0, 8),
            ("[\n\"a\nb\"]", 1, 2), ("\"\\x\"", 0, 2), ("\"\\u12\"", 0, 5), ("{", 0, 1), ("[[", 0, 2), ("\"a", 0, 2),
            ("{\"a\":1 /* c */}", 0, 7), ("'a'", 0, 0), ("{\"a\":}", 0, 5), ("\u{B}1", 0, 0),
        ]
    )
    func refused(_ text: String, _ line: Int, _ character: Int) throws {
        let finding = try #require(failure(text))
        #expect(finding.code == "parser")
        #expect(finding.message.hasPrefix("not JSON: expected "))
        #expect(finding.range.start == Position(line: line, character: character))
    }

    @Test("an empty text is said to be empty", arguments: ["", " \n\t", "\u{FEFF}"])
    func empty(_ text: String) throws {
        #expect(failure(text)?.code == "empty-document")
    }

    @Test("a key that stands twice is an error with both places, also where an escape hides it")
    func duplicateKeys() throws {
        let document = try read("{\"paths\": 1,\n \"b\": 2, \"p\\u0061ths\": 3}")
        let finding = try #require(document.findings.first)
        #expect(document.findings.count == 1)
        #expect(document.duplicateKeyFindings.count == 1)
        #expect(finding.code == "parser" && finding.severity == .error)
        #expect(finding.message == "duplicate key `paths`, first used at 1:2")
        #expect(
            finding.range == SourceRange(start: Position(line: 1, character: 9), end: Position(line: 1, character: 21))
        )
        #expect(finding.path == [.key("paths")])
        #expect(document.root["paths"]?.integer == 3)
        #expect(document.root.keys == ["b", "paths"])
        #expect(document.root.count == 2)
    }

    @Test("keys are told apart by their bytes, not by canonical equivalence")
    func composedKeys() throws {
        let document = try read("{\"caf\u{E9}\": 1, \"cafe\u{301}\": 2}")
        #expect(document.findings.isEmpty)
        #expect(document.root["caf\u{E9}"]?.integer == 1)
        #expect(document.root["cafe\u{301}"]?.integer == 2)
    }

    @Test("a lone surrogate and U+0000 are errors that leave the document readable")
    func unstorable() throws {
        let document = try read(#"{"a":"\ud800x","b":"\u0000","c":"\ud800\u0041"}"#)
        #expect(document.findings.map(\.severity) == [.error, .error, .error])
        #expect(document.root["a"]?.string == "\u{FFFD}x")
        #expect(document.root["c"]?.string == "\u{FFFD}A")
    }

    @Test("a byte order mark before JSON has no width")
    func byteOrderMark() throws {
        let root = try read("\u{FEFF}{\"a\": 1}").root
        #expect(root["a"]?.range.start == Position(line: 0, character: 6))
    }

    @Test("JSON in UTF-16 is refused by name")
    func utf16() {
        let bytes = Array("{\"a\":1}".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect { try Document.read(bytes, name: "a.json") } throws: { error in
            (error as? UnreadableDocument)?.findings.first?.code == "encoding"
        }
    }

    @Test("numbers beyond 64 bits keep their digits and become the nearest double")
    func largeNumbers() throws {
        let root = try read("[99999999999999999999, 1e400, -1e400, 1e-400, 9223372036854775807]").root
        #expect(root[0]?.integer == nil)
        #expect(root[0]?.scalarText == "99999999999999999999")
        #expect(root[0]?.number == 1e20)
        #expect(root[1]?.number == .infinity)
        #expect(root[2]?.number == -.infinity)
        #expect(root[3]?.number == 0)
        #expect(root[4]?.integer == Int.max)
    }

    @Test("ranges are exact: values, keys, brackets and UTF-16 units")
    func ranges() throws {
        let root = try read("{\n  \"a😀\": [1, \"é\"],\n  \"b\" : {\"c\": true}\n}").root
        let list = try #require(root["a😀"])
        #expect(
            list.keyRange == SourceRange(start: Position(line: 1, character: 2), end: Position(line: 1, character: 7))
        )
        // A collection begins behind the colon, as Spectral reports it.
        #expect(
            list.range == SourceRange(start: Position(line: 1, character: 8), end: Position(line: 1, character: 17))
        )
        #expect(
            list[1]?.range
                == SourceRange(start: Position(line: 1, character: 13), end: Position(line: 1, character: 16))
        )
        let value = try #require(root["b"]?["c"])
        #expect(
            value.range == SourceRange(start: Position(line: 2, character: 14), end: Position(line: 2, character: 18))
        )
        #expect(root.range == SourceRange(start: .start, end: Position(line: 3, character: 1)))
    }
}
