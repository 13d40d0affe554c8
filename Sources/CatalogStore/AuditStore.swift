public import Lifecycle
import Postgres

/// The audit: appended in the transaction of the act itself, one hash chain for each organization.
public struct AuditStore: Sendable {
    let transaction: Transaction

    /// Appends a row; the database numbers it and chains it under the lock of the chain's end.
    func append(_ event: AuditEvent) async throws(CatalogError) {
        try await transaction.execute(
            "audit/append",
            [
                event.actor.organization, event.id, event.occurredAt, event.actor.member, event.actor.name,
                event.actor.authentication.name, event.actor.authentication.token, event.action, event.subject.kind,
                event.subject.id, event.subject.name, event.subject.team, event.actor.requestID, event.actor.address,
                event.actor.userAgent, event.detail,
            ]
        )
    }

    /// One page of the audit, newest first.
    ///
    /// `before`: the sequence number that the last page ended with; nil for the first page.
    /// `teams`: only rows of these teams; nil for all.
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        filter: AuditFilter = AuditFilter(),
        before: Int64?,
        limit: Int
    ) async throws(CatalogError) -> [AuditRow] {
        let rows = try await transaction.rows(
            "audit/list",
            [
                organization, before, teams.map { Array($0) }, filter.subjectKind, filter.subjectID, filter.member,
                filter.action, limit,
            ]
        )
        var page: [AuditRow] = []
        for row in rows { page.append(try AuditRow(row)) }
        return page
    }

    /// The rows after `sequence` in chain order, for verification.
    ///
    /// - Throws: ``CatalogError``.
    public func chain(
        in organization: OrganizationID,
        after sequence: Int64,
        limit: Int
    ) async throws(CatalogError) -> [AuditRow] {
        var page: [AuditRow] = []
        for row in try await transaction.rows("audit/chain", [organization, sequence, limit]) {
            page.append(try AuditRow(row))
        }
        return page
    }

    /// The chain's end as the database keeps it beside the rows; nil where nothing was ever audited.
    ///
    /// - Throws: ``CatalogError``.
    public func head(of organization: OrganizationID) async throws(CatalogError) -> (sequence: Int64, hash: [UInt8])? {
        guard let row = try await transaction.row("audit/head", [organization]) else { return nil }
        return (try row.read("sequence"), try row.read("hash"))
    }
}

/// What to look for in the audit; nil fields match everything.
public struct AuditFilter: Sendable, Hashable {
    /// The table of the thing, such as `api_version`.
    public var subjectKind: String?
    /// The thing's identifier; nil where it has none.
    public var subjectID: UniqueIdentifier?
    /// The member.
    public var member: MemberID?
    /// An action's whole name, such as `version.published`.
    public var action: String?

    /// Every field as it stands.
    public init(
        subjectKind: String? = nil,
        subjectID: UniqueIdentifier? = nil,
        member: MemberID? = nil,
        action: String? = nil
    ) {
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.member = member
        self.action = action
    }
}

/// A row of the audit as it is stored.
public struct AuditRow: Sendable, Hashable {
    /// The tenant it belongs to.
    public var organization: OrganizationID
    /// Its place in the sequence.
    public var sequence: Int64
    /// Its identifier.
    public var id: AuditID
    /// When it happened.
    public var occurredAt: Moment
    /// The member.
    public var member: MemberID?
    /// Who acted.
    public var actor: String
    /// What proved who acts.
    public var authentication: String
    /// The token.
    public var token: TokenID?
    /// Noun and verb, such as `version.published`.
    public var action: String
    /// The table of the thing, such as `api_version`.
    public var subjectKind: String
    /// The thing's identifier; nil where it has none.
    public var subjectID: UniqueIdentifier?
    /// What was acted on.
    public var subject: String
    /// The team.
    public var team: TeamID?
    /// The request's id.
    public var requestID: String?
    /// The peer's address.
    public var address: String?
    /// The peer's user agent.
    public var userAgent: String?
    /// JSON, exactly as the database writes it.
    public var detail: String
    /// The hash of the row before.
    public var previousHash: [UInt8]
    /// The row's own hash.
    public var hash: [UInt8]

    init(_ row: Row) throws(CatalogError) {
        organization = try row.read("org_id")
        sequence = try row.read("sequence")
        id = try row.read("id")
        occurredAt = try row.read("occurred_at")
        member = try row.read("member_id")
        actor = try row.read("actor")
        authentication = try row.read("authentication")
        token = try row.read("token_id")
        action = try row.read("action")
        subjectKind = try row.read("subject_kind")
        subjectID = try row.read("subject_id")
        subject = try row.read("subject")
        team = try row.read("team_id")
        requestID = try row.read("request_id")
        address = try row.read("address")
        userAgent = try row.read("user_agent")
        detail = try row.read("detail")
        previousHash = try row.read("prev_hash")
        hash = try row.read("hash")
    }
}

extension Transaction {
    /// The audit.
    public var audit: AuditStore { AuditStore(transaction: self) }
}
