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

    @inline(always)
    func grants(_ inOverlay: Bool) -> LevelGrants {
        if inOverlay, let overlay = grants.overlay { return overlay }
        return grants.base
    }

    /// Rows of an application's subscriptions to an API in their table, whatever their state.
    func subscriptions(
        of application: ApplicationIndex,
        api: APIIndex
    ) -> (rows: Range<Int>, table: EntitlementTable, local: UInt32) {
        let table = entitlements.table(application.isInOverlay)
        let local = grants(application.isInOverlay).localAPI[api.position]
        guard local != LevelGrants.none else { return (0..<0, table, local) }
        return (table.applications[application.position].subscriptions.positions, table, local)
    }
}
