import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct PolicyCatalogTests {
    @Test("a ruleset's revisions never change, only formatting makes none, and what cannot be used says where")
    func revisions() async throws {
        try await GovernedWorld.with { world in
            let first = try await world.ruleset()
            #expect(first.isNew && first.ruleset.newest.number == 1 && first.ruleset.newest.ruleCount == 2)
            let reformatted = try await world.ruleset("house", "# the same\n" + GovernedWorld.house)
            #expect(!reformatted.isNew && !reformatted.isChanged)
            let stricter = GovernedWorld.house.replacing("severity: warn", with: "severity: error")
            let second = try await world.ruleset("house", stricter)
            #expect(second.isChanged && second.ruleset.newest.number == 2)
            let gwen = try await world.actor("gwen")
            let text = try await world.governance.showRulesetText(gwen, "house", revision: 1)
            #expect(text == Array(GovernedWorld.house.utf8))
            let listed = try await world.governance.listRulesetRevisions(gwen, "house")
            #expect(listed.items.map(\.number) == [2, 1])
            for statement in ["UPDATE ruleset_revision SET message = 'x'", "DELETE FROM ruleset_revision"] {
                await #expect(throws: (any Error).self) { try await world.sql(statement) }
            }
            let bad = await #expect(throws: GovernanceError.self) {
                try await world.ruleset("bad", "rules:\n  x:\n    given: $[\n    then: {function: truthy}\n")
            }
            #expect(bad?.code == .rulesetInvalid)
            #expect(bad?.places.first?.line != nil)
            let empty = await refusal { try await world.ruleset("empty", "rules: {}\n") }
            #expect(empty == .rulesetInvalid)
            let named = await refusal { try await world.ruleset("spectral:oas") }
            #expect(named == .nameInvalid)
            let editor = await refusal { try await world.ruleset("mine", by: "alice") }
            #expect(editor == .forbidden)
        }
    }

    @Test("a policy is checked whole; what is wrong is told with every place")
    func validation() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            let gwen = try await world.actor("gwen")
            let draft = PolicyDraft(
                name: "p",
                mode: .enforce,
                selector: LabelSelector(matchExpressions: [.init("a", .isIn)]),
                rulesets: [
                    PolicyRuleset("hause"), PolicyRuleset("house", revision: 7),
                    PolicyRuleset("spectral:oas", revision: 1),
                    PolicyRuleset("house"),
                ],
                breakingChanges: BreakingChangeRule(action: .approval, approvers: ["nobody", "robot", "bob"])
            )
            let error = await #expect(throws: GovernanceError.self) {
                try await world.governance.setPolicy(gwen, draft)
            }
            #expect(error?.code == .validationFailed)
            #expect(
                error?.places.compactMap(\.pointer) == [
                    "/selector/matchExpressions/0/values", "/rulesets/0/name", "/rulesets/1/revision",
                    "/rulesets/2/revision", "/rulesets/3/name", "/breakingChanges/approvers/0",
                    "/breakingChanges/approvers/1",
                ]
            )
            #expect(error?.places.first { $0.pointer == "/rulesets/0/name" }?.detail.contains("`house`") == true)
            let nothing = await refusal {
                _ = try await world.governance.setPolicy(gwen, PolicyDraft(name: "p", rulesets: []))
            }
            #expect(nothing == .validationFailed)
            let alice = try await world.actor("alice")
            let forbidden = await refusal {
                let draft = PolicyDraft(name: "p", rulesets: [PolicyRuleset("house")])
                _ = try await world.governance.setPolicy(alice, draft)
            }
            #expect(forbidden == .forbidden)
        }
    }

    @Test("a policy counts its revisions, keeps what it said, and is not changed by who saw an older one")
    func policyRevisions() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            let first = try await world.policy(.observe)
            #expect(first.revision == 1)
            let same = try await world.policy(.observe)
            #expect(same.revision == 1)
            let second = try await world.policy(.enforce)
            #expect(second.revision == 2)
            let gwen = try await world.actor("gwen")
            let stale = await refusal {
                let draft = PolicyDraft(name: "tagged", mode: .off, rulesets: [PolicyRuleset("house")])
                _ = try await world.governance.setPolicy(gwen, draft, ifEdition: 1)
            }
            #expect(stale == .preconditionFailed)
            let kept = try await world.count("SELECT count(*) FROM policy_revision WHERE terms ->> 'mode' = 'observe'")
            #expect(kept == 1)
            let used = await refusal { _ = try await world.governance.deleteRuleset(gwen, "house") }
            #expect(used == .inUse)
            _ = try await world.governance.deletePolicy(gwen, "tagged")
            _ = try await world.governance.deleteRuleset(gwen, "house")
            let gone = await refusal { _ = try await world.governance.showPolicy(gwen, "tagged") }
            #expect(gone == .notFound)
            // The names are free again.
            try await world.ruleset()
            let again = try await world.policy(.warn)
            #expect(again.revision == 1)
        }
    }

    @Test("a new ruleset revision is checked in the background and shown before anybody adopts it")
    func candidate() async throws {
        try await GovernedWorld.with { world in
            let tagged = GovernedWorld.document("1.0.0").replacing(
                "operationId: listOrders",
                with: "tags: [x]\n      operationId: listOrders"
            )
            .replacing("operationId: getOrder", with: "tags: [x]\n      operationId: getOrder")
            try await world.submit("1.0.0", document: tagged)
            try await world.submit("1.0.0", api: "invoices")
            try await world.ruleset()
            let policy = try await world.policy(.enforce)
            let gwen = try await world.actor("gwen")
            let waiting = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(waiting.counts[.waiting] == 2)
            let made = try await world.makeChecks()
            #expect(made == 2)
            let inForce = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(inForce.counts == [.stillPassing: 1, .stillFailing: 1])
            // Summaries become errors: orders would newly fail; tags become hints: invoices has no summaries either.
            try await world.ruleset("house", GovernedWorld.house.replacing("severity: warn", with: "severity: error"))
            let remade = try await world.makeChecks()
            #expect(remade == 2)
            let preview = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(preview.policy.terms.rulesets == [PolicyRuleset("house", revision: 1)])
            #expect(preview.candidates == [PolicyRuleset("house", revision: 2)])
            #expect(preview.counts == [.newlyFailing: 1, .stillFailing: 1])
            let failing = try await world.governance.evaluatePolicy(gwen, "tagged", change: .newlyFailing)
            #expect(failing.items.items.map(\.revision.api) == ["orders"])
            #expect(failing.items.items.first?.after?.blockingCount == 2)
            // Until it is adopted, what is in force decides.
            try await world.submit("1.1.0", document: tagged.replacing("1.0.0", with: "1.1.0"))
            let adopted = try await world.policy(.enforce, rulesets: [PolicyRuleset("house", revision: 2)])
            #expect(adopted.revision == policy.revision + 1)
            let code = await refusal {
                try await world.submit("1.2.0", document: tagged.replacing("1.0.0", with: "1.2.0"))
            }
            #expect(code == .lintFailed)
        }
    }

    @Test("a milder ruleset fixes, and a policy that only observes shows what enforcing it would stop")
    func fixedAndObserved() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            try await world.ruleset()
            try await world.policy(.observe)
            try await world.makeChecks()
            let gwen = try await world.actor("gwen")
            let observed = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(observed.counts == [.newlyFailing: 1])
            try await world.policy(.enforce)
            try await world.ruleset("house", GovernedWorld.house.replacing("severity: error", with: "severity: hint"))
            try await world.makeChecks()
            let fixed = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(fixed.counts == [.fixed: 1])
            try await world.grant(try await world.requestWaiver())
            let waived = try await world.governance.evaluatePolicy(gwen, "tagged")
            #expect(waived.counts == [.stillPassing: 1])
        }
    }

    @Test("workers at the same time make each check once, and a worker that fails leaves it to the next")
    func queue() async throws {
        try await GovernedWorld.with { world in
            for number in 0..<6 { try await world.submit("1.\(number).0") }
            try await world.ruleset()
            try await world.policy(.observe)
            let waiting = try await world.count("SELECT count(*) FROM evaluation_task")
            #expect(waiting == 6)
            // Adopting the same again queues nothing twice.
            try await world.policy(.warn)
            let still = try await world.count("SELECT count(*) FROM evaluation_task")
            #expect(still == 6)
            let nodes = [world.governance, world.otherNode(), world.otherNode()]
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for node in nodes {
                    group.addTask {
                        var count = 0
                        while try await node.checkNext() { count += 1 }
                        return count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 6)
            let evaluations = try await world.count("SELECT count(*) FROM evaluation")
            #expect(evaluations == 6)
            let left = try await world.count("SELECT count(*) FROM evaluation_task")
            #expect(left == 0)
        }
    }

    @Test("a check that fails for an outer reason waits longer after each try, and nothing is lost")
    func postponed() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            try await world.ruleset()
            try await world.policy(.observe)
            // Whoever stores a result now fails, as with a full disk.
            try await world.sql("ALTER TABLE evaluation ADD CONSTRAINT nothing_is_stored CHECK (false) NOT VALID")
            await #expect(throws: GovernanceError.self) { _ = try await world.governance.checkNext() }
            let idle = try await world.governance.checkNext()
            #expect(!idle)
            let attempts = try await world.count("SELECT attempts FROM evaluation_task")
            #expect(attempts == 1)
            try await world.sql("ALTER TABLE evaluation DROP CONSTRAINT nothing_is_stored")
            world.clock.advance(by: .seconds(5))
            let made = try await world.makeChecks()
            #expect(made == 1)
        }
    }

    @Test(
        "rulesets and policies go through manifests: applied twice changes nothing, exported applies to an empty catalog"
    )
    func manifests() async throws {
        try await GovernedWorld.with { world in
            let manifest = """
                apiVersion: gatehouse.dev/v1
                kind: Ruleset
                metadata: {name: house}
                spec:
                  definition:
                    inline:
                      rules:
                        tagged: {given: '$.paths[*][*]', severity: error, then: {field: tags, function: truthy}}
                ---
                apiVersion: gatehouse.dev/v1
                kind: Policy
                metadata: {name: sales}
                spec:
                  mode: warn
                  selector:
                    matchLabels: {domain: sales}
                    matchExpressions: [{key: tier, operator: NotIn, values: ['3']}]
                  rulesets: [house, spectral:oas]
                  stages: {publish: {warn: block}}
                  breakingChanges: {action: approval, approvers: [bob]}
                """
            let gwen = try await world.actor("gwen")
            let first = try await world.governance.applyManifests(gwen, Array(manifest.utf8))
            #expect(first.changes.map(\.action) == [.create, .create])
            let second = try await world.governance.applyManifests(gwen, Array(manifest.utf8))
            #expect(second.changes.map(\.action) == [.none, .none])
            let policy = try await world.governance.showPolicy(gwen, "sales")
            #expect(policy.terms.rulesets == [PolicyRuleset("house", revision: 1), PolicyRuleset("spectral:oas")])
            #expect(policy.terms.stages.publish.warn == .block && policy.terms.stages.submit.warn == .warn)
            #expect(policy.terms.breakingChanges == BreakingChangeRule(action: .approval, approvers: ["bob"]))
            #expect(policy.managedBy == Governance.manifestKeeper)
            // A stricter ruleset is stored and not adopted by the way.
            let stricter = manifest.replacing("function: truthy", with: "function: defined")
            let third = try await world.governance.applyManifests(gwen, Array(stricter.utf8))
            #expect(third.changes.map(\.action) == [.update, .none])
            #expect(third.changes.last?.note?.contains("house@2") == true)
            let exported = try await world.governance.exportManifests(gwen)
            let again = try await world.governance.applyManifests(gwen, Array(exported.utf8), isDryRun: true)
            let kinds: Set<String> = ["Ruleset", "Policy"]
            #expect(again.changes.filter { kinds.contains($0.kind) }.map(\.action) == [.none, .none])
            let pruned = try await world.governance.applyManifests(gwen, Array("[]".utf8), prunes: true)
            #expect(pruned.changes.map(\.kind) == ["Policy", "Ruleset"])
        }
    }
}
