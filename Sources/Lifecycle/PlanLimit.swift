/// One limit of a plan: how much an accepted subscription may use in a window.
///
/// A value of this type has been checked: what "never over" means is fixed by its algorithm. A fixed or calendar window
/// admits at most ``amount`` per window; GCRA admits at most `burst + amount / window × time`.
public struct PlanLimit: Hashable, Sendable, Codable {
    /// What a limit is for.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        /// Protects the upstream: short windows, smooth.
        case rate
        /// Says how much was bought: long windows, counted exactly, kept over restarts.
        case quota
    }

    /// Where a fixed window begins.
    public enum Alignment: String, Hashable, Sendable, CaseIterable, Codable {
        /// At multiples of its length since 1970-01-01T00:00:00Z.
        case none
        /// At the calendar's own borders, UTC.
        case calendar
    }

    /// How requests are counted.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable, Codable {
        /// Generic cell rate algorithm: an even stream with a stated burst.
        case gcra
        /// A counter that starts anew with each window.
        case fixedWindow = "fixed"
    }

    /// The name that `RateLimit` fields and problems show: lowercase letters, digits and inner hyphens, 1 … 63.
    public let name: String
    /// Rate or quota.
    public let kind: Kind
    /// Requests per window, 1 … 10¹².
    public let amount: UInt64
    /// The length of the window.
    public let window: LimitWindow
    /// Where a window begins; ``Alignment/none`` with GCRA, which has no windows.
    public let alignment: Alignment
    /// How requests are counted.
    public let algorithm: Algorithm
    /// GCRA: requests that may come at once beyond the even pace, 0 … 10⁹. Fixed windows have none: 0.
    public let burst: UInt64

    /// The most a limit may allow per window.
    public static let amountMax: UInt64 = 1_000_000_000_000
    /// The greatest burst.
    public static let burstMax: UInt64 = 1_000_000_000
    /// The longest name in bytes.
    public static let nameBytesMax = 63
    /// The most limits one plan may have.
    public static let countMax = 20

    /// A checked limit.
    ///
    /// - Parameters:
    ///   - name: shown to clients; see ``name``.
    ///   - kind: rate or quota.
    ///   - amount: requests per window.
    ///   - window: an ISO 8601 duration (``LimitWindow``).
    ///   - alignment: nil chooses ``Alignment/none``.
    ///   - algorithm: nil chooses GCRA for a rate and fixed windows for a quota.
    ///   - burst: required for GCRA (every smoothed limit says its burst); for fixed windows nil or 0.
    /// - Throws: ``InvalidLimit`` with every fault found, in the order of the parameters.
    public init(
        name: String,
        kind: Kind,
        amount: UInt64,
        window: String,
        alignment: Alignment? = nil,
        algorithm: Algorithm? = nil,
        burst: UInt64? = nil
    ) throws(InvalidLimit) {
        let chosenAlgorithm = algorithm ?? (kind == .rate ? .gcra : .fixedWindow)
        let chosenAlignment = alignment ?? .none
        var faults: [InvalidLimit.Fault] = []
        if !Self.isName(name) { faults.append(.name(name)) }
        if amount == 0 || amount > Self.amountMax { faults.append(.amount(amount)) }
        if kind == .quota && chosenAlgorithm == .gcra { faults.append(.quotaBySmoothing) }
        let readWindow = LimitWindow(window)
        if let readWindow {
            faults += Self.faults(
                of: readWindow,
                alignment: chosenAlignment,
                algorithm: chosenAlgorithm,
                amount: amount
            )
        } else {
            faults.append(.window(window))
        }
        if let fault = Self.fault(ofBurst: burst, algorithm: chosenAlgorithm, amount: amount, window: readWindow) {
            faults.append(fault)
        }
        guard faults.isEmpty, let readWindow else { throw InvalidLimit(limit: name, faults: faults) }
        self.name = name
        self.kind = kind
        self.amount = amount
        self.window = readWindow
        self.alignment = chosenAlignment
        self.algorithm = chosenAlgorithm
        self.burst = burst ?? 0
    }

    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...nameBytesMax).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else {
            return false
        }
        return bytes.allSatisfy { byte in
            byte == hyphen || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func faults(
        of window: LimitWindow,
        alignment: Alignment,
        algorithm: Algorithm,
        amount: UInt64
    ) -> [InvalidLimit.Fault] {
        switch (algorithm, alignment) {
        case (.gcra, .calendar):
            return [.alignedSmoothing]
        case (.gcra, .none):
            guard let seconds = window.fixedSeconds else { return [.unalignedCalendar(window.text)] }
            // The emission interval is kept in whole nanoseconds at the gate, so it must be at least one.
            return amount > UInt64(seconds) * 1_000_000_000 ? [.tooFast(amount: amount, window: window.text)] : []
        case (.fixedWindow, .calendar):
            return window.calendarUnit == nil ? [.notACalendarUnit(window.text)] : []
        case (.fixedWindow, .none):
            return window.fixedSeconds == nil ? [.unalignedCalendar(window.text)] : []
        }
    }

    private static func fault(
        ofBurst burst: UInt64?,
        algorithm: Algorithm,
        amount: UInt64,
        window: LimitWindow?
    ) -> InvalidLimit.Fault? {
        switch (algorithm, burst) {
        case (.gcra, nil): return .burstMissing
        case (.fixedWindow, nil): return nil
        case (.fixedWindow, .some(let burst)): return burst == 0 ? nil : .burstOfWindow(burst)
        case (.gcra, .some(let burst)):
            guard burst <= burstMax else { return .burst(burst) }
            // The gate keeps `burst × window / amount` as a time; beyond a year it is no limit and could overflow.
            let seconds = Double(window?.fixedSeconds ?? 1)
            let isTooLong = Double(burst) * seconds > Double(amount) * Double(LimitWindow.secondsMax)
            return isTooLong ? .burstTooLong(burst) : nil
        }
    }
}
