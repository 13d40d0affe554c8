import CatalogStore
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite struct LeaveVersionTests {
    @Test("deprecation, sunset and retirement move the derived state and the gate's copy")
    func leaving() async throws {
        try await GovernedWorld.with { world in
            try await world.release("1.0.0")
            try await world.release("2.0.0")
            let alice = try await world.actor("alice")
            let governance = world.governance
            let sunset = world.clock.now.advanced(by: .seconds(3600))
            let draft = DeprecationDraft(
                sunsetAt: sunset,
                successor: "2.0.0",
                link: "https://example.com/why",
                reason: "slow"
            )
            let deprecated = try await governance.deprecateVersion(alice, api: "orders", version: "1.0.0", draft)
            #expect(deprecated.state == .deprecated)
            var routed = try #require(try await world.routing()?.apis.first?.versions.first { $0.name == "1.0.0" })
            #expect(routed.sunsetAt == sunset.unixSeconds)
            #expect(routed.successor == "2.0.0")
            let early = await refusal {
                _ = try await governance.retireVersion(alice, api: "orders", version: "1.0.0", reason: "done")
            }
            #expect(early == .illegalTransition)
            world.clock.advance(by: .seconds(7200))
            let past = try await governance.showVersion(alice, api: "orders", version: "1.0.0")
            #expect(past.state == .sunset)
            let retired = try await governance.retireVersion(alice, api: "orders", version: "1.0.0", reason: "done")
            #expect(retired.state == .retired)
            routed = try #require(try await world.routing()?.apis.first?.versions.first { $0.name == "1.0.0" })
            #expect(routed.state == .retired)
            #expect(routed.operations.isEmpty)
            let again = await refusal { try await world.publish("1.0.0") }
            #expect(again == .versionRetiredForGood)
            let submitted = await refusal {
                try await world.submit(document: GovernedWorld.document("1.0.0", title: "Back"))
            }
            #expect(submitted == .versionRetiredForGood)
            let history = try await governance.listHistory(alice, api: "orders", version: "1.0.0")
            #expect(history.items.map(\.event) == ["retired", "deprecated", "published"])
        }
    }

    @Test("dates keep their order")
    func order() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let alice = try await world.actor("alice")
            let now = world.clock.now
            let past = DeprecationDraft(effectiveAt: now.advanced(by: .seconds(-60)), reason: "x")
            let first = await refusal {
                _ = try await world.governance.deprecateVersion(alice, api: "orders", version: "1.0.0", past)
            }
            #expect(first == .datesOutOfOrder)
            let crossed = DeprecationDraft(
                effectiveAt: now.advanced(by: .seconds(120)),
                sunsetAt: now.advanced(by: .seconds(60)),
                reason: "x"
            )
            let second = await refusal {
                _ = try await world.governance.deprecateVersion(alice, api: "orders", version: "1.0.0", crossed)
            }
            #expect(second == .datesOutOfOrder)
            let silent = await refusal {
                _ = try await world.governance.deprecateVersion(
                    alice,
                    api: "orders",
                    version: "1.0.0",
                    DeprecationDraft(reason: " ")
                )
            }
            #expect(silent == .reasonRequired)
            let unknown = await refusal {
                let draft = DeprecationDraft(successor: "9.9.9", reason: "x")
                _ = try await world.governance.deprecateVersion(alice, api: "orders", version: "1.0.0", draft)
            }
            #expect(unknown == .notFound)
        }
    }

    @Test("a deprecation can be taken back, with a reason")
    func undo() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let alice = try await world.actor("alice")
            let governance = world.governance
            _ = try await governance.deprecateVersion(
                alice,
                api: "orders",
                version: "1.0.0",
                DeprecationDraft(reason: "oops")
            )
            let back = try await governance.undeprecateVersion(
                alice,
                api: "orders",
                version: "1.0.0",
                reason: "an accident"
            )
            #expect(back.state == .published)
            #expect(back.version.dates == LeavingDates())
            let twice = await refusal {
                _ = try await governance.undeprecateVersion(alice, api: "orders", version: "1.0.0", reason: "again")
            }
            #expect(twice == .illegalTransition)
        }
    }

    @Test("a sunset at once answers 410 at once, and an override retires before it")
    func sunset() async throws {
        try await GovernedWorld.with { world in
            try await world.release("1.0.0")
            try await world.release("2.0.0")
            let alice = try await world.actor("alice")
            let gone = try await world.governance.sunsetVersion(
                alice,
                api: "orders",
                version: "1.0.0",
                reason: "broken"
            )
            #expect(gone.state == .sunset)
            let denied = await refusal {
                _ = try await world.governance.retireVersion(
                    alice,
                    api: "orders",
                    version: "2.0.0",
                    reason: "x",
                    overridesSunset: true
                )
            }
            #expect(denied == .forbidden)
            let admin = try await world.actor("administrator")
            let retired = try await world.governance.retireVersion(
                admin,
                api: "orders",
                version: "2.0.0",
                reason: "a court order",
                overridesSunset: true
            )
            #expect(retired.state == .retired)
        }
    }

    @Test("suspending and resuming change nothing else")
    func suspension() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let alice = try await world.actor("alice")
            let governance = world.governance
            let suspended = try await governance.suspendVersion(
                alice,
                api: "orders",
                version: "1.0.0",
                reason: "an incident"
            )
            #expect(suspended.state == .suspended)
            let routing = try await world.routing()
            #expect(routing?.apis.first?.versions.first?.isSuspended == true)
            let twice = await refusal {
                _ = try await governance.suspendVersion(alice, api: "orders", version: "1.0.0", reason: "again")
            }
            #expect(twice == .illegalTransition)
            let resumed = try await governance.resumeVersion(alice, api: "orders", version: "1.0.0", reason: "mended")
            #expect(resumed.state == .published)
            let stranger = try await world.actor("mallory")
            let foreign = await refusal {
                _ = try await governance.suspendVersion(stranger, api: "orders", version: "1.0.0", reason: "x")
            }
            #expect(foreign == .forbidden)
        }
    }
}
