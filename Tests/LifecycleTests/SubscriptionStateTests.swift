import Testing

@testable import Lifecycle

@Suite("SubscriptionLife")
struct SubscriptionStateTests {
    static let events: [SubscriptionEvent] = [
        .accept, .reject, .withdraw, .pause(.provider), .pause(.consumer), .resume(.provider), .resume(.consumer),
        .close,
    ]

    /// Every life that the invariant permits.
    static let lives: [SubscriptionLife] = SubscriptionState.allCases.flatMap { state -> [SubscriptionLife] in
        let pauses: [Set<SubscriptionSide>] = [[], [.provider], [.consumer], [.provider, .consumer]]
        return pauses.compactMap { SubscriptionLife(state: state, pausedBy: $0) }
    }

    @Test("what the machine does is exactly what the table lists")
    func machineEqualsTable() throws {
        var seen: Set<SubscriptionTransition> = []
        for life in Self.lives {
            for event in Self.events {
                var after = life
                guard (try? after.apply(event)) == .changed else { continue }
                seen.insert(SubscriptionTransition(from: life.state, event: event.name, to: after.state))
            }
        }
        #expect(seen == Set(SubscriptionTransition.table))
        #expect(SubscriptionTransition.table.count == Set(SubscriptionTransition.table).count)
    }

    @Test("the invariant between state and pauses holds after every event")
    func invariantHolds() {
        for life in Self.lives {
            for event in Self.events {
                var after = life
                do throws(SubscriptionTransitionRefused) {
                    _ = try after.apply(event)
                } catch {
                    #expect(after == life, "a refused event changes nothing")
                    #expect(!error.allowed.contains(event.name))
                }
                #expect(SubscriptionLife(state: after.state, pausedBy: after.pausedBy) == after)
            }
        }
    }

    @Test("no move leads out of a terminal state, and its own event is harmless")
    func terminalStatesStay() throws {
        let own: [(SubscriptionState, SubscriptionEvent)] = [
            (.rejected, .reject), (.withdrawn, .withdraw), (.closed, .close),
        ]
        for (state, ownEvent) in own {
            #expect(state.isTerminal && !state.isOpen)
            for event in Self.events {
                var life = try #require(SubscriptionLife(state: state, pausedBy: []))
                if event == ownEvent {
                    #expect(try life.apply(event) == .unchanged)
                } else {
                    #expect(throws: SubscriptionTransitionRefused(state: state, event: event)) { try life.apply(event) }
                }
                #expect(life.state == state)
            }
        }
    }

    @Test("a subscription flows again only when both sides have resumed it")
    func bothSidesResume() throws {
        var life = SubscriptionLife(automaticallyAccepted: true)
        #expect(try life.apply(.pause(.provider)) == .changed)
        #expect(try life.apply(.pause(.provider)) == .unchanged)
        #expect(try life.apply(.pause(.consumer)) == .changed)
        #expect(try life.apply(.resume(.consumer)) == .changed)
        #expect(life.state == .paused)
        #expect(try life.apply(.resume(.consumer)) == .unchanged)
        #expect(try life.apply(.resume(.provider)) == .changed)
        #expect(life.state == .accepted && life.pausedBy.isEmpty)
    }

    @Test("a pending request can be decided or withdrawn, and nothing else")
    func pendingIsDecidedOrWithdrawn() throws {
        var life = SubscriptionLife(automaticallyAccepted: false)
        #expect(life.state == .pending)
        #expect(
            SubscriptionTransitionRefused(state: .pending, event: .close).allowed == ["accept", "reject", "withdraw"]
        )
        #expect(throws: SubscriptionTransitionRefused.self) { try life.apply(.close) }
        #expect(throws: SubscriptionTransitionRefused.self) { try life.apply(.pause(.consumer)) }
        #expect(try life.apply(.accept) == .changed)
        #expect(throws: SubscriptionTransitionRefused.self) { try life.apply(.reject) }
    }

    @Test("a row whose state and pauses contradict each other is not loaded")
    func contradictionsAreNotLoaded() {
        #expect(SubscriptionLife(state: .paused, pausedBy: []) == nil)
        #expect(SubscriptionLife(state: .accepted, pausedBy: [.consumer]) == nil)
        #expect(SubscriptionLife(state: .closed, pausedBy: [.provider]) == nil)
        #expect(SubscriptionLife(state: .paused, pausedBy: [.provider])?.state == .paused)
    }
}
