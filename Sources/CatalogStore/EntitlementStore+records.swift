public import Lifecycle
import Postgres

/// The records that gateways get, as the catalog has them now. What the gate must not take (archived, revoked, not granted)
/// is not among them.
extension EntitlementStore {
    /// An application in use.
    public struct ApplicationRecord: Sendable, Hashable {
        /// The row's identifier.
        public let id: ApplicationID
        /// The name.
        public let name: String
    }

    /// A credential that is not revoked.
    public struct CredentialRecord: Sendable, Hashable {
        /// The row's identifier.
        public let id: CredentialID
        /// SHA-256 of the whole key, 32 bytes.
        public let sha256: [UInt8]
        /// The application that it belongs to.
        public let applicationID: ApplicationID
        /// The first characters of the key, for people; empty where nobody said them.
        public let start: String
        /// Before this moment the gate refuses; nil: since ever.
        public let startsAt: Moment?
        /// The earlier of expiry and the end of a rotation's overlap.
        public let endsAt: Moment?
        /// The versions it is held to, at most one an API.
        public let pins: [VersionPin]
    }

    /// A subscription that is accepted or paused.
    public struct SubscriptionRecord: Sendable, Hashable {
        /// The row's identifier.
        public let id: SubscriptionID
        /// The application that it belongs to.
        public let applicationID: ApplicationID
        /// The name of the API.
        public let api: String
        /// The major version; nil: every one, or none is named.
        public let major: Int?
        /// The name of the plan.
        public let plan: String
        /// Whether a side holds it.
        public let isPaused: Bool
        /// Ids of the operations granted, sorted; nil: all.
        public let operations: [String]?
        /// Before this moment the gate refuses; nil: since ever.
        public let startsAt: Moment?
        /// From this moment on the gate refuses; nil: never.
        public let endsAt: Moment?
        /// The version it is held to.
        public let pin: VersionPin?
        /// The limits, in the order of the `RateLimit` field.
        public let limits: [PlanLimit]
    }

    /// The applications in use: all of an organization's, or those of `ids`.
    ///
    /// - Throws: ``CatalogError``.
    public func applications(
        of organization: OrganizationID,
        ids: Set<ApplicationID>?
    ) async throws(CatalogError) -> [ApplicationRecord] {
        var records: [ApplicationRecord] = []
        for row in try await rows("applications", organization, ids) {
            records.append(ApplicationRecord(id: try row.read("id"), name: try row.read("slug")))
        }
        return records
    }

    /// The credentials of an environment that are not revoked: all, or those of `ids`. What ended before `moment` is left out,
    /// so that rotated keys do not fill the gateways' memory for ever.
    ///
    /// - Throws: ``CatalogError``.
    public func credentials(
        in environment: EnvironmentID,
        ids: Set<CredentialID>?,
        endedAfter moment: Moment
    ) async throws(CatalogError) -> [CredentialRecord] {
        var pins: [CredentialID: [VersionPin]] = [:]
        for row in try await rows("credential_pins", environment, ids, moment) {
            let pin = VersionPin(
                api: try row.read("api"),
                version: try row.read("version"),
                mode: try row.read("is_hard", as: Bool.self) ? .hard : .soft,
                expiresAt: try row.read("expires_at")
            )
            pins[try row.read("credential_id"), default: []].append(pin)
        }
        var records: [CredentialRecord] = []
        for row in try await rows("credentials", environment, ids, moment) {
            let id: CredentialID = try row.read("id")
            let ends: [Moment] = [
                try row.read("expires_at", as: Moment?.self), try row.read("grace_until", as: Moment?.self),
            ].compactMap { $0 }
            records.append(
                CredentialRecord(
                    id: id,
                    sha256: try row.read("sha256"),
                    applicationID: try row.read("application_id"),
                    start: try row.read("start"),
                    startsAt: try row.read("starts_at"),
                    endsAt: ends.min(),
                    pins: pins[id] ?? []
                )
            )
        }
        return records
    }

    /// The subscriptions of an environment that are accepted or paused: all, or those of `ids`. What ended before `moment` is left
    /// out.
    ///
    /// - Throws: ``CatalogError``.
    public func subscriptions(
        in environment: EnvironmentID,
        ids: Set<SubscriptionID>?,
        endedAfter moment: Moment
    ) async throws(CatalogError) -> [SubscriptionRecord] {
        let rows = try await rows("subscriptions", environment, ids, moment)
        var plans: Set<PlanID> = []
        for row in rows { plans.insert(try row.read("plan_id")) }
        let limits = try await limits(of: plans)
        var records: [SubscriptionRecord] = []
        for row in rows {
            let api: String = try row.read("api")
            var pin: VersionPin?
            if let version = try row.read("pin_version", as: String?.self) {
                pin = VersionPin(
                    api: api,
                    version: version,
                    mode: try row.read("pin_is_hard", as: Bool.self) ? .hard : .soft,
                    expiresAt: try row.read("pin_expires_at")
                )
            }
            records.append(
                SubscriptionRecord(
                    id: try row.read("id"),
                    applicationID: try row.read("application_id"),
                    api: api,
                    major: try row.read("major"),
                    plan: try row.read("plan"),
                    isPaused: try row.read("state", as: String.self) == SubscriptionState.paused.rawValue,
                    operations: try row.read("operations"),
                    startsAt: try row.read("starts_at"),
                    endsAt: try row.read("ends_at"),
                    pin: pin,
                    limits: limits[try row.read("plan_id")] ?? []
                )
            )
        }
        return records
    }

    private func limits(of plans: Set<PlanID>) async throws(CatalogError) -> [PlanID: [PlanLimit]] {
        guard !plans.isEmpty else { return [:] }
        var limits: [PlanID: [PlanLimit]] = [:]
        for row in try await transaction.rows("entitlement/plan_limits", [Array(plans)]) {
            let limit = try PlanLimit(
                stored: try row.read("name"),
                kind: try row.read("kind"),
                amount: try row.read("amount"),
                window: try row.read("window_length"),
                align: try row.read("align"),
                algorithm: try row.read("algorithm"),
                burst: try row.read("burst")
            )
            limits[try row.read("plan_id"), default: []].append(limit)
        }
        return limits
    }

    /// The rows of `entitlement/all_<records>`, or of `entitlement/some_<records>` where `ids` names some.
    private func rows<Scope, Subject>(
        _ records: String,
        _ scope: Identifier<Scope>,
        _ ids: Set<Identifier<Subject>>?,
        _ rest: any Parameter...
    ) async throws(CatalogError) -> [Row] {
        guard let ids else { return try await transaction.rows("entitlement/all_\(records)", [scope] + rest) }
        guard !ids.isEmpty else { return [] }
        return try await transaction.rows("entitlement/some_\(records)", [scope, Array(ids)] + rest)
    }
}
