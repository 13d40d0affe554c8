internal import DocumentTree

/// `oasPathParam`: what stands in braces in a path and what is declared as a path parameter are the same, and no two paths are
/// the same template.
struct OASPathParam: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let paths)? = target.value, context.document.kind(paths) == .mapping else { return [] }
        var templates: [String: String] = [:]
        var complaints: [Complaint] = []
        for place in context.document.children(paths) {
            let path = context.document.key(place) ?? ""
            let (normalized, names) = Self.template(path)
            if let equivalent = templates[normalized] {
                complaints.append(
                    Self.here("Paths \"\(equivalent)\" and \"\(path)\" must not be equivalent.", place)
                )
            } else {
                templates[normalized] = path
            }
            var expected: Set<String> = []
            for name in names where !expected.insert(name).inserted {
                complaints.append(
                    Self.here("Path \"\(path)\" must not use parameter \"{\(name)}\" multiple times.", place)
                )
            }
            check(context.follow(place), path, expected, context, &complaints)
        }
        return complaints
    }

    private func check(
        _ item: NodeID,
        _ path: String,
        _ expected: Set<String>,
        _ context: LintContext,
        _ complaints: inout [Complaint]
    ) {
        guard context.document.kind(item) == .mapping else { return }
        let shared = declared(in: item, path, context, &complaints)
        for place in context.document.children(item) {
            guard let method = context.document.key(place), LintedOperation.methods.contains(method) else { continue }
            let operation = context.follow(place)
            guard context.document.kind(operation) == .mapping else { continue }
            let own = declared(in: operation, path, context, &complaints)
            let all = shared.merging(own) { _, own in own }
            for (name, parameter) in all.sorted(by: { $0.value.rawValue < $1.value.rawValue })
            where !expected.contains(name) {
                complaints.append(Self.here("Parameter \"\(name)\" must be used in path \"\(path)\".", parameter))
            }
            for name in expected.sorted() where all[name] == nil {
                complaints.append(
                    Self.here("Operation must define parameter \"{\(name)}\" as expected by path \"\(path)\".", place)
                )
            }
        }
    }

    /// The path parameters declared on a path item or an operation, by name, with what is wrong with each.
    private func declared(
        in owner: NodeID,
        _ path: String,
        _ context: LintContext,
        _ complaints: inout [Complaint]
    ) -> [String: NodeID] {
        guard let parameters = context.child(owner, "parameters"), context.document.kind(parameters) == .sequence else {
            return [:]
        }
        var declared: [String: NodeID] = [:]
        for (place, node) in context.children(parameters) {
            guard context.string(node, "in") == "path", let name = context.string(node, "name") else { continue }
            if context.child(node, "required").flatMap(context.document.boolean) != true {
                complaints.append(
                    Complaint(
                        "Path parameter \"\(name)\" must have \"required\" property that is set to \"true\".",
                        at: place
                    )
                )
            }
            if declared[name] != nil {
                complaints.append(Self.here("Path parameter \"\(name)\" must not be defined multiple times.", place))
            }
            declared[name] = place
        }
        return declared
    }

    private static func here(_ text: String, _ place: NodeID) -> Complaint {
        Complaint(.none, text, at: Place(node: place, followsReference: false))
    }

    /// The path with its parameters made anonymous, and their names in order.
    ///
    /// `{;name}`, `{?name}` and `{name*}` count as `name`; braces around anything else stay text.
    static func template(_ path: String) -> (normalized: String, names: [String]) {
        if !path.utf8.contains(UInt8(ascii: "{")) { return (path, []) }
        var normalized = ""
        var names: [String] = []
        var rest = Substring(path)
        while let open = rest.firstIndex(of: "{") {
            normalized += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}") else {
                return (normalized + rest[open...], names)
            }
            let inner = rest[rest.index(after: open)..<close]
            let name = inner.filter { !";?*".contains($0) }
            let isName = !name.isEmpty && name.unicodeScalars.allSatisfy(isNameScalar)
            if isName { names.append(name) }
            normalized += isName ? "%" : String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return (normalized + rest, names)
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
        case _ where scalar.isASCII: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
