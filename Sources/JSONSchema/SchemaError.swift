public import DocumentTree

/// One thing that is wrong with a schema itself.
public struct SchemaProblem: Hashable, Sendable {
    /// What kind of problem it is.
    public enum Kind: Hashable, Sendable {
        /// A reference leads nowhere: there is no such place, anchor or registered document. Nothing is ever fetched.
        case unresolvedReference(String)
        /// A regular expression is wrong or cannot be run.
        case invalidPattern(String)
        /// A keyword has a value that it cannot have.
        case invalidKeyword(String)
        /// The schema is larger than ``SchemaLimits`` allow.
        case tooLarge
    }

    /// The kind, with the text that is wrong.
    public let kind: Kind
    /// What is wrong, lowercase and without a final stop.
    public let message: String
    /// Where it is wrong.
    public let node: Node
}

/// A schema that cannot be compiled; there is at least one problem.
public struct InvalidSchema: Error, Hashable, Sendable {
    /// What is wrong, in the order in which it was found.
    public let problems: [SchemaProblem]
}
