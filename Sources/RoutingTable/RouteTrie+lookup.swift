/// What looking up a method and a path found.
struct TrieResult {
    /// Row of the operation, or `RouteTrie.none`.
    var operation: UInt32 = RouteTrie.none
    /// Whether some template matches the path, whatever its methods.
    var pathMatched = false
}

/// The tables a lookup walks, borrowed one by one: a stored span would count references (measured).
///
/// Literals come before patterns and patterns before the plain parameter, segment by segment from the left; where that
/// leads nowhere, or to a path without the method, the next best is tried. Each node is visited at most once, so the work
/// is bounded by the version's trie however a path is chosen.
@_noAllocation @_noLocks
func matchRoute(
    nodes: borrowing Span<RouteTrie.Node>,
    edges: borrowing Span<RouteTrie.Edge>,
    patterns: borrowing Span<RouteTrie.Pattern>,
    literals: borrowing Span<ByteSlice>,
    methods: borrowing Span<RouteTrie.Method>,
    arena: borrowing Span<UInt8>,
    path: borrowing Span<UInt8>,
    root: UInt32,
    from start: Int,
    method: UInt32,
    result: inout TrieResult,
    captures: inout PathCaptures
) {
    var node = root
    // Position of the slash before the segment to match.
    var position = start
    while true {
        if position >= path.count {
            finish(nodes: nodes, methods: methods, node: node, method: method, result: &result)
            return
        }
        let first = position &+ 1
        let segment = SegmentScan(path, from: first)
        let end = segment.end
        let current = nodes[Int(node)]
        var literal = RouteTrie.none
        if current.hasLiterals {
            literal = findLiteral(edges: edges, arena: arena, path: path, node: node, first: first, segment: segment)
        }
        let hasOthers = current.patternCount > 0 || current.parameter != RouteTrie.none
        if literal != RouteTrie.none {
            if !hasOthers {
                node = literal
                position = end
                continue
            }
            let mark = captures.total
            matchRoute(
                nodes: nodes,
                edges: edges,
                patterns: patterns,
                literals: literals,
                methods: methods,
                arena: arena,
                path: path,
                root: literal,
                from: end,
                method: method,
                result: &result,
                captures: &captures
            )
            if result.operation != RouteTrie.none { return }
            captures.total = mark
        }
        if end == first { return }
        for row in Int(current.firstPattern)..<Int(current.firstPattern) &+ Int(current.patternCount) {
            let pattern = patterns[row]
            let mark = captures.total
            if matchPattern(
                literals: literals,
                arena: arena,
                path: path,
                pattern: pattern,
                first: first,
                end: end,
                captures: &captures
            ) {
                matchRoute(
                    nodes: nodes,
                    edges: edges,
                    patterns: patterns,
                    literals: literals,
                    methods: methods,
                    arena: arena,
                    path: path,
                    root: pattern.child,
                    from: end,
                    method: method,
                    result: &result,
                    captures: &captures
                )
                if result.operation != RouteTrie.none { return }
            }
            captures.total = mark
        }
        if current.parameter == RouteTrie.none { return }
        captures.append(offset: first, count: end &- first)
        node = current.parameter
        position = end
    }
}

/// The path is used up at `node`: is there the method?
@_noAllocation @_noLocks @inline(always)
private func finish(
    nodes: borrowing Span<RouteTrie.Node>,
    methods: borrowing Span<RouteTrie.Method>,
    node: UInt32,
    method: UInt32,
    result: inout TrieResult
) {
    let last = nodes[Int(node)]
    if last.methodCount > 0 { result.pathMatched = true }
    for row in Int(last.firstMethod)..<Int(last.firstMethod) &+ Int(last.methodCount)
    where methods[row].method == method {
        result.operation = methods[row].operation
        return
    }
}

/// The literal child for a segment that begins at `first`, or `none`.
@_noAllocation @_noLocks @inline(always)
func findLiteral(
    edges: borrowing Span<RouteTrie.Edge>,
    arena: borrowing Span<UInt8>,
    path: borrowing Span<UInt8>,
    node: UInt32,
    first: Int,
    segment: SegmentScan
) -> UInt32 {
    let mask = edges.count &- 1
    let count = segment.end &- first
    var slot = RouteTrie.slot(node: node, hash: segment.hash, mask: mask)
    // The table is at most half full, so an empty slot ends the search.
    while true {
        let edge = edges[slot]
        if edge.child == RouteTrie.none { return RouteTrie.none }
        if edge.node == node, edge.firstWord == segment.firstWord, edge.secondWord == segment.secondWord,
            Int(edge.label.count) == count,
            restsEqual(arena, Int(edge.label.offset), path, first, count: count)
        {
            return edge.child
        }
        slot = (slot &+ 1) & mask
    }
}

/// Matches one segment against literal text around parameters, each of which takes at least one byte.
@_noAllocation @_noLocks
private func matchPattern(
    literals: borrowing Span<ByteSlice>,
    arena: borrowing Span<UInt8>,
    path: borrowing Span<UInt8>,
    pattern: RouteTrie.Pattern,
    first: Int,
    end: Int,
    captures: inout PathCaptures
) -> Bool {
    let row = Int(pattern.firstLiteral)
    let count = Int(pattern.parameterCount)
    let prefix = literals[row]
    let suffix = literals[row &+ count]
    // At least one byte a parameter beside the outer literals; the inner ones are checked as they are met.
    guard end &- first >= Int(prefix.count) &+ Int(suffix.count) &+ count,
        bytesEqual(arena, Int(prefix.offset), path, first, count: Int(prefix.count)),
        bytesEqual(arena, Int(suffix.offset), path, end &- Int(suffix.count), count: Int(suffix.count))
    else { return false }
    var start = first &+ Int(prefix.count)
    let limit = end &- Int(suffix.count)
    var index = 1
    while index < count {
        let literal = literals[row &+ index]
        let size = Int(literal.count)
        var place = start &+ 1
        // The leftmost place leaves the most room for what follows, so no other needs to be tried.
        while place &+ size < limit, !bytesEqual(arena, Int(literal.offset), path, place, count: size) { place &+= 1 }
        if place &+ size >= limit { return false }
        captures.append(offset: start, count: place &- start)
        start = place &+ size
        index &+= 1
    }
    captures.append(offset: start, count: limit &- start)
    return true
}

/// Whether `count` bytes agree. Traps when a range does not lie within its span.
@_noAllocation @_noLocks @inline(always)
func bytesEqual(
    _ left: borrowing Span<UInt8>,
    _ leftOffset: Int,
    _ right: borrowing Span<UInt8>,
    _ rightOffset: Int,
    count: Int
) -> Bool {
    // Checked once here, so that the loop need not check each byte.
    precondition(
        leftOffset >= 0 && rightOffset >= 0 && leftOffset <= left.count &- count && rightOffset <= right.count &- count
    )
    var index = 0
    while index < count {
        // SAFETY: both places lie within their spans by the line above. The differential test compares the outcome.
        if unsafe left[unchecked: leftOffset &+ index] != right[unchecked: rightOffset &+ index] { return false }
        index &+= 1
    }
    return true
}
