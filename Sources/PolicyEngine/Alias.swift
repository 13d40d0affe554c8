internal import DocumentTree

/// An alias of a ruleset: a name for expressions, which may depend on the document's format.
struct Alias: Sendable {
    /// Expressions that hold for some formats.
    struct Scope: Sendable {
        /// nil for all documents.
        let formats: Set<DocumentFormat>?
        let expressions: [String]
    }

    let scopes: [Scope]

    /// An expression with all aliases written out, and the formats it is for.
    struct Expansion {
        let text: String
        let formats: Set<DocumentFormat>?
    }

    /// Why an expression could not be written out.
    enum Failure: Error {
        case undefined(String)
        case circular(String)
        case malformed(String)
        case tooMany
    }

    /// Writes out `#Name.rest` until no alias is left; an expression that starts with `$` is already that.
    static func expand(
        _ expression: String,
        with aliases: [String: Alias]
    ) throws(Failure) -> [Expansion] {
        var result: [Expansion] = []
        try expand(expression, formats: nil, inside: [], with: aliases, into: &result)
        return result
    }

    private static func expand(
        _ expression: String,
        formats: Set<DocumentFormat>?,
        inside: [String],
        with aliases: [String: Alias],
        into result: inout [Expansion]
    ) throws(Failure) {
        guard expression.hasPrefix("#") else {
            guard result.count < LintLimits.expressionsPerGivenMax else { throw .tooMany }
            result.append(Expansion(text: expression, formats: formats))
            return
        }
        let name = String(
            expression.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        )
        guard !name.isEmpty else { throw .malformed(expression) }
        guard let alias = aliases[name] else { throw .undefined(name) }
        guard !inside.contains(name) else { throw .circular((inside + [name]).joined(separator: " → ")) }
        let rest = expression.dropFirst(name.count + 1)
        for scope in alias.scopes {
            let narrowed = narrow(formats, scope.formats)
            if narrowed?.isEmpty == true { continue }
            for part in scope.expressions {
                try expand(part + rest, formats: narrowed, inside: inside + [name], with: aliases, into: &result)
            }
        }
    }

    private static func narrow(
        _ outer: Set<DocumentFormat>?,
        _ inner: Set<DocumentFormat>?
    ) -> Set<DocumentFormat>? {
        guard let outer else { return inner }
        guard let inner else { return outer }
        var both = outer.intersection(inner)
        // `oas3` holds for every minor version, so the narrower name stays.
        let minors: Set<DocumentFormat> = [.oas3_0, .oas3_1, .oas3_2]
        if outer.contains(.oas3) { both.formUnion(inner.intersection(minors)) }
        if inner.contains(.oas3) { both.formUnion(outer.intersection(minors)) }
        return both
    }
}
