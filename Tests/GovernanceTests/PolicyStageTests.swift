import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct PolicyStageTests {
    @Test(
        "an enforced policy refuses a submission, names every finding with its pointer, and leaves nothing but the record"
    )
    func refusedSubmission() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.policy(.enforce)
            let error = await #expect(throws: GovernanceError.self) { try await world.submit() }
            #expect(error?.code == .lintFailed)
            #expect(error?.places.count == 2)
            let pointers = Set(error?.places.compactMap(\.pointer) ?? [])
            #expect(pointers == ["/paths/~1orders/get", "/paths/~1orders~1{id}/get"])
            #expect(error?.places.allSatisfy { $0.line != nil && $0.source == "orders.yaml" } == true)
            #expect(error?.facts["policies"] == "tagged")
            let revisions = try await world.count("SELECT count(*) FROM revision")
            #expect(revisions == 0)
            let refused = try await world.count(
                "SELECT count(*) FROM policy_decision WHERE revision_id IS NULL AND effect = 'block' AND stage = 'submit'"
            )
            #expect(refused == 1)
            let audited = try await world.count("SELECT count(*) FROM audit WHERE action = 'specification.refused'")
            #expect(audited == 1)
            let evaluations = try await world.count("SELECT count(*) FROM evaluation WHERE outcome = 'fail'")
            #expect(evaluations == 1)
        }
    }

    @Test(
        "observe records, warn tells, off does neither; none of them holds anybody up",
        arguments: [
            (PolicyMode.observe, PolicyAction.allow), (.warn, .warn), (.off, .allow),
        ]
    )
    func mildModes(mode: PolicyMode, effect: PolicyAction) async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.policy(mode)
            let submission = try await world.submit()
            let decisions = try await world.count("SELECT count(*) FROM policy_decision")
            if mode == .off {
                #expect(submission.policies.isEmpty)
                #expect(decisions == 0)
                return
            }
            #expect(submission.policies.map(\.action) == [.block])
            #expect(submission.policies.map(\.effect) == [effect])
            #expect(submission.policies.first?.outcome == .fail)
            #expect(decisions == 1)
        }
    }

    @Test("what is allowed at submission may be blocked at publication, and the refusal is written down")
    func refusedPublication() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            let allowed = SeverityActions(error: .allow, warn: .allow)
            try await world.policy(.enforce, stages: PolicyStages(submit: allowed))
            let submission = try await world.submit()
            #expect(submission.policies.first?.effect == .allow)
            try await world.vote(on: submission)
            let error = await #expect(throws: GovernanceError.self) { try await world.publish() }
            #expect(error?.code == .lintFailed)
            #expect(error?.places.count == 2)
            let releases = try await world.count("SELECT count(*) FROM release")
            #expect(releases == 0)
            let refused = try await world.count(
                """
                SELECT count(*) FROM policy_decision d JOIN revision r ON r.id = d.revision_id
                WHERE d.stage = 'publish' AND d.effect = 'block'
                """
            )
            #expect(refused == 1)
            let audited = try await world.count("SELECT count(*) FROM audit WHERE action = 'publication.refused'")
            #expect(audited == 1)
            try await world.policy(.warn, stages: PolicyStages(submit: allowed))
            let publication = try await world.publish()
            #expect(publication.policies.map(\.effect) == [.warn])
        }
    }

    @Test("a policy speaks of the APIs that its selector means and of no others")
    func selection() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.submit()
            try await world.label(["domain": "sales"])
            try await world.policy(.enforce, selector: LabelSelector(matchLabels: ["domain": "shop"]))
            let passed = try await world.submit("1.1.0")
            #expect(passed.policies.isEmpty)
            try await world.policy(.enforce, selector: LabelSelector(matchLabels: ["domain": "sales"]))
            let code = await refusal { try await world.submit("1.2.0") }
            #expect(code == .lintFailed)
        }
    }

    @Test("the same document under the same policy decides the same, from one stored check")
    func repeatable() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.policy(.enforce)
            for _ in 0..<3 {
                let code = await refusal { try await world.submit() }
                #expect(code == .lintFailed)
            }
            // Another node has nothing in memory: it reads what was stored.
            let actor = try await world.actor("dave")
            let draft = SpecificationDraft(
                api: "orders",
                bytes: Array(GovernedWorld.document("1.0.0").utf8),
                team: "sales"
            )
            let other = world.otherNode()
            let code = await refusal { _ = try await other.submitSpecification(actor, draft) }
            #expect(code == .lintFailed)
            let evaluations = try await world.count("SELECT count(*) FROM evaluation")
            #expect(evaluations == 1)
            let different = try await world.count(
                """
                SELECT count(*) FROM (
                    SELECT DISTINCT content_sha256, ruleset_sha256s, engine, policy_revision, action, outcome FROM policy_decision
                ) d
                """
            )
            #expect(different == 1)
        }
    }

    @Test("a check that could not be carried out blocks like what it might have found")
    func notEvaluated() async throws {
        try await GovernedWorld.with { world in
            // A pattern that needs more steps than a match may take.
            let heavy = """
                rules:
                  heavy:
                    given: $.info.description
                    severity: error
                    then: {function: pattern, functionOptions: {match: '^(a|a?)+$'}}
                """
            try await world.ruleset("heavy", heavy)
            try await world.policy(.enforce, rulesets: [PolicyRuleset("heavy")])
            let text = String(repeating: "a", count: 60) + "b"
            let document = GovernedWorld.document("1.0.0").replacing("What customers order.", with: text)
            let error = await #expect(throws: GovernanceError.self) { try await world.submit(document: document) }
            #expect(error?.code == .policyNotEvaluated)
            #expect(error?.places.first?.detail.contains("`heavy@1`") == true)
            let outcome = try await world.count("SELECT count(*) FROM evaluation WHERE outcome = 'error'")
            #expect(outcome == 1)
            // The near miss: the same rule on a text that it can judge.
            try await world.submit(
                document: GovernedWorld.document("1.0.0").replacing("What customers order.", with: "aaa")
            )
            let judged = try await world.count("SELECT count(*) FROM evaluation WHERE outcome <> 'error'")
            #expect(judged == 1)
        }
    }

    @Test("a ruleset for other documents does not apply, which is not the same as passing")
    func notApplicable() async throws {
        try await GovernedWorld.with { world in
            let old = """
                rules:
                  old-host:
                    given: $
                    severity: error
                    formats: [oas2]
                    then: {field: host, function: truthy}
                """
            try await world.ruleset("old", old)
            try await world.policy(.enforce, rulesets: [PolicyRuleset("old")])
            let submission = try await world.submit()
            #expect(submission.policies.map(\.outcome) == [.notApplicable])
            let stored = try await world.count("SELECT count(*) FROM policy_decision WHERE outcome = 'not_applicable'")
            #expect(stored == 1)
        }
    }

    @Test("a dry run of manifests that a policy refuses leaves no record; applying them does")
    func manifests() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.policy(.enforce)
            let manifest = """
                apiVersion: gatehouse.dev/v1
                kind: Api
                metadata: {name: orders}
                spec: {team: sales}
                ---
                apiVersion: gatehouse.dev/v1
                kind: ApiVersion
                metadata: {name: orders-1}
                spec:
                  api: orders
                  version: 1.0.0
                  state: draft
                  definition:
                    inline:
                      openapi: 3.1.0
                      info: {title: Orders, version: 1.0.0}
                      paths: {/orders: {get: {responses: {'200': {description: Done.}}}}}
                """
            let alice = try await world.actor("alice")
            for (isDryRun, records) in [(true, 0), (false, 1)] {
                let code = await refusal {
                    _ = try await world.governance.applyManifests(alice, Array(manifest.utf8), isDryRun: isDryRun)
                }
                #expect(code == .lintFailed)
                let count = try await world.count("SELECT count(*) FROM policy_decision")
                #expect(count == records)
            }
        }
    }
}
