internal import DocumentTree

/// `pathTemplate`: the keys of `paths` are templates that a router can take literally.
///
/// What a router might read in its own way (wildcards, regular expressions, dot segments, encoded separators) is a finding:
/// the gate and the upstream must never understand one path differently.
struct PathTemplateFunction: RuleFunction {
    /// Bytes of a path; longer ones are refused by servers.
    private static let pathBytesMax = 2_048

    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .key(let path)? = target.value, !path.hasPrefix("x-") else { return [] }
        return problems(path).map { Complaint("path `\(Self.excerpt(path))` \($0)") }
    }

    private func problems(_ path: String) -> [String] {
        var problems: [String] = []
        if !path.hasPrefix("/") { problems.append("must start with `/`") }
        if path.utf8.count > Self.pathBytesMax { problems.append("is longer than \(Self.pathBytesMax) bytes") }
        if path.contains("?") { problems.append("must not hold a query") }
        if path.contains("#") { problems.append("must not hold a fragment") }
        if path.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
            problems.append("must not hold spaces or control characters")
        }
        if path.contains("\\") { problems.append("must not hold a backslash") }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        // A slash at the end gives an empty last segment, which another rule is about.
        if segments.dropLast().contains(where: \.isEmpty) { problems.append("must not hold an empty segment") }
        if segments.contains(where: { Self.isDots(String($0)) }) { problems.append("must not hold a dot segment") }
        if Self.hasEncodedSeparator(path) { problems.append("must not hold an encoded slash, dot or NUL") }
        return problems + braceProblems(path)
    }

    private func braceProblems(_ path: String) -> [String] {
        var problems: [String] = []
        var literal = ""
        var rest = Substring(path)
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            literal += rest[..<open]
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else {
                problems.append("has a brace without its partner")
                return problems
            }
            let name = rest[rest.index(after: open)..<close]
            if name.isEmpty {
                problems.append("has a parameter without a name")
            } else if name.contains("{") {
                problems.append("has a brace inside a parameter")
            } else if !name.unicodeScalars.allSatisfy(Self.isNameScalar) {
                problems.append(
                    "has the parameter `{\(Self.excerpt(String(name)))}`, whose name routers may read as more than a name"
                )
            }
            rest = rest[rest.index(after: close)...]
        }
        literal += rest
        if literal.contains("*") { problems.append("must not hold a wildcard") }
        return problems
    }

    /// Letters, digits and `_ - . $ @ ~`: nothing that templates, globs or regular expressions give a meaning.
    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "_-.$@~".unicodeScalars.contains(scalar)
    }

    private static func isDots(_ segment: String) -> Bool {
        guard let first = segment.utf8.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "%") else {
            return false
        }
        let plain = Self.lowercased(segment, decoding: "%2e", as: ".")
        return plain == "." || plain == ".."
    }

    private static func hasEncodedSeparator(_ path: String) -> Bool {
        guard path.utf8.contains(UInt8(ascii: "%")) else { return false }
        let lower = path.lowercased()
        return ["%2f", "%5c", "%00", "%2e"].contains { lower.range(ofText: $0) != nil }
    }

    private static func lowercased(_ text: String, decoding code: String, as character: String) -> String {
        var rest = text.lowercased()
        while let range = rest.range(ofText: code) { rest.replaceSubrange(range, with: character) }
        return rest
    }

    private static func excerpt(_ text: String) -> String {
        text.count > 80 ? String(text.prefix(80)) + "…" : text
    }
}

/// `similarPaths`: no two paths differ only in letter case or by a slash at the end.
struct SimilarPaths: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let paths)? = target.value, context.document.kind(paths) == .mapping else { return [] }
        var seen: [String: String] = [:]
        var complaints: [Complaint] = []
        for place in context.document.children(paths) {
            guard let path = context.document.key(place) else { continue }
            var form = OASPathParam.template(path).normalized.lowercased()
            if form.count > 1, form.hasSuffix("/") { form.removeLast() }
            guard let other = seen[form] else {
                seen[form] = path
                continue
            }
            // Paths that are the same template are another rule's business.
            guard OASPathParam.template(other).normalized != OASPathParam.template(path).normalized else { continue }
            complaints.append(
                Complaint(
                    .none,
                    "paths `\(other)` and `\(path)` differ only in letter case or by a slash at the end",
                    at: Place(node: place, followsReference: false)
                )
            )
        }
        return complaints
    }
}
