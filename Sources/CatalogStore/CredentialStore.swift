public import Lifecycle
import Postgres

/// Credentials of applications. Keys come in as their SHA-256 only.
public struct CredentialStore: Sendable {
    let transaction: Transaction

    /// A credential to be stored.
    public struct New: Sendable {
        /// The row's identifier.
        public var id: CredentialID
        /// The application.
        public var application: ApplicationID
        /// The environment in which it is valid.
        public var environment: EnvironmentID
        /// The name in manifests; nil for keys made by hand.
        public var name: String?
        /// The first characters of the key; empty where nobody said them.
        public var start: String
        /// Whether the key was made elsewhere.
        public var isImported: Bool
        /// SHA-256 of the whole key, 32 bytes.
        public var sha256: [UInt8]
        /// Free text of the owner, at most 200 characters.
        public var note: String
        /// What keeps it; nil for people.
        public var managedBy: String?
        /// Who made it; nil for the system and the local operator.
        public var createdBy: MemberID?
        /// Before this moment the gate refuses; nil: since ever.
        public var startsAt: Moment?
        /// From this moment on it is refused; nil: never.
        public var expiresAt: Moment?

        /// A credential to be stored.
        public init(
            id: CredentialID,
            application: ApplicationID,
            environment: EnvironmentID,
            name: String?,
            start: String,
            isImported: Bool,
            sha256: [UInt8],
            note: String,
            managedBy: String?,
            createdBy: MemberID?,
            startsAt: Moment?,
            expiresAt: Moment?
        ) {
            self.id = id
            self.application = application
            self.environment = environment
            self.name = name
            self.start = start
            self.isImported = isImported
            self.sha256 = sha256
            self.note = note
            self.managedBy = managedBy
            self.createdBy = createdBy
            self.startsAt = startsAt
            self.expiresAt = expiresAt
        }
    }

    /// Adds a credential.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ new: New, in organization: OrganizationID, at now: Moment) async throws(CatalogError) {
        try await transaction.execute(
            "credential/insert",
            [
                new.id, organization, new.application, new.environment, new.name, new.start, new.isImported, new.sha256,
                new.note, new.managedBy, new.createdBy, now, new.startsAt, new.expiresAt,
            ]
        )
    }

    /// Revokes a credential for good; one that is revoked stays as it is.
    ///
    /// - Returns: whether it was not revoked before.
    /// - Throws: ``CatalogError``.
    public func revoke(_ id: CredentialID, reason: String, at now: Moment) async throws(CatalogError) -> Bool {
        try await transaction.execute("credential/revoke", [id, reason, now]) == 1
    }

    /// Revokes everything of an application that goes.
    ///
    /// - Returns: how many.
    /// - Throws: ``CatalogError``.
    public func revoke(of application: ApplicationID, reason: String, at now: Moment) async throws(CatalogError) -> Int
    {
        try await transaction.rows("credential/revoke_of_application", [application, reason, now]).count
    }

    /// Names the successor of a credential, which works on until `graceUntil`. The successor starts with its pins.
    ///
    /// - Returns: false where it was replaced or revoked before.
    /// - Throws: ``CatalogError``.
    public func replace(
        _ id: CredentialID,
        by successor: CredentialID,
        graceUntil: Moment
    ) async throws(CatalogError) -> Bool {
        guard try await transaction.execute("credential/replace", [id, successor, graceUntil]) == 1 else {
            return false
        }
        try await transaction.execute("version_pin/copy_credential", [id, successor])
        return true
    }

    /// Changes note, dates and keeper.
    ///
    /// - Throws: ``CatalogError``.
    public func update(
        _ id: CredentialID,
        note: String,
        startsAt: Moment?,
        expiresAt: Moment?,
        managedBy: String?
    ) async throws(CatalogError) {
        try await transaction.execute("credential/update", [id, note, startsAt, expiresAt, managedBy])
    }

    /// How many of an application's credentials the gate would take.
    ///
    /// - Throws: ``CatalogError``.
    public func usableCount(of application: ApplicationID, at now: Moment) async throws(CatalogError) -> Int {
        try await transaction.row("credential/count_usable", [application, now])?.read("count") ?? 0
    }

    /// A credential of a named application; nil where `teams` may see none. With `isLocking` it is held until the transaction
    /// ends.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ id: CredentialID,
        of application: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        isLocking: Bool = false
    ) async throws(CatalogError) -> Credential? {
        let row = try await transaction.row(
            isLocking ? "credential/lock" : "credential/find",
            [organization, application, id, teams.map { Array($0) }]
        )
        return try row.map { row throws(CatalogError) in try Credential(row) }
    }

    /// The credential of a manifest's name that is neither revoked nor replaced, with its hash.
    ///
    /// - Throws: ``CatalogError``.
    public func findNamed(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> (credential: Credential, sha256: [UInt8])? {
        guard
            let row = try await transaction.row(
                "credential/find_named",
                [organization, name, teams.map { Array($0) }]
            )
        else { return nil }
        return (try Credential(row), try row.read("sha256"))
    }

    /// What is known of a key by its hash.
    public struct KnownKey: Sendable, Hashable {
        /// The row's identifier.
        public let id: CredentialID
        /// The application.
        public let application: String
        /// The name in manifests; nil for keys made by hand.
        public let name: String?
        /// When it was revoked; nil: it was not.
        public let revokedAt: Moment?
    }

    /// The credential that a hash stands for, revoked ones included.
    ///
    /// - Throws: ``CatalogError``.
    public func findKey(
        _ sha256: [UInt8],
        in environment: EnvironmentID,
        of organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> KnownKey? {
        guard
            let row = try await transaction.row(
                "credential/find_by_key",
                [organization, environment, sha256, teams.map { Array($0) }]
            )
        else { return nil }
        return KnownKey(
            id: try row.read("id"),
            application: try row.read("application"),
            name: try row.read("slug"),
            revokedAt: try row.read("revoked_at")
        )
    }

    /// A credential as a manifest describes it: with its hash, without its history.
    public struct Kept: Sendable, Hashable {
        /// The row's identifier.
        public let id: CredentialID
        /// The name in manifests; nil for keys made by hand.
        public let name: String?
        /// The application.
        public let application: String
        /// The environment in which it is valid.
        public let environment: String
        /// The first characters of the key, for people; empty where nobody said them.
        public let start: String
        /// SHA-256 of the whole key, 32 bytes.
        public let sha256: [UInt8]
        /// Free text of the owner, at most 200 characters.
        public let note: String
        /// Before this moment the gate refuses; nil: since ever.
        public let startsAt: Moment?
        /// From this moment on it is refused; nil: never.
        public let expiresAt: Moment?
    }

    /// The credentials that are neither revoked nor replaced: those that somebody keeps, or all.
    ///
    /// - Throws: ``CatalogError``.
    public func kept(
        by keeper: String?,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> [Kept] {
        var list: [Kept] = []
        let rows = try await transaction.rows(
            "credential/list_managed",
            [organization, keeper, teams.map { Array($0) }]
        )
        for row in rows {
            list.append(
                Kept(
                    id: try row.read("id"),
                    name: try row.read("slug"),
                    application: try row.read("application"),
                    environment: try row.read("environment"),
                    start: try row.read("start"),
                    sha256: try row.read("sha256"),
                    note: try row.read("note"),
                    startsAt: try row.read("starts_at"),
                    expiresAt: try row.read("expires_at")
                )
            )
        }
        return list
    }

    /// A page of an application's credentials, newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        of application: ApplicationID,
        before: CredentialID?,
        limit: Int
    ) async throws(CatalogError) -> [Credential] {
        var page: [Credential] = []
        for row in try await transaction.rows("credential/list", [application, before, limit]) {
            page.append(try Credential(row))
        }
        return page
    }
}

extension Transaction {
    /// Credentials of applications.
    public var credentials: CredentialStore { CredentialStore(transaction: self) }
}

extension Credential {
    init(_ row: Row) throws(CatalogError) {
        let apis: [String] = try row.read("pin_apis")
        let versions: [String] = try row.read("pin_versions")
        let modes: [String] = try row.read("pin_modes")
        let expiries: [Timestamp?] = try row.read("pin_expiries")
        var pins: [VersionPin] = []
        for index in apis.indices {
            pins.append(
                VersionPin(
                    api: apis[index],
                    version: versions[index],
                    mode: modes[index] == VersionPin.Mode.hard.rawValue ? .hard : .soft,
                    expiresAt: expiries[index].map { Moment(microseconds: $0.microseconds) }
                )
            )
        }
        self.init(
            id: try row.read("id"),
            applicationID: try row.read("application_id"),
            application: try row.read("application"),
            teamID: try row.read("team_id"),
            environmentID: try row.read("environment_id"),
            environment: try row.read("environment"),
            name: try row.read("slug"),
            start: try row.read("start"),
            isImported: try row.read("is_imported"),
            note: try row.read("note"),
            startsAt: try row.read("starts_at"),
            pins: pins,
            managedBy: try row.read("managed_by"),
            createdAt: try row.read("created_at"),
            expiresAt: try row.read("expires_at"),
            graceUntil: try row.read("grace_until"),
            revokedAt: try row.read("revoked_at"),
            replacedBy: try row.read("replaced_by")
        )
    }
}
