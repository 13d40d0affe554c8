/// How much a request matters when not all can be served. What is refused first comes first.
enum RequestPriority: Int, CaseIterable, Sendable {
    /// Nobody known asks: an anonymous call.
    case anonymous
    /// A known application reads (GET, HEAD, OPTIONS, TRACE: RFC 9110 §9.2.1). It can be asked again and changes nothing.
    case read
    /// A known application changes something. A write that is refused is often half of something.
    case write
}

/// Decides which requests a loop refuses while work waits too long for it. Pure: measurements in, decisions out.
///
/// The signal is how long something that is ready waits until its loop comes to it. The number of requests under way says
/// little (slow upstreams make many that cost nothing), CPU use says nothing about what callers feel, and both need a
/// figure for each machine; a delay does not. As in CoDel (RFC 8289 §3) the least delay of an interval counts: a burst lets
/// the delay rise and fall again, only a standing queue keeps even the least one high. From the second interval with a standing
/// queue on, each refuses some more of the lowest priority, then of the next; every one without takes some of that back.
struct LoadShedder {
    /// RFC 8289 §4.3 gives an interval of 100 ms.
    static let intervalNanoseconds: UInt64 = 100_000_000
    /// Hundredths of the requests of a priority; each priority has its hundred, one after another.
    private static let whole = 100
    /// A part of the highest priority is always served, or nobody would find out that the queue is gone.
    static let cutMax = 290
    private static let stepUp = 10
    private static let stepUpMax = 50
    private static let stepDown = 5

    /// How much is refused, 0 … ``cutMax``: up to 100 of anonymous calls, the next 100 of reads, the rest of writes.
    private(set) var cut = 0
    private let delayMax: UInt64
    private var least: UInt64 = .max
    /// Whether the interval before had a standing queue.
    private var isStanding = false
    private var intervalEnd: UInt64 = 0
    /// What of each priority is left to refuse, so that 30 of 100 are spread and not the first 30.
    private var carry: InlineArray<3, Int> = .init(repeating: 0)

    /// - Parameter delayMaxMilliseconds: a standing delay that is still good; nil refuses nothing ever.
    init(delayMaxMilliseconds: Int?) {
        delayMax = delayMaxMilliseconds.map { UInt64($0) * 1_000_000 } ?? .max
    }

    /// Whether anything is refused: all that a request in good times asks.
    var isShedding: Bool { cut > 0 }

    /// Takes a measurement in.
    ///
    /// - Returns: whether to measure again at once: one measurement above the bound may be chance.
    @discardableResult
    mutating func note(delay: UInt64, at now: UInt64) -> Bool {
        if intervalEnd == 0 { intervalEnd = now &+ Self.intervalNanoseconds }
        least = min(least, delay)
        if now >= intervalEnd {
            settle()
            least = .max
            intervalEnd = now &+ Self.intervalNanoseconds
        }
        // With a bound of 0 every measurement is above it, and the loop would do nothing else.
        return delay > delayMax && delayMax > 0
    }

    private mutating func settle() {
        let wasStanding = isStanding
        isStanding = least > delayMax
        if isStanding {
            guard wasStanding else { return }
            // Far above, faster: at ten times the bound callers are leaving already.
            let times = delayMax == 0 ? 1 : Int(min(least / delayMax, 100))
            cut = min(Self.cutMax, cut + min(Self.stepUpMax, Self.stepUp * times))
        } else if cut > 0, least <= delayMax / 2 {
            cut = max(0, cut - Self.stepDown)
        }
    }

    /// Whether a request is served.
    mutating func admits(_ priority: RequestPriority) -> Bool {
        let share = min(Self.whole, max(0, cut - priority.rawValue * Self.whole))
        guard share > 0 else { return true }
        carry[priority.rawValue] += share
        guard carry[priority.rawValue] >= Self.whole else { return true }
        carry[priority.rawValue] -= Self.whole
        return false
    }

    /// Seconds until it is worth to ask again: longer, the more is refused.
    var retryAfterSeconds: UInt64 { UInt64(1 + cut / Self.whole) }
}
