/// A filter of the Spectral dialect: the part of JavaScript that rulesets use, as a tree.
///
/// Nothing in it can loop, assign or call anything but the methods listed in ``Method``, so an evaluation ends.
indirect enum JSONPathScript: Sendable {
    case undefined
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case regularExpression(JSONPathPattern)
    /// `@`
    case current
    /// `$`, `@root`
    case root
    /// `@parent`
    case parent
    /// `@property`
    case property
    /// `@parentProperty`
    case parentProperty
    /// `@path`
    case path
    case member(JSONPathScript, String)
    case element(JSONPathScript, JSONPathScript)
    case call(JSONPathScript, Method, [JSONPathScript])
    /// `@string()` and its kind.
    case type(JSONPathTypeTest)
    case not(JSONPathScript)
    case negative(JSONPathScript)
    case typeof(JSONPathScript)
    case and(JSONPathScript, JSONPathScript)
    case or(JSONPathScript, JSONPathScript)
    case binary(Operator, JSONPathScript, JSONPathScript)
    case conditional(JSONPathScript, JSONPathScript, JSONPathScript)

    /// The methods that may be called.
    enum Method: String, Sendable {
        case match
        case test
        case search
        case includes
        case indexOf
        case startsWith
        case endsWith
        case toLowerCase
        case toUpperCase
        case trim
        case toString
        case hasOwnProperty
    }

    /// Operators with two operands.
    enum Operator: String, Sendable {
        case strictEqual = "==="
        case strictNotEqual = "!=="
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case matches = "~="
        case isIn = "in"
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
    }
}

/// A regular expression of a filter, compiled when the filter was.
struct JSONPathPattern: Sendable {
    let source: String
    let program: RegexMatcher.Program
}

/// jsonpath-plus' type tests, `@string()` and so on.
enum JSONPathTypeTest: String, Sendable {
    case null
    case boolean
    case number
    case integer
    case string
    case scalar
    case array
    case object
    case undefined
    case nonFinite
    case function
    case other
}
