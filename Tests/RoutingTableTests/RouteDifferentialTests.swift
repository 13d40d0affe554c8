import Testing

@testable import RoutingTable

/// The trie against a matcher that has nothing in common with it: texts, split and compared one template after the other.
@Suite("RouteTrie against a linear matcher")
struct RouteDifferentialTests {
    private static let words = [
        "a", "b", "ab", "abcdefgh", "abcdefghi", "abcdefgh-abcdefgh", "abcdefgh-abcdefghX",
        "abcdefgh-abcdefgh-abcdefgh", "x.json", "",
    ]
    private static let pieces = words + ["{p}", "{p}.json", "a{p}", "{p}-{q}", "ab{p}b"]

    @Test("both give the same answer for random templates and paths", arguments: 0..<60)
    func agree(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        var routes: [(String, String)] = []
        var shapes: Set<String> = []
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            var number = 0
            let segments = (0..<Int.random(in: 1...4, using: &generator)).map { _ -> String in
                let piece = Self.pieces.randomElement(using: &generator) ?? ""
                number += 1
                return piece.replacing("p}", with: "p\(number)}").replacing("q}", with: "q\(number)}")
            }
            let path = "/" + segments.joined(separator: "/")
            let method = ["GET", "POST"].randomElement(using: &generator) ?? "GET"
            guard shapes.insert(method + (try RouteTemplate(path).shape)).inserted else { continue }
            routes.append((method, path))
        }
        let snapshot = try Samples.snapshot(routes: routes)
        for _ in 0..<300 {
            let count = Int.random(in: 1...4, using: &generator)
            let segments = (0..<count).map { _ -> String in
                let word = Self.words.randomElement(using: &generator) ?? ""
                let tail = ["", "", ".json", "-c", "b"].randomElement(using: &generator) ?? ""
                return word + tail
            }
            let path = "/" + segments.joined(separator: "/")
            let expected = Self.linear(routes, "GET", path)
            #expect(snapshot.answer("GET", path) == expected, "\(path) among \(routes)")
        }
    }

    /// The best operation by comparing segment after segment, or what is allowed, or nothing.
    private static func linear(_ routes: [(String, String)], _ method: String, _ path: String) -> String {
        let matching = routes.filter { matches(split($0.1), split(path)) }
        let best = matching.filter { $0.0 == method }.min { isBetter(split($0.1), split($1.1)) }
        if let best { return "\(best.0) \(best.1)" }
        if matching.isEmpty { return "404" }
        return "405 " + Set(matching.map(\.0)).sorted().joined(separator: ", ")
    }

    private static func split(_ path: String) -> [String] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    private static func matches(_ template: [String], _ path: [String]) -> Bool {
        template.count == path.count && zip(template, path).allSatisfy { matches(Array($0), Array($1)) }
    }

    /// Character by character; a parameter takes one or more.
    private static func matches(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard first == "{" else {
            return text.first == first && matches(Array(pattern.dropFirst()), Array(text.dropFirst()))
        }
        let rest = Array(pattern.drop { $0 != "}" }.dropFirst())
        return !text.isEmpty && (1...text.count).contains { matches(rest, Array(text.dropFirst($0))) }
    }

    /// Literal before pattern before parameter; among patterns more literal text, then the longer prefix, then bytewise.
    private static func isBetter(_ left: [String], _ right: [String]) -> Bool {
        for (mine, theirs) in zip(left, right) {
            let (a, b) = (rank(mine), rank(theirs))
            if a.0 != b.0 { return a.0 < b.0 }
            if a.0 == 1 {
                if a.1.joined().count != b.1.joined().count { return a.1.joined().count > b.1.joined().count }
                if a.1[0].count != b.1[0].count { return a.1[0].count > b.1[0].count }
                if a.1 != b.1 { return a.1.lexicographicallyPrecedes(b.1) }
            }
        }
        return false
    }

    private static func rank(_ segment: String) -> (Int, [String]) {
        guard segment.contains("{") else { return (0, []) }
        var literals = [""]
        var inside = false
        for character in segment {
            switch character {
            case "{": inside = true
            case "}":
                inside = false
                literals.append("")
            default: if !inside { literals[literals.count - 1].append(character) }
            }
        }
        return literals.allSatisfy(\.isEmpty) ? (2, []) : (1, literals)
    }

    @Test("a segment is scanned alike at every length, offset and neighbour")
    func scan() {
        for length in 0...36 {
            let text = (0..<length).map { UInt8(0x61 + $0 % 26) }
            let alone = SegmentScan.of(text)
            #expect(alone.end == length)
            for before in 0...9 {
                for after in 0...9 {
                    let path =
                        [UInt8](repeating: 0x7A, count: before) + text + (after > 0 ? [0x2F] : [])
                        + [UInt8](repeating: 0x2F, count: after)
                    let scan = SegmentScan(path.span, from: before)
                    #expect(scan.end == before + length)
                    #expect(scan.hash == alone.hash)
                    #expect(scan.firstWord == alone.firstWord)
                    #expect(scan.secondWord == alone.secondWord)
                }
            }
        }
        #expect(SegmentScan.of([0x61]).hash != SegmentScan.of([0x61, 0]).hash)
        #expect(SegmentScan.of([]).hash != SegmentScan.of([0]).hash)
    }
}
