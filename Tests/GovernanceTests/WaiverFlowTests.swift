import CatalogStore
import Lifecycle
import Postgres
import Testing

@testable import Governance

@Suite struct WaiverFlowTests {
    @Test("a granted waiver lets its findings pass until its day, and then they block again by themselves")
    func expiry() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.submit()
            try await world.policy(.enforce)
            let blocked = await refusal { try await world.submit("1.1.0") }
            #expect(blocked == .lintFailed)
            let waiver = try await world.requestWaiver(days: 30)
            #expect(waiver.state(at: world.clock.now) == .pending)
            let pending = await refusal { try await world.submit("1.1.0") }
            #expect(pending == .lintFailed)
            try await world.grant(waiver)
            let submission = try await world.submit("1.1.0")
            let findings = submission.policies.flatMap(\.rulesets).flatMap(\.findings)
            let waived = findings.filter { $0.waiver?.id == waiver.id }
            #expect(waived.count == 2)
            #expect(
                waived.allSatisfy { $0.finding.rule == "operation-tagged" && $0.waiver?.expiresAt == waiver.expiresAt }
            )
            #expect(submission.policies.map(\.effect) == [.warn])
            let used = try await world.count(
                "SELECT count(*) FROM policy_decision WHERE waiver_ids = ARRAY[$1::uuid] AND effect = 'warn'",
                [waiver.id]
            )
            #expect(used == 1)
            let bob = try await world.actor("bob")
            let review = try await world.governance.showReview(bob, api: "orders", version: "1.1.0", revision: 1)
            #expect(review.policies.filter { $0.stage == .publish }.map(\.action) == [.warn])
            // Nothing runs, nothing is written: only time passes.
            world.clock.advance(by: .seconds(31 * 86_400))
            let later = try await world.governance.showReview(bob, api: "orders", version: "1.1.0", revision: 1)
            #expect(later.policies.filter { $0.stage == .publish }.map(\.action) == [.block])
            #expect(later.policies.flatMap(\.rulesets).flatMap(\.findings).allSatisfy { $0.waiver == nil })
            try await world.vote(on: submission)
            let published = await refusal { try await world.publish("1.1.0") }
            #expect(published == .lintFailed)
            let shown = try await world.governance.showWaiver(bob, waiver.id)
            #expect(shown.state(at: world.clock.now) == .expired)
        }
    }

    @Test("whoever asks does not grant, neither by own hand nor for the own machine")
    func fourEyes() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            // alice owns the API and is an approver: she may ask and she may decide, but not on what she asked for.
            let own = try await world.requestWaiver(by: "alice")
            let error = await refusal { try await world.grant(own, by: "alice") }
            #expect(error == .waiverNotPermitted)
            // The robot is alice's.
            let machine = try await world.requestWaiver(.pointer("/info"), by: "robot")
            let through = await refusal { try await world.grant(machine, by: "alice") }
            #expect(through == .waiverNotPermitted)
            let byMachine = await refusal { try await world.grant(own, by: "robot") }
            #expect(byMachine == .waiverNotPermitted)
            try await world.grant(own)
            let twice = await refusal { try await world.grant(own, by: "carol") }
            #expect(twice == .alreadyDecided)
            // An editor asks and does not decide.
            let editor = await refusal { try await world.grant(machine, by: "dave") }
            #expect(editor == .forbidden)
        }
    }

    @Test("the database itself refuses a grant by who asked, a change of what was asked for, and an end too far away")
    func constraints() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let waiver = try await world.requestWaiver()
            let statements = [
                (
                    "UPDATE waiver SET is_granted = true, decided_by = requested_by, decided_at = now()",
                    "waiver_is_granted_by_another_person"
                ), ("UPDATE waiver SET rule = 'other'", "waiver_is_immutable"),
                (
                    "UPDATE waiver SET is_granted = true, decided_by = (SELECT id FROM member WHERE slug = 'robot'), decided_at = now()",
                    "waiver_is_decided_by_a_person"
                ),
            ]
            for (statement, constraint) in statements {
                let error = await #expect(throws: PostgresError.self) { try await world.sql(statement) }
                #expect(error?.constraint == constraint)
            }
            _ = waiver
            let far = await refusal { _ = try await world.requestWaiver(days: Int64(Waiver.daysMax) + 1) }
            #expect(far == .validationFailed)
            let longest = try await world.requestWaiver(days: Int64(Waiver.daysMax))
            #expect(longest.state(at: world.clock.now) == .pending)
            let past = await refusal { _ = try await world.requestWaiver(days: -1) }
            #expect(past == .datesOutOfOrder)
        }
    }

    @Test("a waiver covers one rule at one place of one API")
    func scope() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.submit()
            try await world.policy(.enforce)
            try await world.grant(try await world.requestWaiver(.pointer("/paths/~1orders/get")))
            let error = await #expect(throws: GovernanceError.self) { try await world.submit("1.1.0") }
            #expect(error?.places.compactMap(\.pointer) == ["/paths/~1orders~1{id}/get"])
            try await world.grant(try await world.requestWaiver(.pointer("/paths/~1orders~1{id}"), rule: "other-rule"))
            let other = await refusal { try await world.submit("1.1.0") }
            #expect(other == .lintFailed)
            try await world.grant(try await world.requestWaiver(.pointer("/paths/~1orders~1{id}")))
            let submission = try await world.submit("1.1.0")
            #expect(submission.policies.map(\.effect) == [.warn])
        }
    }

    @Test("a fingerprint covers its finding although lines moved, and not another one")
    func fingerprint() async throws {
        try await GovernedWorld.with { world in
            try await world.ruleset()
            try await world.policy(.observe)
            let first = try await world.submit()
            let findings = first.policies.flatMap(\.rulesets).flatMap(\.findings).map(\.finding)
            for finding in findings where finding.rule == "operation-tagged" {
                try await world.grant(try await world.requestWaiver(.fingerprint(finding.fingerprint)))
            }
            try await world.policy(.enforce)
            let moved = "# a line above\n# and another\n" + GovernedWorld.document("1.1.0")
            let submission = try await world.submit("1.1.0", document: moved)
            #expect(submission.policies.map(\.effect) == [.warn])
            let added =
                GovernedWorld.document("1.2.0") + "\n  /new: {get: {responses: {'200': {description: Done.}}}}\n"
            let error = await #expect(throws: GovernanceError.self) { try await world.submit("1.2.0", document: added) }
            #expect(error?.places.compactMap(\.pointer) == ["/paths/~1new/get"])
        }
    }

    @Test("both sides may take a waiver back with a reason, once; everything is in the audit")
    func revocation() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let dave = try await world.actor("dave")
            let waiver = try await world.grant(try await world.requestWaiver())
            let silent = await refusal { _ = try await world.governance.revokeWaiver(dave, waiver.id, reason: " ") }
            #expect(silent == .reasonRequired)
            let mallory = try await world.actor("mallory")
            let foreign = await refusal { _ = try await world.governance.revokeWaiver(mallory, waiver.id, reason: "x") }
            #expect(foreign == .forbidden)
            let revoked = try await world.governance.revokeWaiver(dave, waiver.id, reason: "mended")
            #expect(revoked.state(at: world.clock.now) == .revoked)
            let twice = await refusal { _ = try await world.governance.revokeWaiver(dave, waiver.id, reason: "x") }
            #expect(twice == .illegalTransition)
            let refused = try await world.requestWaiver(.pointer("/info"))
            let bob = try await world.actor("bob")
            let wordless = await refusal {
                _ = try await world.governance.decideWaiver(bob, refused.id, isGranted: false)
            }
            #expect(wordless == .reasonRequired)
            _ = try await world.governance.decideWaiver(bob, refused.id, isGranted: false, comment: "mend it")
            let listed = try await world.governance.listWaivers(bob, api: "orders")
            #expect(listed.items.map { $0.state(at: world.clock.now) } == [.refused, .revoked])
            let pending = try await world.governance.listWaivers(bob, state: .pending)
            #expect(pending.items.isEmpty)
            for (action, count) in [("requested", 2), ("granted", 1), ("revoked", 1), ("refused", 1)] {
                let audited = try await world.count(
                    "SELECT count(*) FROM audit WHERE action = $1 AND subject_kind = 'waiver'",
                    ["waiver.\(action)"]
                )
                #expect(audited == count, "\(action)")
            }
        }
    }
}
