/// Which targets an upstream has, from the three places that may say so: the list of the snapshot, the addresses of its
/// names, and a file. Pure: what is learned goes in, the targets come out; what was last good stays.
struct TargetList {
    /// From the snapshot.
    var listed: [TargetSetting]
    /// The addresses of names that could be resolved, by name.
    private(set) var addresses: [String: [String]] = [:]
    /// From a file that could be read.
    private(set) var filed: [TargetSetting]?

    init(_ listed: [TargetSetting]) { self.listed = listed }

    /// Targets of one upstream; beyond, the rest is left out.
    static let targetsMax = 1_000

    /// A name was resolved. No addresses at all are no news: an upstream does not vanish because DNS says nothing.
    ///
    /// - Returns: whether anything changed.
    mutating func resolve(_ name: String, to found: [String]) -> Bool {
        guard !found.isEmpty else { return false }
        let ordered = Set(found).sorted()
        guard addresses[name] != ordered else { return false }
        addresses[name] = ordered
        return true
    }

    /// A file was read, and it had targets.
    ///
    /// - Returns: whether anything changed.
    mutating func read(_ targets: [TargetSetting]) -> Bool {
        guard filed != targets else { return false }
        filed = targets
        return true
    }

    /// The targets as of now.
    var targets: [TargetSetting] {
        if let filed { return Array(filed.prefix(Self.targetsMax)) }
        var all: [TargetSetting] = []
        for target in listed {
            guard let found = addresses[target.host] else {
                all.append(target)
                continue
            }
            for address in found {
                var copy = target
                copy.host = address
                all.append(copy)
            }
        }
        return Array(all.prefix(Self.targetsMax))
    }
}
