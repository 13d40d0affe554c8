internal import RoutingTable

/// A loop's view of one shared counter. The word is shared by all loops (and, for quotas, lies in the ledger's memory
/// map); what surrounds it here is the loop's own.
struct Bucket {
    let rule: LimitRule
    /// The name in `RateLimit` and in problems.
    let name: String
    /// `"name";r=`, ready to be sent.
    let opening: [UInt8]
    private let word: AtomicWord
    /// Whether arrival times are wall-clock times, because they have to be read again after a restart.
    private let isKept: Bool
    private var bounds = CalendarWindow.Bounds(number: 0, start: 0, end: 0)

    init(limit: EntitlementContent.Limit, word: AtomicWord) {
        rule = LimitRule(limit)
        name = limit.name
        opening = Array("\"\(limit.name)\";r=".utf8)
        self.word = word
        isKept = limit.kind == .quota
    }

    /// What one more request would come to, without spending.
    mutating func peek(at now: Moment) -> LimitReading { step(word.load(), now).reading }

    /// Spends one request, if the limit admits it. Exact: the word moves by compare-and-exchange.
    mutating func reserve(at now: Moment) -> LimitReading {
        var value = word.load()
        while true {
            let (reading, next) = step(value, now)
            guard next != value else { return reading }
            let exchange = word.exchange(value, for: next)
            if exchange.exchanged { return reading }
            value = exchange.original
        }
    }

    /// Gives back what ``reserve(at:)`` just spent.
    func refund() {
        var value = word.load()
        while true {
            let next: UInt64
            switch rule.shape {
            case .gcra(let increment, _): next = value &- min(increment, value)
            case .window:
                guard WindowWord.count(value) > 0 else { return }
                next = value &- 1
            }
            let exchange = word.exchange(value, for: next)
            if exchange.exchanged { return }
            value = exchange.original
        }
    }

    @inline(__always)
    private mutating func step(_ word: UInt64, _ now: Moment) -> (reading: LimitReading, next: UInt64) {
        switch rule.shape {
        case .gcra(let increment, let tolerance):
            guard rule.amount > 0 else {
                return (LimitReading(isAdmitted: false, remaining: 0, resetNanoseconds: increment), word)
            }
            let time = isKept ? now.wall : now.monotonic
            return GCRA.step(word: word, now: time, increment: increment, tolerance: tolerance)
        case .window(let window):
            let seconds = now.seconds
            if seconds < bounds.start || seconds >= bounds.end {
                bounds = CalendarWindow.bounds(window, at: seconds)
            }
            let reset = UInt64(max(0, bounds.end)) &* 1_000_000_000 &- now.wall
            return WindowWord.step(word: word, number: bounds.number, amount: rule.amount, resetNanoseconds: reset)
        }
    }
}
