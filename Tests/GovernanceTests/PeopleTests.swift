import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct PeopleTests {
    @Test("the first start makes one administrator's token, also when two nodes start at once")
    func bootstrap() async throws {
        try await GovernedWorld.with { world in
            try await world.sql("ALTER TABLE role_binding DISABLE TRIGGER USER")
            try await world.sql("DELETE FROM role_binding WHERE role = 'org-admin'")
            let nodes = [world.governance, world.otherNode()]
            let tokens = try await withThrowingTaskGroup(of: IssuedToken?.self) { group in
                for node in nodes { group.addTask { try await node.bootstrapAdministrator() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = tokens.compactMap { $0 }
            #expect(made.count == 1)
            let text = try #require(made.first?.secret.text)
            let actor = try await world.governance.authenticate(token: text)
            #expect(actor.name == "administrator")
            #expect(actor.may(.manageMembers, team: nil))
            let stored = try await world.count(
                "SELECT count(*) FROM token WHERE sha256 = sha256($1::text::bytea)",
                [text]
            )
            #expect(stored == 1)
            let leaked = try await world.count(
                "SELECT count(*) FROM audit WHERE detail::text LIKE '%' || $1 || '%'",
                [text]
            )
            #expect(leaked == 0)
        }
    }

    @Test("a token that is unknown, expired, revoked or a disabled member's is not in force")
    func tokens() async throws {
        try await GovernedWorld.with { world in
            let alice = try await world.actor("alice")
            let expiry = world.clock.now.advanced(by: .seconds(60))
            let issued = try await world.governance.createToken(alice, TokenDraft(title: "laptop", expiresAt: expiry))
            let text = try #require(issued.secret.text)
            let actor = try await world.governance.authenticate(token: text)
            #expect(actor.member == alice.member)
            #expect(Set(actor.grants) == Set(alice.grants))
            world.clock.advance(by: .seconds(61))
            let expired = await refusal { _ = try await world.governance.authenticate(token: text) }
            #expect(expired == .unauthenticated)
            let second = try await world.governance.createToken(alice, TokenDraft())
            let mallory = try await world.actor("mallory")
            let foreign = await refusal { _ = try await world.governance.revokeToken(mallory, second.token.id) }
            #expect(foreign == .notFound)
            _ = try await world.governance.revokeToken(alice, second.token.id)
            _ = try await world.governance.revokeToken(alice, second.token.id)
            let revokedText = try #require(second.secret.text)
            let revoked = await refusal { _ = try await world.governance.authenticate(token: revokedText) }
            #expect(revoked == .unauthenticated)
            for unknown in ["", "ght_x", text + "x", "Bearer"] {
                let code = await refusal { _ = try await world.governance.authenticate(token: unknown) }
                #expect(code == .unauthenticated)
            }
            let third = try await world.governance.createToken(alice, TokenDraft())
            let admin = try await world.actor("administrator")
            _ = try await world.governance.updateMember(admin, "alice", MemberChange(isDisabled: true))
            let thirdText = try #require(third.secret.text)
            let disabled = await refusal { _ = try await world.governance.authenticate(token: thirdText) }
            #expect(disabled == .unauthenticated)
        }
    }

    @Test("nobody but an administrator makes or sees another member's tokens")
    func ownTokens() async throws {
        try await GovernedWorld.with { world in
            let alice = try await world.actor("alice")
            let code = await refusal { _ = try await world.governance.createToken(alice, TokenDraft(member: "bob")) }
            #expect(code == .forbidden)
            _ = try await world.governance.createToken(alice, TokenDraft())
            let seen = try await world.governance.listTokens(try await world.actor("bob"))
            #expect(seen.items.isEmpty)
            let all = try await world.governance.listTokens(try await world.actor("administrator"))
            #expect(Set(all.items.map(\.memberName)) == ["administrator", "alice"])
        }
    }

    @Test("a retry with the same key does not show the secret again, and nothing keeps it")
    func secretOnce() async throws {
        try await GovernedWorld.with { world in
            let alice = try await world.actor("alice", key: "token-1")
            let first = try await world.governance.createToken(alice, TokenDraft())
            let second = try await world.governance.createToken(alice, TokenDraft())
            #expect(first.token.id == second.token.id)
            #expect(second.secret.text == nil)
            let text = try #require(first.secret.text)
            let kept = try await world.count(
                "SELECT count(*) FROM idempotency_key WHERE result::text LIKE '%' || $1 || '%'",
                [text]
            )
            #expect(kept == 0)
        }
    }

    @Test("the last administrator can be neither demoted nor disabled, not even by two at once")
    func lastAdministrator() async throws {
        try await GovernedWorld.with { world in
            let admin = try await world.actor("administrator")
            let governance = world.governance
            let demoted = await refusal {
                _ = try await governance.updateMember(admin, "administrator", MemberChange(roles: []))
            }
            let disabled = await refusal {
                _ = try await governance.updateMember(admin, "administrator", MemberChange(isDisabled: true))
            }
            #expect([demoted, disabled] == [.lastAdministrator, .lastAdministrator])
            let roles = [RoleDraft(.organizationAdministrator)]
            _ = try await governance.createMember(admin, MemberDraft(name: "second", roles: roles))
            let second = try await world.actor("second")
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                group.addTask {
                    await refusal { _ = try await governance.updateMember(admin, "second", MemberChange(roles: [])) }
                }
                group.addTask {
                    await refusal {
                        _ = try await governance.updateMember(second, "administrator", MemberChange(roles: []))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            let left = try await world.count("SELECT count(*) FROM role_binding WHERE role = 'org-admin'")
            #expect(left == 1)
        }
    }

    @Test("the way back in makes a token for the administrator and is audited as the local operator's act")
    func recovery() async throws {
        try await GovernedWorld.with { world in
            let admin = try await world.actor("administrator")
            let lost = try await world.governance.createToken(admin, TokenDraft())
            let recovered = try await world.governance.recoverAdministrator(revokesOthers: true)
            let text = try #require(recovered.secret.text)
            let actor = try await world.governance.authenticate(token: text)
            #expect(actor.name == "administrator")
            let lostText = try #require(lost.secret.text)
            let old = await refusal { _ = try await world.governance.authenticate(token: lostText) }
            #expect(old == .unauthenticated)
            let audited = try await world.governance.listAudit(
                admin,
                filter: AuditFilter(action: "administrator.recovered")
            )
            #expect(audited.items.first?.authentication == "local operator")
        }
    }

    @Test("names are checked, taken names are named, members are listed in pages")
    func names() async throws {
        try await GovernedWorld.with { world in
            let admin = try await world.actor("administrator")
            let governance = world.governance
            let taken = await refusal { _ = try await governance.createTeam(admin, name: "sales") }
            let malformed = await refusal { _ = try await governance.createTeam(admin, name: "Sales Team") }
            let nul = await refusal { _ = try await governance.createTeam(admin, name: "x", title: "a\u{0}b") }
            let ghost = await refusal {
                _ = try await governance.createMember(
                    admin,
                    MemberDraft(name: "x", roles: [RoleDraft(.approver, team: "ghost")])
                )
            }
            #expect([taken, malformed, nul, ghost] == [.nameTaken, .nameInvalid, .validationFailed, .notFound])
            let first = try await governance.listMembers(admin, PageRequest(limit: 4))
            let second = try await governance.listMembers(admin, PageRequest(limit: 100, cursor: first.next))
            let names = (first.items + second.items).map(\.name)
            #expect(names == names.sorted() && names.count == 10)
            #expect(second.next == nil)
        }
    }
}
