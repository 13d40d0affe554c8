/// How much a change weighs for those who use the API; the raw values order from worst to least.
public enum ChangeLevel: Int, Comparable, Sendable, CaseIterable {
    /// Breaks callers that do all the older document allowed.
    case error = 0
    /// May break some callers.
    case warning = 1
    /// Breaks nobody.
    case information = 2

    /// As reports, ignore files and severity files spell it: `error`, `warning`, `info`.
    public var name: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .information: "info"
        }
    }

    /// Reads a name as reports spell it; nil for any other word.
    public init?(name: some StringProtocol) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// Orders by weight: `error` is the smallest, so that a sorted list starts with what matters most.
    public static func < (left: ChangeLevel, right: ChangeLevel) -> Bool { left.rawValue < right.rawValue }
}
