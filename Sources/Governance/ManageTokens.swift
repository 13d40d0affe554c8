public import CatalogStore
public import Lifecycle
import RoutingTable

/// A token as somebody asks for it.
public struct TokenDraft: Sendable, Hashable {
    /// Nil: the one who asks.
    public var member: String?
    /// What it is for.
    public var title: String
    /// Nil: it does not expire.
    public var expiresAt: Moment?

    /// Every field as it stands.
    public init(member: String? = nil, title: String = "", expiresAt: Moment? = nil) {
        self.member = member
        self.title = title
        self.expiresAt = expiresAt
    }
}

/// A token that was just made: the only moment at which its text can be seen.
public struct IssuedToken: Sendable, Codable {
    /// The token.
    public var token: Token
    /// The member's name.
    public var memberName: String
    /// The text, for this one moment.
    public var secret: Secret
}

extension Governance {
    /// Makes a token: for oneself, or as an administrator for another member.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `validation-failed`.
    public func createToken(_ actor: Actor, _ draft: TokenDraft) async throws(GovernanceError) -> IssuedToken {
        try await change(actor) { work in
            let member = try await work.tokenOwner(draft.member)
            return try await work.issueToken(for: member, title: draft.title, expiresAt: draft.expiresAt)
        }
    }

    /// A page of tokens in the order in which they were made: one's own, or as an administrator everybody's.
    ///
    /// `member`: only this member's.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listTokens(
        _ actor: Actor,
        of member: String? = nil,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<NamedToken> {
        let after = try page.after(TokenID.self)
        return try await read(actor) { work in
            var owner: MemberID?
            if let member {
                owner = try await work.tokenOwner(member).id
            } else if !actor.may(.manageMembers, team: nil) {
                owner = try await work.tokenOwner(nil).id
            }
            let rows = try await work.transaction.tokens.list(
                in: actor.organization,
                of: owner,
                after: after,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.token.id)
        }
    }

    /// Revokes a token: one's own, or as an administrator anybody's. Revoking twice is harmless.
    ///
    /// - Throws: ``GovernanceError``: `not-found`.
    public func revokeToken(_ actor: Actor, _ id: TokenID) async throws(GovernanceError) -> NamedToken {
        try await change(actor, mayChangeNothing: true) { work in
            let missing = GovernanceError.notFound("token", id.description)
            guard let found = try await work.transaction.tokens.find(id, in: actor.organization) else { throw missing }
            guard found.token.member == actor.member || actor.may(.manageMembers, team: nil) else { throw missing }
            if try await work.transaction.tokens.revoke(id, in: actor.organization, at: work.now) {
                work.audit("token.revoked", work.subject(of: found.token), ["member": .text(found.memberName)])
            }
            return try await work.transaction.tokens.find(id, in: actor.organization) ?? found
        }
    }
}

extension UnitOfWork {
    /// The member whose token it is: oneself, or another one where the actor administers members.
    fileprivate func tokenOwner(_ name: String?) async throws -> Member {
        if let name, name != actor.name || actor.member == nil {
            try actor.require(.manageMembers, team: nil)
            return try await member(name)
        }
        guard let id = actor.member, let own = try await transaction.people.member(id, in: actor.organization) else {
            throw GovernanceError.invalid("/member", "you are no member, so the token needs one", mend: "name a member")
        }
        return own
    }

    /// Makes a token's text, stores its digest, and audits that it was made.
    func issueToken(for member: Member, title: String, expiresAt: Moment?) async throws -> IssuedToken {
        guard member.disabledAt == nil else {
            throw GovernanceError.invalid("/member", "`\(member.name)` is disabled", mend: "enable the member first")
        }
        let text = TokenText.make()
        let token = Token(
            id: .make(at: now),
            member: member.id,
            title: title.isEmpty ? "token of \(member.name)" : title,
            start: TokenText.start(of: text),
            createdAt: now,
            expiresAt: expiresAt,
            revokedAt: nil,
            lastUsedAt: nil
        )
        try await transaction.tokens.insert(token, sha256: TokenText.digest(of: text), in: actor.organization)
        audit(
            "token.created",
            subject(of: token),
            ["member": .text(member.name), "start": .text(token.start), "expiresAt": .init(expiresAt?.rfc3339)]
        )
        return IssuedToken(token: token, memberName: member.name, secret: Secret(text))
    }

    func subject(of token: Token) -> AuditEvent.Subject {
        AuditEvent.Subject("token", id: token.id.value, name: token.title)
    }
}

/// How tokens look: `ght_<43 base62 digits>`, 256 random bits; only the SHA-256 is stored.
enum TokenText {
    static let prefix = "ght_"
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let digitCount = 43

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<digitCount).map { _ in digits[Int.random(in: 0..<digits.count, using: &generator)] }
        return prefix + String(decoding: secret, as: UTF8.self)
    }

    /// Enough to tell tokens apart, too little to guess one.
    static func start(of text: String) -> String { String(text.prefix(prefix.count + 4)) }

    static func digest(of text: String) -> [UInt8] { Digest32.sha256(of: Array(text.utf8)).bytes }
}
