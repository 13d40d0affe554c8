import CatalogStore
import DocumentTree
import Governance
import Lifecycle
import RoutingTable

/// Teams, members and tokens as the API writes them (schemas of the same names).
extension JSONValue {
    init(_ team: Team) {
        self = Self.tagged([
            ("name", .string(team.name)), ("title", .string(team.title)), ("createdAt", JSONValue(team.createdAt)),
        ])
    }

    init(_ member: Member) {
        let roles = member.roles.map { binding in
            JSONValue.object([("role", .string(binding.role.rawValue)), ("team", JSONValue(binding.team))])
        }
        self = Self.tagged([
            ("name", .string(member.name)), ("kind", .string(member.kind.rawValue)), ("title", .string(member.title)),
            ("roles", .array(roles)), ("disabled", .bool(member.disabledAt != nil)),
            ("createdAt", JSONValue(member.createdAt)),
        ])
    }

    init(_ named: NamedToken) {
        let token = named.token
        self = .object([
            ("id", .string(token.id.description)), ("member", .string(named.memberName)),
            ("note", .string(token.title)),
            ("start", .string(token.start)), ("createdAt", JSONValue(token.createdAt)),
            ("expiresAt", JSONValue(token.expiresAt)), ("revokedAt", JSONValue(token.revokedAt)),
        ])
    }

    /// An object whose entity tag is a digest of its members, for resources that count no editions.
    private static func tagged(_ members: [(key: String, value: JSONValue)]) -> JSONValue {
        let digest = Digest32.sha256(of: Array(JSONValue.object(members).text().utf8))
        return .object(members + [("etag", .string(String(digest.hexadecimal.prefix(32))))])
    }

    /// The resource's own entity tag.
    var etag: String? { self["etag"]?.string }
}
