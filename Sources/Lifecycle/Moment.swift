/// A point in time in UTC, in whole microseconds since 1970-01-01T00:00:00Z: PostgreSQL's own resolution, so that a moment
/// that was stored and read back is equal to the one that was written.
public struct Moment: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// Microseconds since 1970.
    public let microseconds: Int64

    /// Every field as it stands.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter unixSeconds: seconds since 1970, clamped to what microseconds can hold.
    public init(unixSeconds: Int64) {
        let (product, overflow) = unixSeconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? (unixSeconds < 0 ? .min : .max) : product)
    }

    /// Whole seconds since 1970, rounded down, as the gate's artefacts carry them.
    public var unixSeconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The moment `duration` later; saturates at the ends of the range.
    public func advanced(by duration: Duration) -> Moment {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, spill) = microseconds.addingReportingOverflow(scaled)
        guard !overflow, !spill else { return Moment(microseconds: seconds < 0 ? .min : .max) }
        return Moment(microseconds: sum &+ attoseconds / 1_000_000_000_000)
    }

    /// The earlier one is less.
    public static func < (left: Moment, right: Moment) -> Bool { left.microseconds < right.microseconds }

    /// RFC 3339 in UTC, with a fraction only where there is one: `2026-07-01T00:00:00Z`.
    public var description: String { rfc3339 }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Moment(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` is no RFC 3339 time")
        }
        self = moment
    }

    /// Writes the text that ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}
