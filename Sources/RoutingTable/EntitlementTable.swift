/// One level of the entitlements as flat columns: the large base, or the small overlay of what changed since.
///
/// Credentials are found by the SHA-256 of the key in an open-addressed table. Its slots are chosen with two random
/// numbers made for each table, so that nobody can pick hashes that crowd one place.
final class EntitlementTable: Sendable {
    let arena: [UInt8]
    /// Ascending by id.
    let applications: [ApplicationRecord]
    /// Ascending by id, and the hashes of their keys row for row.
    let credentials: [CredentialRecord]
    let digests: [Digest32]
    /// Row plus one; 0 for an empty slot. A power of two, at most half full.
    let slots: [UInt32]
    let seed: (UInt64, UInt64)
    /// Ascending by application, API, major and id.
    let subscriptions: [SubscriptionRecord]
    /// Their rows, ascending by id.
    let subscriptionsByID: [UInt32]
    let terms: [TermsRecord]
    let limits: [EntitlementContent.Limit]
    let slices: [ByteSlice]
    let apiNames: [String]
    let pins: [PinRecord]
    let pinTargets: [PinTarget]

    init(_ builder: consuming EntitlementTableBuilder) throws(InvalidContent) {
        let columns = try builder.finish()
        arena = columns.arena
        applications = columns.applications
        credentials = columns.credentials
        digests = columns.digests
        subscriptions = columns.subscriptions
        subscriptionsByID = columns.subscriptionsByID
        terms = columns.terms
        limits = columns.limits
        slices = columns.slices
        apiNames = columns.apiNames
        pins = columns.pins
        pinTargets = columns.pinTargets
        var generator = SystemRandomNumberGenerator()
        let seed = (generator.next(), generator.next())
        self.seed = seed
        var size = 2
        while size < columns.digests.count * 2 { size *= 2 }
        var slots = [UInt32](repeating: 0, count: size)
        for (row, digest) in columns.digests.enumerated() {
            var slot = Self.slot(of: digest, seed: seed, mask: size - 1)
            while slots[slot] != 0 {
                guard columns.digests[Int(slots[slot]) - 1] != digest else {
                    throw InvalidContent(
                        "credential \(columns.credentials[row].id)",
                        "another credential has the same key"
                    )
                }
                slot = (slot + 1) & (size - 1)
            }
            slots[slot] = UInt32(row + 1)
        }
        self.slots = slots
    }

    @inline(always)
    static func slot(of digest: Digest32, seed: (UInt64, UInt64), mask: Int) -> Int {
        let product = (digest.word0 ^ seed.0).multipliedFullWidth(by: digest.word1 ^ seed.1)
        return Int(truncatingIfNeeded: product.high ^ product.low) & mask
    }

    /// Row of the credential with this hash, or nil. No allocation.
    func credential(_ digest: Digest32) -> Int? {
        let slots = self.slots
        let digests = self.digests
        let row = findCredential(slots: slots.span, digests: digests.span, digest: digest, seed: seed)
        return row < 0 ? nil : row
    }

    /// Row of the credential with this id; O(log n).
    func credential(id: RecordID) -> Int? {
        Self.search(credentials.count) {
            credentials[$0].id < id
        } found: {
            credentials[$0].id == id
        }
    }

    /// Row of the application with this id, stubs included; O(log n).
    func application(id: RecordID) -> Int? {
        Self.search(applications.count) {
            applications[$0].id < id
        } found: {
            applications[$0].id == id
        }
    }

    /// Row of the subscription with this id; O(log n).
    func subscription(id: RecordID) -> Int? {
        let found = Self.search(subscriptions.count) {
            subscriptions[Int(subscriptionsByID[$0])].id < id
        } found: {
            subscriptions[Int(subscriptionsByID[$0])].id == id
        }
        return found.map { Int(subscriptionsByID[$0]) }
    }

    /// Row of the application that a subscription belongs to; O(log n).
    func application(ofSubscription row: Int) -> Int? {
        Self.search(applications.count) { position in
            let range = applications[position].subscriptions
            return Int(range.first) + Int(range.count) <= row
        } found: {
            applications[$0].subscriptions.contains(UInt32(row))
        }
    }

    func string(_ slice: ByteSlice) -> String {
        String(decoding: arena[slice.range], as: UTF8.self)
    }

    private static func search(
        _ count: Int,
        isBefore: (Int) -> Bool,
        found: (Int) -> Bool
    ) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low < count && found(low) ? low : nil
    }
}

/// Row of a hash, or -1. Every candidate is compared over all its 32 bytes.
@_noAllocation @_noLocks
private func findCredential(
    slots: borrowing Span<UInt32>,
    digests: borrowing Span<Digest32>,
    digest: Digest32,
    seed: (UInt64, UInt64)
) -> Int {
    let mask = slots.count &- 1
    let product = (digest.word0 ^ seed.0).multipliedFullWidth(by: digest.word1 ^ seed.1)
    var slot = Int(truncatingIfNeeded: product.high ^ product.low) & mask
    while true {
        let entry = slots[slot]
        if entry == 0 { return -1 }
        let row = Int(entry) &- 1
        let candidate = digests[row]
        let difference =
            (candidate.word0 ^ digest.word0) | (candidate.word1 ^ digest.word1)
            | (candidate.word2 ^ digest.word2) | (candidate.word3 ^ digest.word3)
        if difference == 0 { return row }
        slot = (slot &+ 1) & mask
    }
}
