public import Lifecycle
import Postgres

/// Tokens of members: digests only, never texts.
public struct TokenStore: Sendable {
    let transaction: Transaction

    /// Who a token belongs to, when it is good.
    public struct Bearer: Sendable, Hashable {
        /// The token.
        public var token: TokenID
        /// The tenant it belongs to.
        public var organization: OrganizationID
        /// The member.
        public var member: MemberID
        /// The member's name.
        public var memberName: String
        /// What kind it is.
        public var kind: Member.Kind
        /// When it was last used, to the minute; nil: never.
        public var lastUsedAt: Moment?
    }

    /// The member whose token has this digest, if neither of the two is revoked, expired or disabled at `now`.
    ///
    /// - Throws: ``CatalogError``.
    public func bearer(sha256: [UInt8], at now: Moment) async throws(CatalogError) -> Bearer? {
        guard let row = try await transaction.row("token/authenticate", [sha256, now]) else { return nil }
        return Bearer(
            token: try row.read("id"),
            organization: try row.read("org_id"),
            member: try row.read("member_id"),
            memberName: try row.read("member"),
            kind: try row.word("kind"),
            lastUsedAt: try row.read("last_used_at")
        )
    }

    /// Notes a use, unless one was noted after `before`.
    ///
    /// - Throws: ``CatalogError``.
    public func touch(_ token: TokenID, at now: Moment, unlessAfter before: Moment) async throws(CatalogError) {
        try await transaction.execute("token/touch", [token, now, before])
    }

    /// Adds a token by its digest.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ token: Token,
        sha256: [UInt8],
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "token/insert",
            [
                token.id, organization, token.member, token.title, token.start, sha256, token.createdAt,
                token.expiresAt,
            ]
        )
    }

    /// The token of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func find(_ id: TokenID, in organization: OrganizationID) async throws(CatalogError) -> NamedToken? {
        try Row.read(try await transaction.row("token/get", [organization, id]), NamedToken.init)
    }

    /// A page of tokens in the order in which they were made.
    ///
    /// `member`: only this member's; nil for all.
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        of member: MemberID?,
        after: TokenID?,
        limit: Int
    ) async throws(CatalogError) -> [NamedToken] {
        try await transaction.rows("token/list", [organization, member, after, limit]).read(NamedToken.init)
    }

    /// Revokes a token.
    ///
    /// - Returns: false where it was revoked before.
    /// - Throws: ``CatalogError``.
    public func revoke(
        _ id: TokenID,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Bool {
        try await transaction.execute("token/revoke", [organization, id, now]) == 1
    }

    /// Revokes every token of a member.
    ///
    /// - Returns: how many were good until now.
    /// - Throws: ``CatalogError``.
    public func revokeAll(
        of member: MemberID,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Int {
        try await transaction.execute("token/revoke_of_member", [organization, member, now])
    }
}

/// A token with its member's name.
public struct NamedToken: Sendable, Hashable, Codable {
    /// The token.
    public var token: Token
    /// The member's name.
    public var memberName: String

    init(_ row: Row) throws(CatalogError) {
        token = try Token(row)
        memberName = try row.read("member")
    }
}

extension Token {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            member: try row.read("member_id"),
            title: try row.read("title"),
            start: try row.read("start"),
            createdAt: try row.read("created_at"),
            expiresAt: try row.read("expires_at"),
            revokedAt: try row.read("revoked_at"),
            lastUsedAt: try row.read("last_used_at")
        )
    }
}

extension Transaction {
    /// Tokens of members.
    public var tokens: TokenStore { TokenStore(transaction: self) }
}
