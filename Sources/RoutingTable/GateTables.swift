/// Everything the gate decides by, as one: routes, rights, and the index that binds them. A request takes one reference
/// and keeps it to its end, so that it never sees two states of the world.
///
/// Made off the event loops whenever either artifact changes, and swapped as a whole.
public final class GateTables: Sendable {
    public let snapshot: RoutingSnapshot
    public let entitlements: EntitlementSet
    let grants: GrantIndex

    /// - Parameters:
    ///   - snapshot: the routes.
    ///   - entitlements: the rights, of the same environment.
    ///   - previous: the tables in use, whose index is shared where it still holds.
    public init(snapshot: RoutingSnapshot, entitlements: EntitlementSet, reusing previous: GateTables? = nil) {
        self.snapshot = snapshot
        self.entitlements = entitlements
        grants = GrantIndex(snapshot: snapshot, entitlements: entitlements, reusing: previous)
    }

    /// Hands over the table of one level, and its part of the index. `body` is written out for each of both: a choice between
    /// two objects would count references to the chosen one and to every array that is read of it.
    // SAFETY: `self` holds `entitlements` and `grants`, which hold what is handed over, for as long as `body` runs.
    @inline(always)
    func withLevel<Result>(_ inOverlay: Bool, _ body: (EntitlementTable, LevelGrants) -> Result) -> Result {
        if inOverlay, let table = entitlements.overlay, let level = grants.overlay { return body(table, level) }
        return unsafe Unmanaged.passUnretained(entitlements.base)._withUnsafeGuaranteedRef { table in
            unsafe Unmanaged.passUnretained(grants.base)._withUnsafeGuaranteedRef { level in body(table, level) }
        }
    }
}

extension EntitlementTable {
    /// Rows of an application's subscriptions to an API, whatever their state, and the API's row here.
    @inline(always)
    func subscriptions(
        of application: ApplicationIndex,
        api: APIIndex,
        _ level: LevelGrants
    ) -> (rows: Range<Int>, local: UInt32) {
        let local = level.localAPI[api.position]
        guard local != LevelGrants.none else { return (0..<0, local) }
        return (applications[application.position].subscriptions.positions, local)
    }
}
