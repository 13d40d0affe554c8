import DocumentTree
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("a value is written as it was read")
    func roundTrip() throws {
        let text = #"{"a":[1,-2.5,"x\"\\\n\u0001é😀",true,false,null],"b":{},"c":[]}"#
        let value = try JSONValue.read(text)
        #expect(value.text() == text)
        #expect(try JSONValue.read(value.text(pretty: true)) == value)
        #expect(value["a"]?[2]?.string == "x\"\\\n\u{1}é😀")
        #expect(value["a"]?[0]?.integer == 1)
        #expect(value["a"]?[1]?.number == -2.5)
        #expect(value["a"]?[5]?.isNull == true)
        #expect(value["none"] == nil && value["a"]?[6] == nil)
    }

    @Test("the indented form has one member a line")
    func pretty() {
        let value: JSONValue = ["b": [1, "x"], "a": nil, "e": [], "o": [:]]
        #expect(
            value.text(pretty: true)
                == "{\n  \"b\": [\n    1,\n    \"x\"\n  ],\n  \"a\": null,\n  \"e\": [],\n  \"o\": {}\n}"
        )
        #expect(value.text(sortsKeys: true) == #"{"a":null,"b":[1,"x"],"e":[],"o":{}}"#)
    }

    @Test("equality goes by value: numbers of any kind, objects in any order")
    func equality() {
        let one: JSONValue = ["a": 1, "b": [1.5, true]]
        let other: JSONValue = ["b": [1.5, true], "a": 1.0]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1])
        #expect(JSONValue.string("1") != 1)
        #expect(Set([one, other]).count == 1)
    }

    @Test("infinity and NaN become null, as JSON has no words for them")
    func nonFinite() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan), .number(1e300)]).text() == "[null,null,1e+300]")
    }

    @Test("what two parsers could read differently is not passed on")
    func strictness() {
        for text in [#"{"a":1,"a":2}"#, #""\ud800""#, #""\u0000""#, "[1,]", "", "{} {}"] {
            #expect(throws: UnreadableDocument.self, "\(text)") { try JSONValue.read(text) }
        }
    }

    @Test("a node is written digit for digit, with YAML's own numbers converted")
    func nodes() throws {
        let node = try Document.read(
            "[1.10, 99999999999999999999, 0x1F, .5, +1, 1., 012, -0.0, 1E5, .inf]",
            name: "a.yaml"
        ).root
        #expect(node.jsonText() == "[1.10,99999999999999999999,31,0.5,1,1.0,12,-0.0,1E5,null]")
        let order = try Document.read("b: 1\na: {d: 1, c: 2}\n", name: "a.yaml").root
        #expect(order.jsonText() == #"{"b":1,"a":{"d":1,"c":2}}"#)
        #expect(order.jsonText(sortsKeys: true) == #"{"a":{"c":2,"d":1},"b":1}"#)
    }
}
