/// One SQL statement with `$1`, `$2`, … where values go.
///
/// A literal in the source or a file of `SQLLibrary` makes one. There is no interpolation on purpose: a value cannot
/// become SQL. Each connection prepares a statement at its first use and keeps it, so make few different texts.
public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The SQL text.
    public let text: String
    /// What errors call it, for example `api_version/insert`.
    public let name: String?
    /// Whether connections keep it prepared; false for texts that are used once.
    public let isPrepared: Bool

    /// A literal written by a programmer.
    public init(stringLiteral text: StaticString) {
        self.init(unsafeSQL: text.description)
    }

    /// SQL that was put together at run time. The caller vouches that no part of it came from outside unquoted; see
    /// `Statement.quoted(identifier:)`.
    public init(unsafeSQL text: String, name: String? = nil, isPrepared: Bool = true) {
        self.text = text
        self.name = name
        self.isPrepared = isPrepared
    }

    /// `identifier` in double quotes, every quote doubled, for names that cannot be parameters (LISTEN, CREATE
    /// DATABASE). U+0000 is left out, since no identifier can hold it.
    public static func quoted(identifier: String) -> String {
        var text = "\""
        for scalar in identifier.unicodeScalars where scalar != "\0" {
            text.unicodeScalars.append(scalar)
            if scalar == "\"" { text.unicodeScalars.append(scalar) }
        }
        return text + "\""
    }
}
