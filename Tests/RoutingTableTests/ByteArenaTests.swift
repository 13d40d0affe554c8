import Testing

@testable import RoutingTable

@Suite("ByteArena")
struct ByteArenaTests {
    @Test("equal texts are stored once, others apart, however many there are")
    func interning() {
        var arena = ByteArena()
        #expect(arena.add("") == .empty)
        var slices: [String: ByteSlice] = [:]
        for round in 0..<2 {
            for number in 0..<1_000 {
                let text = String(repeating: "x", count: number % 40) + "\(number)é"
                let slice = round == 0 ? arena.add(text) : arena.add(Array(text.utf8))
                #expect(arena.bytes[slice.range].elementsEqual(text.utf8))
                #expect(slices.updateValue(slice, forKey: text).map { $0 == slice } ?? (round == 0))
            }
        }
        let size = arena.bytes.count
        #expect(arena.add("xx2é") == slices["xx2é"])
        #expect(arena.bytes.count == size)
        // A beginning of a known text is a text of its own.
        #expect(arena.add("xx2") != slices["xx2é"])
        #expect(arena.bytes.count == size + 3)
    }
}
