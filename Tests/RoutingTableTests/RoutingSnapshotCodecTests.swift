import Testing

@testable import RoutingTable

@Suite("RoutingSnapshot artifact")
struct RoutingSnapshotCodecTests {
    @Test("content comes back as it went in")
    func roundTrip() throws {
        let key = SigningKey()
        let bytes = try RoutingSnapshot.encode(Samples.rich(), generation: 42, signer: key)
        let (description, content) = try RoutingSnapshot.decodeContent(bytes, trust: .key(key.publicKey))
        #expect(description.environment == "live")
        #expect(description.number == 42)
        #expect(description.isVerified)
        #expect(content == Samples.rich().canonical())
        let snapshot = try RoutingSnapshot.decode(bytes, trust: .key(key.publicKey))
        #expect(snapshot.generation == 42)
        #expect(snapshot.isOffline)
        #expect(snapshot.isVerified)
        #expect(snapshot.checksum == description.checksum)
        #expect(try RoutingSnapshot(content: content, generation: 1).checksum == description.checksum)
    }

    @Test("equal content in any order gives the same bytes", arguments: 0..<20)
    func deterministic(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let expected = try RoutingSnapshot.encode(Samples.rich(), generation: 1, signer: nil)
        var content = Samples.rich()
        content.apis.shuffle(using: &generator)
        content.upstreams.shuffle(using: &generator)
        for index in content.apis.indices {
            content.apis[index].hosts.shuffle(using: &generator)
            content.apis[index].passthrough?.deny.shuffle(using: &generator)
            content.apis[index].versions.shuffle(using: &generator)
            for version in content.apis[index].versions.indices {
                content.apis[index].versions[version].operations.shuffle(using: &generator)
                content.apis[index].versions[version].schemes.shuffle(using: &generator)
            }
        }
        #expect(try RoutingSnapshot.encode(content, generation: 1, signer: nil) == expected)
    }

    @Test("an unsigned, a foreign and a forged artifact are told apart")
    func trust() throws {
        let key = SigningKey()
        let other = SigningKey()
        let unsigned = try RoutingSnapshot.encode(Samples.rich(), generation: 1, signer: nil)
        let signed = try RoutingSnapshot.encode(Samples.rich(), generation: 1, signer: key)
        #expect(throws: SnapshotRejected.unsigned) { try RoutingSnapshot.decode(unsigned, trust: .key(key.publicKey)) }
        #expect(try !RoutingSnapshot.decode(unsigned, trust: .unsignedAllowed).isVerified)
        #expect(try !RoutingSnapshot.decode(signed, trust: .unsignedAllowed).isVerified)
        #expect {
            try RoutingSnapshot.decode(signed, trust: .key(other.publicKey))
        } throws: {
            guard case .signedByAnotherKey? = $0 as? SnapshotRejected else { return false }
            return true
        }
        #expect(throws: SnapshotRejected.trustedKeyInvalid) { try RoutingSnapshot.decode(signed, trust: .key([1, 2])) }
        let entitlements = try EntitlementSet.encode(Samples.entitlements(1), sequence: 1, signer: key)
        #expect(throws: SnapshotRejected.notAnArtifact) {
            try RoutingSnapshot.decode(entitlements, trust: .unsignedAllowed)
        }
    }

    @Test("a signature does not move to another generation or environment")
    func signatureCoversHeader() throws {
        let key = SigningKey()
        let first = try RoutingSnapshot.encode(Samples.rich(), generation: 1, signer: key)
        let second = try RoutingSnapshot.encode(Samples.rich(), generation: 2, signer: nil)
        // Both headers are of one form up to the signature: 8 + 2 + 1 + 1 + 4 + 8 + 8 + 8 + 32 bytes.
        let signature = first[72..<(72 + 72)]
        var forged = Array(second[..<72]) + signature
        forged[10] = 1
        let check = CRC32.checksum(forged.span)
        forged += (0..<4).map { UInt8(truncatingIfNeeded: check >> UInt32($0 * 8)) }
        forged += second[76...]
        #expect(throws: SnapshotRejected.signatureInvalid) {
            try RoutingSnapshot.decode(forged, trust: .key(key.publicKey))
        }
        #expect(try RoutingSnapshot.decode(forged, trust: .unsignedAllowed).generation == 2)
    }

    @Test("an older snapshot is activated again under a new generation with the same body")
    func reissue() throws {
        let key = SigningKey()
        let old = try RoutingSnapshot.encode(Samples.rich(), generation: 3, signer: key)
        let new = try RoutingSnapshot.reissue(old, generation: 9, trust: .key(key.publicKey), signer: key)
        let snapshot = try RoutingSnapshot.decode(new, trust: .key(key.publicKey))
        #expect(snapshot.generation == 9)
        #expect(snapshot.checksum == (try RoutingSnapshot.decode(old, trust: .key(key.publicKey))).checksum)
    }

    @Test("every one of 1000 bit flips and 200 truncations is refused with a reason", arguments: [true, false])
    func damage(isSigned: Bool) throws {
        let key = SigningKey()
        let bytes = try RoutingSnapshot.encode(Samples.rich(), generation: 1, signer: isSigned ? key : nil)
        let trust: SnapshotTrust = isSigned ? .key(key.publicKey) : .unsignedAllowed
        var generator = SeededGenerator(7)
        for _ in 0..<1_000 {
            var damaged = bytes
            let bit = Int.random(in: 0..<(bytes.count * 8), using: &generator)
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SnapshotRejected.self, "bit \(bit)") { try RoutingSnapshot.decode(damaged, trust: trust) }
        }
        for count in (0..<200).map({ $0 * bytes.count / 200 }) {
            #expect(throws: SnapshotRejected.self) { try RoutingSnapshot.decode(Array(bytes[..<count]), trust: trust) }
        }
        #expect(throws: SnapshotRejected.self) { try RoutingSnapshot.decode(bytes + [0], trust: trust) }
    }

    @Test("a damaged body under a right checksum never traps: it is refused, or it is other content", arguments: 0..<8)
    func structuralDamage(seed: UInt64) throws {
        let body = try Samples.rich().encodedBody()
        var generator = SeededGenerator(seed)
        var refused = 0
        for _ in 0..<150 {
            var damaged = body
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                damaged[Int.random(in: 0..<body.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: damaged[Int.random(in: 0..<body.count, using: &generator)] = .random(in: 0...255, using: &generator)
            case 2: damaged.removeSubrange(Int.random(in: 0..<body.count, using: &generator)...)
            default:
                damaged.insert(
                    .random(in: 0...255, using: &generator),
                    at: Int.random(in: 0..<body.count, using: &generator)
                )
            }
            let bytes = try Artifact.encode(.routing, environment: "live", number: 1, body: damaged, signer: nil)
            do {
                let snapshot = try RoutingSnapshot.decode(bytes, trust: .unsignedAllowed)
                for path in ["/", "/orders/orders/7", "/orders/v1/orders", "/legacy/app/admin"] {
                    _ = snapshot.apiName(path, host: "api.example.com")
                    _ = snapshot.apiName(path)
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 75)
    }

    @Test("random bytes are no artifact")
    func noise() {
        var generator = SeededGenerator(1)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(throws: SnapshotRejected.self) { try RoutingSnapshot.decode(bytes, trust: .unsignedAllowed) }
            #expect(throws: SnapshotRejected.self) {
                try RoutingContent(body: bytes, environment: "live", format: Int.random(in: 1...2))
            }
            #expect(throws: SnapshotRejected.self) { try EntitlementSet.table(fromBody: bytes + [0x81]) }
        }
    }

    @Test("a count beyond the bytes at hand is not believed")
    func hugeCounts() {
        // Not offline, no upstreams, then 100000 APIs in one byte of rest.
        #expect(throws: SnapshotRejected.self) {
            try RoutingContent(body: [0, 0, 0xA0, 0x8D, 0x06, 0], environment: "live", format: 1)
        }
        #expect(throws: SnapshotRejected.self) {
            try RoutingContent(
                body: [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
                environment: "live",
                format: 2
            )
        }
    }

    @Test("content that cannot be routed is refused by name")
    func invalid() throws {
        func reason(_ change: (inout RoutingContent) -> Void) -> String {
            var content = Samples.rich()
            change(&content)
            do throws(InvalidContent) {
                _ = try RoutingSnapshot.encode(content, generation: 1, signer: nil)
                return "accepted"
            } catch {
                return error.description
            }
        }
        #expect(reason { $0.apis[1].name = "orders" }.contains("`orders`"))
        #expect(reason { $0.apis[0].basePath = "orders" }.contains("must begin with a slash"))
        #expect(reason { $0.apis[0].basePath = "/a/../b" }.contains("must begin with a slash"))
        #expect(reason { $0.apis[0].hosts = ["*.*"] }.contains("is no host"))
        #expect(
            reason {
                $0.apis[1].basePath = "/orders"; $0.apis[0].hosts = []
            }.contains("already that of api `legacy`")
        )
        #expect(reason { $0.apis[0].versions[0].upstream = "x" }.contains("no upstream `x`"))
        #expect(reason { $0.apis[0].versions[1].name = "1.0.0" }.contains("there twice"))
        #expect(reason { $0.apis[0].versioning.default = .exact("7") }.contains("default version `7`"))
        #expect(reason { $0.apis[0].requestHeaders.set[0].name = "Content-Length" }.contains("made by the gateway"))
        #expect(reason { $0.apis[0].requestHeaders.set[0].value = "a\r\nb" }.contains("not visible ASCII"))
        #expect(reason { $0.apis[0].versions[0].deprecationLink = "a>b" }.contains("no URL"))
        #expect(reason { $0.apis[0].versions[0].operations[0].pathTemplate = "/a?b" }.contains("holds no `?`"))
        #expect(reason { $0.apis[0].versions[0].operations[1].pathTemplate = "/{x}/{x}" }.contains("appears twice"))
        #expect(
            reason { $0.apis[0].versions[0].operations[0].security = [[.init(scheme: "no")]] }.contains(
                "no security scheme"
            )
        )
        #expect(
            reason {
                $0.apis[0].versions[0].operations[0].pathTemplate = "/orders/{other}"
            }.contains("matches the same paths")
        )
        #expect(reason { $0.apis[1].versions = $0.apis[0].versions }.contains("either passed through"))
        #expect(reason { $0.upstreams[0].targets = [] }.contains("at least one target"))
        #expect(reason { $0.upstreams[0].targets[0].port = 0 }.contains("port 0"))
        #expect(reason { $0.upstreams.append($0.upstreams[0]) }.contains("there twice"))
        #expect(reason { $0.environment = "" }.contains("1 to 255 bytes"))
    }

    @Test("texts of fields are right at the borders of the calendar")
    func dates() {
        #expect(FieldText.httpDate(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(FieldText.httpDate(951_827_696) == "Tue, 29 Feb 2000 12:34:56 GMT")
        #expect(FieldText.httpDate(-1) == "Wed, 31 Dec 1969 23:59:59 GMT")
        #expect(FieldText.httpDate(253_402_300_799) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(FieldText.httpDate(253_402_300_800) == nil)
        #expect(FieldText.httpDate(.max) == nil)
    }

    @Test("keys and hashes come back from their texts")
    func texts() throws {
        let key = SigningKey()
        #expect(SigningKey(rawBytes: key.rawBytes)?.publicKey == key.publicKey)
        #expect(SigningKey.publicKey(fromText: key.publicKeyText + "\n") == key.publicKey)
        #expect(SigningKey.publicKey(fromText: "AAAA") == nil)
        #expect(SigningKey(rawBytes: [1]) == nil)
        let digest = Digest32.sha256(of: Array("abc".utf8))
        #expect(digest.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest32(hexadecimal: digest.hexadecimal.uppercased()) == digest)
        #expect(Digest32(digest.bytes) == digest)
        #expect(Digest32(digest.bytes.span) == digest)
        #expect(Digest32(hexadecimal: "00") == nil)
        let id = try #require(RecordID((0..<16).map { UInt8($0) }))
        #expect(id.description == "00010203-0405-0607-0809-0a0b0c0d0e0f")
        #expect(id.bytes == (0..<16).map { UInt8($0) })
        for count in 0..<10 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
        }
        #expect(Base64.decode(Array("AB==".utf8)) == nil)
    }
}
