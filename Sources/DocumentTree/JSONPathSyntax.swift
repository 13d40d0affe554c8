/// One step of a compiled expression, applied to every match of the step before.
enum JSONPathStep: Sendable {
    /// `.name`, `[…]`.
    case children([JSONPathSelector])
    /// `..name`, `..[…]`.
    case descendants([JSONPathSelector])
    /// `^`: the parent of each match.
    case parent
    /// `~`: the key of each match.
    case key
    /// `@string()` behind a path: keeps the matches of that type.
    case type(JSONPathTypeTest)
}

/// What is taken from one node's children.
indirect enum JSONPathSelector: Sendable {
    case name(String)
    /// A name that an evaluator has looked up in its document; nil where no mapping has it.
    case bound(KeyID?, String)
    case wildcard
    case index(Int)
    case slice(start: Int?, end: Int?, step: Int)
    /// RFC 9535 filter.
    case filter(JSONPathFilter)
    /// JavaScript filter of the Spectral dialect.
    case script(JSONPathScript)
    /// `[(@.length-1)]`: an expression whose value is a name or an index.
    case computed(JSONPathScript)
    /// A bare number in the Spectral dialect: an index in a sequence, a name in a mapping (`[429]`).
    case nameOrIndex(String)
}

/// RFC 9535 §2.3.5: the logical expression of a filter.
indirect enum JSONPathFilter: Sendable {
    case or([JSONPathFilter])
    case and([JSONPathFilter])
    case not(JSONPathFilter)
    case compare(JSONPathOperand, JSONPathComparison, JSONPathOperand)
    /// True when the query selects anything.
    case exists(JSONPathQuery)
    /// A function with a logical result.
    case test(JSONPathFunction)
}

/// A comparison operator of RFC 9535.
enum JSONPathComparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// A query inside a filter, from `@` or `$`.
struct JSONPathQuery: Sendable {
    let isRelative: Bool
    let steps: [JSONPathStep]

    /// RFC 9535 §2.3.5.1: a query that selects at most one node whatever the document.
    var isSingular: Bool {
        steps.allSatisfy { step in
            guard case .children(let selectors) = step, selectors.count == 1 else { return false }
            switch selectors[0] {
            case .name, .index: return true
            default: return false
            }
        }
    }
}

/// One side of a comparison, or an argument.
indirect enum JSONPathOperand: Sendable {
    case literal(JSONPathLiteral)
    case query(JSONPathQuery)
    case function(JSONPathFunction)
    case logical(JSONPathFilter)
}

/// A literal of RFC 9535.
enum JSONPathLiteral: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
}

/// A call of one of the functions that RFC 9535 §2.4 defines.
struct JSONPathFunction: Sendable {
    enum Name: String, Sendable {
        case length
        case count
        case match
        case search
        case value
    }

    let name: Name
    let arguments: [JSONPathOperand]
    /// The program of `match` and `search` when the pattern is a literal.
    let program: RegexMatcher.Program?
    /// Compiles patterns that come out of the document.
    let engine: RegexMatcher

    /// True for functions whose result is true or false rather than a value.
    var isLogical: Bool { name == .match || name == .search }
}
