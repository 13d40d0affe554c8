/// An ISO 8601 duration such as `PT1M30S`, `PT0.5S` or `P1M`. Only seconds may have a fraction, of at most three digits.
public struct ISODuration: Hashable, Sendable {
    /// From `Y` and `M` before the `T`, in months. Their length depends on the date.
    public let months: Int
    /// From all other parts.
    public let milliseconds: Int

    /// Reads `P[nY][nM][nW][nD][T[nH][nM][nS]]` with at least one part; nil for anything else and beyond a hundred years.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        guard bytes.popFirst() == UInt8(ascii: "P"), !bytes.isEmpty else { return nil }
        var months = 0
        var milliseconds = 0
        var inTime = false
        var rank = -1
        while !bytes.isEmpty {
            if bytes.first == UInt8(ascii: "T"), !inTime {
                inTime = true
                bytes.removeFirst()
                rank = max(rank, 3)
                guard !bytes.isEmpty else { return nil }
            }
            let digits = bytes.prefix { (0x30...0x39).contains($0) }
            guard (1...10).contains(digits.count), let number = Int(String(decoding: digits, as: UTF8.self)) else {
                return nil
            }
            bytes = bytes.dropFirst(digits.count)
            let fraction =
                bytes.first == UInt8(ascii: ".") ? bytes.dropFirst().prefix { (0x30...0x39).contains($0) } : []
            if bytes.first == UInt8(ascii: ".") {
                guard (1...3).contains(fraction.count) else { return nil }
                bytes = bytes.dropFirst(1 + fraction.count)
                guard inTime, bytes.first == UInt8(ascii: "S") else { return nil }
            }
            guard let unit = bytes.popFirst(), let part = Self.part(unit, inTime: inTime), part.rank > rank else {
                return nil
            }
            rank = part.rank
            if part.isMonths { months += number * part.factor } else { milliseconds += number * part.factor * 1_000 }
            milliseconds += zip(fraction, [100, 10, 1]).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        }
        guard months <= 1_200, milliseconds <= 36_525 * 86_400_000 else { return nil }
        self.months = months
        self.milliseconds = milliseconds
    }

    /// The duration in milliseconds; nil when it has months or years.
    public var fixedMilliseconds: Int? { months == 0 ? milliseconds : nil }

    private static func part(_ unit: UInt8, inTime: Bool) -> (rank: Int, factor: Int, isMonths: Bool)? {
        switch (unit, inTime) {
        case (UInt8(ascii: "Y"), false): (0, 12, true)
        case (UInt8(ascii: "M"), false): (1, 1, true)
        case (UInt8(ascii: "W"), false): (2, 604_800, false)
        case (UInt8(ascii: "D"), false): (3, 86_400, false)
        case (UInt8(ascii: "H"), true): (4, 3_600, false)
        case (UInt8(ascii: "M"), true): (5, 60, false)
        case (UInt8(ascii: "S"), true): (6, 1, false)
        default: nil
        }
    }
}
