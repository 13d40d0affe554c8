public import OpenAPIModel

/// Finds the operation that a request means: the concrete path before the templated one (OpenAPI, Paths Object). Linear,
/// because a mock serves one document to a handful of people.
public struct MockRouter: Sendable {
    /// What was found.
    public enum Match: Sendable {
        /// The operation that answers.
        case operation(OpenAPIModel.Operation)
        /// The path is known, the method is not; the methods there are, sorted.
        case otherMethods([String])
        /// No path matches.
        case nothing
    }

    private let operations: [(operation: OpenAPIModel.Operation, segments: [PathTemplate.Segment])]

    /// - Parameter document: the description to serve.
    public init(_ document: OpenAPIDocument) {
        operations = document.operations
            .filter { $0.pathTemplate.isRoutable }
            .map { ($0, $0.pathTemplate.segments) }
            .sorted { left, right in Self.rank(left.1).lexicographicallyPrecedes(Self.rank(right.1)) }
    }

    /// - Parameters:
    ///   - method: as on the wire; `HEAD` is answered by `GET` where the document has no `head`.
    ///   - path: percent-encoded, without the query.
    /// - Returns: what answers, or why nothing does.
    public func match(method: String, path: String) -> Match {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let found = operations.filter { Self.matches($0.segments, segments) }
        guard let best = found.first else { return .nothing }
        let rank = Self.rank(best.segments)
        let same = found.filter { Self.rank($0.segments) == rank }
        for wanted in method == "HEAD" ? ["HEAD", "GET"] : [method] {
            if let hit = same.first(where: { $0.operation.method == wanted })
                ?? found.first(where: { $0.operation.method == wanted })
            {
                return .operation(hit.operation)
            }
        }
        return .otherMethods(Set(found.map(\.operation.method)).sorted())
    }

    /// Literals before affixed parameters before plain ones, segment by segment.
    private static func rank(_ segments: [PathTemplate.Segment]) -> [Int] {
        segments.map { segment in
            switch segment {
            case .literal: 0
            case .compound: 1
            case .parameter(let prefix, _, let suffix): prefix.isEmpty && suffix.isEmpty ? 2 : 1
            }
        }
    }

    private static func matches(_ template: [PathTemplate.Segment], _ path: [String]) -> Bool {
        guard template.count == path.count else { return false }
        return zip(template, path).allSatisfy { segment, text in
            switch segment {
            case .literal(let literal): literal == text
            case .parameter(let prefix, _, let suffix):
                text.utf8.count > prefix.utf8.count + suffix.utf8.count && text.hasPrefix(prefix)
                    && text.hasSuffix(suffix)
            case .compound(let literals, _):
                holds(literals, in: text)
            }
        }
    }

    /// Whether a text is the literals in their order with something between each two.
    private static func holds(_ literals: [String], in text: String) -> Bool {
        guard let first = literals.first, let last = literals.last, text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for literal in literals.dropFirst().dropLast() {
            guard let place = rest.dropFirst().firstRange(of: literal) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.count > last.count && rest.hasSuffix(last)
    }
}
