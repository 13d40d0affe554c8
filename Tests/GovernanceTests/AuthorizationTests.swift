import Lifecycle
import Testing

@testable import Governance

@Suite struct AuthorizationTests {
    private let sales = TeamID.make(at: GovernedWorld.start)
    private let rival = TeamID.make(at: GovernedWorld.start)

    private func actor(_ grants: RoleGrant...) -> Actor {
        Actor(
            organization: .make(at: GovernedWorld.start),
            member: .make(at: GovernedWorld.start),
            name: "x",
            authentication: .system,
            grants: grants
        )
    }

    @Test("a role for a team holds for that team and nothing else")
    func scope() {
        let owner = actor(RoleGrant(.apiOwner, .team(sales)))
        #expect(owner.may(.publishVersion, team: sales))
        #expect(!owner.may(.publishVersion, team: rival))
        #expect(!owner.may(.publishVersion, team: nil))
        #expect(owner.teams(for: .publishVersion) == [sales])
        #expect(actor(RoleGrant(.apiOwner)).teams(for: .publishVersion) == nil)
        #expect(actor().teams(for: .publishVersion) == [])
    }

    @Test("every action is some role's, and a gateway's are nobody else's")
    func coverage() {
        for action in Action.allCases { #expect(!Authorization.roles(for: action).isEmpty, "\(action)") }
        #expect(Authorization.roles(for: .pullGatewayState) == [.gateway])
        #expect(Authorization.roles(for: .reportFromGateway) == [.gateway])
        #expect(Authorization.actions(of: .gateway) == [.pullGatewayState, .reportFromGateway])
    }

    @Test("an auditor changes nothing")
    func auditor() {
        let reads: Set<Action> = [
            .readMembers, .readCatalog, .readApplications, .readGateways, .explainRequest, .readAudit,
        ]
        #expect(Authorization.actions(of: .auditor) == reads)
    }

    @Test("a refusal names the roles that would do")
    func refusalNames() {
        let error = #expect(throws: GovernanceError.self) { try actor().require(.readAudit, team: nil) }
        #expect(error?.code == .forbidden)
        #expect(error?.mend.contains("auditor") == true)
    }

    @Test("a private API of another team is not found by any use case")
    func privateAPI() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let alice = try await world.actor("alice")
            _ = try await world.governance.updateAPI(alice, "orders", APIChange(visibility: .private))
            let mallory = try await world.actor("mallory")
            let governance = world.governance
            let codes = [
                await codeOf { _ = try await governance.showAPI(mallory, "orders") },
                await codeOf { _ = try await governance.showVersion(mallory, api: "orders", version: "1.0.0") },
                await codeOf {
                    _ = try await governance.showReview(mallory, api: "orders", version: "1.0.0", revision: 1)
                },
                await codeOf {
                    _ = try await governance.showSpecification(mallory, api: "orders", version: "1.0.0", revision: 1)
                },
                await codeOf { _ = try await governance.updateAPI(mallory, "orders", APIChange(title: "Mine")) },
                await codeOf {
                    _ = try await governance.suspendVersion(mallory, api: "orders", version: "1.0.0", reason: "x")
                },
                await codeOf {
                    _ = try await governance.publishVersion(mallory, PublicationDraft(api: "orders", version: "1.0.0"))
                },
            ]
            #expect(codes == codes.map { _ in .notFound })
            let listed = try await governance.listAPIs(mallory)
            #expect(listed.items.isEmpty)
            let reviews = try await governance.listReviews(mallory)
            #expect(reviews.items.isEmpty)
        }
    }

    @Test("labels under gov/ are the governance team's; search finds words, labels and teams")
    func labels() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            try await world.submit(api: "invoices", document: GovernedWorld.document("1.0.0", title: "Billing"))
            let alice = try await world.actor("alice")
            let governance = world.governance
            let own = await codeOf {
                _ = try await governance.updateAPI(alice, "orders", APIChange(labels: ["gov/risk": "low"]))
            }
            #expect(own == .forbidden)
            _ = try await governance.updateAPI(alice, "orders", APIChange(labels: ["domain": "sales"]))
            let gwen = try await world.actor("gwen")
            _ = try await governance.updateAPI(
                gwen,
                "orders",
                APIChange(labels: ["domain": "sales", "gov/risk": "high"])
            )
            let dropped = await codeOf {
                _ = try await governance.updateAPI(alice, "orders", APIChange(labels: ["domain": "sales"]))
            }
            #expect(dropped == .forbidden)
            let byLabel = try await governance.listAPIs(
                alice,
                filter: APIFilter(labelKey: "gov/risk", labelValue: "high")
            )
            #expect(byLabel.items.map(\.name) == ["orders"])
            let byWord = try await governance.listAPIs(alice, filter: APIFilter(words: "billing"))
            #expect(byWord.items.map(\.name) == ["invoices"])
            let byPart = try await governance.listAPIs(alice, filter: APIFilter(words: "rder"))
            #expect(byPart.items.map(\.name) == ["orders"])
            let byTeam = try await governance.listAPIs(alice, filter: APIFilter(team: "rival"))
            #expect(byTeam.items.isEmpty)
            let page = try await governance.listAPIs(alice, PageRequest(limit: 1))
            let next = try await governance.listAPIs(alice, PageRequest(limit: 1, cursor: page.next))
            #expect((page.items + next.items).map(\.name) == ["invoices", "orders"])
        }
    }
}

/// ``refusal(_:)`` under a name that the suite's own test does not hide.
private func codeOf(_ act: () async throws -> Void) async -> GovernanceError.Code? { await refusal(act) }
