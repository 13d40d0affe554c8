/// Which things are meant, by their labels; the words and their meaning are those of Kubernetes' label selectors, which people
/// know. All requirements must hold; a selector without any means everything.
public struct LabelSelector: Hashable, Sendable, Codable {
    /// How a requirement compares.
    public enum Comparison: String, Hashable, Sendable, CaseIterable, Codable {
        /// The label is there and has one of the values.
        case isIn = "In"
        /// The label is missing or has none of the values.
        case isNotIn = "NotIn"
        /// The label is there, whatever its value.
        case exists = "Exists"
        /// The label is missing.
        case doesNotExist = "DoesNotExist"

        /// Whether the comparison is with values.
        public var takesValues: Bool { self == .isIn || self == .isNotIn }
    }

    /// One of `matchExpressions`.
    public struct Requirement: Hashable, Sendable, Codable {
        /// The label's key.
        public var key: String
        /// How it compares.
        public var comparison: Comparison
        /// What it is compared with; empty where ``Comparison/takesValues`` is false.
        public var values: [String]

        /// Every field as it stands.
        public init(_ key: String, _ comparison: Comparison, _ values: [String] = []) {
            self.key = key
            self.comparison = comparison
            self.values = values
        }

        /// Whether the labels satisfy it.
        public func holds(for labels: [String: String]) -> Bool {
            switch comparison {
            case .isIn: labels[key].map { values.contains($0) } ?? false
            case .isNotIn: labels[key].map { !values.contains($0) } ?? true
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            }
        }

        private enum CodingKeys: String, CodingKey {
            case key
            case comparison = "operator"
            case values
        }
    }

    /// Requirements that a selector has at most.
    public static let requirementsMax = 50
    /// Everything.
    public static let everything = LabelSelector()

    /// Labels that must be there with exactly these values.
    public var matchLabels: [String: String]
    /// More requirements.
    public var matchExpressions: [Requirement]

    /// A selector; without arguments it means everything.
    public init(matchLabels: [String: String] = [:], matchExpressions: [Requirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Whether a thing with these labels is meant.
    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.holds(for: labels) }
    }

    /// A requirement that cannot be meant, with the JSON Pointer of its place inside the selector.
    public struct Fault: Hashable, Sendable {
        /// Such as `/matchExpressions/0/values`.
        public var pointer: String
        /// What is wrong, without a final stop.
        public var what: String
    }

    /// Everything that is wrong with it; empty for one that can be used.
    public var faults: [Fault] {
        var faults: [Fault] = []
        if matchLabels.count + matchExpressions.count > Self.requirementsMax {
            faults.append(Fault(pointer: "", what: "a selector has at most \(Self.requirementsMax) requirements"))
        }
        for (place, requirement) in matchExpressions.enumerated() {
            let pointer = "/matchExpressions/\(place)"
            if requirement.key.isEmpty { faults.append(Fault(pointer: pointer + "/key", what: "the key is empty")) }
            let name = requirement.comparison.rawValue
            if requirement.comparison.takesValues, requirement.values.isEmpty {
                faults.append(Fault(pointer: pointer + "/values", what: "`\(name)` needs at least one value"))
            }
            if !requirement.comparison.takesValues, !requirement.values.isEmpty {
                faults.append(Fault(pointer: pointer + "/values", what: "`\(name)` takes no values"))
            }
        }
        return faults
    }
}
