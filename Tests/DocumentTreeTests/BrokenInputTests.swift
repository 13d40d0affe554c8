import DocumentTree
import Testing

/// Readers meet whatever people send: for any bytes they give a tree that hangs together or say why not.
@Suite("Broken input")
struct BrokenInputTests {
    private static let yaml = """
        # é
        openapi: 3.1.0
        x-a: &a {type: string, "k\\u00e9y": [1, -2.5e3, ~, true]}
        x-b:
          <<: [*a, {z: 1}]
          type: 'it''s'
        text: |2-
            one
          two 😀
        folded: >
          a

          b
        200: !!str 5
        ? key
        : - - deep
          - *a
        ---
        second: {}
        ...
        """

    private static let json = #"{"a":[1,-2.5e3,"\u00e9\ud83d\ude00é",{"b":null,"b":true}],"c":{"":[[],{}]},"d":"😀"}"#

    @Test("a text cut anywhere is read or refused", arguments: [(yaml, "a.yaml"), (json, "a.json")])
    func truncated(_ text: String, _ name: String) {
        let bytes = Array(text.utf8)
        for length in 0...bytes.count { expectSound(Array(bytes[..<length]), name) }
    }

    @Test("a text with one byte changed is read or refused", arguments: [(yaml, "a.yaml"), (json, "a.json")])
    func changed(_ text: String, _ name: String) {
        let bytes = Array(text.utf8)
        let replacements = Array("{}[]:,-\"'&*!|>#\n\t 0\\~<".utf8) + [0, 0xFF, 0xC3]
        for index in bytes.indices {
            var changed = bytes
            changed[index] = replacements[index % replacements.count]
            expectSound(changed, name)
            changed[index] = replacements[(index * 7 + 3) % replacements.count]
            expectSound(changed, name)
        }
    }

    @Test("random syntax is read or refused", arguments: ["a.yaml", "a.json"])
    func random(_ name: String) {
        var generator = SplitMix(state: 42)
        let pieces = [
            "{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "\n  ", "\"", "'", "&a ", "*a", "<<", "? ", "|\n", "#", "1",
            "x", "é",
        ]
        for _ in 0..<1500 {
            let count = Int.random(in: 1...24, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            expectSound(Array(text.utf8), name)
        }
    }

    /// Reads a stream and walks its trees: links agree with each other, places lie in the text and in order.
    private func expectSound(_ bytes: [UInt8], _ name: String) {
        let documents: [Document]
        do {
            documents = try Document.readStream(bytes, name: name)
        } catch {
            #expect(!error.findings.isEmpty)
            return
        }
        for document in documents {
            var isSound = true
            for id in document.subtree(of: document.rootID) {
                let children = document.children(id)
                isSound = isSound && children.count == document.childCount(id)
                for (index, child) in children.enumerated() {
                    isSound = isSound && document.parent(child) == id && document.indexInParent(child) == index
                    isSound = isSound && document.child(id, at: index) == child
                    if document.kind(id) == .mapping, let key = document.key(child) {
                        isSound = isSound && document.child(id, key: key) == child
                    }
                }
                let (range, place) = (document.byteRange(id), document.range(id))
                isSound = isSound && range.upperBound <= document.source.bytes.count && place.start <= place.end
                isSound = isSound && document.resolve(document.path(id))?.id == id
            }
            #expect(isSound, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}

/// A small generator with a fixed seed, so that a failure can be repeated (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
