import CatalogStore
import Lifecycle
import RoutingTable

/// From the catalog's records to what gateways read.
extension EntitlementFeed {
    /// One environment.
    struct Scope: Sendable {
        let organization: OrganizationID
        let environment: EnvironmentID
        let name: String
    }

    /// Everything in an environment.
    ///
    /// - Throws: ``CatalogError``.
    func content(_ transaction: Transaction, _ scope: Scope) async throws(CatalogError) -> EntitlementContent {
        let store = transaction.entitlements
        return EntitlementContent(
            environment: scope.name,
            applications: try await store.applications(of: scope.organization, ids: nil).map { .init($0) },
            credentials: try await records(
                store.credentials(in: scope.environment, ids: nil, endedAfter: forgottenBefore)
            ),
            subscriptions: try await store.subscriptions(in: scope.environment, ids: nil, endedAfter: forgottenBefore)
                .map { .init($0) }
        )
    }

    /// What changed after a sequence: each touched record as it is now, or that it is there no more. Nil where so much
    /// changed that a base is shorter.
    ///
    /// - Throws: ``CatalogError``.
    func changes(
        _ transaction: Transaction,
        _ scope: Scope,
        after sequence: UInt64
    ) async throws(CatalogError) -> [EntitlementDelta.Change]? {
        let store = transaction.entitlements
        var changed = try await store.changes(after: sequence, in: scope.environment, of: scope.organization)
        changed.subscriptions.formUnion(try await store.subscriptions(to: changed.plans, in: scope.environment))
        let count = changed.applications.count + changed.credentials.count + changed.subscriptions.count
        guard count <= Self.deltaRecordsMax else { return nil }

        let applications = try await store.applications(of: scope.organization, ids: changed.applications)
        let credentials = try await store.credentials(
            in: scope.environment,
            ids: changed.credentials,
            endedAfter: forgottenBefore
        )
        let subscriptions = try await store.subscriptions(
            in: scope.environment,
            ids: changed.subscriptions,
            endedAfter: forgottenBefore
        )
        var changes: [EntitlementDelta.Change] = []
        // Ends before beginnings, so that no half-applied delta could ever grant more than both ends of it.
        changes += changed.subscriptions.subtracting(subscriptions.map(\.id)).sorted().map {
            .removeSubscription(.init($0))
        }
        changes += changed.credentials.subtracting(credentials.map(\.id)).sorted().map { .removeCredential(.init($0)) }
        changes += changed.applications.subtracting(applications.map(\.id)).sorted().map {
            .removeApplication(.init($0))
        }
        changes += applications.sorted { $0.id < $1.id }.map { .putApplication(.init($0)) }
        changes += subscriptions.sorted { $0.id < $1.id }.map { .putSubscription(.init($0)) }
        changes += try records(credentials.sorted { $0.id < $1.id }).map { .putCredential($0) }
        return changes
    }

    private func records(
        _ credentials: [EntitlementStore.CredentialRecord]
    ) throws(CatalogError) -> [EntitlementContent.Credential] {
        var records: [EntitlementContent.Credential] = []
        records.reserveCapacity(credentials.count)
        for credential in credentials {
            guard let digest = Digest32(credential.sha256) else {
                throw CatalogError.unexpected(reason: "credential \(credential.id) has no SHA-256")
            }
            records.append(
                EntitlementContent.Credential(
                    id: .init(credential.id),
                    sha256: digest,
                    applicationID: .init(credential.applicationID),
                    start: credential.start,
                    startsAt: credential.startsAt?.unixSecondsRoundedUp,
                    // Rounded down: a key may end a fraction of a second early, never late.
                    expiresAt: credential.endsAt?.unixSeconds,
                    pins: credential.pins.map { .init($0) }
                )
            )
        }
        return records
    }
}

extension RecordID {
    init<Subject>(_ identifier: Identifier<Subject>) {
        self.init(high: identifier.value.high, low: identifier.value.low)
    }
}

extension Moment {
    /// Whole seconds, so that what begins at this moment begins late rather than early.
    fileprivate var unixSecondsRoundedUp: Int64 { unixSeconds + (microseconds % 1_000_000 == 0 ? 0 : 1) }
}

extension EntitlementContent.Application {
    init(_ record: EntitlementStore.ApplicationRecord) {
        self.init(id: .init(record.id), name: record.name)
    }
}

extension EntitlementContent.Subscription {
    init(_ record: EntitlementStore.SubscriptionRecord) {
        self.init(
            id: .init(record.id),
            applicationID: .init(record.applicationID),
            api: record.api,
            major: record.major,
            plan: record.plan,
            state: record.isPaused ? .paused : .accepted,
            operations: record.operations,
            // Rounded inwards: a subscription begins late rather than early, and ends early rather than late.
            startsAt: record.startsAt?.unixSecondsRoundedUp,
            endsAt: record.endsAt?.unixSeconds,
            pins: record.pin.map { [.init($0)] } ?? [],
            limits: record.limits.map { .init($0) }
        )
    }
}

extension EntitlementContent.Pin {
    init(_ pin: VersionPin) {
        self.init(
            api: pin.api,
            version: pin.version,
            isHard: pin.mode == .hard,
            expiresAt: pin.expiresAt?.unixSeconds
        )
    }
}

extension EntitlementContent.Limit {
    init(_ limit: PlanLimit) {
        self.init(
            name: limit.name,
            kind: limit.kind == .rate ? .rate : .quota,
            amount: limit.amount,
            window: .init(limit),
            algorithm: limit.algorithm == .gcra ? .gcra : .fixedWindow,
            burst: limit.burst
        )
    }
}

extension EntitlementContent.LimitWindow {
    /// INVARIANT: `PlanLimit` only exists with a calendar unit where it is aligned and with a fixed length where it is not;
    /// the fallbacks are never taken.
    init(_ limit: PlanLimit) {
        if limit.alignment == .calendar, let unit = limit.window.calendarUnit {
            self = .calendar(.init(unit))
        } else {
            self = .seconds(limit.window.fixedSeconds ?? limit.window.approximateSeconds)
        }
    }
}

extension EntitlementContent.CalendarUnit {
    init(_ unit: Lifecycle.LimitWindow.CalendarUnit) {
        switch unit {
        case .minute: self = .minute
        case .hour: self = .hour
        case .day: self = .day
        case .week: self = .week
        case .month: self = .month
        case .year: self = .year
        }
    }
}
