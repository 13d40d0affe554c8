import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/me`, `/v1/teams`, `/v1/members` and `/v1/tokens`.
struct PeopleRoutes {
    func add(to routes: RouteBuilder) {
        addTeams(to: routes)
        addMembers(to: routes)
        addTokens(to: routes)
    }

    private func addTeams(to routes: RouteBuilder) {
        routes.get("/v1/teams") { governance, arguments in
            let page = try await governance.listTeams(arguments.actor, arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/teams") { governance, arguments in
            let (draft, actor) = try await arguments.body { body in
                (name: body.string("name"), title: body.optionalString("title"))
            }
            let team = JSONValue(try await governance.createTeam(actor, name: draft.name, title: draft.title))
            return Answer.json(team, status: .created, etag: team.etag)
        }
        routes.get("/v1/teams/{team}") { governance, arguments in
            let team = JSONValue(try await governance.showTeam(arguments.actor, arguments.path("team")))
            return Answer.json(team, etag: team.etag)
        }
    }

    private func addMembers(to routes: RouteBuilder) {
        routes.get("/v1/me") { governance, arguments in
            guard let member = try await governance.showSelf(arguments.actor) else {
                throw Problem(.notFound, detail: "the token speaks for no member")
            }
            return Answer.json(JSONValue(member))
        }
        routes.get("/v1/members") { governance, arguments in
            let page = try await governance.listMembers(arguments.actor, arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/members") { governance, arguments in
            let (draft, actor) = try await arguments.body { body in
                MemberDraft(
                    name: body.string("name"),
                    kind: body.optionalWord("kind", as: Member.Kind.self) ?? .person,
                    title: body.optionalString("title"),
                    roles: Self.roles(&body) ?? []
                )
            }
            let member = JSONValue(try await governance.createMember(actor, draft))
            return Answer.json(member, status: .created, etag: member.etag)
        }
        routes.get("/v1/members/{member}") { governance, arguments in
            let member = JSONValue(try await governance.showMember(arguments.actor, arguments.path("member")))
            return Answer.json(member, etag: member.etag)
        }
        routes.patch("/v1/members/{member}") { governance, arguments in
            let name = try arguments.path("member")
            let tag = try arguments.ifMatch()
            let current = JSONValue(try await governance.showMember(arguments.actor, name))
            guard tag == "*" || tag == current.etag else {
                throw Problem(.preconditionFailed, detail: "`\(name)` was changed since it was read; read it again")
            }
            let (change, actor) = try await arguments.body { body in
                MemberChange(
                    title: body.optionalString("title"),
                    roles: Self.roles(&body),
                    isDisabled: body.optionalBoolean("disabled")
                )
            }
            let member = JSONValue(try await governance.updateMember(actor, name, change))
            return Answer.json(member, etag: member.etag)
        }
    }

    private func addTokens(to routes: RouteBuilder) {
        routes.get("/v1/tokens") { governance, arguments in
            let page = try await governance.listTokens(arguments.actor, arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/tokens") { governance, arguments in
            let (draft, actor) = try await arguments.body { body in
                TokenDraft(
                    member: body.optionalString("member"),
                    title: body.optionalString("note") ?? "",
                    expiresAt: body.optionalMoment("expiresAt")
                )
            }
            let issued = try await governance.createToken(actor, draft)
            guard let secret = issued.secret.text else {
                throw Problem(
                    .idempotencyKeyReused,
                    detail:
                        "the text of `\(issued.token.id)` was shown in the first answer and cannot be shown again; make another"
                )
            }
            return Answer.json(
                .object([
                    ("id", .string(issued.token.id.description)), ("member", .string(issued.memberName)),
                    ("token", .string(secret)), ("expiresAt", JSONValue(issued.token.expiresAt)),
                ]),
                status: .created
            )
        }
        routes.delete("/v1/tokens/{id}") { governance, arguments in
            _ = try await governance.revokeToken(arguments.keyed([]), arguments.identifier(TokenID.self))
            return Answer.nothing
        }
    }

    private static func roles(_ body: inout BodyReader) -> [RoleDraft]? {
        guard let list = body.member("roles"), !list.isNull else { return nil }
        guard list.isSequence else {
            body.violate("roles", "expected a list of roles")
            return nil
        }
        var drafts: [RoleDraft] = []
        for (place, node) in list.elements.enumerated() {
            var part = BodyReader(node, pointer: "/roles/\(place)")
            let role = part.optionalWord("role", as: Role.self)
            if role == nil, !part.has("role") { part.violate("role", "is missing; expected the name of a role") }
            let team = part.optionalString("team")
            if let role { drafts.append(RoleDraft(role, team: team)) }
            body.absorb(part)
        }
        return drafts
    }
}
