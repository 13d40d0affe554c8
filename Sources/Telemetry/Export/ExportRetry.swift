/// What becomes of one batch: decides after every answer of the collector, does nothing itself.
///
/// OTLP/HTTP, "Failures": 429, 502, 503 and 504 are to be tried again, later each time and not before `Retry-After` says so;
/// every other answer that is no success means the batch is no good.
public struct ExportRetry: Sendable {
    /// What to do next.
    public enum Step: Hashable, Sendable {
        /// The collector has it.
        case done
        /// Send it again after so many milliseconds.
        case again(afterMilliseconds: Int)
        /// Give it up: refused, or its time is over.
        case giveUp
    }

    private let endsAt: Int64
    private var pauseMilliseconds = 1_000

    /// - Parameter endsAt: when the batch is given up, in milliseconds of the clock that ``judge(status:retryAfter:now:random:)``
    ///   is told.
    public init(endsAt: Int64) { self.endsAt = endsAt }

    /// Longest pause that the batch's own steps lead to, in milliseconds.
    public static let pauseMillisecondsMax = 16_000

    /// Judges one try.
    ///
    /// - Parameters:
    ///   - status: the answer's; nil where none came.
    ///   - retryAfter: that field of the answer: seconds, or a date.
    ///   - now: milliseconds since 1970.
    ///   - random: 0 …< 1, so that many gateways do not come back in step.
    /// - Returns: what to do next.
    public mutating func judge(status: Int?, retryAfter: String?, now: Int64, random: Double) -> Step {
        if let status {
            if (200..<300).contains(status) { return .done }
            guard [429, 502, 503, 504].contains(status) else { return .giveUp }
        }
        var pause = Int(Double(pauseMilliseconds) * (0.5 + random / 2))
        pauseMilliseconds = min(2 * pauseMilliseconds, Self.pauseMillisecondsMax)
        if let asked = retryAfter.flatMap({ Self.milliseconds($0, now: now) }) { pause = max(pause, asked) }
        guard now + Int64(pause) < endsAt else { return .giveUp }
        return .again(afterMilliseconds: pause)
    }

    /// What `Retry-After` asks for (RFC 9110 §10.2.3); nil where it is malformed.
    static func milliseconds(_ field: String, now: Int64) -> Int? {
        if let seconds = Int(field) { return seconds >= 0 && seconds < 1 << 31 ? seconds * 1000 : nil }
        guard let date = UTCTime.seconds(httpDate: field) else { return nil }
        return Int(max(0, date * 1000 - now))
    }
}
