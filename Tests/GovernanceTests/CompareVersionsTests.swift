import CatalogStore
import Lifecycle
import Postgres
import Testing

@testable import Governance

@Suite struct CompareVersionsTests {
    /// `orders` with an answer that has a body, so that there is something to break.
    private static func document(_ version: String, properties: String, description: String = "An order.") -> String {
        """
        openapi: 3.1.0
        info: {title: Orders, version: \(version)}
        paths:
          /orders:
            get:
              operationId: listOrders
              description: \(description)
              responses:
                '200':
                  description: Done.
                  content:
                    application/json:
                      schema: {type: object, required: [id], properties: {\(properties)}}
          /invoices:
            get:
              operationId: listInvoices
              parameters: [{name: page, in: query, schema: {type: integer}}]
              responses: {'200': {description: Done.}}
        """
    }

    private static let both = "id: {type: string}, total: {type: number}"
    private static let less = "total: {type: number}"

    private func breaking(_ world: GovernedWorld, _ action: BreakingChangeRule.Action) async throws {
        world.clock.advance(by: .milliseconds(1))
        let rule = BreakingChangeRule(action: action, approvers: action == .approval ? ["carol"] : [])
        let draft = PolicyDraft(name: "stable", mode: .enforce, rulesets: [], breakingChanges: rule)
        _ = try await world.governance.setPolicy(try await world.actor("gwen"), draft)
    }

    @Test("a submission is compared with what is published, once; reviewers see the changes, against any base")
    func compared() async throws {
        try await GovernedWorld.with { world in
            let first = try await world.submit(document: Self.document("1.0.0", properties: Self.both))
            #expect(first.comparison == nil)
            try await world.vote(on: first)
            try await world.publish()
            let second = try await world.submit("1.1.0", document: Self.document("1.1.0", properties: Self.less))
            let comparison = try #require(second.comparison)
            #expect(comparison.base?.version == "1.0.0" && !comparison.isMajorStep)
            #expect(comparison.comparison?.requiredBump == "major")
            let removed = try #require(comparison.comparison?.changes.first { $0.isBreaking })
            #expect(removed.sites.contains { $0.operationID == "listOrders" && $0.side == "response" })
            #expect(removed.before != nil)
            let bob = try await world.actor("bob")
            let shown = try await world.governance.compareVersions(bob, api: "orders", version: "1.1.0", revision: 1)
            #expect(shown.comparison?.changes == comparison.comparison?.changes)
            let same = try await world.governance.compareVersions(
                bob,
                api: "orders",
                version: "1.1.0",
                revision: 1,
                base: "1.1.0@1"
            )
            #expect(same.comparison?.changes.isEmpty == true)
            let missing = await refusal {
                _ = try await world.governance.compareVersions(
                    bob,
                    api: "orders",
                    version: "1.1.0",
                    revision: 1,
                    base: "9.9.9"
                )
            }
            #expect(missing == .notFound)
            let stored = try await world.count("SELECT count(*) FROM comparison")
            #expect(stored == 2)
        }
    }

    @Test("breaking without a major step is refused; with one it is not, and neither is what breaks nobody")
    func blocked() async throws {
        try await GovernedWorld.with { world in
            try await world.release(document: Self.document("1.0.0", properties: Self.both))
            try await breaking(world, .block)
            let error = await #expect(throws: GovernanceError.self) {
                try await world.submit("1.1.0", document: Self.document("1.1.0", properties: Self.less))
            }
            #expect(error?.code == .breakingChangeWithoutMajor)
            #expect(error?.places.isEmpty == false)
            let recorded = try await world.count(
                "SELECT count(*) FROM policy_decision WHERE breaking_count > 0 AND effect = 'block' AND base_sha256 IS NOT NULL"
            )
            #expect(recorded == 1)
            let added = Self.both + ", note: {type: string}"
            let harmless = try await world.submit("1.2.0", document: Self.document("1.2.0", properties: added))
            #expect(harmless.policies.map(\.effect) == [.allow])
            let major = try await world.submit("2.0.0", document: Self.document("2.0.0", properties: Self.less))
            #expect(major.comparison?.isMajorStep == true)
            #expect(major.policies.map(\.effect) == [.allow])
            #expect((major.policies.first?.breakingChanges?.count ?? 0) > 0)
        }
    }

    @Test("a breaking change may need a named approver: told at submission, asked for at publication")
    func namedApprover() async throws {
        try await GovernedWorld.with { world in
            try await world.release(document: Self.document("1.0.0", properties: Self.both))
            try await breaking(world, .approval)
            let submission = try await world.submit("1.1.0", document: Self.document("1.1.0", properties: Self.less))
            #expect(submission.policies.map(\.effect) == [.warn])
            try await world.vote(on: submission, by: "bob")
            let error = await #expect(throws: GovernanceError.self) { try await world.publish("1.1.0") }
            #expect(error?.code == .namedApproverRequired)
            #expect(error?.mend.contains("carol") == true)
            let other = try await world.submit("1.2.0", document: Self.document("1.2.0", properties: Self.less))
            try await world.vote(on: other, by: "carol")
            let publication = try await world.publish("1.2.0")
            #expect(publication.policies.first?.breakingChanges?.approvedBy == ["carol"])
        }
    }

    @Test("a waiver covers a breaking change by its fingerprint")
    func waived() async throws {
        try await GovernedWorld.with { world in
            try await world.release(document: Self.document("1.0.0", properties: Self.both))
            try await breaking(world, .warn)
            let told = try await world.submit("1.1.0", document: Self.document("1.1.0", properties: Self.less))
            #expect(told.policies.map(\.effect) == [.warn])
            try await breaking(world, .block)
            for change in told.policies.flatMap({ $0.breakingChanges?.changes ?? [] }) {
                try await world.grant(
                    try await world.requestWaiver(.fingerprint(change.fingerprint), rule: change.id)
                )
            }
            let passed = try await world.submit("1.2.0", document: Self.document("1.2.0", properties: Self.less))
            #expect(passed.policies.map(\.effect) == [.allow])
            #expect(passed.policies.first?.breakingChanges?.count == 0)
        }
    }

    @Test("an approval survives edits of words and nothing else, and the answer says which edits were which")
    func carried() async throws {
        try await GovernedWorld.with { world in
            let upstream = UpstreamDraft.url("http://127.0.0.1:9001")
            let first = try await world.submit(
                document: Self.document("1.0.0", properties: Self.both),
                upstream: upstream
            )
            try await world.vote(on: first)
            let reworded = Self.document("1.0.0", properties: Self.both, description: "All orders.")
            let second = try await world.submit(document: reworded)
            #expect(second.approval?.isCarried == true)
            #expect(second.approval?.documentationEdits.map(\.field) == ["description"])
            #expect(second.approval?.semanticChanges.isEmpty == true)
            #expect(second.revision.reviewState == .approved)
            try await world.publish(upstream: nil)
            let carried = try await world.count("SELECT count(*) FROM audit WHERE action = 'approval.carried'")
            #expect(carried == 1)
            let semantic = reworded.replacing("All orders.", with: "Orders.").replacing(
                Self.both,
                with: Self.both + ", note: {type: string}"
            )
            let third = try await world.submit(document: semantic)
            #expect(third.approval?.isCarried == false)
            #expect(third.approval?.semanticChanges.isEmpty == false)
            #expect(third.approval?.documentationEdits.map(\.field) == ["description"])
            #expect(third.revision.reviewState == .inReview)
        }
    }

    @Test("what no check looks at is no documentation: a field for programs voids the approval")
    func extensions() async throws {
        try await GovernedWorld.with { world in
            let plain = Self.document("1.0.0", properties: Self.both)
            let first = try await world.submit(document: plain)
            try await world.vote(on: first)
            let extended = plain.replacing("description: An order.", with: "description: Orders.\n      x-cache: 60")
            let second = try await world.submit(document: extended)
            #expect(second.approval?.isCarried == false)
            #expect(second.revision.reviewState == .inReview)
            // Not even by hand: the database compares for itself.
            let error = await #expect(throws: PostgresError.self) {
                try await world.sql(
                    """
                    INSERT INTO approval_carry (org_id, from_revision_id, from_manifest_sha256, to_revision_id, to_manifest_sha256,
                        comparison_id, carried_at)
                    SELECT f.org_id, f.id, f.manifest_sha256, t.id, t.manifest_sha256, c.id, now()
                    FROM revision f, revision t, comparison c WHERE f.number = 1 AND t.number = 2
                    """
                )
            }
            #expect(error?.constraint == "approval_is_carried_for_documentation_only")
        }
    }

    @Test(
        "whether a version's name tells callers that they may break",
        arguments: [
            ("1.0.0", "2.0.0", true), ("1.0.0", "1.9.0", false), ("0.1.0", "0.2.0", true), ("0.1.0", "0.1.1", false),
            ("v1", "v2", true), ("1.0.0", "1.0.0", false), ("2024-07-01", "2025-01-01", true),
        ]
    )
    func steps(older: String, newer: String, isStep: Bool) {
        #expect(VersionName(newer).isMajorStep(from: VersionName(older)) == isStep)
    }
}
