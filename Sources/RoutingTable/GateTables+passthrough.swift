extension GateTables {
    /// Finds the subscription under which an application may call an API that has no versions: a live one before any
    /// other. No allocation.
    ///
    /// - Parameters:
    ///   - application: whose subscriptions are looked through.
    ///   - api: the pass-through API.
    ///   - now: Unix seconds.
    /// - Returns: the subscription, or why none counts.
    public func subscription(of application: ApplicationIndex, api: APIIndex, now: Int64) -> SubscriptionDecision {
        withLevel(application.isInOverlay) { table, level in
            Self.subscription(of: application, in: table, level, api: api, now: now)
        }
    }

    @inline(always)
    private static func subscription(
        of application: ApplicationIndex,
        in table: EntitlementTable,
        _ level: LevelGrants,
        api: APIIndex,
        now: Int64
    ) -> SubscriptionDecision {
        let (rows, local) = table.subscriptions(of: application, api: api, level)
        var best: SubscriptionDecision = .none
        var bestRank = 0
        for row in rows {
            let record = table.subscriptions[row]
            guard table.terms[Int(record.terms)].api == local else { continue }
            let index = SubscriptionIndex(row: row, inOverlay: application.isInOverlay)
            let rank: Int
            let decision: SubscriptionDecision
            if record.endsAt <= now {
                (rank, decision) = (1, .ended(index))
            } else if record.startsAt > now {
                (rank, decision) = (2, .notYetValid(index))
            } else if record.state == .paused {
                (rank, decision) = (3, .paused(index))
            } else {
                (rank, decision) = (4, .granted(index))
            }
            if rank > bestRank { (best, bestRank) = (decision, rank) }
        }
        return best
    }
}
