import Foundation
import Testing

@testable import Gateway
@testable import RoutingTable

@Suite("Files and tables that are no good")
struct DamagedFilesTests {
    /// What a start finds: a gateway's own path from disk to tables, without its threads.
    private func restored(_ folder: String, trust: SnapshotTrust = .unsignedAllowed) -> (GatewayStatus, [String]) {
        let core = GatewayCore(
            limits: GatewayLimits(),
            ledger: nil,
            entitlementAgeMaxSeconds: nil
        )
        let store = SnapshotStore(folder: folder)
        let activation = Activation(core: core, trust: trust, environment: nil, store: store)
        let notes = store.restore(into: activation)
        return (activation.status, notes)
    }

    /// 1,000 bits turned over and 200 lengths cut to, spread over the file and at random.
    private func damages(of good: [UInt8]) -> [[UInt8]] {
        var generator = SystemRandomNumberGenerator()
        var all: [[UInt8]] = []
        for _ in 0..<1_000 {
            var bytes = good
            let bit = Int.random(in: 0..<(good.count * 8), using: &generator)
            bytes[bit / 8] ^= UInt8(1 << (bit % 8))
            all.append(bytes)
        }
        for step in 0..<200 { all.append(Array(good[..<(good.count * step / 200)])) }
        return all
    }

    @Test("no damaged routing file is ever taken for a good one: the one before it serves, and that is said")
    func routing() throws {
        let folder = TemporaryFolder()
        let old = try RoutingSnapshot.encode(Sample.passthrough(port: 1), generation: 1, signer: nil)
        let good = try RoutingSnapshot.encode(Sample.orders(port: 1), generation: 2, signer: nil)
        try Disk.replace(folder.path + "/routing.previous.snapshot", with: old)
        var wrong = 0
        for bytes in damages(of: good) {
            try bytes.withUnsafeBytes {
                try Data($0).write(to: URL(fileURLWithPath: folder.path + "/routing.snapshot"))
            }
            let (status, notes) = restored(folder.path)
            if status.generation != 1 || notes.count != 2 { wrong += 1 }
        }
        print("figure: 1,000 bits and 200 lengths of a routing file: \(wrong) wrong tables")
        #expect(wrong == 0)
        // Both lost: nothing is served as if it were good.
        try Disk.replace(folder.path + "/routing.previous.snapshot", with: Array(old.dropLast()))
        #expect(restored(folder.path).0.generation == nil)
    }

    @Test("no damaged entitlements file lets anybody in: nobody is known then, and that is said")
    func entitlements() throws {
        let folder = TemporaryFolder()
        let routing = try RoutingSnapshot.encode(Sample.orders(port: 1), generation: 1, signer: nil)
        let good = try EntitlementSet.encode(Sample.rights(), sequence: 5, signer: nil)
        try Disk.replace(folder.path + "/routing.snapshot", with: routing)
        var wrong = 0
        for bytes in damages(of: good) {
            let url = URL(fileURLWithPath: folder.path + "/entitlements.snapshot")
            try bytes.withUnsafeBytes { try Data($0).write(to: url) }
            let (status, notes) = restored(folder.path)
            if status.sequence != nil || notes.count != 1 || status.generation != 1 { wrong += 1 }
        }
        print("figure: 1,000 bits and 200 lengths of an entitlements file: \(wrong) wrong tables")
        #expect(wrong == 0)
    }

    @Test("foreign and older files are refused: another key, another environment, a generation that is past")
    func foreign() throws {
        let folder = TemporaryFolder()
        let (key, other) = (SigningKey(), SigningKey())
        let file = folder.path + "/routing.snapshot"
        let content = Sample.orders(port: 1)
        try Disk.replace(file, with: try RoutingSnapshot.encode(content, generation: 3, signer: other))
        #expect(restored(folder.path, trust: .key(key.publicKey)).0.generation == nil)
        try Disk.replace(file, with: try RoutingSnapshot.encode(content, generation: 3, signer: nil))
        #expect(restored(folder.path, trust: .key(key.publicKey)).0.generation == nil)
        try Disk.replace(file, with: try RoutingSnapshot.encode(content, generation: 3, signer: key))
        #expect(restored(folder.path, trust: .key(key.publicKey)).0.generation == 3)
        var online = content
        online.isOffline = false
        let server = try GatewayServer(GatewayConfiguration(trust: .unsignedAllowed))
        try server.activate(routingBytes: RoutingSnapshot.encode(online, generation: 3, signer: nil))
        #expect(throws: ActivationRefused.notNewer(found: 2, current: 3)) {
            try server.activate(routingBytes: RoutingSnapshot.encode(online, generation: 2, signer: nil))
        }
        online.environment = "other"
        #expect(throws: ActivationRefused.otherEnvironment(found: "other", expected: "live")) {
            try server.activate(routingBytes: RoutingSnapshot.encode(online, generation: 4, signer: nil))
        }
        #expect(server.status.generation == 3)
    }

    @Test(
        "200 tables that are whole and signed but wrong inside: each is refused, or it is a table; the last good one serves"
    )
    func mutated() async throws {
        let upstream = ScriptedUpstream.echo()
        let folder = TemporaryFolder()
        let key = SigningKey()
        let gateway = try await TestGateway(nil) {
            $0.trust = .key(key.publicKey)
            $0.dataDirectory = folder.path
        }
        let good = try RoutingSnapshot.encode(Sample.orders(port: upstream.port), generation: 1, signer: key)
        try gateway.server.activate(routingBytes: good)
        try gateway.server.apply(entitlementBytes: EntitlementSet.encode(Sample.rights(), sequence: 1, signer: key))
        let body = try Artifact.decode(good, kind: .routing, trust: .key(key.publicKey))
        var (refused, taken) = (0, 0)
        var generation: UInt64 = 1
        for number in 0..<200 {
            var bytes = body.body
            // Every kind of damage a faulty compiler could sign: a byte changed, some lost, some repeated.
            let place = Int.random(in: 0..<bytes.count)
            switch number % 3 {
            case 0: bytes[place] = UInt8.random(in: 0...255)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 8)], at: place)
            }
            let next = generation + 1
            let artifact = try Artifact.encode(
                .routing,
                environment: "live",
                number: next,
                format: body.format,
                body: bytes,
                signer: key
            )
            do throws(ActivationRefused) {
                try gateway.server.activate(routingBytes: artifact)
                taken += 1
                generation = next
                // A change of one name or number can be a table of its own: back to the good one.
                generation += 1
                try gateway.server.activate(
                    routingBytes: try Self.encoded(upstream.port, generation, key)
                )
            } catch {
                refused += 1
                #expect(!"\(error)".isEmpty)
            }
            #expect(gateway.server.status.generation == generation)
        }
        print("figure: 200 mutated tables: \(refused) refused, \(taken) were tables of their own, 0 crashes")
        #expect(refused > 100)
        let gold = "X-API-Key: " + Sample.key("gold")
        #expect(gateway.get("/orders/items", gold)?.status == 200)
        await gateway.stop()
        let again = try await TestGateway(nil) {
            $0.trust = .key(key.publicKey)
            $0.dataDirectory = folder.path
        }
        #expect(again.server.status.generation == generation, "a restart does not bring a refused one back")
        #expect(again.get("/orders/items", gold)?.status == 200)
        await again.stop()
    }

    private static func encoded(_ port: Int, _ generation: UInt64, _ key: SigningKey) throws(ActivationRefused)
        -> [UInt8]
    {
        do {
            return try RoutingSnapshot.encode(Sample.orders(port: port), generation: generation, signer: key)
        } catch {
            Issue.record("the good table cannot be encoded: \(error)")
            throw .noBase
        }
    }
}
