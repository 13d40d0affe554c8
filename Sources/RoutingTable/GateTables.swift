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

    /// Rows of an application's subscriptions to an API in ``EntitlementSet/table(_:)``, whatever their state, and the
    /// API's row there. The table itself is not handed over: a class in a tuple is counted at every step.
    @inline(always)
    func subscriptions(of application: ApplicationIndex, api: APIIndex) -> (rows: Range<Int>, local: UInt32) {
        let local = grants(application.isInOverlay).localAPI[api.position]
        guard local != LevelGrants.none else { return (0..<0, local) }
        return (
            entitlements.table(application.isInOverlay).applications[application.position].subscriptions.positions,
            local
        )
    }
}
