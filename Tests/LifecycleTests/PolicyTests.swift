import Lifecycle
import Testing

@Suite struct PolicyTests {
    @Test(
        "a label selector means what Kubernetes' means",
        arguments: [
            (LabelSelector(), [:], true),
            (LabelSelector(matchLabels: ["domain": "sales"]), ["domain": "sales", "x": "y"], true),
            (LabelSelector(matchLabels: ["domain": "sales"]), ["domain": "shop"], false),
            (LabelSelector(matchLabels: ["domain": "sales", "tier": "1"]), ["domain": "sales"], false),
            (LabelSelector(matchExpressions: [.init("tier", .isIn, ["1", "2"])]), ["tier": "2"], true),
            (LabelSelector(matchExpressions: [.init("tier", .isIn, ["1", "2"])]), [:], false),
            (LabelSelector(matchExpressions: [.init("tier", .isNotIn, ["1"])]), [:], true),
            (LabelSelector(matchExpressions: [.init("tier", .isNotIn, ["1"])]), ["tier": "1"], false),
            (LabelSelector(matchExpressions: [.init("tier", .exists)]), ["tier": ""], true),
            (LabelSelector(matchExpressions: [.init("tier", .exists)]), ["other": ""], false),
            (LabelSelector(matchExpressions: [.init("tier", .doesNotExist)]), [:], true),
            (LabelSelector(matchExpressions: [.init("tier", .doesNotExist)]), ["tier": "1"], false),
        ] as [(LabelSelector, [String: String], Bool)]
    )
    func selectors(selector: LabelSelector, labels: [String: String], isMeant: Bool) {
        #expect(selector.matches(labels) == isMeant)
        #expect(selector.faults.isEmpty)
    }

    @Test("a requirement that cannot be meant is a fault with its place; one that can be is none")
    func faults() {
        let selector = LabelSelector(matchExpressions: [
            .init("a", .isIn), .init("b", .exists, ["x"]), .init("", .doesNotExist), .init("c", .isNotIn, ["y"]),
        ])
        let pointers = selector.faults.map(\.pointer)
        #expect(
            pointers == ["/matchExpressions/0/values", "/matchExpressions/1/values", "/matchExpressions/2/key"]
        )
        let many = LabelSelector(matchExpressions: (0...50).map { .init("k\($0)", .exists) })
        #expect(many.faults.map(\.pointer) == [""])
    }

    @Test("a check that could not be carried out never passes, and one that did not apply asks for nothing")
    func outcomes() {
        let usual = SeverityActions()
        let mild = SeverityActions(error: .warn, warn: .allow)
        let silent = SeverityActions(error: .allow, warn: .allow)
        #expect(usual.action(for: .pass, severities: []) == .allow)
        #expect(usual.action(for: .fail, severities: [1, 0]) == .block)
        #expect(usual.action(for: .warn, severities: [1, 2]) == .warn)
        #expect(usual.action(for: .pass, severities: [2, 3]) == .allow)
        #expect(usual.action(for: .error, severities: []) == .block)
        #expect(mild.action(for: .error, severities: []) == .warn)
        #expect(silent.action(for: .error, severities: []) == .warn)
        #expect(usual.action(for: .notApplicable, severities: []) == .allow)
        // Every finding of an outcome may be waived: then nothing is asked for.
        #expect(usual.action(for: .fail, severities: []) == .allow)
    }

    @Test(
        "the mode turns what a policy asks for into what happens",
        arguments: [
            (PolicyMode.off, PolicyAction.block, PolicyAction.allow), (.observe, .block, .allow),
            (.warn, .block, .warn), (.warn, .allow, .allow), (.enforce, .block, .block), (.enforce, .warn, .warn),
        ]
    )
    func effects(mode: PolicyMode, action: PolicyAction, effect: PolicyAction) {
        #expect(mode.effect(of: action) == effect)
    }
}

@Suite struct WaiverTests {
    private static let start = Moment(unixSeconds: 1_790_000_000)

    private func waiver(
        at place: Waiver.Place,
        isGranted: Bool? = true,
        revokedAt: Moment? = nil
    ) -> Waiver {
        Waiver(
            id: .make(at: Self.start),
            apiID: .make(at: Self.start),
            api: "orders",
            team: .make(at: Self.start),
            rule: "operation-description",
            place: place,
            reason: "r",
            requestedBy: "dave",
            requestedAt: Self.start,
            expiresAt: Self.start.advanced(by: .seconds(60)),
            decidedBy: isGranted == nil ? nil : "bob",
            decidedAt: isGranted == nil ? nil : Self.start,
            isGranted: isGranted,
            revokedAt: revokedAt,
            revocationReason: revokedAt == nil ? nil : "r"
        )
    }

    @Test(
        "a pointer covers its place and what is below, never a neighbour that begins alike",
        arguments: [
            ("/paths/~1a/get", "/paths/~1a/get", true), ("/paths/~1a/get", "/paths/~1a/get/tags", true),
            ("/paths/~1a/get", "/paths/~1a/getter", false), ("/paths/~1a/get", "/paths/~1a", false),
            ("", "/anything", true), ("", "", true),
        ]
    )
    func pointers(place: String, finding: String, isCovered: Bool) {
        let waiver = waiver(at: .pointer(place))
        let covers = waiver.covers(rule: "operation-description", pointer: finding, fingerprint: "aa", at: Self.start)
        #expect(covers == isCovered)
        #expect(!waiver.covers(rule: "operation-tags", pointer: finding, fingerprint: "aa", at: Self.start))
    }

    @Test("a fingerprint covers its finding wherever it stands")
    func fingerprints() {
        let waiver = waiver(at: .fingerprint("aabb"))
        #expect(waiver.covers(rule: "operation-description", pointer: "/x", fingerprint: "aabb", at: Self.start))
        #expect(!waiver.covers(rule: "operation-description", pointer: "/x", fingerprint: "aabc", at: Self.start))
    }

    @Test("only what is granted and in its time covers anything; the end comes by itself")
    func states() {
        let last = Self.start.advanced(by: .microseconds(59_999_999))
        let end = Self.start.advanced(by: .seconds(60))
        let granted = waiver(at: .pointer(""))
        #expect(granted.state(at: last) == .granted)
        #expect(granted.state(at: end) == .expired)
        #expect(granted.covers(rule: "operation-description", pointer: "", fingerprint: "", at: last))
        #expect(!granted.covers(rule: "operation-description", pointer: "", fingerprint: "", at: end))
        #expect(waiver(at: .pointer(""), isGranted: nil).state(at: last) == .pending)
        #expect(waiver(at: .pointer(""), isGranted: nil).state(at: end) == .expired)
        #expect(waiver(at: .pointer(""), isGranted: false).state(at: end) == .refused)
        #expect(waiver(at: .pointer(""), revokedAt: Self.start).state(at: last) == .revoked)
    }
}
