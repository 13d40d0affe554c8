/// Writes metrics in the Prometheus text format 0.0.4, which OpenMetrics readers accept too.
public struct PrometheusText: Sendable {
    /// The media type of ``text``.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What has been written so far.
    public private(set) var text = ""

    /// What a metric is, as its `# TYPE` line says.
    public enum Kind: String, Sendable {
        /// Only grows while the process lives.
        case counter
        /// Goes up and down.
        case gauge
        /// Cumulative buckets with a sum and a count.
        case histogram
    }

    /// Makes an empty text.
    public init() {}

    /// Starts a metric: its `# HELP` and `# TYPE` lines, once and before its samples.
    public mutating func begin(_ name: String, _ kind: Kind, help: String) {
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// One sample without labels.
    public mutating func sample(_ name: String, _ value: UInt64) { sample(name, [], value) }

    /// One sample with its labels in the order given.
    public mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
        text += "\(name)\(Self.render(labels)) \(value)\n"
    }

    /// One sample with a fraction, for seconds.
    public mutating func sample(_ name: String, _ labels: [(String, String)] = [], seconds value: Double) {
        text += "\(name)\(Self.render(labels)) \(value)\n"
    }

    /// The samples of a duration histogram: `_bucket` for every border, `_sum` in seconds and `_count`.
    public mutating func histogram(_ name: String, _ labels: [(String, String)], _ reading: DurationHistogram.Reading) {
        var total: UInt64 = 0
        for (index, border) in DurationHistogram.bordersNanoseconds.enumerated() {
            total &+= reading.counts[index]
            sample("\(name)_bucket", labels + [("le", Self.seconds(border))], total)
        }
        sample("\(name)_bucket", labels + [("le", "+Inf")], reading.count)
        sample("\(name)_sum", labels, seconds: Double(reading.sumNanoseconds) / 1e9)
        sample("\(name)_count", labels, reading.count)
    }

    /// Nanoseconds as decimal seconds without trailing zeros: `0.0025`, `10`.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let whole = nanoseconds / 1_000_000_000
        var fraction = String(nanoseconds % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
    }

    private static func render(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.0)=\"\(escape($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func escape(_ value: String, quotes: Bool) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n", "\r\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
