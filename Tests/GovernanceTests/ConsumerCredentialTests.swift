import Crypto
import Foundation
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite("Credentials")
struct ConsumerCredentialTests {
    static func digest(_ key: String?) throws -> Digest32 {
        let text = try #require(key)
        return try #require(Digest32(SHA256.hash(data: Data(text.utf8))))
    }

    @Test("a key is well formed, shown once, and at rest there is only its hash and its first characters")
    func issued() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let issued = try await world.governance.issueCredential(
                world.bob,
                CredentialDraft(
                    application: "web-shop",
                    note: "first",
                    expiresAt: world.clock.now.advanced(by: .seconds(60))
                )
            )
            let key = try #require(issued.key.text)
            #expect(APIKeyFormat.check(Array(key.utf8).span) == .wellFormed(environment: 3..<7))
            #expect(issued.credential.start == String(key.prefix(12)) && key.hasPrefix("gh_live_"))
            #expect("\(issued.key) \(issued)".contains(key) == false)
            let secret = String(key.dropFirst(12))
            for table in ["credential", "audit", "outbox", "idempotency_key", "entitlement_change"] {
                let rows = try await world.count(
                    "SELECT count(*) FROM \(table) t WHERE t::text LIKE '%' || $1 || '%'",
                    [secret]
                )
                #expect(rows == 0, "the key is in \(table)")
            }
            let content = try await world.base().content()
            #expect(content.credentials.map(\.sha256) == [try Self.digest(key)])
            #expect(content.credentials.first?.expiresAt == world.clock.now.unixSeconds + 60)
            let listed = try await world.governance.listCredentials(world.bob, of: "web-shop").items
            #expect(listed == [issued.credential])
        }
    }

    @Test("a retry with the same idempotency key makes no second key and shows none")
    func idempotency() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let actor = world.actor("bob", Seed.bob, RoleGrant(.applicationOwner, .team(Seed.shop)), key: "again")
            let first = try await world.governance.issueCredential(actor, CredentialDraft(application: "web-shop"))
            let second = try await world.governance.issueCredential(actor, CredentialDraft(application: "web-shop"))
            #expect(first.key.text != nil && second.key.text == nil)
            #expect(second.credential == first.credential)
            #expect(try await world.governance.listCredentials(world.bob, of: "web-shop").items.count == 1)
        }
    }

    @Test("after a rotation both keys work until the overlap is over, and the next one has the pins")
    func rotation() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1))
            )
            let old = try await world.governance.issueCredential(
                world.bob,
                CredentialDraft(application: "web-shop", expiresAt: world.clock.now.advanced(by: .seconds(86_400)))
            )
            _ = try await world.governance.pinCredential(
                world.bob,
                application: "web-shop",
                old.credential.id,
                api: "orders",
                PinDraft(version: "1.0.0", mode: .hard)
            )
            let next = try await world.governance.rotateCredential(
                world.carol,
                application: "web-shop",
                old.credential.id,
                overlap: .seconds(3_600)
            )
            #expect(next.credential.pins.map(\.version) == ["1.0.0"])
            let keys = Dictionary(
                uniqueKeysWithValues: try await world.base().content().credentials.map { ($0.sha256, $0) }
            )
            #expect(keys.count == 2)
            #expect(keys[try Self.digest(old.key.text)]?.expiresAt == world.clock.now.unixSeconds + 3_600)
            #expect(keys[try Self.digest(next.key.text)]?.expiresAt == nil)
            let listed = try await world.governance.listCredentials(world.bob, of: "web-shop").items
            let replaced = try #require(listed.first { $0.id == old.credential.id })
            #expect(replaced.replacedBy == next.credential.id)
            #expect(replaced.graceUntil == world.clock.now.advanced(by: .seconds(3_600)))

            let twice = await #expect(throws: GovernanceError.self) {
                try await world.governance.rotateCredential(world.bob, application: "web-shop", old.credential.id)
            }
            #expect(twice?.code == .rotationInProgress)
            // Who is in a hurry revokes the old one before the overlap is over.
            _ = try await world.governance.revokeCredential(world.bob, application: "web-shop", old.credential.id)
            #expect(try await world.base().content().credentials.map(\.sha256) == [try Self.digest(next.key.text)])
        }
    }

    @Test("an overlap never lets a key outlive its own expiry, and zero ends it at once")
    func overlapBounds() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let soon = world.clock.now.advanced(by: .seconds(10))
            let short = try await world.governance.issueCredential(
                world.bob,
                CredentialDraft(application: "web-shop", expiresAt: soon)
            )
            _ = try await world.governance.rotateCredential(world.bob, application: "web-shop", short.credential.id)
            let plain = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            _ = try await world.governance.rotateCredential(
                world.bob,
                application: "web-shop",
                plain.credential.id,
                overlap: .zero
            )
            let expiries = Dictionary(
                uniqueKeysWithValues: try await world.base().content().credentials.map { ($0.sha256, $0.expiresAt) }
            )
            #expect(expiries[try Self.digest(short.key.text)] == soon.unixSeconds)
            #expect(expiries[try Self.digest(plain.key.text)] == world.clock.now.unixSeconds)
            for overlap in [Duration.seconds(-1), .seconds(91 * 86_400)] {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.rotateCredential(
                        world.bob,
                        application: "web-shop",
                        plain.credential.id,
                        overlap: overlap
                    )
                }
                #expect(error?.code == .validationFailed)
            }
        }
    }

    @Test("of two rotations at the same time one wins")
    func rotationRace() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let old = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do throws(GovernanceError) {
                            _ = try await world.governance.rotateCredential(
                                world.bob,
                                application: "web-shop",
                                old.credential.id
                            )
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                var codes: [GovernanceError.Code?] = []
                for await code in group { codes.append(code) }
                return codes
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.compactMap { $0 }.allSatisfy { $0 == .rotationInProgress })
            #expect(try await world.governance.listCredentials(world.bob, of: "web-shop").items.count == 2)
        }
    }

    @Test("a revoked key is gone from the feed, stays revoked, and can neither be rotated nor pinned")
    func revocation() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let issued = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            let gateway = try await world.base()
            let digest = try Self.digest(issued.key.text)
            #expect(gateway.credential(digest) != nil)
            let revoked = try await world.governance.revokeCredential(
                world.carol,
                application: "web-shop",
                issued.credential.id,
                reason: "leaked"
            )
            #expect(revoked.revokedAt == world.clock.now)
            #expect(try await world.pull(gateway).credential(digest) == nil)
            world.clock.advance(by: .seconds(5))
            let again = try await world.governance.revokeCredential(
                world.bob,
                application: "web-shop",
                issued.credential.id
            )
            #expect(again.revokedAt == revoked.revokedAt)
            let rotated = await #expect(throws: GovernanceError.self) {
                try await world.governance.rotateCredential(world.bob, application: "web-shop", issued.credential.id)
            }
            #expect(rotated?.code == .illegalTransition)
            await #expect(throws: (any Error).self) {
                try await world.sql("UPDATE credential SET revoked_at = NULL")
            }
        }
    }

    @Test("an imported key is known by its hash alone, once in an environment")
    func imported() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let hash = Array(SHA256.hash(data: Data("old-key-of-theirs".utf8)))
            let draft = CredentialDraft(application: "web-shop", imported: hash)
            let issued = try await world.governance.issueCredential(world.bob, draft)
            #expect(issued.key.text == nil && issued.credential.isImported && issued.credential.start.isEmpty)
            _ = try await world.governance.revokeCredential(world.bob, application: "web-shop", issued.credential.id)
            let again = await #expect(throws: GovernanceError.self) {
                try await world.governance.issueCredential(world.bob, draft)
            }
            #expect(again?.code == .nameTaken, "a revoked key does not come back under another row")
            let short = await #expect(throws: GovernanceError.self) {
                try await world.governance.issueCredential(
                    world.bob,
                    CredentialDraft(application: "web-shop", imported: [1, 2, 3])
                )
            }
            #expect(short?.code == .validationFailed)
        }
    }

    @Test("an expiry in the past, a long note and a hundred and first key are refused")
    func bounds() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            for draft in [
                CredentialDraft(application: "web-shop", expiresAt: world.clock.now),
                CredentialDraft(application: "web-shop", note: String(repeating: "n", count: 201)),
            ] {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.issueCredential(world.bob, draft)
                }
                #expect(error?.code == .validationFailed)
            }
            try await world.sql(
                """
                INSERT INTO credential (id, org_id, application_id, environment_id, start, is_imported, sha256, created_at)
                SELECT gen_random_uuid(), a.org_id, a.id, $1, '', true, sha256(n::text::bytea), $2
                FROM application a, generate_series(1, 100) n
                """,
                [Seed.environment, world.clock.now]
            )
            let full = await #expect(throws: GovernanceError.self) {
                try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            }
            #expect(full?.code == .limitReached)
        }
    }

    @Test("a key is pinned only to what its application was granted")
    func pins() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let id = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
                .credential.id
            func pin(_ version: String, as actor: Actor) async throws -> Credential {
                try await world.governance.pinCredential(
                    actor,
                    application: "web-shop",
                    id,
                    api: "orders",
                    PinDraft(version: version)
                )
            }
            let nothing = await #expect(throws: GovernanceError.self) { try await pin("1.2.0", as: world.bob) }
            #expect(nothing?.code == .pinNotGranted)
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1))
            )
            #expect(try await pin("1.2.0", as: world.bob).pins.map(\.version) == ["1.2.0"])
            #expect(try await pin("1.0.0", as: world.bob).pins.map(\.version) == ["1.0.0"])
            let otherMajor = await #expect(throws: GovernanceError.self) { try await pin("2.0.0", as: world.bob) }
            #expect(otherMajor?.code == .pinNotGranted)
            let developer = await #expect(throws: GovernanceError.self) { try await pin("1.2.0", as: world.carol) }
            #expect(developer?.code == .forbidden)
            #expect(try await world.base().content().credentials.first?.pins.map(\.version) == ["1.0.0"])
            let unpinned = try await world.governance.unpinCredential(
                world.bob,
                application: "web-shop",
                id,
                api: "orders"
            )
            #expect(unpinned.pins.isEmpty)
        }
    }
}
