/// How serious a policy is.
public enum PolicyMode: String, Hashable, Sendable, CaseIterable, Codable {
    /// Nothing is checked.
    case off
    /// Checked and recorded; nobody is held up.
    case observe
    /// Checked and told; nobody is held up.
    case warn
    /// What the policy blocks does not happen.
    case enforce
}

/// Where on its way a specification meets a policy.
public enum PolicyStage: String, Hashable, Sendable, CaseIterable, Codable {
    /// When it is submitted for review.
    case submit
    /// When it is published.
    case publish
}

/// What a policy does about a finding; ordered from mild to strict.
public enum PolicyAction: String, Hashable, Sendable, CaseIterable, Codable, Comparable {
    case allow
    case warn
    case block

    private var rank: Int {
        switch self {
        case .allow: 0
        case .warn: 1
        case .block: 2
        }
    }

    /// Orders by strictness.
    public static func < (left: PolicyAction, right: PolicyAction) -> Bool { left.rank < right.rank }
}

/// What a policy does about findings of each severity.
public struct SeverityActions: Hashable, Sendable, Codable {
    /// About errors.
    public var error: PolicyAction
    /// About warnings.
    public var warn: PolicyAction
    /// About information.
    public var info: PolicyAction
    /// About hints.
    public var hint: PolicyAction

    /// Errors block and warnings are told unless something else is said.
    public init(
        error: PolicyAction = .block,
        warn: PolicyAction = .warn,
        info: PolicyAction = .allow,
        hint: PolicyAction = .allow
    ) {
        self.error = error
        self.warn = warn
        self.info = info
        self.hint = hint
    }

    /// By the number of a severity in lint reports: 0 error, 1 warning, 2 information, 3 hint and any other.
    public subscript(severity: Int) -> PolicyAction {
        switch severity {
        case 0: error
        case 1: warn
        case 2: info
        default: hint
        }
    }

    /// The strictest of the four.
    public var strictest: PolicyAction { max(max(error, warn), max(info, hint)) }

    /// What follows from a check.
    ///
    /// - Parameters:
    ///   - outcome: how the check ended. One that could not be carried out never passes: it is treated as the worst that it
    ///     could have found, and is told at least. One that did not apply asks for nothing.
    ///   - severities: numbers of the severities of findings that no waiver covers.
    /// - Returns: the strictest action that any of them asks for.
    public func action(for outcome: LintResult, severities: some Sequence<Int>) -> PolicyAction {
        let asked = severities.reduce(PolicyAction.allow) { max($0, self[$1]) }
        switch outcome {
        case .notApplicable: return .allow
        case .error: return max(asked, strictest == .block ? .block : .warn)
        case .pass, .warn, .fail: return asked
        }
    }
}

/// What a policy does about each stage.
public struct PolicyStages: Hashable, Sendable, Codable {
    /// About submissions.
    public var submit: SeverityActions
    /// About publications.
    public var publish: SeverityActions

    /// The usual actions at both unless something else is said.
    public init(submit: SeverityActions = SeverityActions(), publish: SeverityActions = SeverityActions()) {
        self.submit = submit
        self.publish = publish
    }

    /// The actions at a stage.
    public subscript(stage: PolicyStage) -> SeverityActions {
        switch stage {
        case .submit: submit
        case .publish: publish
        }
    }
}

/// What a policy does about a change that breaks callers and comes without a step of the major version.
public struct BreakingChangeRule: Hashable, Sendable, Codable {
    /// What follows.
    public enum Action: String, Hashable, Sendable, CaseIterable, Codable {
        /// Nothing.
        case allow
        /// It is told.
        case warn
        /// It is refused.
        case block
        /// It needs the approval of one of the people that are named, whoever else approved it.
        case approval
    }

    /// Approvers that a rule names at most.
    public static let approversMax = 50

    /// What follows.
    public var action: Action
    /// Names of members; at least one where the action is `approval`, else none.
    public var approvers: [String]

    /// A rule; allows everything unless something else is said.
    public init(action: Action = .allow, approvers: [String] = []) {
        self.action = action
        self.approvers = approvers
    }
}

/// A ruleset that a policy checks with, fixed to one revision: a newer one is a candidate until the policy adopts it.
public struct PolicyRuleset: Hashable, Sendable, Codable {
    /// A built-in ruleset's name, such as `spectral:oas`, or that of a stored one.
    public var name: String
    /// The stored ruleset's revision; nil for a built-in one, whose content comes with the program.
    public var revision: Int?

    /// Every field as it stands.
    public init(_ name: String, revision: Int? = nil) {
        self.name = name
        self.revision = revision
    }
}

/// What a policy says: all that a decision depends on but the specification and the waivers.
public struct PolicyTerms: Hashable, Sendable, Codable {
    /// Rulesets that a policy binds at most.
    public static let rulesetsMax = 20

    /// Text for people.
    public var title: String
    /// More text for people; may be empty.
    public var description: String
    /// How serious it is.
    public var mode: PolicyMode
    /// The APIs it is about, by their labels.
    public var selector: LabelSelector
    /// What it checks with, each name once.
    public var rulesets: [PolicyRuleset]
    /// What follows from findings.
    public var stages: PolicyStages
    /// What follows from changes that break callers.
    public var breakingChanges: BreakingChangeRule

    /// Every field as it stands.
    public init(
        title: String,
        description: String = "",
        mode: PolicyMode,
        selector: LabelSelector = .everything,
        rulesets: [PolicyRuleset],
        stages: PolicyStages = PolicyStages(),
        breakingChanges: BreakingChangeRule = BreakingChangeRule()
    ) {
        self.title = title
        self.description = description
        self.mode = mode
        self.selector = selector
        self.rulesets = rulesets
        self.stages = stages
        self.breakingChanges = breakingChanges
    }
}

/// A policy: which rulesets hold for which APIs, and what follows where they are broken.
public struct Policy: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: PolicyID
    /// Unique in the organization.
    public var name: String
    /// Counts its changes from 1; decisions name the one they were made under.
    public var revision: Int
    /// What it says.
    public var terms: PolicyTerms
    /// What keeps it; nil for people.
    public var managedBy: String?
    /// When it was made.
    public var createdAt: Moment
    /// When it was changed last.
    public var updatedAt: Moment

    /// Every field as it stands.
    public init(
        id: PolicyID,
        name: String,
        revision: Int,
        terms: PolicyTerms,
        managedBy: String?,
        createdAt: Moment,
        updatedAt: Moment
    ) {
        self.id = id
        self.name = name
        self.revision = revision
        self.terms = terms
        self.managedBy = managedBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Whether it has something to say about an API with these labels.
    public func selects(_ labels: [String: String]) -> Bool { terms.mode != .off && terms.selector.matches(labels) }

    /// What an action comes to under the policy's mode: `observe` only records, `warn` only tells.
    public func effect(of action: PolicyAction) -> PolicyAction { terms.mode.effect(of: action) }
}

extension PolicyMode {
    /// What an action comes to under this mode.
    public func effect(of action: PolicyAction) -> PolicyAction {
        switch self {
        case .off, .observe: .allow
        case .warn: min(action, .warn)
        case .enforce: action
        }
    }
}
