internal import DocumentTree

/// `oasTagDefined`: every tag of an operation is defined at the top of the document.
struct OASTagDefined: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        var defined: Set<String> = []
        if let tags = context.child(context.document.rootID, "tags") {
            for (_, tag) in context.children(tags) { context.string(tag, "name").map { _ = defined.insert($0) } }
        }
        var complaints: [Complaint] = []
        for operation in context.operations {
            guard let tags = context.child(operation.node, "tags"), context.document.kind(tags) == .sequence else {
                continue
            }
            for (place, node) in context.children(tags) {
                guard let name = context.document.string(node), !defined.contains(name) else { continue }
                complaints.append(Complaint("Operation tags must be defined in global tags.", at: place))
            }
        }
        return complaints
    }
}

/// `uniquenessTags`: no two tag objects have the same name.
struct UniquenessTags: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let tags)? = target.value, context.document.kind(tags) == .sequence else { return [] }
        var seen: Set<String> = []
        var complaints: [Complaint] = []
        for (_, tag) in context.children(tags) {
            guard let place = context.place(tag, "name"), let name = context.string(tag, "name") else { continue }
            if !seen.insert(name).inserted {
                complaints.append(Complaint("\"tags\" object contains duplicate tag name \"\(name)\".", at: place))
            }
        }
        return complaints
    }
}
