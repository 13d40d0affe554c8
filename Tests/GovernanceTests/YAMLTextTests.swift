import DocumentTree
import Testing

@testable import Governance

@Suite("YAMLText")
struct YAMLTextTests {
    static let values: [JSONValue] = [
        .object([
            ("kind", .string("Plan")), ("empty", .object([])), ("none", .array([])), ("null", .null),
            ("yes", .bool(true)),
            ("amount", .integer(1_000_000_000_000)), ("share", .number(0.25)),
            (
                "nested",
                .array([
                    .object([("name", .string("second")), ("list", .array([.integer(1), .array([.string("x")])]))]),
                    .string("plain"), .array([]), .null,
                ])
            ),
        ]),
        .array([.string("a"), .object([("b", .object([("c", .string("d"))]))])]),
        .string("alone"),
    ]

    @Test("what is written is read back as it was")
    func roundTrip() throws {
        let documents = try Document.readStream(Array(YAMLText.documents(Self.values).utf8), name: "t")
        #expect(documents.map { JSONValue($0.root) } == Self.values)
    }

    @Test(
        "a text that a reader could take for something else stays a text",
        arguments: [
            "", " ", "true", "No", "null", "~", "1", "1.2.0", "0x10", "1e3", "2026-01-01", "12:30", "- a", "a: b",
            "a #b", "#a",
            "@a", "`a`", "*a", "&a", "!a", "%a", "|", ">", "'a'", "\"a\"", "a\nb", "a\tb", " a", "a ", "é", "{a}",
            "[a]", "?", "=",
            "<<", "/path/{id}", "y", "off", "---", "...", "a,b", "\u{0}", "\u{85}\u{2028}",
            "\u{7F}\u{9F}\u{FEFF}\u{FFFE}",
            String(repeating: "a", count: 500),
        ]
    )
    func texts(text: String) throws {
        let value = JSONValue.object([("key", .string(text)), (text, .array([.string(text)]))])
        let written = YAMLText.documents([value])
        let documents = try Document.readStream(Array(written.utf8), name: "t")
        #expect(documents.map { JSONValue($0.root) } == [value], "\(written)")
    }

    @Test("a plain document is pleasant to read")
    func shape() {
        let value = JSONValue.object([
            ("kind", .string("Plan")),
            ("spec", .object([("limits", .array([.object([("name", .string("day")), ("window", .string("P1D"))])]))])),
        ])
        let expected = """
            ---
            kind: Plan
            spec:
              limits:
                - name: day
                  window: P1D

            """
        #expect(YAMLText.documents([value]) == expected)
    }
}

@Suite("NearestName in Governance")
struct NearestNameTests {
    @Test("a typing mistake finds its name, anything else finds none")
    func nearest() {
        let names = ["listOrders", "getOrder", "createOrder", "GET /orders"]
        #expect(NearestName.of("listOrder", among: names) == "listOrders")
        #expect(NearestName.of("lsitOrders", among: names) == "listOrders")
        #expect(NearestName.of("GETORDER", among: names) == "getOrder")
        #expect(NearestName.of("deleteInvoice", among: names) == nil)
        #expect(NearestName.of("", among: names) == nil)
        #expect(NearestName.of("x", among: []) == nil)
        #expect(NearestName.of(String(repeating: "a", count: 100_000), among: names) == nil)
    }
}
