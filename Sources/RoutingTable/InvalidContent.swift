/// Content that cannot be routed or enforced: the writer's mistake, or a damaged artifact with a good checksum.
public struct InvalidContent: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it is about, for example "api `orders`, version `1.2.0`".
    public let place: String
    /// What is wrong and what was expected.
    public let reason: String

    init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "\(place): \(reason)" }
}
