internal import RoutingTable

/// The limits of all subscriptions that a loop has seen, by id.
///
/// A step of the entitlements costs nothing here: whether an entry still holds is asked when it is next used, and entries of
/// subscriptions that are gone are swept a few at a time. In shards, because a table that doubles moves all it holds at once,
/// and a hundred thousand entries would be a pause.
struct LimitSetTable {
    private struct Entry {
        /// When it was last compared with the entitlements.
        var sequence: UInt64
        let set: LimitSet
    }

    /// A power of two; so many that a million entries make shards of a few hundred.
    static let shardCount = 4_096
    private var shards: [[RecordID: Entry]] = Array(repeating: [:], count: shardCount)
    private var nextShard = 0

    /// The limits of a subscription where they are at hand as of a step of the entitlements.
    @inline(__always)
    func known(_ id: RecordID, at sequence: UInt64) -> LimitSet? {
        if let entry = shards[Self.shard(of: id)][id], entry.sequence == sequence { return entry.set }
        return nil
    }

    /// The limits of a subscription, made or made anew.
    mutating func renewed(
        _ id: RecordID,
        _ subscription: SubscriptionIndex,
        in rights: EntitlementSet,
        _ book: BucketBook,
        at now: Moment
    ) -> LimitSet {
        let limits = (0..<rights.limitCount(subscription)).map { rights.limit(subscription, at: $0) }
        let shard = Self.shard(of: id)
        if let entry = shards[shard][id], entry.set.limits == limits {
            shards[shard][id] = Entry(sequence: rights.sequence, set: entry.set)
            return entry.set
        }
        let set = book.limitSet(for: id, limits, at: now)
        shards[shard][id] = Entry(sequence: rights.sequence, set: set)
        return set
    }

    /// Looks through one shard for subscriptions that are gone; called at every tick.
    mutating func sweep(_ rights: EntitlementSet) {
        let shard = nextShard
        nextShard = (nextShard + 1) % Self.shardCount
        for (id, entry) in shards[shard] where entry.sequence != rights.sequence && !rights.holds(subscription: id) {
            shards[shard][id] = nil
        }
    }

    var count: Int { shards.reduce(0) { $0 + $1.count } }

    private static func shard(of id: RecordID) -> Int {
        Int(truncatingIfNeeded: (id.low ^ id.high ^ id.low >> 32)) & (shardCount - 1)
    }
}
