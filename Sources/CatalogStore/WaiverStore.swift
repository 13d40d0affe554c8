public import Lifecycle
import Postgres

/// Waivers.
public struct WaiverStore: Sendable {
    let transaction: Transaction

    /// Adds a waiver that waits for a decision.
    ///
    /// - Throws: ``CatalogError``; the database refuses one without an end or with an end too far away.
    public func insert(
        _ id: WaiverID,
        for api: APIID,
        rule: String,
        at place: Waiver.Place,
        reason: String,
        requestedBy member: MemberID,
        expiresAt: Moment,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        var pointer: String?
        var fingerprint: [UInt8]?
        switch place {
        case .pointer(let text): pointer = text
        case .fingerprint(let text): fingerprint = Hexadecimal.bytes(text) ?? []
        }
        try await transaction.execute(
            "waiver/insert",
            [id, organization, api, rule, pointer, fingerprint, reason, member, now, expiresAt]
        )
    }

    /// The waiver of an identifier; nil where there is none that `teams` may see. With `isLocking` it is held until the
    /// transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ id: WaiverID,
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        isLocking: Bool = false
    ) async throws(CatalogError) -> Waiver? {
        let query = isLocking ? "waiver/lock" : "waiver/find"
        return try Row.read(
            try await transaction.row(query, [organization, id, teams.map { Array($0) }]),
            Waiver.init
        )
    }

    /// A page of waivers, the newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        api: String?,
        before: WaiverID?,
        limit: Int
    ) async throws(CatalogError) -> [Waiver] {
        try await transaction.rows("waiver/list", [organization, teams.map { Array($0) }, api, before, limit])
            .read(Waiver.init)
    }

    /// The waivers of an API that hold at a moment.
    ///
    /// - Throws: ``CatalogError``.
    public func inForce(for api: APIID, at now: Moment) async throws(CatalogError) -> [Waiver] {
        try await transaction.rows("waiver/list_in_force", [api, now]).read(Waiver.init)
    }

    /// The waivers of all APIs that hold at a moment, by API.
    ///
    /// - Throws: ``CatalogError``.
    public func inForce(
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> [APIID: [Waiver]] {
        let waivers = try await transaction.rows("waiver/list_all_in_force", [organization, now]).read(Waiver.init)
        return Dictionary(grouping: waivers, by: \.apiID)
    }

    /// How many waivers of an API are pending or in force.
    ///
    /// - Throws: ``CatalogError``.
    public func openCount(for api: APIID, at now: Moment) async throws(CatalogError) -> Int {
        try await transaction.row("waiver/count_open", [api, now])?.read("count") ?? 0
    }

    /// Decides a waiver.
    ///
    /// - Throws: ``CatalogError``; the database refuses the one who asked, a machine, and a second decision.
    public func decide(
        _ id: WaiverID,
        isGranted: Bool,
        by member: MemberID,
        comment: String,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("waiver/decide", [id, isGranted, member, now, comment])
    }

    /// Takes a waiver back.
    ///
    /// - Throws: ``CatalogError``.
    public func revoke(
        _ id: WaiverID,
        by member: MemberID,
        reason: String,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("waiver/revoke", [id, member, now, reason])
    }
}

extension Waiver {
    fileprivate init(_ row: Row) throws(CatalogError) {
        let pointer: String? = try row.read("json_pointer")
        let fingerprint: [UInt8]? = try row.read("fingerprint")
        self.init(
            id: try row.read("id"),
            apiID: try row.read("api_id"),
            api: try row.read("api"),
            team: try row.read("team_id"),
            rule: try row.read("rule"),
            place: pointer.map { .pointer($0) } ?? .fingerprint(Hexadecimal.text(fingerprint ?? [])),
            reason: try row.read("reason"),
            requestedBy: try row.read("requested_by"),
            requestedAt: try row.read("requested_at"),
            expiresAt: try row.read("expires_at"),
            decidedBy: try row.read("decided_by"),
            decidedAt: try row.read("decided_at"),
            isGranted: try row.read("is_granted"),
            decisionComment: try row.read("decision_comment"),
            revokedAt: try row.read("revoked_at"),
            revocationReason: try row.read("revocation_reason")
        )
    }
}

extension Transaction {
    /// Waivers.
    public var waivers: WaiverStore { WaiverStore(transaction: self) }
}
