import DocumentTree
import Testing

@Suite("JSON Pointer")
struct JSONPointerTests {
    @Test(
        "the examples of RFC 6901 section 5 are read and written",
        arguments: [
            ("", []), ("/foo", ["foo"]), ("/foo/0", ["foo", "0"]), ("/", [""]), ("/a~1b", ["a/b"]), ("/c%d", ["c%d"]),
            ("/m~0n", ["m~n"]),
            ("/~01", ["~1"]), ("/ ", [" "]), ("/k\"l", ["k\"l"]),
        ] as [(String, [String])]
    )
    func strings(_ text: String, _ tokens: [String]) {
        #expect(JSONPointer(text)?.tokens == tokens)
        #expect(JSONPointer(tokens: tokens).description == text)
    }

    @Test("what is no pointer is none", arguments: ["foo", "/~", "/~2", "/a~"])
    func malformed(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test("the fragment form is decoded and encoded")
    func fragments() {
        #expect(JSONPointer(fragment: "#")?.tokens == [])
        #expect(JSONPointer(fragment: "#/paths/~1a~1%7Bid%7D")?.tokens == ["paths", "/a/{id}"])
        #expect(JSONPointer(fragment: "#/c%25d")?.tokens == ["c%d"])
        #expect(JSONPointer(fragment: "#/%C3%A9")?.tokens == ["é"])
        #expect(JSONPointer(tokens: ["a/{id} é"]).fragment == "#/a~1%7Bid%7D%20%C3%A9")
        for bad in ["/a", "#a", "#/%", "#/%G0", "#/%FF", "#/~3", ""] {
            #expect(JSONPointer(fragment: bad) == nil, "\(bad)")
        }
    }
}
