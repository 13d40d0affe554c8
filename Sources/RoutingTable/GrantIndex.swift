/// Binds entitlements to a routing snapshot, so that the gate compares integers where the artifacts compare names.
///
/// For each table of entitlements: which API a name is, which version a pin means, and for each distinct set of terms
/// (a plan's operations for an API) one bit for each operation of the API, over all its versions. Subscriptions of one
/// plan share their bits: a million keys cost no more than their plans.
public final class GrantIndex: Sendable {
    let base: LevelGrants
    let overlay: LevelGrants?

    /// Builds the index, off the event loops. The base's part is taken over when neither the snapshot nor the base
    /// changed.
    ///
    /// - Parameters:
    ///   - snapshot: the routes.
    ///   - entitlements: the rights.
    ///   - previous: the tables in use, whose parts may be shared.
    init(snapshot: RoutingSnapshot, entitlements: EntitlementSet, reusing previous: GateTables?) {
        if let previous, previous.snapshot === snapshot, previous.entitlements.base === entitlements.base {
            base = previous.grants.base
        } else {
            base = LevelGrants(snapshot: snapshot, table: entitlements.base)
        }
        overlay = entitlements.overlay.map { LevelGrants(snapshot: snapshot, table: $0) }
    }
}

/// The part of the index for one table.
final class LevelGrants: Sendable {
    /// "All operations" and "no such row".
    static var none: UInt32 { @_noAllocation @_noLocks get { 0xFFFF_FFFF } }

    /// For each API of the snapshot its row among the table's API names, or `none`.
    let localAPI: [UInt32]
    /// For each row of terms the first word of its bits, or `none` for all operations.
    let firstWord: [UInt32]
    let words: [UInt64]
    /// For each pin target the version's row, or `none` when the snapshot has no such version.
    let pinVersions: [UInt32]

    init(snapshot: RoutingSnapshot, table: EntitlementTable) {
        var rowOfName: [ArraySlice<UInt8>: Int] = [:]
        for (row, api) in snapshot.apis.enumerated() { rowOfName[snapshot.arena[api.name.range]] = row }
        let apiRows = table.apiNames.map { rowOfName[ArraySlice($0.utf8)] }
        var localAPI = [UInt32](repeating: Self.none, count: snapshot.apis.count)
        for (local, row) in apiRows.enumerated() {
            if let row { localAPI[row] = UInt32(local) }
        }
        self.localAPI = localAPI
        var firstWord: [UInt32] = []
        var words: [UInt64] = []
        firstWord.reserveCapacity(table.terms.count)
        var operationRows: [Int: [ArraySlice<UInt8>: [Int]]] = [:]
        for terms in table.terms {
            guard let operations = terms.operations else {
                firstWord.append(Self.none)
                continue
            }
            firstWord.append(UInt32(words.count))
            guard let api = apiRows[Int(terms.api)] else { continue }
            let rows = operationRows[api] ?? Self.operations(of: snapshot.apis[api], in: snapshot)
            operationRows[api] = rows
            let start = words.count
            words += [UInt64](repeating: 0, count: (Int(snapshot.apis[api].operations.count) + 63) / 64)
            for position in operations.positions {
                for bit in rows[table.arena[table.slices[position].range]] ?? [] {
                    words[start + bit >> 6] |= 1 << UInt64(bit & 63)
                }
            }
        }
        self.firstWord = firstWord
        self.words = words
        pinVersions = table.pinTargets.map { target in
            guard let api = apiRows[Int(target.api)] else { return Self.none }
            let name = target.version.utf8
            let row = snapshot.apis[api].versions.positions.first {
                snapshot.arena[snapshot.versions[$0].name.range].elementsEqual(name)
            }
            return row.map { UInt32($0) } ?? Self.none
        }
    }

    /// The operations of an API by id, as bits: one id may stand in several versions.
    private static func operations(
        of api: APIRecord,
        in snapshot: RoutingSnapshot
    ) -> [ArraySlice<UInt8>: [Int]] {
        var rows: [ArraySlice<UInt8>: [Int]] = [:]
        for position in api.operations.positions {
            rows[snapshot.arena[snapshot.operations[position].id.range], default: []].append(
                position - Int(api.operations.first)
            )
        }
        return rows
    }
}
