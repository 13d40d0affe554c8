/// What a comparison takes into account besides the two documents.
public struct DiffOptions: Hashable, Sendable {
    /// The day on which the comparison is made, which sunset dates are measured against; nil: no date is too early.
    public var today: CalendarDate?
    /// How many days must lie between ``today`` and the sunset of something that is beta.
    public var minSunsetBetaDays = 0
    /// How many days must lie between ``today`` and the sunset of something that is stable or has no level.
    public var minSunsetStableDays = 0
    /// The least stable operations that are compared: `x-stability-level` below it is left out.
    public var leastStability = StabilityLevel.beta
    /// Whose the parameters of a path item (OpenAPI 3.1.1 section 4.8.9.1) are.
    public var pathItemParameters = PathItemParameters.ofEachOperation
    /// Levels that replace those of ``ChangeTable``, by check; nil as a value switches the check off.
    public var levels: [String: ChangeLevel?] = [:]
    /// What the comparison may cost.
    public var limits = DiffLimits()

    /// The options that hold where a caller does not say otherwise.
    public init() {}
}

/// How the parameters that a path item has for all its operations are compared.
public enum PathItemParameters: Hashable, Sendable, CaseIterable {
    /// As the specification has it: they are parameters of each operation, so that one may move from the path item to the
    /// operations and back without a change.
    case ofEachOperation
    /// Only a parameter that the path item did not have is seen, and one that moves is an added or a removed one. That is what
    /// oasdiff does without its option `--flatten-params`; it is here for those whose lists of accepted changes come from there.
    case addedOnly
}

/// How far an operation or a property is promised to stay (`x-stability-level`).
public enum StabilityLevel: Int, Comparable, Sendable, CaseIterable {
    /// May change at any time.
    case draft = 0
    /// May change with every version.
    case alpha = 1
    /// Changes are announced.
    case beta = 2
    /// Changes break promises.
    case stable = 3

    /// Reads a word as the extension spells it; nil for any other.
    public init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// As the extension spells it.
    public var name: String {
        switch self {
        case .draft: "draft"
        case .alpha: "alpha"
        case .beta: "beta"
        case .stable: "stable"
        }
    }

    /// Orders from least to most stable.
    public static func < (left: StabilityLevel, right: StabilityLevel) -> Bool { left.rawValue < right.rawValue }
}
