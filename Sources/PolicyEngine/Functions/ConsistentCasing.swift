internal import DocumentTree

/// `consistentCasing`: names of one kind are written in one style, whichever the document uses most.
///
/// A name of one word in small letters fits every style, and one that starts with `_`, `$` or `@` or holds other characters
/// belongs to somebody else's vocabulary: neither is judged.
struct ConsistentCasing: RuleFunction {
    private enum Kind: String, CaseIterable {
        case properties
        case parameters
        case operationIds
    }

    private enum Style: String, CaseIterable {
        case camel = "camelCase"
        case snake = "snake_case"
        case kebab = "kebab-case"
        case pascal = "PascalCase"
        case macro = "MACRO_CASE"
        case mixed = "no style"

        /// The style of a name; nil where it could be several.
        init?(_ name: String) {
            let bytes = Array(name.utf8)
            func has(_ range: ClosedRange<UInt8>) -> Bool { bytes.contains(where: range.contains) }
            let (small, capital, digit) = (UInt8(0x61)...0x7A, UInt8(0x41)...0x5A, UInt8(0x30)...0x39)
            let isWord = bytes.allSatisfy { small ~= $0 || capital ~= $0 || digit ~= $0 || $0 == 0x2D || $0 == 0x5F }
            guard let first = bytes.first, isWord, small ~= first || capital ~= first else { return nil }
            switch (has(0x5F...0x5F), has(0x2D...0x2D), has(capital)) {
            case (false, false, false): return nil
            case (false, false, true) where !has(small): return nil
            case (false, false, true): self = small ~= first ? .camel : .pascal
            case (true, false, false): self = .snake
            case (true, false, true) where !has(small): self = .macro
            case (false, true, false): self = .kebab
            default: self = .mixed
            }
        }
    }

    private let kind: Kind

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = Kind.allCases.map { "{ \"of\": \"\($0.rawValue)\" }" }.joined(separator: ", ")
        guard let node = try options.mapping(keys: ["of"], examples: examples),
            let kind = node["of"]?.string.flatMap(Kind.init(rawValue:))
        else { throw options.invalid(examples) }
        self.kind = kind
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let names = names(in: context).compactMap { name, place in
            Style(name).map { (name: name, place: place, style: $0) }
        }
        var counts: [Style: Int] = [:]
        for name in names where name.style != .mixed { counts[name.style, default: 0] += 1 }
        // Where two styles are used alike, the one that comes first in `Style` is kept: the answer is the same every time.
        guard let usual = Style.allCases.max(by: { counts[$0, default: 0] < counts[$1, default: 0] }),
            let count = counts[usual]
        else { return [] }
        return names.filter { $0.style != usual }.map { name in
            Complaint(
                .none,
                "`\(name.name)` is not written in \(usual.rawValue) as \(count) of \(names.count) are",
                at: Place(node: name.place, followsReference: false)
            )
        }
    }

    /// The names of the kind with their places, in the order of the text.
    private func names(in context: LintContext) -> [(name: String, place: NodeID)] {
        let document = context.document
        switch kind {
        case .properties:
            return context.linted.raw.nodes(withKey: "properties").filter(context.isSchemaKeyword).flatMap { owner in
                document.children(owner).map { (document.key($0) ?? "", $0) }
            }
        case .parameters:
            return context.linted.raw.nodes(withKey: "in").compactMap { place in
                guard document.string(place) == "query", context.isSchemaKeyword(place),
                    let name = document.parent(place).flatMap({ document.child($0, key: "name") })
                else { return nil }
                return document.string(name).map { ($0, name) }
            }
        case .operationIds:
            return context.operations.compactMap { operation in
                guard let place = context.place(operation.node, "operationId") else { return nil }
                return document.string(place).map { ($0, place) }
            }
        }
    }
}
