/// Which version a request gets, or why none.
public enum VersionDecision: Hashable, Sendable {
    case chosen(VersionIndex, by: VersionSource)
    /// 404: the request, a hard pin or the API names a version that does not exist here, or there is none at all.
    case unknown
    /// 400: the request names none, and the API has no default.
    case unspecified
    /// 409 `version-pinned`.
    case pinConflict(pinned: VersionIndex)
    /// 403: the application has subscriptions to this API, but none that covers this version.
    case notGranted(VersionIndex)
    /// 410: retired or past its sunset.
    case gone(VersionIndex)
    /// 503: taken out of service for the moment.
    case suspended(VersionIndex)
}

/// What decided the version.
public enum VersionSource: UInt8, Hashable, Sendable {
    case request
    case credentialPin
    case subscriptionPin
    case apiDefault
}

extension GateTables {
    /// Chooses the version: the request's own word, then the key's pin, then the subscription's pin, then the API's
    /// default, and only what is granted. A major is a range that a pin narrows; a hard pin wins over the request or
    /// conflicts with it. No allocation.
    ///
    /// An application without a live subscription to the API is not held to grants here: the gate answers that later, when
    /// it knows whether the operation needs one.
    ///
    /// - Parameters:
    ///   - api: must not be a pass-through API.
    ///   - selector: what the request says, nil when it says nothing.
    ///   - credential: nil for anonymous callers.
    ///   - application: nil for anonymous callers.
    ///   - now: Unix seconds.
    /// - Returns: the version and what decided it, or why there is none.
    public func chooseVersion(
        api: APIIndex,
        selector: VersionSelector?,
        credential: CredentialIndex?,
        application: ApplicationIndex?,
        now: Int64
    ) -> VersionDecision {
        let record = snapshot.apis[api.position]
        let scope = GrantScope(tables: self, api: api, access: record.access, application: application, now: now)
        let pin =
            record.usesPins
            ? activePin(api: api, credential: credential, application: application, selector: selector, now: now) : nil
        let chosen: (row: UInt32, source: VersionSource)
        switch selector {
        case .unknown:
            return .unknown
        case .exact(let version):
            if let pin, pin.isHard, pin.version != version.rawValue { return conflict(pin) }
            chosen = (version.rawValue, .request)
        case .major(let major):
            if let pin, isVersion(pin.version, ofMajor: major) {
                chosen = (pin.version, pin.source)
            } else {
                if let pin, pin.isHard { return conflict(pin) }
                guard let row = latest(record, major: major, scope: scope, now: now) else { return .unknown }
                chosen = (row, .request)
            }
        case nil:
            if let pin, pin.isHard || pin.version != LevelGrants.none {
                guard pin.version != LevelGrants.none else { return .unknown }
                chosen = (pin.version, pin.source)
            } else {
                switch record.defaultVersion {
                case .none: return .unspecified
                case .exact(let version): chosen = (version.rawValue, .apiDefault)
                case .latest:
                    guard let row = latest(record, major: nil, scope: scope, now: now) else { return .unknown }
                    chosen = (row, .apiDefault)
                }
            }
        }
        return judge(VersionIndex(rawValue: chosen.row), source: chosen.source, scope: scope, now: now)
    }

    private func judge(
        _ version: VersionIndex,
        source: VersionSource,
        scope: GrantScope,
        now: Int64
    ) -> VersionDecision {
        let record = snapshot.versions[version.position]
        if !scope.covers(record) { return .notGranted(version) }
        if record.isGone(at: now) { return .gone(version) }
        if record.isSuspended { return .suspended(version) }
        return .chosen(version, by: source)
    }

    private func conflict(_ pin: ActivePin) -> VersionDecision {
        pin.version == LevelGrants.none ? .unknown : .pinConflict(pinned: VersionIndex(rawValue: pin.version))
    }

    private func isVersion(_ row: UInt32, ofMajor major: Int32) -> Bool {
        row != LevelGrants.none && snapshot.versions[Int(row)].major == major
    }

    /// The greatest version that is granted, published and not deprecated. When all are deprecated, the greatest that is
    /// still served (nobody's calls break on the day the last one is deprecated); else the greatest of all, whose callers
    /// then learn that it is gone. Versions that are not granted come last, so that the caller is told what is missing.
    private func latest(_ api: APIRecord, major: Int32?, scope: GrantScope, now: Int64) -> UInt32? {
        var best: UInt32?
        var bestRank = 0
        // Greatest first, so that among equals the first one stays.
        for row in api.versions.positions {
            let record = snapshot.versions[row]
            if let major, record.major != major { continue }
            var rank = 1
            if record.state == .published { rank += 1 }
            if !record.isGone(at: now) {
                rank += 1
                if !record.isDeprecated(at: now) { rank += 1 }
            }
            if scope.covers(record) { rank += 4 }
            if rank > bestRank { (best, bestRank) = (UInt32(row), rank) }
        }
        return best
    }
}

/// A pin that counts for a request. `version` is `LevelGrants.none` when the snapshot lacks it.
private struct ActivePin {
    var version: UInt32
    var isHard: Bool
    var source: VersionSource
}

/// Which versions of an API an application's live subscriptions cover.
private struct GrantScope {
    private let tables: GateTables
    private let application: ApplicationIndex?
    private let now: Int64

    init(
        tables: GateTables,
        api: APIIndex,
        access: RoutingContent.Access,
        application: ApplicationIndex?,
        now: Int64
    ) {
        self.tables = tables
        self.now = now
        guard access == .plan, let application, tables.hasLiveSubscription(application, api: api, now: now) else {
            self.application = nil
            return
        }
        self.application = application
    }

    func covers(_ version: VersionRecord) -> Bool {
        guard let application else { return true }
        return tables.withLevel(application.isInOverlay) { table, level in
            let (rows, local) = table.subscriptions(of: application, api: version.api, level)
            for row in rows {
                let record = table.subscriptions[row]
                if table.terms[Int(record.terms)].api == local, record.isLive(at: now),
                    record.major == nil || record.major == version.major
                {
                    return true
                }
            }
            return false
        }
    }
}

extension SubscriptionRecord {
    /// Whether it grants anything at `now` (Unix seconds).
    func isLive(at now: Int64) -> Bool {
        state == .accepted && startsAt <= now && now < endsAt
    }
}

extension GateTables {
    fileprivate func hasLiveSubscription(_ application: ApplicationIndex, api: APIIndex, now: Int64) -> Bool {
        withLevel(application.isInOverlay) { table, level in
            let (rows, local) = table.subscriptions(of: application, api: api, level)
            for row in rows {
                let record = table.subscriptions[row]
                if table.terms[Int(record.terms)].api == local, record.isLive(at: now) { return true }
            }
            return false
        }
    }

    /// The pin that counts: the credential's before the subscriptions'. Of several subscriptions, one whose pin lies in the
    /// major asked for; among those the greatest version.
    private func activePin(
        api: APIIndex,
        credential: CredentialIndex?,
        application: ApplicationIndex?,
        selector: VersionSelector?,
        now: Int64
    ) -> ActivePin? {
        if let credential {
            let found = withLevel(credential.isInOverlay) { table, level in
                Self.pin(table.credentials[credential.position].pins, in: table, level, api: api, now: now)
            }
            // A soft pin to a version that is not there is as good as none.
            if let found, found.isHard || found.version != LevelGrants.none {
                return ActivePin(version: found.version, isHard: found.isHard, source: .credentialPin)
            }
        }
        guard let application else { return nil }
        let wanted = wantedMajor(selector)
        return withLevel(application.isInOverlay) { table, level in
            Self.subscriptionPin(of: application, in: table, level, api: api, wanted: wanted, now: now)
        }
    }

    @inline(always)
    private static func subscriptionPin(
        of application: ApplicationIndex,
        in table: EntitlementTable,
        _ level: LevelGrants,
        api: APIIndex,
        wanted: Int32?,
        now: Int64
    ) -> ActivePin? {
        let (rows, local) = table.subscriptions(of: application, api: api, level)
        var best: ActivePin?
        for row in rows {
            let record = table.subscriptions[row]
            guard table.terms[Int(record.terms)].api == local, record.isLive(at: now),
                let found = pin(record.pins, in: table, level, api: api, now: now),
                found.isHard || found.version != LevelGrants.none
            else { continue }
            // A subscription to one major says nothing about a request for another.
            if let wanted, let major = record.major, major != wanted { continue }
            // Rows of versions are in descending order: the smaller one is the greater version.
            if let best, best.version <= found.version { continue }
            best = ActivePin(version: found.version, isHard: found.isHard, source: .subscriptionPin)
        }
        return best
    }

    private func wantedMajor(_ selector: VersionSelector?) -> Int32? {
        switch selector {
        case .major(let major): major
        case .exact(let version): snapshot.versions[version.position].major
        case .unknown, nil: nil
        }
    }

    @inline(always)
    private static func pin(
        _ range: TableRange,
        in table: EntitlementTable,
        _ level: LevelGrants,
        api: APIIndex,
        now: Int64
    ) -> (version: UInt32, isHard: Bool)? {
        let local = level.localAPI[api.position]
        for row in range.positions {
            let record = table.pins[row]
            if table.pinTargets[Int(record.target)].api == local, now < record.expiresAt {
                return (level.pinVersions[Int(record.target)], record.isHard)
            }
        }
        return nil
    }
}
