import Testing

@testable import RoutingTable

@Suite("EntitlementSet")
struct EntitlementSetTests {
    @Test("a key is found by its hash, and leads to its application and subscriptions")
    func lookup() throws {
        let set = try EntitlementSet(content: Samples.entitlements(500), sequence: 3)
        for number in 0..<500 {
            let credential = try #require(set.credential(Samples.key(number)))
            #expect(set.record(credential).id == Samples.id(number, kind: 2))
            let application = try #require(set.application(of: credential))
            #expect(set.name(application) == "app-\(number)")
        }
        #expect(set.credential(Samples.key(500)) == nil)
        #expect(set.credential(.zero) == nil)
        #expect(set.credentialCount == 500)
    }

    @Test("content comes back through an artifact, in any order, with the same bytes")
    func roundTrip() throws {
        let key = SigningKey()
        let content = Samples.entitlements(60)
        var shuffled = content
        var generator = SeededGenerator(5)
        shuffled.applications.shuffle(using: &generator)
        shuffled.credentials.shuffle(using: &generator)
        shuffled.subscriptions.shuffle(using: &generator)
        let bytes = try EntitlementSet.encode(content, sequence: 9, signer: key)
        #expect(try EntitlementSet.encode(shuffled, sequence: 9, signer: key) == bytes)
        let set = try EntitlementSet.decode(bytes, trust: .key(key.publicKey))
        #expect(set.sequence == 9)
        #expect(set.isVerified)
        #expect(set.content() == content)
        #expect(try set.encoded(signer: key) == bytes)
    }

    @Test("a delta comes back through an artifact")
    func deltaRoundTrip() throws {
        let key = SigningKey()
        var subscription = Samples.subscription(1, of: 1)
        subscription.operations = ["a", "b"]
        subscription.pins = [.init(api: "orders", version: "1", isHard: true, expiresAt: 5)]
        let delta = EntitlementDelta(
            environment: "live",
            fromSequence: 4,
            toSequence: 7,
            changes: [
                .putApplication(.init(id: Samples.id(1), name: "one")), .putCredential(Samples.credential(1, of: 1)),
                .putSubscription(subscription), .removeApplication(Samples.id(2)),
                .removeCredential(Samples.id(2, kind: 2)), .removeSubscription(Samples.id(2, kind: 3)),
            ]
        )
        let bytes = try delta.encode(signer: key)
        #expect(try EntitlementDelta.decode(bytes, trust: .key(key.publicKey)) == delta)
        #expect(throws: SnapshotRejected.unsigned) {
            try EntitlementDelta.decode(try delta.encode(signer: nil), trust: .key(key.publicKey))
        }
        #expect(throws: InvalidContent.self) {
            try EntitlementDelta(environment: "live", fromSequence: 4, toSequence: 4).encode(signer: nil)
        }
    }

    @Test("a revoked key is gone, and the set before stays as it was")
    func revocation() throws {
        let before = try EntitlementSet(content: Samples.entitlements(10), sequence: 1)
        let after = try before.applying(
            EntitlementDelta(
                environment: "live",
                fromSequence: 1,
                toSequence: 2,
                changes: [.removeCredential(Samples.id(3, kind: 2))]
            )
        )
        #expect(after.credential(Samples.key(3)) == nil)
        #expect(before.credential(Samples.key(3)) != nil)
        #expect(after.credential(Samples.key(4)) != nil)
        #expect(after.credentialCount == 9)
        #expect(after.sequence == 2)
    }

    @Test("a delta must fit: environment, start and direction")
    func gaps() throws {
        let set = try EntitlementSet(content: Samples.entitlements(1), sequence: 5)
        #expect(throws: DeltaRejected.gap(from: 6, current: 5)) {
            try set.applying(EntitlementDelta(environment: "live", fromSequence: 6, toSequence: 7))
        }
        #expect(throws: DeltaRejected.gap(from: 4, current: 5)) {
            try set.applying(EntitlementDelta(environment: "live", fromSequence: 4, toSequence: 6))
        }
        #expect(throws: DeltaRejected.backwards(from: 5, to: 5)) {
            try set.applying(EntitlementDelta(environment: "live", fromSequence: 5, toSequence: 5))
        }
        #expect(throws: DeltaRejected.otherEnvironment(found: "test", expected: "live")) {
            try set.applying(EntitlementDelta(environment: "test", fromSequence: 5, toSequence: 6))
        }
    }

    @Test("one key for two credentials is refused, in a base and in a delta")
    func sameKey() throws {
        var content = Samples.entitlements(2)
        content.credentials[1].sha256 = content.credentials[0].sha256
        #expect(throws: InvalidContent.self) { try EntitlementSet(content: content, sequence: 1) }
        let set = try EntitlementSet(content: Samples.entitlements(2), sequence: 1)
        var copy = Samples.credential(9, of: 0)
        copy.sha256 = Samples.key(1)
        #expect(throws: DeltaRejected.self) {
            try set.applying(
                EntitlementDelta(environment: "live", fromSequence: 1, toSequence: 2, changes: [.putCredential(copy)])
            )
        }
        // The key may move when its first owner goes in the same step.
        let moved = try set.applying(
            EntitlementDelta(
                environment: "live",
                fromSequence: 1,
                toSequence: 2,
                changes: [.removeCredential(Samples.id(1, kind: 2)), .putCredential(copy)]
            )
        )
        #expect(moved.credential(Samples.key(1)).map { moved.record($0).id } == Samples.id(9, kind: 2))
    }

    @Test("after any steps the set is what a base of the same content would be", arguments: 0..<12)
    func stepsEqualBase(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        var model = Model(Samples.entitlements(30))
        var set = try EntitlementSet(content: model.content, sequence: 0)
        for step in 1...25 {
            let changes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in Self.change(&generator) }
            for change in changes { model.apply(change) }
            set = try set.applying(
                EntitlementDelta(
                    environment: "live",
                    fromSequence: UInt64(step - 1),
                    toSequence: UInt64(step),
                    changes: changes
                )
            )
            if step % 10 == 0 { set = try set.merged() }
            #expect(set.content() == model.content, "step \(step)")
            for number in 0..<40 {
                let id = Samples.id(number, kind: 3)
                #expect(set.holds(subscription: id) == (model.subscriptions[id] != nil), "subscription \(number)")
            }
            for number in 0..<40 {
                let credential = set.credential(Samples.key(number))
                let expected = model.credentials[Samples.id(number, kind: 2)]
                #expect((credential != nil) == (expected != nil))
                let name = credential.flatMap { set.application(of: $0) }.map { set.name($0) }
                #expect(name == expected.flatMap { model.applications[$0.applicationID]?.name })
            }
        }
    }

    private static func change(_ generator: inout SeededGenerator) -> EntitlementDelta.Change {
        let number = Int.random(in: 0..<40, using: &generator)
        let owner = Int.random(in: 0..<40, using: &generator)
        return switch Int.random(in: 0..<6, using: &generator) {
        case 0: .putApplication(.init(id: Samples.id(number), name: "new-\(owner)"))
        case 1: .putCredential(Samples.credential(number, of: owner))
        case 2: .putSubscription(Samples.subscription(number, of: owner, major: owner % 3))
        case 3: .removeApplication(Samples.id(number))
        case 4: .removeCredential(Samples.id(number, kind: 2))
        default: .removeSubscription(Samples.id(number, kind: 3))
        }
    }

    /// The same rules over dictionaries. A removed application takes its subscriptions with it.
    private struct Model {
        var applications: [RecordID: EntitlementContent.Application]
        var credentials: [RecordID: EntitlementContent.Credential]
        var subscriptions: [RecordID: EntitlementContent.Subscription]

        init(_ content: EntitlementContent) {
            applications = Dictionary(uniqueKeysWithValues: content.applications.map { ($0.id, $0) })
            credentials = Dictionary(uniqueKeysWithValues: content.credentials.map { ($0.id, $0) })
            subscriptions = Dictionary(uniqueKeysWithValues: content.subscriptions.map { ($0.id, $0) })
        }

        mutating func apply(_ change: EntitlementDelta.Change) {
            switch change {
            case .putApplication(let application): applications[application.id] = application
            case .putCredential(let credential): credentials[credential.id] = credential
            case .putSubscription(let subscription): subscriptions[subscription.id] = subscription
            case .removeApplication(let id):
                applications[id] = nil
                subscriptions = subscriptions.filter { $0.value.applicationID != id }
            case .removeCredential(let id): credentials[id] = nil
            case .removeSubscription(let id): subscriptions[id] = nil
            }
        }

        var content: EntitlementContent {
            EntitlementContent(
                environment: "live",
                applications: applications.values.sorted { $0.id < $1.id },
                credentials: credentials.values.sorted { $0.id < $1.id },
                subscriptions: subscriptions.values.sorted { $0.id < $1.id }
            )
        }
    }

    @Test("an overlay that has grown wants to be merged, and merged it is one level")
    func merge() throws {
        let count = RoutingLimits.overlayRecordsMin + 1
        let set = try EntitlementSet(content: Samples.entitlements(2), sequence: 0)
        let changes = (100..<(100 + count)).map { EntitlementDelta.Change.putCredential(Samples.credential($0, of: 1)) }
        let after = try set.applying(
            EntitlementDelta(environment: "live", fromSequence: 0, toSequence: 1, changes: changes)
        )
        #expect(after.wantsMerge)
        let merged = try after.merged()
        #expect(merged.overlay == nil)
        #expect(!merged.wantsMerge)
        #expect(merged.sequence == after.sequence)
        for set in [after, merged] {
            #expect(set.credentialCount == count + 2)
            #expect(set.credential(Samples.key(99 + count)) != nil)
        }
        let small = try set.applying(
            EntitlementDelta(environment: "live", fromSequence: 0, toSequence: 1, changes: Array(changes.dropLast(2)))
        )
        #expect(!small.wantsMerge)
    }

    @Test("every bit flip and truncation of a base and a delta is refused", arguments: [true, false])
    func damage(isSigned: Bool) throws {
        let key = SigningKey()
        let signer = isSigned ? key : nil
        let trust: SnapshotTrust = isSigned ? .key(key.publicKey) : .unsignedAllowed
        let base = try EntitlementSet.encode(Samples.entitlements(8), sequence: 1, signer: signer)
        let delta = try EntitlementDelta(
            environment: "live",
            fromSequence: 1,
            toSequence: 2,
            changes: [.putSubscription(Samples.subscription(1, of: 1))]
        ).encode(signer: signer)
        var generator = SeededGenerator(11)
        for _ in 0..<500 {
            var first = base
            var second = delta
            first[Int.random(in: 0..<base.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            second[Int.random(in: 0..<delta.count, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(throws: SnapshotRejected.self) { try EntitlementSet.decode(first, trust: trust) }
            #expect(throws: SnapshotRejected.self) { try EntitlementDelta.decode(second, trust: trust) }
        }
        for part in 0..<100 {
            #expect(throws: SnapshotRejected.self) {
                try EntitlementSet.decode(Array(base[..<(part * base.count / 100)]), trust: trust)
            }
            #expect(throws: SnapshotRejected.self) {
                try EntitlementDelta.decode(Array(delta[..<(part * delta.count / 100)]), trust: trust)
            }
        }
    }

    @Test("damaged bodies under a right checksum never trap", arguments: 0..<6)
    func structuralDamage(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let body = try Samples.entitlements(20).encodedBody()
        var refused = 0
        for _ in 0..<300 {
            var damaged = body
            damaged[Int.random(in: 0..<body.count, using: &generator)] = .random(in: 0...255, using: &generator)
            if Bool.random(using: &generator) { damaged.removeLast(Int.random(in: 0..<body.count, using: &generator)) }
            do {
                _ = try EntitlementSet.table(fromBody: damaged)
            } catch {
                refused += 1
            }
            do {
                _ = try EntitlementDelta.changes(fromBody: damaged)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }
}
