/// Collects texts for a snapshot; equal ones are stored once.
struct ByteArena {
    private(set) var bytes: [UInt8] = []
    private var known: [[UInt8]: ByteSlice] = [:]

    mutating func add(_ text: String) -> ByteSlice {
        add(Array(text.utf8))
    }

    mutating func add(_ text: [UInt8]) -> ByteSlice {
        if text.isEmpty { return .empty }
        if let slice = known[text] { return slice }
        let slice = ByteSlice(offset: UInt32(bytes.count), count: UInt32(text.count))
        bytes += text
        known[text] = slice
        return slice
    }
}
