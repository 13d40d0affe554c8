@testable import RoutingTable

/// The readers of entitlements: any bytes are answered; a base and a delta that were accepted hold what they say, and a delta
/// over a base is the same as the base that holds both.
///
/// The first byte of an input says what follows: bit 0 a delta rather than a base, bit 1 a body, which gets a header that is
/// right.
enum EntitlementsCheck {
    static func fault(in input: [UInt8]) -> String? {
        guard let mode = input.first else { return nil }
        let isDelta = mode & 1 == 1
        var bytes = Array(input.dropFirst())
        if mode & 2 == 2 {
            let whole =
                isDelta
                ? SnapshotCheck.artifact(.entitlementDelta, previous: 1, body: bytes)
                : SnapshotCheck.artifact(.entitlements, body: bytes)
            guard let whole else { return "a body cannot be wrapped" }
            bytes = whole
        }
        return isDelta ? deltaFault(bytes) : baseFault(bytes)
    }

    private static func baseFault(_ bytes: [UInt8]) -> String? {
        let set: EntitlementSet
        do throws(SnapshotRejected) {
            set = try EntitlementSet.decode(bytes, trust: .unsignedAllowed)
        } catch {
            return error.description.isEmpty ? "entitlements were refused without a word" : nil
        }
        return writtenFault(set) ?? lookupFault(set)
    }

    private static func deltaFault(_ bytes: [UInt8]) -> String? {
        let delta: EntitlementDelta
        do throws(SnapshotRejected) {
            delta = try EntitlementDelta.decode(bytes, trust: .unsignedAllowed)
        } catch {
            return error.description.isEmpty ? "a delta was refused without a word" : nil
        }
        guard let base = sample else { return "the sample cannot be built" }
        let next: EntitlementSet
        do throws(DeltaRejected) {
            next = try base.applying(delta)
        } catch {
            return nil
        }
        guard next.base === base.base || next.overlay == nil else { return "a delta copied the base" }
        return writtenFault(next) ?? lookupFault(next)
    }

    /// Written as one level and read again, the content is the same, and so are the answers.
    private static func writtenFault(_ set: EntitlementSet) -> String? {
        let content = set.content()
        do {
            let again = try EntitlementSet.decode(
                try EntitlementSet.encode(content, sequence: set.sequence, signer: nil),
                trust: .unsignedAllowed
            )
            guard again.content() == content else { return "content changes when it is written and read" }
            for credential in content.credentials {
                let mine = set.credential(credential.sha256).flatMap { set.application(of: $0) }.map { set.name($0) }
                let theirs = again.credential(credential.sha256).flatMap { again.application(of: $0) }
                    .map { again.name($0) }
                guard mine == theirs else { return "one key belongs to two applications" }
            }
        } catch {
            return "accepted content cannot be written: \(error)"
        }
        return nil
    }

    /// Every key of the content is found, and every subscription can be read.
    private static func lookupFault(_ set: EntitlementSet) -> String? {
        let content = set.content()
        for credential in content.credentials {
            guard let row = set.credential(credential.sha256) else { return "a key of the content is not found" }
            guard set.record(row).id == credential.id else { return "a key is found as another credential" }
            let isKnown = content.applications.contains { $0.id == credential.applicationID }
            guard (set.application(of: row) != nil) == isKnown else {
                return "a key is found with the wrong application"
            }
        }
        guard set.credentialCount == content.credentials.count else { return "the keys are counted wrong" }
        guard let routes else { return "the sample routes cannot be built" }
        _ = GateTables(snapshot: routes, entitlements: set)
        return nil
    }

    /// What deltas are applied to; its ids are those of ``SampleRights``.
    private static let sample = try? EntitlementSet(content: SampleRights.content, sequence: 1)
    private static let routes = try? RoutingSnapshot(content: RoutingContent(environment: "live"), generation: 1)
}

/// A small world, also the seed of the fuzzer.
enum SampleRights {
    static func id(_ number: UInt64) -> RecordID { RecordID(high: 0, low: number) }

    static let limits = [
        EntitlementContent.Limit(
            name: "second",
            kind: .rate,
            amount: 10,
            window: .seconds(1),
            algorithm: .gcra,
            burst: 5
        ),
        EntitlementContent.Limit(
            name: "month",
            kind: .quota,
            amount: 1_000,
            window: .calendar(.month),
            algorithm: .fixedWindow
        ),
    ]

    static func credential(_ number: UInt64, of application: UInt64) -> EntitlementContent.Credential {
        EntitlementContent.Credential(
            id: id(number),
            sha256: Digest32.sha256(of: [UInt8(truncatingIfNeeded: number)]),
            applicationID: id(application),
            start: "gh_live_",
            expiresAt: number % 2 == 0 ? 4_000_000_000 : nil,
            pins: [EntitlementContent.Pin(api: "orders", version: "1.0.0", isHard: number % 3 == 0)]
        )
    }

    static func subscription(_ number: UInt64, of application: UInt64) -> EntitlementContent.Subscription {
        EntitlementContent.Subscription(
            id: id(number),
            applicationID: id(application),
            api: number % 2 == 0 ? "orders" : "pets",
            major: 1,
            plan: "gold",
            operations: ["getOrder", "listOrders"],
            pins: [EntitlementContent.Pin(api: "orders", version: "1.0.0")],
            limits: limits
        )
    }

    static let content = EntitlementContent(
        environment: "live",
        applications: [1, 2, 3].map { EntitlementContent.Application(id: id($0), name: "application \($0)") },
        credentials: [11, 12, 13, 14].map { credential($0, of: $0 % 3 + 1) },
        subscriptions: [21, 22, 23].map { subscription($0, of: $0 % 3 + 1) }
    )

    static let delta = EntitlementDelta(
        environment: "live",
        fromSequence: 1,
        toSequence: 2,
        changes: [
            .putApplication(EntitlementContent.Application(id: id(4), name: "new")),
            .putCredential(credential(15, of: 4)),
            .putSubscription(subscription(24, of: 4)), .removeCredential(id(11)), .removeSubscription(id(21)),
            .putSubscription(subscription(22, of: 3)), .removeApplication(id(2)), .putCredential(credential(12, of: 2)),
        ]
    )
}
