import CatalogStore
import Lifecycle

@testable import Governance

/// Steps that tests of policies begin with: gwen governs.
extension GovernedWorld {
    /// Every operation needs tags; every operation needs a summary.
    static let house = """
        rules:
          operation-tagged:
            description: Every operation has tags.
            given: $.paths[*][get,put,post,delete]
            severity: error
            then: {field: tags, function: truthy}
          operation-summary:
            description: Every operation has a summary.
            given: $.paths[*][get,put,post,delete]
            severity: warn
            then: {field: summary, function: truthy}
        """

    @discardableResult
    func ruleset(
        _ name: String = "house",
        _ text: String = GovernedWorld.house,
        by member: String = "gwen"
    ) async throws -> RulesetOutcome {
        clock.advance(by: .milliseconds(1))
        let draft = RulesetDraft(name: name, bytes: Array(text.utf8))
        return try await governance.storeRuleset(try await actor(member), draft)
    }

    @discardableResult
    func policy(
        _ mode: PolicyMode,
        name: String = "tagged",
        rulesets: [PolicyRuleset] = [PolicyRuleset("house")],
        selector: LabelSelector = .everything,
        stages: PolicyStages = PolicyStages()
    ) async throws -> Policy {
        clock.advance(by: .milliseconds(1))
        let draft = PolicyDraft(name: name, mode: mode, selector: selector, rulesets: rulesets, stages: stages)
        return try await governance.setPolicy(try await actor("gwen"), draft).policy
    }

    /// Makes every check that waits.
    ///
    /// - Returns: how many there were.
    @discardableResult
    func makeChecks() async throws -> Int {
        var count = 0
        while try await governance.checkNext() { count += 1 }
        return count
    }

    /// Asked for by dave.
    func requestWaiver(
        _ place: Waiver.Place = .pointer("/paths"),
        rule: String = "operation-tagged",
        by name: String = "dave",
        days: Int64 = 30
    ) async throws -> Waiver {
        clock.advance(by: .milliseconds(1))
        return try await governance.requestWaiver(
            try await actor(name),
            WaiverDraft(
                api: "orders",
                rule: rule,
                place: place,
                reason: "the old clients",
                expiresAt: clock.now.advanced(by: .seconds(days * 86_400))
            )
        )
    }

    @discardableResult
    func grant(_ waiver: Waiver, by name: String = "bob") async throws -> Waiver {
        clock.advance(by: .milliseconds(1))
        return try await governance.decideWaiver(try await actor(name), waiver.id, isGranted: true)
    }

    func label(_ labels: [String: String], api: String = "orders") async throws {
        _ = try await governance.updateAPI(try await actor("alice"), api, APIChange(labels: labels))
    }
}
