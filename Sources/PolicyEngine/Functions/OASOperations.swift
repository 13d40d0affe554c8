internal import DocumentTree

/// `oasOpSuccessResponse`: an operation's responses hold one that says it worked.
struct OASOpSuccessResponse: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let responses)? = target.value, context.document.kind(responses) == .mapping else { return [] }
        let permitsRanges = context.formats.contains(.oas3)
        for child in context.document.children(responses) {
            let key = context.document.key(child) ?? ""
            if permitsRanges, key == "2XX" || key == "3XX" { return [] }
            if let status = Int(key), (200..<400).contains(status) { return [] }
        }
        return [Complaint("operation must define at least a single 2xx or 3xx response")]
    }
}

/// `oasOpIdUnique`: no two operations have the same `operationId`.
struct OASOpIdUnique: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        var seen: Set<String> = []
        var complaints: [Complaint] = []
        var visited: Set<NodeID> = []
        for operation in context.operations where visited.insert(operation.node).inserted {
            guard let place = context.place(operation.node, "operationId"),
                let name = context.document.string(context.follow(place))
            else { continue }
            if !seen.insert(name).inserted { complaints.append(Complaint("operationId must be unique", at: place)) }
        }
        return complaints
    }
}

/// `oasOpFormDataConsumeCheck`: an OpenAPI 2.0 operation with form parameters consumes a form.
struct OASOpFormDataConsumeCheck: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let operation)? = target.value, let parameters = context.child(operation, "parameters") else {
            return []
        }
        let hasForm = context.children(parameters).contains { context.string($0.node, "in") == "formData" }
        guard hasForm else { return [] }
        let consumed = context.child(operation, "consumes").map { consumes in
            context.children(consumes).compactMap { context.document.string($0.node) }
        }
        let isForm = consumed?.contains {
            $0.hasPrefix("application/x-www-form-urlencoded") || $0.hasPrefix("multipart/form-data")
        }
        guard isForm != true else { return [] }
        return [
            Complaint(
                "consumes must include urlencoded, multipart, or form-data media type when using formData parameter"
            )
        ]
    }
}

/// `oasOpParams`: the parameters of one operation do not repeat and do not contradict each other.
struct OASOpParams: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let parameters)? = target.value, context.document.kind(parameters) == .sequence else {
            return []
        }
        var seen: Set<String> = []
        var bodies: [NodeID] = []
        var hasForm = false
        var complaints: [Complaint] = []
        for (place, node) in context.children(parameters) {
            guard context.document.kind(node) == .mapping, let location = context.string(node, "in") else { continue }
            if location == "formData" { hasForm = true }
            if location == "body" { bodies.append(place) }
            guard let name = context.string(node, "name") else { continue }
            if !seen.insert("\(location)\u{0}\(name)").inserted {
                complaints.append(
                    complaint(
                        "A parameter in this operation already exposes the same combination of \"name\" and \"in\" values.",
                        place
                    )
                )
            }
        }
        for place in bodies.dropFirst() {
            complaints.append(
                complaint("Operation must not have more than a single instance of the \"in:body\" parameter.", place)
            )
        }
        if hasForm, !bodies.isEmpty {
            complaints.append(Complaint("Operation must not have both \"in:body\" and \"in:formData\" parameters."))
        }
        return complaints
    }

    /// About the entry in the list: the shared parameter it may refer to is not what is wrong.
    private func complaint(_ text: String, _ place: NodeID) -> Complaint {
        Complaint(.none, text, at: Place(node: place, followsReference: false))
    }
}
