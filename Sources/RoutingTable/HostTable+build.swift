/// Collects which API lives at which host and base path.
struct HostTableBuilder {
    private struct Base: Hashable {
        var group: UInt32
        var text: [UInt8]
    }

    private var groupNumbers: [String: UInt32] = [:]
    private var groups: [HostTable.Group] = []
    private var bases: [(base: Base, api: UInt32)] = []
    private var takenBy: [Base: UInt32] = [:]

    /// Adds one API under one host pattern; `*` stands for any host.
    ///
    /// - Returns: the API that already has this base path there, or nil when it was added.
    mutating func insert(host: String, basePath: String, api: UInt32) -> UInt32? {
        let group: UInt32
        if let known = groupNumbers[host] {
            group = known
        } else {
            group = UInt32(groups.count)
            groupNumbers[host] = group
            groups.append(HostTable.Group(root: HostTable.none, depthMax: 0))
        }
        if basePath == "/" {
            if groups[Int(group)].root != HostTable.none { return groups[Int(group)].root }
            groups[Int(group)].root = api
            return nil
        }
        let base = Base(group: group, text: Array(basePath.utf8))
        if let taken = takenBy[base] { return taken }
        takenBy[base] = api
        let depth = UInt32(base.text.count { $0 == UInt8(ascii: "/") })
        groups[Int(group)].depthMax = max(groups[Int(group)].depthMax, depth)
        bases.append((base, api))
        return nil
    }

    /// Lays the tables out.
    func build(arena: inout ByteArena) -> HostTable {
        var table = HostTable()
        table.groups = groups
        table.any = groupNumbers["*"] ?? HostTable.none
        let named = groupNumbers.sorted { $0.value < $1.value }.filter { $0.key != "*" }
        let exact = named.filter { !$0.key.hasPrefix("*.") }.map { (Array($0.key.utf8), $0.value) }
        let suffixes = named.filter { $0.key.hasPrefix("*.") }.map { (Array($0.key.utf8.dropFirst()), $0.value) }
        table.exact = Self.hostSlots(exact, arena: &arena)
        table.suffixes = Self.hostSlots(suffixes, arena: &arena)
        table.hasExact = !exact.isEmpty
        table.hasSuffixes = !suffixes.isEmpty
        let size = Self.size(for: bases.count)
        table.bases = Array(
            repeating: HostTable.BaseSlot(group: 0, hash: 0, api: HostTable.none, text: .empty),
            count: size
        )
        for (base, api) in bases {
            let hash = base.text.dropFirst().split(separator: UInt8(ascii: "/")).reduce(UInt32(0)) { hash, segment in
                SegmentScan.chain(hash, SegmentScan.of(Array(segment)).hash)
            }
            var slot = RouteTrie.slot(node: base.group, hash: hash, mask: size - 1)
            while table.bases[slot].api != HostTable.none { slot = (slot + 1) & (size - 1) }
            table.bases[slot] = HostTable.BaseSlot(
                group: base.group,
                hash: hash,
                api: api,
                text: arena.add(base.text)
            )
        }
        return table
    }

    private static func hostSlots(_ hosts: [([UInt8], UInt32)], arena: inout ByteArena) -> [HostTable.HostSlot] {
        let size = size(for: hosts.count)
        var slots = [HostTable.HostSlot](
            repeating: HostTable.HostSlot(hash: 0, group: HostTable.none, text: .empty),
            count: size
        )
        for (text, group) in hosts {
            let hash = text.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) }
            var slot = RouteTrie.slot(node: 0, hash: hash, mask: size - 1)
            while slots[slot].group != HostTable.none { slot = (slot + 1) & (size - 1) }
            slots[slot] = HostTable.HostSlot(hash: hash, group: group, text: arena.add(text))
        }
        return slots
    }

    private static func size(for count: Int) -> Int {
        var size = 2
        while size < count * 2 { size *= 2 }
        return size
    }
}
