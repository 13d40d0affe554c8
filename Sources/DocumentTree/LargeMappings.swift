/// One hash table for the children of all large mappings of a document, so that a look-up by key never depends on the
/// size of the mapping. Small mappings are scanned: comparing sixteen integers costs less than a hash.
enum LargeMappings {
    /// Mappings with more children than this are in the table.
    static let threshold: Int32 = 16

    /// Builds the table: open addressing over node indices, at most half full, -1 = free.
    static func slots(for records: [NodeRecord]) -> [Int32] {
        var entries = 0
        for record in records where record.kind == .mapping && record.childCount > threshold {
            entries += Int(record.childCount)
        }
        guard entries > 0 else { return [] }
        var size = 64
        while size < entries * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (parent, record) in records.enumerated() where record.kind == .mapping && record.childCount > threshold {
            var child = record.firstChild
            while child >= 0 {
                var slot = hash(Int32(parent), records[Int(child)].key) & (size - 1)
                while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
                slots[slot] = child
                child = records[Int(child)].nextSibling
            }
        }
        return slots
    }

    /// The child of a large mapping under a key.
    static func find(parent: Int32, key: Int32, in slots: [Int32], _ records: [NodeRecord]) -> NodeID? {
        var slot = hash(parent, key) & (slots.count - 1)
        while slots[slot] >= 0 {
            let record = records[Int(slots[slot])]
            if record.parent == parent, record.key == key { return NodeID(rawValue: slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Mixes two indices (finaliser of MurmurHash3); both are made by us, so nobody outside can aim at collisions.
    private static func hash(_ parent: Int32, _ key: Int32) -> Int {
        var mixed = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: key))
        mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return Int((mixed ^ (mixed >> 33)) >> 1)
    }
}
