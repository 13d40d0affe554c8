/// What a request says about the version it wants.
public enum VersionSelector: Hashable, Sendable {
    /// A version by its exact name.
    case exact(VersionIndex)
    /// Any version of a major: a range that a pin narrows.
    case major(Int32)
    /// A text that names nothing here.
    case unknown
}

/// A version named by the first segment below the base path.
public struct PathVersion: Hashable, Sendable {
    /// Never `.unknown`.
    public let selector: VersionSelector
    /// Where the version's own path begins.
    public let rest: Int
    /// Whether some version of the API also has an operation whose path begins with this very segment (a document that
    /// writes `/v1` into its paths). Then, when the operation is not found below `rest`, the segment was no selector:
    /// choose the version without it and look from the end of the base path.
    public let isAlsoPath: Bool
}

extension RoutingSnapshot {
    /// Reads a version from a path: `/v2/…` for a major that exists, or the exact name of a version.
    ///
    /// - Parameters:
    ///   - api: whose versions are meant.
    ///   - path: the whole canonical path.
    ///   - from: where the base path ends.
    /// - Returns: nil when the API takes no version from the path or the segment names none.
    public func pathVersion(api: APIIndex, path: borrowing Span<UInt8>, from: Int) -> PathVersion? {
        let record = apis[api.position]
        guard record.versionInPath, from < path.count else { return nil }
        let first = from &+ 1
        var end = first
        while end < path.count, path[end] != 0x2F { end &+= 1 }
        guard end > first else { return nil }
        let segment = path.extracting(first..<end)
        let arena = self.arena
        let rows = self.versions
        let selector = selectVersion(
            versions: rows.span,
            range: record.versions,
            arena: arena.span,
            text: segment,
            bareMajor: false
        )
        guard selector != .unknown else { return nil }
        return PathVersion(
            selector: selector,
            rest: end,
            isAlsoPath: isFirstSegment(segment, of: record)
        )
    }

    /// Reads a version from a header, a query parameter or a media type's parameter: a version's name, `v2` or `2`.
    public func versionSelector(api: APIIndex, text: borrowing Span<UInt8>) -> VersionSelector {
        let arena = self.arena
        let rows = self.versions
        return selectVersion(
            versions: rows.span,
            range: apis[api.position].versions,
            arena: arena.span,
            text: text,
            bareMajor: true
        )
    }

    /// Whether a version has operations whose first segment is literally this text.
    private func isFirstSegment(_ segment: borrowing Span<UInt8>, of api: APIRecord) -> Bool {
        let scan = SegmentScan(segment, from: 0)
        let arena = self.arena
        let edges = trie.edges
        for row in api.versions.positions where versions[row].root != RouteTrie.none {
            let child = findLiteral(
                edges: edges.span,
                arena: arena.span,
                path: segment,
                node: versions[row].root,
                first: 0,
                segment: scan
            )
            if child != RouteTrie.none { return true }
        }
        return false
    }
}

/// `VersionSelector` without its generic payload, which the checks of the hot path refuse in debug builds.
private enum RowSelector {
    case exact(UInt32)
    case major(Int32)
    case unknown
}

private func selectVersion(
    versions: borrowing Span<VersionRecord>,
    range: TableRange,
    arena: borrowing Span<UInt8>,
    text: borrowing Span<UInt8>,
    bareMajor: Bool
) -> VersionSelector {
    switch selectRow(versions: versions, range: range, arena: arena, text: text, bareMajor: bareMajor) {
    case .exact(let row): .exact(VersionIndex(rawValue: row))
    case .major(let major): .major(major)
    case .unknown: .unknown
    }
}

/// Finds what a text selects among an API's versions: a name before a major.
///
/// A number alone is a major only with `bareMajor`: in a path it could be anything.
@_noAllocation @_noLocks
private func selectRow(
    versions: borrowing Span<VersionRecord>,
    range: TableRange,
    arena: borrowing Span<UInt8>,
    text: borrowing Span<UInt8>,
    bareMajor: Bool
) -> RowSelector {
    for row in Int(range.first)..<Int(range.first &+ range.count) {
        let name = versions[row].name
        if Int(name.count) == text.count, bytesEqual(arena, Int(name.offset), text, 0, count: text.count) {
            return .exact(UInt32(truncatingIfNeeded: row))
        }
    }
    let hasPrefix = text.count > 1 && text[0] == UInt8(ascii: "v")
    guard hasPrefix || bareMajor, let major = readMajor(text, from: hasPrefix ? 1 : 0) else { return .unknown }
    for row in Int(range.first)..<Int(range.first &+ range.count) where versions[row].major == major {
        return .major(major)
    }
    return .unknown
}

/// A whole number without leading zeros that fits 31 bits.
@_noAllocation @_noLocks
private func readMajor(_ text: borrowing Span<UInt8>, from: Int) -> Int32? {
    let digits = text.count &- from
    guard digits > 0, digits <= 9, digits == 1 || text[from] != UInt8(ascii: "0") else { return nil }
    var value: Int32 = 0
    for index in from..<text.count {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        value = value &* 10 &+ Int32(digit)
    }
    return value
}
