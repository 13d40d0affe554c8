/// A limit that cannot be kept as written, with everything that is wrong with it.
public struct InvalidLimit: Error, Hashable, Sendable {
    /// One thing that is wrong. Messages say what was expected and offer one fix.
    public enum Fault: Hashable, Sendable {
        /// The name has other characters than lowercase letters, digits and inner hyphens, or a wrong length.
        case name(String)
        /// Zero or more than 10¹².
        case amount(UInt64)
        /// Not an ISO 8601 duration that a limit can have.
        case window(String)
        /// A window that the calendar has no unit for, with `align: calendar`.
        case notACalendarUnit(String)
        /// A month or a year without `align: calendar`.
        case unalignedCalendar(String)
        /// `align: calendar` together with GCRA.
        case alignedSmoothing
        /// A quota counted by GCRA.
        case quotaBySmoothing
        /// More than one request per nanosecond.
        case tooFast(amount: UInt64, window: String)
        /// GCRA without a burst.
        case burstMissing
        /// A burst of more than 10⁹.
        case burst(UInt64)
        /// A burst for a fixed window, which has none.
        case burstOfWindow(UInt64)
        /// A burst that takes more than 366 days to earn back.
        case burstTooLong(UInt64)

        /// The member of the limit that is at fault: `name`, `amount`, `window`, `align`, `algorithm` or `burst`.
        public var field: String {
            switch self {
            case .name: "name"
            case .amount, .tooFast: "amount"
            case .window, .notACalendarUnit: "window"
            case .unalignedCalendar, .alignedSmoothing: "align"
            case .quotaBySmoothing: "algorithm"
            case .burstMissing, .burst, .burstOfWindow, .burstTooLong: "burst"
            }
        }

        /// What is wrong and what to write instead.
        public var message: String {
            switch self {
            case .name(let name):
                "`\(name)` is not a limit's name; use 1 to 63 lowercase letters, digits and inner hyphens"
            case .amount(let amount):
                "the amount is \(amount); it must be 1 to \(PlanLimit.amountMax)"
            case .window(let text):
                "`\(text)` is not a window; write an ISO 8601 duration such as `PT1S`, `PT15M`, `P1D` or `P1M`"
            case .notACalendarUnit(let text):
                "`\(text)` is not one calendar unit; with `align: calendar` use `PT1M`, `PT1H`, `P1D`, `P1W`, `P1M` or `P1Y`"
            case .unalignedCalendar(let text):
                "`\(text)` has no fixed length; add `align: calendar` with `algorithm: fixed`, or count days"
            case .alignedSmoothing:
                "`gcra` has no windows to align; leave out `align: calendar` or use `algorithm: fixed`"
            case .quotaBySmoothing:
                "a quota is counted exactly; use `algorithm: fixed` or `kind: rate`"
            case .tooFast(let amount, let window):
                "\(amount) in `\(window)` is more than one a nanosecond; lower the amount"
            case .burstMissing:
                "`gcra` needs a `burst`: how many requests may come at once beyond the even pace (0 for none)"
            case .burst(let burst):
                "the burst is \(burst); it is at most \(PlanLimit.burstMax)"
            case .burstOfWindow(let burst):
                "the burst is \(burst), but a fixed window has none; leave it out or use `algorithm: gcra`"
            case .burstTooLong(let burst):
                "a burst of \(burst) takes more than 366 days to earn back at this rate; lower it"
            }
        }
    }

    /// The name of the limit as given.
    public let limit: String
    /// At least one fault.
    public let faults: [Fault]
}
