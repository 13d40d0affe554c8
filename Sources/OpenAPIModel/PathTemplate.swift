/// A key of `paths`: literal segments and parameters (Paths Object, "path templating").
///
/// Reading never fails: what is wrong is listed in ``problems``, and a template with problems is shown but not routed.
public struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
    /// What stands between two slashes.
    public enum Segment: Hashable, Sendable {
        /// Text that is matched as it is; empty after a trailing slash.
        case literal(String)
        /// One parameter, with literal text around it, as in `/{Sid}.json`.
        case parameter(prefix: String, name: String, suffix: String)
        /// Several parameters with literal text between them, as in `/{from}-{to}`: one literal more than parameters.
        case compound(literals: [String], parameters: [String])
    }

    /// What keeps a template from being routed.
    public enum Problem: Hashable, Sendable {
        /// A path begins with `/`.
        case noLeadingSlash
        /// A `{` without `}`, a `}` without `{`, or braces in braces.
        case unbalancedBraces
        /// `{}`.
        case emptyName
        /// `{a}{b}`: nothing tells where the one ends.
        case adjacentParameters
        /// The same parameter twice.
        case repeatedParameter(String)
        /// A name that some routers read as a pattern: `{id:[0-9]+}`, `{path*}`.
        case patternInName(String)
        /// `*` as or in a literal segment: a wildcard to some routers.
        case wildcard
        /// `?`: a path has no query.
        case query
        /// `#`: a fragment never reaches a server.
        case fragment
        /// `.` or `..` as a segment, encoded or not: clients and servers remove them before matching.
        case dotSegment
        /// `//`: an empty segment.
        case emptySegment
        /// A character that a URL cannot hold as it is.
        case character(Unicode.Scalar)
        /// `%2F`, `%5C`, `%00`, or a `%` that two hexadecimal digits do not follow.
        case encoding(String)
        /// Longer than ``PathTemplate/bytesMax``.
        case tooLong(Int)
    }

    /// The longest template that is routed, in bytes; servers refuse longer request targets.
    public static let bytesMax = 4096

    /// The template as written.
    public let text: String
    /// The segments after the leading slash; empty where ``problems`` is not.
    public let segments: [Segment]
    /// Everything that is wrong, in the order of the text, each once.
    public let problems: [Problem]

    /// Whether requests can be matched with it.
    public var isRoutable: Bool { problems.isEmpty }
    /// The template as written.
    public var description: String { text }

    /// Reads a template.
    public init(_ text: String) {
        self.text = text
        var parser = PathTemplateParser()
        parser.parse(text)
        problems = parser.problems
        segments = parser.problems.isEmpty ? parser.segments : []
    }

    /// The names of all parameters, in the order of the text.
    public var parameterNames: [String] {
        segments.flatMap { segment -> [String] in
            switch segment {
            case .literal: []
            case .parameter(_, let name, _): [name]
            case .compound(_, let parameters): parameters
            }
        }
    }

    /// The template with every name left out: templates of one shape match the same paths (Paths Object: "identical").
    public var shape: String {
        var shape = ""
        for segment in segments {
            shape += "/"
            switch segment {
            case .literal(let text): shape += text
            case .parameter(let prefix, _, let suffix): shape += prefix + "{}" + suffix
            case .compound(let literals, _): shape += literals.joined(separator: "{}")
            }
        }
        return shape
    }
}

extension PathTemplate.Problem: CustomStringConvertible {
    /// The problem in a sentence's end: "the path template …".
    public var description: String {
        switch self {
        case .noLeadingSlash: "does not begin with `/`"
        case .unbalancedBraces: "has braces that do not pair up"
        case .emptyName: "has a parameter without a name"
        case .adjacentParameters: "has two parameters side by side: nothing tells where the first one ends"
        case .repeatedParameter(let name): "names parameter `\(name)` twice"
        case .patternInName(let name): "has a pattern in a parameter's name: `{\(name)}`"
        case .wildcard: "has a `*`, which OpenAPI does not know"
        case .query: "has a query: `?` is never part of a path"
        case .fragment: "has a fragment: `#` never reaches a server"
        case .dotSegment: "has a dot segment: it is removed before a path is matched"
        case .emptySegment: "has an empty segment: `//`"
        case .character(let scalar): "has a character that a URL cannot hold: U+\(Self.hexadecimal(scalar))"
        case .encoding(let text): "has a percent-encoding that is refused in paths: `\(text)`"
        case .tooLong(let bytes): "is \(bytes) bytes long, at most \(PathTemplate.bytesMax) are routed"
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
