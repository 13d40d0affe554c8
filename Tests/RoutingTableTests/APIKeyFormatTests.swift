import Testing

@testable import RoutingTable

@Suite("APIKeyFormat")
struct APIKeyFormatTests {
    /// A fixed sequence (SplitMix64), so that failures repeat.
    struct Sequence64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static func check(_ key: String) -> APIKeyFormat.Verdict {
        let bytes = Array(key.utf8)
        return APIKeyFormat.check(bytes.span)
    }

    @Test("CRC-32 gives the published check values")
    func checkValues() {
        let values: [(String, UInt32)] = [
            ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ]
        for (text, expected) in values {
            let bytes = Array(text.utf8)
            #expect(CRC32.checksum(bytes.span) == expected)
        }
    }

    @Test("a made key has the documented shape and checks out")
    func madeKeysCheckOut() {
        var generator = Sequence64(state: 1)
        for _ in 0..<2_000 {
            let key = APIKeyFormat.make(environment: "live", using: &generator)
            let parts = key.split(separator: "_", omittingEmptySubsequences: false)
            #expect(parts.map(\.count) == [2, 4, 43, 6])
            #expect(Self.check(key) == .wellFormed(environment: 3..<7))
        }
    }

    @Test("the system generator makes different keys")
    func keysDiffer() {
        var generator = SystemRandomNumberGenerator()
        let keys = Set((0..<500).map { _ in APIKeyFormat.make(environment: "live", using: &generator) })
        #expect(keys.count == 500)
    }

    @Test("all 62 digits occur about equally often")
    func digitsAreUniform() {
        var generator = Sequence64(state: 2)
        var counts: [UInt8: Int] = [:]
        for _ in 0..<1_000 {
            for byte in APIKeyFormat.make(environment: "x", using: &generator).utf8.dropFirst(5).prefix(43) {
                counts[byte, default: 0] += 1
            }
        }
        #expect(counts.count == 62)
        // 43,000 draws, 693 expected each, standard deviation 26: six deviations.
        #expect(counts.values.allSatisfy { abs($0 - 693) < 160 })
    }

    @Test("every single changed, dropped or swapped character is noticed")
    func mistypedKeysAreMalformed() {
        var generator = Sequence64(state: 3)
        let key = Array(APIKeyFormat.make(environment: "live", using: &generator).utf8)
        for index in 3..<key.count {
            for replacement in Array("0Za_-% é".utf8) where replacement != key[index] {
                var changed = key
                changed[index] = replacement
                #expect(Self.check(String(decoding: changed, as: UTF8.self)) == .malformed)
            }
            var shorter = key
            shorter.remove(at: index)
            #expect(APIKeyFormat.check(shorter.span) == .malformed)
            if index + 1 < key.count, key[index] != key[index + 1] {
                var swapped = key
                swapped.swapAt(index, index + 1)
                #expect(APIKeyFormat.check(swapped.span) == .malformed)
            }
        }
    }

    @Test("what does not begin like ours is foreign, what is cut or endless is malformed")
    func otherTexts() {
        for text in ["", "g", "gh", "ghp_abc", "sk-12345", "Gh_live_x_y", "hunter2"] {
            #expect(Self.check(text) == .foreign)
        }
        let long = "gh_live_" + String(repeating: "a", count: 200) + "_000000"
        for text in [
            "gh_", "gh__", "gh_live", "gh_live_", "gh_live__000000",
            "gh_LIVE_\(String(repeating: "a", count: 43))_000000", long,
        ] {
            #expect(Self.check(text) == .malformed)
        }
    }

    @Test("a checksum beyond 32 bits is malformed, not wrapped")
    func checksumDoesNotWrap() {
        let body = "gh_live_" + String(repeating: "a", count: 43)
        #expect(Self.check(body + "_zzzzzz") == .malformed)
    }

    @Test("the start that may be shown holds four digits of the secret")
    func startIsShort() {
        var generator = Sequence64(state: 4)
        let key = APIKeyFormat.make(environment: "eu1", using: &generator)
        #expect(APIKeyFormat.start(of: key) == String(key.prefix(11)))
        #expect(APIKeyFormat.start(of: "sk-12345") == nil)
    }

    @Test("an environment's label keeps what a key may hold")
    func labels() {
        #expect(APIKeyFormat.label(for: "live") == "live")
        #expect(APIKeyFormat.label(for: "EU-Staging") == "eustaging")
        #expect(APIKeyFormat.label(for: "a-very-long-environment-name") == "averylongenviron")
        #expect(APIKeyFormat.label(for: "--") == "env")
    }
}
