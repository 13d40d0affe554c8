import CatalogStore
public import Lifecycle

/// Where a request came from, for the audit.
public struct RequestOrigin: Sendable, Hashable {
    /// The request's id.
    public var requestID: String?
    /// The peer's address.
    public var address: String?
    /// The peer's user agent.
    public var userAgent: String?

    /// Every field as it stands.
    public init(requestID: String? = nil, address: String? = nil, userAgent: String? = nil) {
        self.requestID = requestID
        self.address = address
        self.userAgent = userAgent
    }
}

extension Governance {
    /// A use is noted at most this often, so that reading is not writing.
    private static let touchInterval = Duration.seconds(60)

    /// Who shows a token.
    ///
    /// Looked up by its SHA-256 with equality in an index: what time tells about a digest of 256 random bits helps nobody.
    ///
    /// - Throws: ``GovernanceError``: `unauthenticated` for a token that is unknown, revoked, expired or a disabled member's,
    ///   without saying which.
    public func authenticate(token: String, from origin: RequestOrigin = RequestOrigin()) async throws(GovernanceError)
        -> Actor
    {
        let refusal = GovernanceError(
            .unauthenticated,
            "the token is not in force",
            mend: "send a token that is neither revoked nor expired as `Authorization: Bearer …`"
        )
        guard token.hasPrefix(TokenText.prefix), token.utf8.count <= 200 else { throw refusal }
        let digest = TokenText.digest(of: token)
        let now = clock.now
        return try await translated {
            try await catalog.transaction { transaction in
                guard let bearer = try await transaction.tokens.bearer(sha256: digest, at: now),
                    let member = try await transaction.people.member(bearer.member, in: bearer.organization)
                else { throw refusal }
                let before = now.advanced(by: .zero - Self.touchInterval)
                if bearer.lastUsedAt.map({ $0 < before }) ?? true {
                    try await transaction.tokens.touch(bearer.token, at: now, unlessAfter: before)
                }
                return Actor(
                    organization: bearer.organization,
                    member: bearer.member,
                    name: bearer.memberName,
                    authentication: .token(bearer.token),
                    grants: member.roles.map(\.grant),
                    requestID: origin.requestID,
                    address: origin.address,
                    userAgent: origin.userAgent
                )
            }
        }
    }
}
