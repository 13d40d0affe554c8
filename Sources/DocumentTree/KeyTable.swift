/// The distinct keys of a document: byte strings to small integers and back.
///
/// Keys are told apart by their bytes, not by Swift's canonical equivalence: `é` in one scalar and in two are two
/// keys, as RFC 8259 section 8.3 has it. The hash has a secret per process (``KeyHash``), so that keys cannot be chosen to
/// collide.
struct KeyTable: Sendable {
    /// The keys as strings, for callers; same index as in `offsets`.
    private(set) var texts: [String] = []
    /// All keys one after another.
    private var bytes: [UInt8] = []
    /// End of each key in `bytes`.
    private var ends: [Int32] = []
    /// Open addressing, -1 = free; always a power of two and at most half full.
    private var slots: [Int32] = Array(repeating: -1, count: 256)

    /// The key's number, made where it is new.
    mutating func intern(_ key: UnsafeBufferPointer<UInt8>) -> Int32 {
        var slot = Self.hash(UnsafeRawBufferPointer(key)) & (slots.count - 1)
        while slots[slot] >= 0 {
            if isEqual(slots[slot], UnsafeRawBufferPointer(key)) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = Int32(texts.count)
        slots[slot] = number
        texts.append(String(decoding: key, as: UTF8.self))
        bytes.append(contentsOf: key)
        ends.append(Int32(bytes.count))
        if texts.count * 2 > slots.count { grow() }
        return number
    }

    /// The key's number; nil where no mapping of the document has it.
    func number(of key: String) -> Int32? {
        var key = key
        return key.withUTF8 { find(UnsafeRawBufferPointer($0)) }
    }

    private func find(_ key: UnsafeRawBufferPointer) -> Int32? {
        var slot = Self.hash(key) & (slots.count - 1)
        while slots[slot] >= 0 {
            if isEqual(slots[slot], key) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isEqual(_ number: Int32, _ key: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : Int(ends[Int(number) - 1])
        let end = Int(ends[Int(number)])
        guard end - start == key.count else { return false }
        return bytes.withUnsafeBytes { stored in
            ByteScan.areEqual(UnsafeRawBufferPointer(rebasing: stored[start..<end]), key)
        }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        var start = 0
        for number in ends.indices {
            let end = Int(ends[number])
            var slot = bytes.withUnsafeBytes { Self.hash(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            slot &= slots.count - 1
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
            start = end
        }
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
        Int(truncatingIfNeeded: KeyHash.hash(key) & UInt64(Int.max))
    }
}

/// A keyed hash for short texts: eight bytes at a time through a 64×64→128-bit multiplication whose halves are folded, as
/// the hash functions of the wyhash family do. `Hasher` costs several times as much on keys of ten bytes, and a reader hashes
/// every key of a document.
///
/// Who does not know the two secrets cannot aim at collisions; they are drawn anew by each process and never leave it.
enum KeyHash {
    private static let secrets = (UInt64.random(in: 1 ... .max) | 1, UInt64.random(in: 1 ... .max) | 1)

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (first, second) = secrets
        var state = first ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            state = fold(state ^ ByteScan.word(bytes, index), second)
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return fold(fold(state ^ rest, second), first)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
