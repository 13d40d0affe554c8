import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct RoleMatrixTests {
    private struct Attempt: Sendable {
        let action: Action
        let act: @Sendable (GovernedWorld, Actor) async throws -> Void

        init(_ action: Action, _ act: @escaping @Sendable (GovernedWorld, Actor) async throws -> Void) {
            self.action = action
            self.act = act
        }
    }

    /// Every right of the provider's side with a use case that needs it.
    private static let attempts: [Attempt] = [
        Attempt(.manageMembers) { _ = try await $0.governance.createTeam($1, name: "sales") },
        Attempt(.manageMembers) { _ = try await $0.governance.createMember($1, MemberDraft(name: "alice")) },
        Attempt(.manageMembers) { _ = try await $0.governance.updateMember($1, "ghost", MemberChange(title: "x")) },
        Attempt(.manageMembers) { _ = try await $0.governance.createToken($1, TokenDraft(member: "ghost")) },
        Attempt(.readMembers) { _ = try await $0.governance.listMembers($1) },
        Attempt(.readCatalog) { _ = try await $0.governance.listAPIs($1) },
        Attempt(.readCatalog) { _ = try await $0.governance.showVersion($1, api: "orders", version: "1.0.0") },
        Attempt(.readCatalog) { _ = try await $0.governance.exportSnapshot($1) },
        Attempt(.submitSpecification) { world, actor in
            let bytes = Array(GovernedWorld.document("1.0.0").utf8)
            _ = try await world.governance.submitSpecification(actor, SpecificationDraft(api: "orders", bytes: bytes))
        },
        Attempt(.createAPI) { _ = try await $0.governance.createAPI($1, APIDraft(name: "orders", team: "sales")) },
        Attempt(.updateAPI) {
            _ = try await $0.governance.updateAPI($1, "orders", APIChange(title: "T", edition: 999))
        },
        Attempt(.voteOnRevision) { world, actor in
            let draft = VoteDraft(api: "orders", version: "1.0.0", revision: 1, decision: .reject, comment: "x")
            _ = try await world.governance.castVote(actor, draft)
        },
        Attempt(.publishVersion) {
            _ = try await $0.governance.publishVersion($1, PublicationDraft(api: "orders", version: "1.0.0"))
        },
        Attempt(.leaveVersion) {
            _ = try await $0.governance.undeprecateVersion($1, api: "orders", version: "1.0.0", reason: "x")
        },
        Attempt(.leaveVersion) {
            _ = try await $0.governance.retireVersion($1, api: "orders", version: "1.0.0", reason: "x")
        },
        Attempt(.suspendVersion) {
            _ = try await $0.governance.resumeVersion($1, api: "orders", version: "1.0.0", reason: "x")
        },
        Attempt(.activateSnapshot) { _ = try await $0.governance.activateSnapshot($1, generation: 99, reason: "x") },
        Attempt(.setApprovalPolicy) { _ = try await $0.governance.setRequiredVotes($1, 0) },
        Attempt(.readCatalog) { _ = try await $0.governance.listPolicies($1) },
        Attempt(.readCatalog) { _ = try await $0.governance.listRulesets($1) },
        Attempt(.readCatalog) { _ = try await $0.governance.listWaivers($1) },
        Attempt(.managePolicies) {
            _ = try await $0.governance.storeRuleset($1, RulesetDraft(name: "r", bytes: Array("rules: {}".utf8)))
        },
        Attempt(.managePolicies) { _ = try await $0.governance.deleteRuleset($1, "ghost") },
        Attempt(.managePolicies) {
            _ = try await $0.governance.setPolicy($1, PolicyDraft(name: "p", rulesets: []))
        },
        Attempt(.managePolicies) { _ = try await $0.governance.deletePolicy($1, "ghost") },
        Attempt(.requestWaiver) { world, actor in
            let end = world.clock.now.advanced(by: .seconds(60))
            let draft = WaiverDraft(api: "orders", rule: "r", place: .pointer(""), reason: "", expiresAt: end)
            _ = try await world.governance.requestWaiver(actor, draft)
        },
        Attempt(.pullGatewayState) { _ = try await $0.governance.pullRouting($1) },
        Attempt(.reportFromGateway) { world, actor in
            try await world.governance.recordGatewayReport(actor, GatewayReport(name: "g", generation: 1, sequence: 0))
        },
        Attempt(.readGateways) { _ = try await $0.governance.listGateways($1) },
        Attempt(.explainRequest) { _ = try await $0.governance.explainRequest($1, "none") },
        Attempt(.readAudit) { _ = try await $0.governance.listAudit($1) },
        Attempt(.readAudit) { _ = try await $0.governance.verifyAudit($1) },
    ]

    @Test("each role may do what the table says and nothing else", arguments: Role.allCases)
    func matrix(role: Role) async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let template = try await world.actor("bob")
            let audited = try await world.count("SELECT count(*) FROM audit")
            for attempt in Self.attempts {
                var actor = template
                actor.grants = [RoleGrant(role)]
                let current = actor
                let code = await refusal { try await attempt.act(world, current) }
                let isAllowed = Authorization.actions(of: role).contains(attempt.action)
                #expect(
                    (code != .forbidden) == isAllowed,
                    "\(role.rawValue) · \(attempt.action.rawValue): \(String(describing: code))"
                )
                #expect(code != .internalError)
            }
            // What was refused left no trace, and nothing above is meant to succeed in changing something.
            let after = try await world.count("SELECT count(*) FROM audit")
            #expect(after == audited)
        }
    }

    @Test("a role for another team is no role at all", arguments: Role.allCases)
    func foreignTeam(role: Role) async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let organization = try await world.governance.standardOrganization().id
            let rival = try await world.governance.showTeam(.system(organization), "rival")
            var actor = try await world.actor("bob")
            actor.grants = [RoleGrant(role, .team(rival.id))]
            let foreign = actor
            let changing: Set<Action> = [
                .submitSpecification, .updateAPI, .voteOnRevision, .publishVersion, .leaveVersion, .suspendVersion,
                .activateSnapshot, .manageMembers, .setApprovalPolicy, .managePolicies, .requestWaiver,
            ]
            for attempt in Self.attempts where changing.contains(attempt.action) {
                let code = await refusal { try await attempt.act(world, foreign) }
                #expect(
                    code == .forbidden,
                    "\(role.rawValue) · \(attempt.action.rawValue): \(String(describing: code))"
                )
            }
        }
    }
}
