internal import DocumentTree

/// `checkSecurity`: operations with some methods need credentials, by their own `security` or the document's.
///
/// The name, its options and its places are those of the published OWASP ruleset, so that rulesets written for that one work.
struct CheckSecurity: RuleFunction {
    private let methods: Set<String>
    private let permitsNone: Bool

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"methods\": [\"post\", \"put\"] }, { \"methods\": [\"get\"], \"nullable\": false }"
        let keys = ["schemesPath", "nullable", "methods"]
        let node = try options.mapping(keys: keys, examples: examples, isOptional: true)
        var rejected = OptionsRejected(problems: [])
        for option in ["schemesPath", "methods"] where node?[option].map({ !$0.isSequence }) == true {
            rejected.problems.append(options.wrongType(option, expected: "array"))
        }
        if let value = node?["nullable"], value.boolean == nil {
            rejected.problems.append(options.wrongType("nullable", expected: "boolean"))
        }
        guard rejected.problems.isEmpty else { throw rejected }
        methods = node?["methods"].map { Set($0.elements.compactMap(\.string)) } ?? LintedOperation.methods
        permitsNone = node?["nullable"]?.boolean ?? true
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let shared = context.child(context.document.rootID, "security")
        var complaints: [Complaint] = []
        for operation in context.operations where methods.contains(operation.method) {
            let own = context.child(operation.node, "security")
            guard let security = own ?? shared, context.document.kind(security) == .sequence,
                context.document.childCount(security) > 0
            else {
                complaints.append(Complaint("operation needs no credentials", at: own ?? operation.node))
                continue
            }
            guard !permitsNone else { continue }
            for (place, requirement) in context.children(security)
            where context.document.kind(requirement) == .mapping && context.document.childCount(requirement) == 0 {
                let text = "operation may be called without credentials"
                complaints.append(Complaint(text, at: own == nil ? operation.node : place))
            }
        }
        return complaints
    }
}

/// `differentSecuritySchemes`: what administrators call asks for other credentials than what everybody calls.
struct DifferentSecuritySchemes: RuleFunction {
    private let adminURL: String

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"adminUrl\": \"/admin\" }"
        let node = try options.mapping(keys: ["adminUrl"], examples: examples, isOptional: true)
        if let value = node?["adminUrl"], value.string?.isEmpty != false {
            throw OptionsRejected(problems: [options.wrongType("adminUrl", expected: "string")])
        }
        adminURL = node?["adminUrl"]?.string ?? "/admin"
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        var elsewhere: Set<JSONValue> = []
        var administrative: [(path: String, place: NodeID, requirement: JSONValue)] = []
        for operation in context.operations {
            guard let security = context.child(operation.node, "security") else { continue }
            for (place, node) in context.children(security) where context.document.kind(node) == .mapping {
                let requirement = JSONValue(context.node(node))
                if operation.path.range(ofText: adminURL) != nil {
                    administrative.append((operation.path, place, requirement))
                } else {
                    elsewhere.insert(requirement)
                }
            }
        }
        return administrative.filter { elsewhere.contains($0.requirement) }.map {
            Complaint(
                "`\($0.path)` asks for the same credentials as an operation that is not for administrators",
                at: $0.place
            )
        }
    }
}
