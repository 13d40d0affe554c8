/// Collects texts for a snapshot; equal ones are stored once.
///
/// Known texts are found in an open-addressed table of slices into the bytes themselves: a dictionary of arrays would keep every
/// text a second time and hash it byte by byte (measured: a tenth of building a snapshot). The hash is the standard library's
/// seeded one, because the texts are what authors of APIs wrote.
struct ByteArena {
    private(set) var bytes: [UInt8] = []
    /// Empty slots hold the empty slice. A power of two, at most half full.
    private var slots = [ByteSlice](repeating: .empty, count: 64)
    private var count = 0

    mutating func add(_ text: String) -> ByteSlice {
        var text = text
        return text.withUTF8 { unsafe add($0) }
    }

    mutating func add(_ text: [UInt8]) -> ByteSlice {
        // SAFETY: the buffer is read within the closure alone, here and below. Guarded by "equal texts are stored once".
        unsafe text.withUnsafeBufferPointer { unsafe add($0) }
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> ByteSlice {
        if text.isEmpty { return .empty }
        let mask = slots.count - 1
        var slot = unsafe Self.hash(text) & mask
        while !slots[slot].isEmpty {
            if unsafe isEqual(slots[slot], text) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        let slice = ByteSlice(offset: UInt32(bytes.count), count: UInt32(text.count))
        unsafe bytes.append(contentsOf: text)
        slots[slot] = slice
        count += 1
        if count * 2 > slots.count { grow() }
        return slice
    }

    private func isEqual(_ slice: ByteSlice, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(slice.count) == text.count else { return false }
        return unsafe bytes.withUnsafeBufferPointer { all in
            unsafe all[slice.range].elementsEqual(text)
        }
    }

    private mutating func grow() {
        var larger = [ByteSlice](repeating: .empty, count: slots.count * 2)
        let mask = larger.count - 1
        for slice in slots where !slice.isEmpty {
            var slot = unsafe bytes.withUnsafeBufferPointer { all in
                unsafe Self.hash(UnsafeBufferPointer(rebasing: all[slice.range])) & mask
            }
            while !larger[slot].isEmpty { slot = (slot + 1) & mask }
            larger[slot] = slice
        }
        slots = larger
    }

    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(text))
        return hasher.finalize()
    }
}
