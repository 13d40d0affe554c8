/// From host and path to the API: the most specific host that has a base path for the request wins (exact, then the
/// longest `*.suffix`, then any), and within a host the longest base path, segment by segment.
struct HostTable: Sendable {
    static var none: UInt32 { @_noAllocation @_noLocks get { 0xFFFF_FFFF } }

    /// A slot of the table of hosts; empty when `group` is `none`. Suffixes are stored with their leading dot.
    struct HostSlot: Sendable {
        var hash: UInt32
        var group: UInt32
        var text: ByteSlice
    }

    /// The APIs of one host pattern.
    struct Group: Sendable {
        /// API at base path `/`, or `none`.
        var root: UInt32
        /// Segments of the longest base path.
        var depthMax: UInt32
    }

    /// A slot of the table of base paths; empty when `api` is `none`.
    struct BaseSlot: Sendable {
        var group: UInt32
        var hash: UInt32
        var api: UInt32
        var text: ByteSlice
    }

    /// Powers of two, at most half full.
    var exact: [HostSlot] = []
    var suffixes: [HostSlot] = []
    var groups: [Group] = []
    var bases: [BaseSlot] = []
    /// Group of APIs without hosts, or `none`.
    var any: UInt32 = 0xFFFF_FFFF
    var hasExact = false
    var hasSuffixes = false
}

/// Finds the group of a host text in one of the host tables.
@_noAllocation @_noLocks
func findHostGroup(
    slots: borrowing Span<HostTable.HostSlot>,
    arena: borrowing Span<UInt8>,
    host: borrowing Span<UInt8>,
    from start: Int
) -> UInt32 {
    var hash: UInt32 = 0
    var index = start
    while index < host.count {
        hash = (hash &* 31) &+ UInt32(host[index])
        index &+= 1
    }
    let mask = slots.count &- 1
    var slot = RouteTrie.slot(node: 0, hash: hash, mask: mask)
    while true {
        let row = slots[slot]
        if row.group == HostTable.none { return HostTable.none }
        if row.hash == hash, Int(row.text.count) == host.count &- start,
            bytesEqual(arena, Int(row.text.offset), host, start, count: host.count &- start)
        {
            return row.group
        }
        slot = (slot &+ 1) & mask
    }
}

/// Finds the API with the longest base path of a group.
///
/// - Returns: row of the API, or `none`, and where the rest of the path begins.
@_noAllocation @_noLocks
func findBasePath(
    group: HostTable.Group,
    number: UInt32,
    bases: borrowing Span<HostTable.BaseSlot>,
    arena: borrowing Span<UInt8>,
    path: borrowing Span<UInt8>
) -> (api: UInt32, rest: Int) {
    var best = (api: group.root, rest: 0)
    var hash: UInt32 = 0
    var depth: UInt32 = 0
    var position = 0
    let mask = bases.count &- 1
    while depth < group.depthMax, position < path.count {
        // Behind the slash comes the segment.
        let segment = SegmentScan(path, from: position &+ 1)
        hash = SegmentScan.chain(hash, segment.hash)
        position = segment.end
        depth &+= 1
        var slot = RouteTrie.slot(node: number, hash: hash, mask: mask)
        while true {
            let row = bases[slot]
            if row.api == HostTable.none { break }
            if row.group == number, row.hash == hash, Int(row.text.count) == position,
                bytesEqual(arena, Int(row.text.offset), path, 0, count: position)
            {
                best = (row.api, position)
                break
            }
            slot = (slot &+ 1) & mask
        }
    }
    return best
}
