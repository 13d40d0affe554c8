internal import DocumentTree

/// What a rule does with the values it is given: the `function` of a rule, with its options read and checked.
protocol RuleFunction: Sendable {
    /// Checks the value and returns what is wrong with it; nothing when it is as it should be.
    ///
    /// - Throws: ``NotEvaluated`` when no answer could be found within the limits.
    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint]
}

/// Why a function gave up; becomes a finding `rule-not-evaluated`.
struct NotEvaluated: Error {
    let reason: String
}

/// A value that a function is asked about, and where it stands.
struct Target {
    /// The value; nil where there is none (`undefined` in the ruleset's language).
    let value: TargetValue?
    let place: Place
}

/// The value of a target.
enum TargetValue {
    /// A node, local references followed where the rule asks for that.
    case node(NodeID)
    /// A key, as `~` and `@key` give it.
    case key(String)
}

/// A place in the document, also one that does not exist yet.
struct Place: Hashable {
    /// The deepest node that exists.
    let node: NodeID
    /// The names that would have to be added under it.
    var missing: [String] = []
    /// Whether a reference at ``node`` leads on to the place that is shown.
    var followsReference = true
}

/// What a function found wrong.
struct Complaint {
    /// How the message begins.
    enum Subject {
        /// With nothing: the text stands alone.
        case none
        /// With the property's name: `"name" property must …`, `The document must …`.
        case property
        /// With the value: `"foo" must …`.
        case value
    }

    let subject: Subject
    let text: String
    /// Where, if not at the target itself.
    let place: Place?

    init(_ subject: Subject, _ text: String, at place: Place? = nil) {
        self.subject = subject
        self.text = text
        self.place = place
    }

    init(_ text: String) { self.init(.none, text) }

    init(_ text: String, at node: NodeID) {
        self.init(.none, text, at: Place(node: node))
    }
}
