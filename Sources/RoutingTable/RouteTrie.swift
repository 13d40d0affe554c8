/// The path templates of all versions as one flat trie: a node a segment, one root a version.
///
/// Literal children hang in one open-addressed table for the whole snapshot, keyed by node and segment hash; patterns
/// (`{Sid}.json`) and the plain parameter hang on the node. Every index was made by `RouteTrieBuilder`: nothing that was
/// read from outside ever becomes one, so a lookup can neither leave the tables nor run in a circle.
struct RouteTrie: Sendable {
    /// "No such row."
    static var none: UInt32 { @_noAllocation @_noLocks get { 0xFFFF_FFFF } }

    /// Sixteen bytes, so that a node never lies across two cache lines.
    struct Node: Sendable {
        /// Child by a plain parameter, or `none`.
        var parameter: UInt32
        /// Rows of `patterns`, most specific first.
        var firstPattern: UInt32
        /// Rows of `methods` when a template ends here.
        var firstMethod: UInt32
        var patternCount: UInt16
        var methodCount: UInt8
        var hasLiterals: Bool
    }

    /// Patterns and methods that a node can have.
    static let patternsPerNodeMax = Int(UInt16.max)
    static let methodsPerNodeMax = Int(UInt8.max)

    /// A slot of the table of literal children; empty when `child` is `none`.
    struct Edge: Sendable {
        var node: UInt32
        var child: UInt32
        /// The label's first sixteen bytes as in `SegmentScan`: most labels are told apart without looking at the arena.
        var firstWord: UInt64
        var secondWord: UInt64
        var label: ByteSlice
    }

    /// A segment with parameters and literal text: rows of `literals`, one more than it has parameters.
    struct Pattern: Sendable {
        var firstLiteral: UInt32
        var parameterCount: UInt32
        var child: UInt32
    }

    /// An operation at the end of a template.
    struct Method: Sendable {
        var method: UInt32
        var operation: UInt32
    }

    var nodes: [Node] = []
    /// A power of two, at most half full.
    var edges: [Edge] = []
    var patterns: [Pattern] = []
    var literals: [ByteSlice] = []
    var methods: [Method] = []
    /// The distinct methods of the snapshot; a method's number is its place here.
    var methodNames: [ByteSlice] = []

    /// The first slot to look at for a child of `node`.
    @_noAllocation @_noLocks @inline(always)
    static func slot(node: UInt32, hash: UInt32, mask: Int) -> Int {
        var mixed = (hash ^ (node &* 0x9E37_79B1)) &* 0x85EB_CA6B
        mixed ^= mixed >> 15
        return Int(mixed) & mask
    }
}
