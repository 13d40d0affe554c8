/// What a document may cost at most, checked before the cost is paid.
///
/// The figures are the answer to alias bombs, deep nesting and plain size: a reader stops with a finding that names the
/// limit, the value found and the place.
public struct Limits: Hashable, Sendable {
    /// Length of the text in bytes.
    public var bytesMax = 16 << 20
    /// Nesting of mappings and sequences; the root has depth 1.
    public var depthMax = 256
    /// Nodes of the tree after aliases are expanded.
    public var nodesMax = 2_000_000
    /// Uses of aliases (`*name`) in one document.
    public var aliasesMax = 150_000
    /// Nodes that aliases may add to a tree by being expanded.
    public var aliasNodesMax = 500_000
    /// Files that a document may refer to, itself included; ``nodesMax`` holds for all of them together.
    public var filesMax = 10_000
    /// Length in bytes of all files of a document together.
    public var filesBytesMax = 64 << 20
    /// Documents in one stream (`---` between them).
    public var documentsMax = 10_000
    /// References that may lead to one another before something else is found.
    public static let referenceChainMax = 64
    /// Findings that one document may raise before the reader stops to collect more.
    public var findingsMax = 1_000

    /// The figures above.
    public init() {}

    /// The figures that hold where a caller does not say otherwise.
    public static let `default` = Limits()
}
