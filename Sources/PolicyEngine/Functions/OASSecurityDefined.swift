internal import DocumentTree

/// `oasSecurityDefined`: a security requirement names schemes, and scopes of them, that the document defines.
struct OASSecurityDefined: RuleFunction {
    private let isVersion2: Bool

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"oasVersion\": 2 }, { \"oasVersion\": 3 }"
        let node = try options.mapping(keys: ["oasVersion"], examples: examples)
        guard let version = node?["oasVersion"]?.integer, version == 2 || version == 3 else {
            throw options.invalid(examples)
        }
        isVersion2 = version == 2
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let requirement)? = target.value, context.document.kind(requirement) == .mapping else {
            return []
        }
        let schemes = schemes(context)
        let isGlobal = context.document.path(target.place.node).first == .key("security")
        let subject = isGlobal ? "API" : "Operation"
        let location = isVersion2 ? "securityDefinitions" : "components.securitySchemes"
        var complaints: [Complaint] = []
        for place in context.document.children(requirement) {
            let name = context.document.key(place) ?? ""
            guard let schemes, let scheme = context.child(schemes, name) else {
                complaints.append(
                    Complaint(
                        "\(subject) \"security\" values must match a scheme defined in the \"\(location)\" object.",
                        at: place
                    )
                )
                continue
            }
            guard context.string(scheme, "type") == "oauth2" else { continue }
            let defined = scopes(of: scheme, context)
            for (scopePlace, scope) in context.children(context.follow(place)) {
                guard let text = context.document.string(scope), !defined.contains(text) else { continue }
                complaints.append(Complaint("\"\(text)\" must be listed among scopes.", at: scopePlace))
            }
        }
        return complaints
    }

    private func schemes(_ context: LintContext) -> NodeID? {
        let root = context.document.rootID
        if isVersion2 { return context.child(root, "securityDefinitions") }
        return context.child(root, "components").flatMap { context.child($0, "securitySchemes") }
    }

    private func scopes(of scheme: NodeID, _ context: LintContext) -> Set<String> {
        func keys(_ owner: NodeID) -> [String] {
            guard let scopes = context.child(owner, "scopes") else { return [] }
            return context.document.children(scopes).compactMap(context.document.key)
        }
        if isVersion2 { return Set(keys(scheme)) }
        guard let flows = context.child(scheme, "flows") else { return [] }
        return Set(context.children(flows).flatMap { keys($0.node) })
    }
}
