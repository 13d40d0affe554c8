/// `spec` of a `Ruleset`.
public struct RulesetSpec: Hashable, Sendable {
    /// Text for people.
    public var title: String?
    /// The ruleset in Spectral's format, in a file or inside the manifest.
    public var definition: APIVersionSpec.Definition
    /// Why it changes.
    public var message: String?

    /// Every field as it stands.
    public init(title: String? = nil, definition: APIVersionSpec.Definition, message: String? = nil) {
        self.title = title
        self.definition = definition
        self.message = message
    }
}

/// `spec` of a `Policy`.
public struct PolicySpec: Hashable, Sendable {
    /// How serious it is.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        case off
        case observe
        case warn
        case enforce
    }

    /// What it does about a finding.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case allow
        case warn
        case block
    }

    /// What it does about changes that break callers.
    public enum BreakingAction: String, Hashable, Sendable, CaseIterable {
        case allow
        case warn
        case block
        case approval
    }

    /// How a requirement of the selector compares.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
    }

    /// One of `selector.matchExpressions`.
    public struct Requirement: Hashable, Sendable {
        public var key: String
        public var comparison: Comparison
        public var values: [String]

        /// Every field as it stands.
        public init(key: String, comparison: Comparison, values: [String] = []) {
            self.key = key
            self.comparison = comparison
            self.values = values
        }
    }

    /// One of `rulesets`: a name, with the revision that is to be in force; nil keeps the one that is, else takes the newest.
    public struct Binding: Hashable, Sendable {
        public var name: String
        public var revision: Int?

        /// Every field as it stands.
        public init(name: String, revision: Int? = nil) {
            self.name = name
            self.revision = revision
        }
    }

    /// What it does about findings of each severity; nil: as usual.
    public struct Actions: Hashable, Sendable {
        public var error: Action?
        public var warn: Action?
        public var info: Action?
        public var hint: Action?

        /// Every field as it stands.
        public init(error: Action? = nil, warn: Action? = nil, info: Action? = nil, hint: Action? = nil) {
            self.error = error
            self.warn = warn
            self.info = info
            self.hint = hint
        }
    }

    public var title: String?
    public var description: String?
    public var mode: Mode
    public var matchLabels: [String: String]
    public var matchExpressions: [Requirement]
    public var rulesets: [Binding]
    public var submit: Actions
    public var publish: Actions
    public var breakingAction: BreakingAction
    public var breakingApprovers: [String]

    /// A policy; it observes unless something else is said.
    public init(
        title: String? = nil,
        description: String? = nil,
        mode: Mode = .observe,
        matchLabels: [String: String] = [:],
        matchExpressions: [Requirement] = [],
        rulesets: [Binding] = [],
        submit: Actions = Actions(),
        publish: Actions = Actions(),
        breakingAction: BreakingAction = .allow,
        breakingApprovers: [String] = []
    ) {
        self.title = title
        self.description = description
        self.mode = mode
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
        self.rulesets = rulesets
        self.submit = submit
        self.publish = publish
        self.breakingAction = breakingAction
        self.breakingApprovers = breakingApprovers
    }
}
