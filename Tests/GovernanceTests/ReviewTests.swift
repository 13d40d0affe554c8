import CatalogStore
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite struct ReviewTests {
    @Test("an approver who did not write it approves, and the review is decided")
    func approval() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit()
            let outcome = try await world.vote(on: submission)
            #expect(outcome.reviewState == .approved)
            let queue = try await world.governance.listReviews(try await world.actor("bob"))
            #expect(queue.items.isEmpty)
        }
    }

    @Test("none of a revision's authors may approve it, nor whoever answers for the machine that submitted it")
    func fourEyes() async throws {
        try await GovernedWorld.with { world in
            let own = try await world.submit(by: "alice")
            let author = await refusal { try await world.vote(on: own, by: "alice") }
            #expect(author == .approvalNotPermitted)
            let byMachine = try await world.submit("1.1.0", by: "robot")
            let responsible = await refusal { try await world.vote(on: byMachine, by: "alice") }
            #expect(responsible == .approvalNotPermitted)
            var claiming = try await world.actor("robot")
            claiming.onBehalfOf = [try #require(try await world.actor("bob").member)]
            let claimed = try await world.governance.submitSpecification(
                claiming,
                SpecificationDraft(api: "orders", bytes: Array(GovernedWorld.document("1.2.0").utf8))
            )
            let behalf = await refusal { try await world.vote(on: claimed, by: "bob") }
            #expect(behalf == .approvalNotPermitted)
            let votes = try await world.count("SELECT count(*) FROM review_vote")
            #expect(votes == 0)
        }
    }

    @Test("a machine does not approve, and a member without the role does not vote")
    func whoMayVote() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit()
            let machine = await refusal { try await world.vote(on: submission, by: "robot") }
            #expect(machine == .approvalNotPermitted)
            let outsider = await refusal { try await world.vote(on: submission, by: "audrey") }
            #expect(outsider == .forbidden)
        }
    }

    @Test("a vote for another manifest than the current one is stale")
    func stale() async throws {
        try await GovernedWorld.with { world in
            var submission = try await world.submit()
            submission.revision.manifestSHA256[0] ^= 1
            let outdated = submission
            let code = await refusal { try await world.vote(on: outdated) }
            #expect(code == .approvalStale)
        }
    }

    @Test("a new revision voids the review and the approval of the one before")
    func void() async throws {
        try await GovernedWorld.with { world in
            let first = try await world.submit()
            try await world.vote(on: first)
            let second = try await world.submit(document: GovernedWorld.document("1.0.0", title: "Orders, again"))
            #expect(second.voidedRevisions == [1])
            let bob = try await world.actor("bob")
            let before = try await world.governance.showRevision(bob, api: "orders", version: "1.0.0", revision: 1)
            #expect(before.reviewState == .draft)
            let late = await refusal { try await world.vote(on: first, by: "carol") }
            #expect(late == .notInReview)
            let alice = try await world.actor("alice")
            let publication = PublicationDraft(
                api: "orders",
                version: "1.0.0",
                revision: 1,
                upstream: .url("http://127.0.0.1:1")
            )
            let code = await refusal { _ = try await world.governance.publishVersion(alice, publication) }
            #expect(code == .notApproved)
            let approvals = try await world.count("SELECT count(*) FROM approval")
            #expect(approvals == 0)
        }
    }

    @Test("a decided review takes no more votes, a refusal needs a reason, and one person approves once")
    func decided() async throws {
        try await GovernedWorld.with { world in
            let first = try await world.submit()
            let silent = await refusal { try await world.vote(.reject, on: first) }
            #expect(silent == .reasonRequired)
            try await world.vote(.requestChanges, on: first, comment: "name the errors")
            let late = await refusal { try await world.vote(on: first, by: "carol") }
            #expect(late == .notInReview)
            _ = try await world.governance.setRequiredVotes(try await world.actor("gwen"), 2)
            let second = try await world.submit("2.0.0")
            let one = try await world.vote(on: second)
            #expect(one.reviewState == .inReview && one.missingApprovals == 1)
            let twice = await refusal { try await world.vote(on: second) }
            #expect(twice == .alreadyVoted)
            let two = try await world.vote(on: second, by: "carol")
            #expect(two.reviewState == .approved)
        }
    }

    @Test("the database itself refuses an approval without its quorum and a vote by an author")
    func lastReviewer() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit(by: "alice")
            let alice = try #require(try await world.actor("alice").member)
            let catalog = world.governance.catalog
            let organization = try await world.governance.standardOrganization().id
            let now = world.clock.now
            let revision = submission.revision
            await #expect(throws: CatalogError.self) {
                try await catalog.transaction { transaction in
                    try await transaction.revisions.approve(
                        revision.manifestSHA256,
                        of: revision.id,
                        carriedFrom: nil,
                        reason: "x",
                        in: organization,
                        at: now
                    )
                }
            }
            let vote = Vote(
                id: .make(at: now),
                member: alice,
                memberName: "alice",
                decision: .approve,
                comment: "",
                manifestSHA256: revision.manifestSHA256,
                castAt: now
            )
            do {
                try await catalog.transaction { transaction in
                    try await transaction.revisions.cast(vote, on: revision.id, in: organization)
                }
                Issue.record("an author's vote was stored")
            } catch CatalogError.refused(let refusal) {
                #expect(refusal.constraint == "approver_is_not_author")
            }
        }
    }

    @Test("two control nodes that decide the same review: one decision, one audit row, the other is told")
    func race() async throws {
        try await GovernedWorld.with { world in
            let other = world.otherNode()
            for round in 1...8 {
                let submission = try await world.submit("1.0.\(round)")
                let voters = [try await world.actor("bob"), try await world.actor("carol")]
                let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                    for (index, voter) in voters.enumerated() {
                        let node = index == 0 ? world.governance : other
                        let draft = VoteDraft(
                            api: "orders",
                            version: submission.version,
                            revision: 1,
                            decision: index == 0 ? .approve : .reject,
                            comment: "decided",
                            manifestSHA256: submission.revision.manifestSHA256
                        )
                        group.addTask { await refusal { _ = try await node.castVote(voter, draft) } }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(codes.filter { $0 == nil }.count == 1)
                #expect(codes.compactMap { $0 } == [.notInReview])
                let votes = try await world.count(
                    "SELECT count(*) FROM review_vote WHERE revision_id = $1",
                    [submission.revision.id]
                )
                #expect(votes == 1)
            }
            let audited = try await world.count(
                "SELECT count(*) FROM audit WHERE action IN ('review.approve', 'review.reject')"
            )
            #expect(audited == 8)
        }
    }

    @Test(
        "settings that changed since make the approval stale until the review is renewed, by somebody who then may not approve"
    )
    func renewal() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit()
            try await world.vote(on: submission)
            let alice = try await world.actor("alice")
            var settings = try await world.governance.showAPI(alice, "orders").settings
            settings.basePath = "/sales/orders"
            _ = try await world.governance.updateAPI(alice, "orders", APIChange(settings: settings))
            let stale = await refusal { try await world.publish() }
            #expect(stale == .approvalStale)
            let renewed = try await world.governance.renewReview(alice, api: "orders", version: "1.0.0", revision: 1)
            #expect(renewed.reviewState == .inReview)
            #expect(renewed.manifestSHA256 != submission.revision.manifestSHA256)
            var again = submission
            again.revision = renewed
            let current = again
            let own = await refusal { try await world.vote(on: current, by: "alice") }
            #expect(own == .approvalNotPermitted)
            let old = await refusal { try await world.vote(on: submission, by: "carol") }
            #expect(old == .approvalStale)
            try await world.vote(on: current, by: "carol")
            try await world.publish()
            let routing = try #require(try await world.routing())
            #expect(routing.apis.first?.basePath == "/sales/orders")
        }
    }

    @Test("what was approved before a review was renewed is approved no more, and approving it again is possible")
    func renewedThereAndBack() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit(upstream: .url("http://127.0.0.1:9001"))
            try await world.vote(on: submission)
            try await world.publish(upstream: nil)
            let alice = try await world.actor("alice")
            let governance = world.governance
            var current = submission
            for (round, (port, voter)) in [(9002, "carol"), (9003, "bob"), (9002, "bob")].enumerated() {
                current.revision = try await governance.renewReview(
                    alice,
                    api: "orders",
                    version: "1.0.0",
                    revision: 1,
                    upstream: .url("http://127.0.0.1:\(port)")
                )
                let renewed = current
                let waiting = await refusal { try await world.publish(upstream: nil) }
                #expect(waiting == .notApproved)
                if round == 2 {
                    let again = await refusal { try await world.vote(on: renewed, by: "carol") }
                    #expect(again == .alreadyVoted)
                }
                try await world.vote(on: renewed, by: voter)
            }
            // The manifest of port 9003 was approved in between, and then renewed away.
            let stale = await refusal { try await world.publish(upstream: .url("http://127.0.0.1:9003")) }
            #expect(stale == .approvalStale)
            try await world.publish(upstream: nil)
            let routing = try #require(try await world.routing())
            #expect(routing.upstreams.first?.targets.first?.port == 9002)
        }
    }
}
