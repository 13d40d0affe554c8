/// Whose key it is.
public enum IdentityDecision: Hashable, Sendable {
    case known(CredentialIndex, ApplicationIndex)
    /// Never issued, revoked, or its application is gone.
    case unknown
    case expired(CredentialIndex)
    case notYetValid(CredentialIndex)
}

/// Whether an application may call a version.
public enum SubscriptionDecision: Hashable, Sendable {
    case granted(SubscriptionIndex)
    case paused(SubscriptionIndex)
    case notYetValid(SubscriptionIndex)
    case ended(SubscriptionIndex)
    /// There are subscriptions to the API, none of them to this major.
    case otherMajor
    case none
}

extension GateTables {
    /// Finds the owner of a key by the key's SHA-256, and checks its dates. No allocation.
    ///
    /// - Parameters:
    ///   - digest: of the whole key as it was shown.
    ///   - now: Unix seconds.
    /// - Returns: the key and its application, or why it is refused.
    public func identify(_ digest: Digest32, now: Int64) -> IdentityDecision {
        guard let credential = entitlements.credential(digest),
            let application = entitlements.application(of: credential)
        else { return .unknown }
        let record = entitlements.record(credential)
        if record.expiresAt <= now { return .expired(credential) }
        if record.startsAt > now { return .notYetValid(credential) }
        return .known(credential, application)
    }

    /// Finds the subscription under which an application may call a version: one to its major before one to all, a live
    /// one before any other. No allocation.
    ///
    /// - Parameters:
    ///   - application: whose subscriptions are looked through.
    ///   - version: the version it wants to call.
    ///   - now: Unix seconds.
    /// - Returns: the subscription, or why none counts.
    public func subscription(
        of application: ApplicationIndex,
        version: VersionIndex,
        now: Int64
    ) -> SubscriptionDecision {
        let wanted = snapshot.versions[version.position]
        return withLevel(application.isInOverlay) { table, level in
            Self.subscription(of: application, in: table, level, api: wanted.api, major: wanted.major, now: now)
        }
    }

    @inline(always)
    private static func subscription(
        of application: ApplicationIndex,
        in table: EntitlementTable,
        _ level: LevelGrants,
        api: APIIndex,
        major: Int32?,
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
            if let only = record.major, only != major {
                (rank, decision) = (1, .otherMajor)
            } else if record.endsAt <= now {
                (rank, decision) = (2, .ended(index))
            } else if record.startsAt > now {
                (rank, decision) = (3, .notYetValid(index))
            } else if record.state == .paused {
                (rank, decision) = (4, .paused(index))
            } else {
                (rank, decision) = (record.major == nil ? 5 : 6, .granted(index))
            }
            if rank > bestRank { (best, bestRank) = (decision, rank) }
        }
        return best
    }

    /// Whether a subscription's plan grants an operation. The operation must be of the subscription's API.
    public func permits(_ subscription: SubscriptionIndex, operation: OperationIndex) -> Bool {
        let version = snapshot.operations[operation.position].version
        let api = snapshot.versions[version.position].api
        let bit = operation.position - Int(snapshot.apis[api.position].operations.first)
        return withLevel(subscription.isInOverlay) { table, level in
            let terms = Int(table.subscriptions[subscription.position].terms)
            let first = level.firstWord[terms]
            if first == LevelGrants.none { return true }
            guard level.localAPI[api.position] == table.terms[terms].api else { return false }
            return level.words[Int(first) + bit >> 6] & (1 << UInt64(bit & 63)) != 0
        }
    }

    /// Names of the versions that an application may call, for the answer 403. Allocates.
    public func grantedVersions(of application: ApplicationIndex, api: APIIndex, now: Int64) -> [String] {
        snapshot.apis[api.position].versions.positions.compactMap { position in
            let version = VersionIndex(rawValue: UInt32(position))
            guard case .granted = subscription(of: application, version: version, now: now) else { return nil }
            let record = snapshot.versions[position]
            return record.isGone(at: now) ? nil : snapshot.string(record.name)
        }
    }
}
