/// Which statements one connection keeps prepared: the most recently used ones, up to a limit.
struct StatementCache {
    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private let countMax: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var nameCount: UInt64 = 0
    /// Names the server still knows and nobody will use again.
    private(set) var superfluousNames: [String] = []

    init(countMax: Int) {
        self.countMax = max(1, countMax)
    }

    var count: Int { entries.count }

    /// The name under which `text` is prepared, if it is.
    mutating func name(for text: String) -> String? {
        guard var entry = entries[text] else { return nil }
        uses += 1
        entry.lastUse = uses
        entries[text] = entry
        return entry.name
    }

    /// A name never used on this connection.
    mutating func makeName() -> String {
        nameCount += 1
        return "s\(nameCount)"
    }

    /// Remembers that `text` was prepared as `name`, and forgets the statement unused for longest when full. Finding
    /// it takes time linear in the limit, once for each statement above it.
    mutating func insert(_ text: String, name: String) {
        if entries.count >= countMax, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            superfluousNames.append(oldest.value.name)
        }
        uses += 1
        entries[text] = Entry(name: name, lastUse: uses)
    }

    /// Forgets `text`, because the server refuses its plan.
    mutating func forget(_ text: String) {
        if let entry = entries.removeValue(forKey: text) { superfluousNames.append(entry.name) }
    }

    /// The names to deallocate, handed over once.
    mutating func takeSuperfluousNames() -> [String] {
        defer { superfluousNames = [] }
        return superfluousNames
    }
}
