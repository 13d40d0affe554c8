internal import DocumentTree

/// `serverVariables`: the variables of a server are those of its URL, and every value they may take gives a URL.
struct ServerVariables: RuleFunction {
    private let checksSubstitutions: Bool
    private let requiresDefault: Bool

    /// How many bad URLs are named, and how many substitutions are tried at most.
    private static let shownMax = 5
    private static let substitutionsMax = 10_000

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let node = try options.mapping(
            keys: ["checkSubstitutions", "requireDefault"],
            examples: "null (no options), { \"checkSubstitutions\": true, \"requireDefault\": true }",
            isOptional: true
        )
        for option in ["checkSubstitutions", "requireDefault"] {
            if let value = node?[option], value.boolean == nil {
                throw OptionsRejected(problems: [options.wrongType(option, expected: "boolean")])
            }
        }
        checksSubstitutions = node?["checkSubstitutions"]?.boolean == true
        requiresDefault = node?["requireDefault"]?.boolean == true
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let server)? = target.value, let url = context.string(server, "url") else { return [] }
        let document = context.document
        let names = Self.names(in: url)
        let variables = context.child(server, "variables").flatMap { document.kind($0) == .mapping ? $0 : nil }
        let defined = variables.map { Array(document.children($0)) } ?? []
        let definedNames = Set(defined.compactMap(document.key))
        var complaints: [Complaint] = []
        for place in defined where !names.contains(document.key(place) ?? "") {
            complaints.append(
                Complaint(
                    "Server's \"variables\" object has unused defined \"\(document.key(place) ?? "")\" url variable.",
                    at: place
                )
            )
        }
        guard !names.isEmpty else { return complaints }
        let variablesPlace = variables.map { Place(node: $0) } ?? Place(node: server, missing: ["variables"])
        let missing = names.filter { !definedNames.contains($0) }
        if !missing.isEmpty {
            let list = missing.joined(separator: ", ")
            complaints.append(
                Complaint(
                    .none,
                    "Not all server's variables are described with \"variables\" object. Missed: \(list).",
                    at: variablesPlace
                )
            )
        }
        var choices: [(name: String, values: [String])] = []
        for place in defined where names.contains(document.key(place) ?? "") {
            choices.append(choice(place, context, &complaints))
        }
        if checksSubstitutions, !choices.isEmpty {
            complaints += substitutionComplaints(url, choices, variablesPlace)
        }
        return complaints
    }

    private func choice(
        _ place: NodeID,
        _ context: LintContext,
        _ complaints: inout [Complaint]
    ) -> (name: String, values: [String]) {
        let document = context.document
        let name = document.key(place) ?? ""
        let variable = context.follow(place)
        let fallback = context.child(variable, "default")
        if requiresDefault, fallback == nil {
            complaints.append(Complaint("Server Variable \"\(name)\" has a missing default.", at: place))
        }
        guard let list = context.child(variable, "enum"), document.kind(list) == .sequence else {
            return (name, [fallback.flatMap(document.scalarText) ?? ""])
        }
        let values = context.children(list).compactMap { document.scalarText($0.node) }
        if let fallback, let text = document.scalarText(fallback), !values.contains(text) {
            complaints.append(
                Complaint("Server Variable \"\(name)\" has a default not listed in the enum.", at: fallback)
            )
        }
        return (name, values)
    }

    private func substitutionComplaints(
        _ url: String,
        _ choices: [(name: String, values: [String])],
        _ place: Place
    ) -> [Complaint] {
        var invalid: [String] = []
        var tried = 0
        func substitute(_ text: String, _ rest: ArraySlice<(name: String, values: [String])>) {
            guard invalid.count < Self.shownMax, tried < Self.substitutionsMax else { return }
            guard let (name, values) = rest.first else {
                tried += 1
                if !ServerURL.isValid(text) { invalid.append(text) }
                return
            }
            for value in values {
                substitute(Self.replacing("{\(name)}", in: text, by: ServerURL.encoded(value)), rest.dropFirst())
            }
        }
        substitute(url, choices[...])
        guard !invalid.isEmpty else { return [] }
        let list = invalid.joined(separator: ", ")
        let text =
            invalid.count == Self.shownMax
            ? "At least \(Self.shownMax) substitutions of server variables resulted in invalid URLs: \(list) and more"
            : "A few substitutions of server variables resulted in invalid URLs: \(list)"
        return [Complaint(.none, text, at: place)]
    }

    private static func names(in url: String) -> [String] {
        var names: [String] = []
        for part in url.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let close = part.firstIndex(of: "}"), close != part.startIndex else { continue }
            let name = String(part[..<close])
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func replacing(_ part: String, in text: String, by replacement: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let found = String(rest).range(ofText: part) {
            let whole = String(rest)
            result += whole[..<found.lowerBound] + replacement
            rest = whole[found.upperBound...]
        }
        return result + rest
    }
}

/// As much of the URL standard as it takes to tell that a server's URL cannot work.
enum ServerURL {
    /// Whether a text is an absolute URL, or a reference that is resolved against where the document was found (OpenAPI
    /// permits both).
    static func isValid(_ text: String) -> Bool {
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") { return true }
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon]
        guard let first = scheme.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic,
            scheme.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789+-.".unicodeScalars.contains($0))
            })
        else { return false }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { return !rest.isEmpty }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        return isAuthority(String(authority))
    }

    private static func isAuthority(_ authority: String) -> Bool {
        var host = authority.split(separator: "@", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard !host.isEmpty else { return false }
        if host.hasPrefix("[") {
            guard let close = host.firstIndex(of: "]") else { return false }
            host = "ipv6" + host[host.index(after: close)...]
        }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, !name.isEmpty else { return false }
        if parts.count == 2, !parts[1].isEmpty {
            guard parts[1].allSatisfy(\.isWholeNumber), let port = Int(parts[1]), port <= 65_535 else { return false }
        }
        return !name.contains { " %<>^|\\{}".contains($0) }
    }

    /// A value as it stands in a URL.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
