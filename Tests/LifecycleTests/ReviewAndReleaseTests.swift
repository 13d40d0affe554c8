import Lifecycle
import Testing

@Suite struct ReviewStateTests {
    @Test("only the moves of the table are possible")
    func table() {
        #expect(ReviewState.inReview.after(.approve) == .approved)
        #expect(ReviewState.approved.after(.void) == .draft)
        #expect(ReviewState.approved.after(.reopen) == .inReview)
        #expect(ReviewState.rejected.after(.approve) == nil)
        #expect(ReviewState.draft.after(.approve) == nil)
        #expect(ReviewState.approved.after(.reject) == nil)
    }

    @Test("every state is reached, and from every state but none leads nowhere")
    func reachability() {
        let reached = Set(ReviewTransition.table.map(\.to))
        #expect(reached == Set(ReviewState.allCases))
        #expect(Set(ReviewTransition.table.compactMap(\.from)) == Set(ReviewState.allCases))
    }
}

@Suite struct ApprovalPolicyTests {
    private static let moment = Moment(unixSeconds: 1_800_000_000)
    private let alice = MemberID.make(at: moment)
    private let bob = MemberID.make(at: moment)
    private let carol = MemberID.make(at: moment)

    private func vote(_ member: MemberID, _ decision: Vote.Decision, _ manifest: [UInt8] = [1]) -> Vote {
        Vote(
            id: .make(at: Self.moment),
            member: member,
            memberName: "",
            decision: decision,
            comment: "",
            manifestSHA256: manifest,
            castAt: Self.moment
        )
    }

    @Test("one approval by somebody else is enough where one is required")
    func quorumOfOne() {
        let outcome = ApprovalPolicy().decide([vote(bob, .approve)], manifest: [1], authors: [alice])
        #expect(outcome == .approved)
    }

    @Test("an author's vote does not count")
    func author() {
        let outcome = ApprovalPolicy().decide([vote(alice, .approve)], manifest: [1], authors: [alice])
        #expect(outcome == .waiting(missing: 1))
    }

    @Test("a quorum counts people, not votes")
    func distinct() {
        let policy = ApprovalPolicy(requiredVotes: 2)
        let twice = [vote(bob, .approve), vote(bob, .approve)]
        #expect(policy.decide(twice, manifest: [1], authors: [alice]) == .waiting(missing: 1))
        #expect(policy.decide(twice + [vote(carol, .approve)], manifest: [1], authors: [alice]) == .approved)
    }

    @Test("votes for another manifest do not count")
    func manifest() {
        let votes = [vote(bob, .approve, [2])]
        #expect(ApprovalPolicy().decide(votes, manifest: [1], authors: [alice]) == .waiting(missing: 1))
    }

    @Test("one refusal refuses")
    func refusal() {
        let policy = ApprovalPolicy(requiredVotes: 2)
        #expect(policy.decide([vote(bob, .approve), vote(carol, .reject)], manifest: [1], authors: []) == .rejected)
        #expect(policy.decide([vote(bob, .requestChanges)], manifest: [1], authors: []) == .changesRequested)
    }
}

@Suite struct VersionStateTests {
    private let now = Moment(unixSeconds: 1_800_000_000)

    private func state(
        _ dates: LeavingDates = LeavingDates(),
        retired: Moment? = nil,
        review: ReviewState? = .approved,
        suspended: [Bool] = [false]
    ) -> VersionState {
        .derived(dates: dates, retiredAt: retired, review: review, releasesSuspended: suspended, now: now)
    }

    @Test("the word follows releases first, then dates, then the review")
    func derivation() {
        let earlier = now.advanced(by: .seconds(-10))
        let later = now.advanced(by: .seconds(10))
        #expect(state(suspended: []) == .approved)
        #expect(state(review: nil, suspended: []) == .draft)
        #expect(state(review: .inReview) == .published)
        #expect(state(suspended: [true]) == .suspended)
        #expect(state(suspended: [true, false]) == .published)
        #expect(state(LeavingDates(announcedAt: earlier, deprecatedAt: earlier)) == .deprecated)
        #expect(state(LeavingDates(announcedAt: earlier, deprecatedAt: later)) == .published)
        #expect(state(LeavingDates(announcedAt: earlier, deprecatedAt: earlier, sunsetAt: now)) == .sunset)
        #expect(state(retired: earlier) == .retired)
    }

    @Test("a manifest's text differs by each of its parts")
    func manifests() {
        let texts = Set([
            ReleaseManifest(specification: [1], settings: [2], upstream: nil).canonicalText,
            ReleaseManifest(specification: [1], settings: [2], upstream: [3]).canonicalText,
            ReleaseManifest(specification: [2], settings: [1], upstream: [3]).canonicalText,
            ReleaseManifest(specification: [1], settings: [3], upstream: nil).canonicalText,
        ])
        #expect(texts.count == 4)
    }
}
