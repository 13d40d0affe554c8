internal import RoutingTable
internal import Synchronization

/// Which counter: a subscription's limit of one name, shape and window. A new amount or burst keeps the counter; another
/// window or algorithm begins a new one.
struct BucketKey: Hashable, Sendable {
    let subscription: RecordID
    let limit: UInt64

    init(subscription: RecordID, limit: UInt64) {
        self.subscription = subscription
        self.limit = limit
    }

    init(_ subscription: RecordID, _ limit: EntitlementContent.Limit) {
        self.subscription = subscription
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        for byte in limit.name.utf8 { mix(byte) }
        mix(0xFF)
        mix(limit.kind.rawValue)
        mix(limit.algorithm.rawValue)
        switch limit.window {
        case .seconds(let seconds): for shift in 0..<4 { mix(UInt8(truncatingIfNeeded: seconds >> UInt32(shift * 8))) }
        case .calendar(let unit):
            mix(0xFE)
            mix(unit.rawValue)
        }
        self.limit = hash
    }
}

/// All counters of a gateway. Loops ask for a counter once per subscription and entitlement step and then use its word
/// directly; nothing here is on the path of a request. Counters are never given back while the process lives: 8 bytes
/// each, and at most one per limit of every subscription there ever was.
final class BucketBook: Sendable {
    private struct State {
        /// In shards: a table that doubles moves all it holds at once, and the one who waits for it is an event loop.
        var words: [[BucketKey: AtomicWord]] = Array(repeating: [:], count: BucketBook.shardCount)
        var chunks: [WordChunk] = []
        var used = BucketBook.chunkWords
        var overflowed: UInt64 = 0
    }

    private let state = Mutex(State())
    private let ledger: QuotaLedger?

    private static let chunkWords = 1024
    private static let shardCount = 256

    init(ledger: QuotaLedger?) { self.ledger = ledger }

    /// Quotas that are counted in memory only, because the ledger was full.
    var overflowCount: UInt64 { state.withLock { $0.overflowed } }

    /// The limits of a subscription, ready to be asked.
    func limitSet(for subscription: RecordID, _ limits: [EntitlementContent.Limit], at now: Moment) -> LimitSet {
        let buckets = limits.map { limit in
            Bucket(limit: limit, word: word(BucketKey(subscription, limit), limit, at: now))
        }
        return LimitSet(limits, buckets: buckets)
    }

    private func word(_ key: BucketKey, _ limit: EntitlementContent.Limit, at now: Moment) -> AtomicWord {
        let shard = Int(truncatingIfNeeded: key.subscription.low ^ key.subscription.high) & (Self.shardCount - 1)
        return state.withLock { state in
            if let word = state.words[shard][key] { return word }
            let word = kept(key, limit, at: now, &state) ?? Self.fresh(limit, at: now, &state)
            state.words[shard][key] = word
            return word
        }
    }

    private func kept(
        _ key: BucketKey,
        _ limit: EntitlementContent.Limit,
        at now: Moment,
        _ state: inout State
    ) -> AtomicWord? {
        guard limit.kind == .quota, let ledger else { return nil }
        if let word = ledger.word(key, limit, at: now) { return word }
        state.overflowed += 1
        return nil
    }

    private static func fresh(_ limit: EntitlementContent.Limit, at now: Moment, _ state: inout State) -> AtomicWord {
        if state.used == chunkWords {
            state.chunks.append(WordChunk(count: chunkWords))
            state.used = 0
        }
        let word = state.chunks[state.chunks.count - 1][state.used]
        state.used += 1
        word.store(initialWord(limit, at: now))
        return word
    }

    /// The word of a counter that nobody has used: window numbers are compared modulo 2²⁸, so it begins in the present
    /// window and not in window 0.
    static func initialWord(_ limit: EntitlementContent.Limit, at now: Moment) -> UInt64 {
        guard limit.algorithm == .fixedWindow else { return 0 }
        let number = CalendarWindow.bounds(limit.window, at: now.seconds).number & WindowWord.numberMask
        return WindowWord.make(number: number, count: 0)
    }
}
