import Foundation
import Testing

@testable import Gateway

/// Two ends of one connection without a socket between them.
private struct Pair {
    let client: TLSStream
    let server: TLSStream

    init(_ shop: TLSWorkshop, server certificate: String, name: String, ticket: TLSTicket? = nil, _ tickets: TLSTickets)
        throws
    {
        let identity = try CertificateFiles.read(
            .init(chain: shop.path(certificate + ".crt"), key: shop.path(certificate + ".key"))
        )
        let context = try TLSServerContext([identity], rules: TLSRules(), authorities: [], tickets: tickets)
        let pem = try CertificateFiles.bytes(of: shop.path("ca.crt"))
        let other = try TLSClientContext(verifies: true, authorities: pem, identity: nil)
        client = try #require(TLSStream(other, name: name, ticket: ticket, pipe: TLSPipe()))
        server = try #require(TLSStream(context, pipe: TLSPipe()))
    }

    /// Carries what one end wrote to the other.
    @discardableResult
    static func carry(_ from: TLSStream, to other: TLSStream) -> (plain: [UInt8], step: TLSStream.Step) {
        let (plain, step) = other.receive(from.pipe.output)
        from.pipe.clearOutput()
        let span = plain.span
        return ((0..<span.count).map { span[$0] }, step)
    }

    func shake() -> TLSFault? {
        _ = client.begin()
        for _ in 0..<4 {
            Self.carry(client, to: server)
            Self.carry(server, to: client)
        }
        return client.fault
    }
}

@Suite("TLSStream")
struct TLSStreamTests {
    private func shop() async throws -> TLSWorkshop {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("a", for: ["a.test", "*.wild.test", "127.0.0.1"], by: "ca")
        return shop
    }

    @Test("bytes of any length arrive whole, one after another, and the end is told")
    func bytes() async throws {
        let pair = try Pair(try await shop(), server: "a", name: "a.test", TLSTickets(now: 0))
        #expect(pair.shake() == nil)
        #expect(pair.client.isSecured && pair.server.isSecured)
        for count in [1, 100, 16_383, 16_384, 16_385, 60_000] {
            let sent = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            pair.client.write(sent.span)
            #expect(Pair.carry(pair.client, to: pair.server).plain == sent)
            let head = Array("head".utf8)
            pair.server.write(head.span, sent.span)
            #expect(Pair.carry(pair.server, to: pair.client).plain == head + sent)
        }
        pair.server.finish()
        guard case .ended = Pair.carry(pair.server, to: pair.client).step else {
            Issue.record("close_notify was not seen")
            return
        }
        // Nothing follows a goodbye.
        pair.server.write([1, 2].span)
        #expect(pair.server.pipe.output.isEmpty)
    }

    @Test("a session is resumed with its ticket, also after a new key, and not after three")
    func resumption() async throws {
        let (shop, tickets) = (try await shop(), try TLSTickets(now: 0))
        var kept: TLSTicket?
        for (now, isResumed) in [(0, false), (0, true), (3600, true), (3600 * 4, true)] as [(Int64, Bool)] {
            tickets.rotate(at: now)
            let pair = try Pair(shop, server: "a", name: "a.test", ticket: kept, tickets)
            #expect(pair.shake() == nil)
            #expect(pair.server.isResumed == isResumed)
            kept = TLSTicket(of: pair.client)
            #expect(kept != nil)
        }
        for step in 5...7 { tickets.rotate(at: Int64(3600 * step)) }
        let late = try Pair(shop, server: "a", name: "a.test", ticket: kept, tickets)
        #expect(late.shake() == nil)
        #expect(!late.server.isResumed)
    }

    @Test(
        "the certificate must say the name: as a host, as one label under a wildcard, or as an address",
        arguments: [
            ("a.test", true), ("x.wild.test", true), ("127.0.0.1", true), ("b.test", false), ("x.y.wild.test", false),
            ("wild.test", false), ("127.0.0.2", false),
        ]
    )
    func names(name: String, isGood: Bool) async throws {
        let pair = try Pair(try await shop(), server: "a", name: name, TLSTickets(now: 0))
        let fault = pair.shake()
        #expect((fault == nil) == isGood, "\(String(describing: fault))")
        if !isGood { #expect(fault?.reason == .certificate) }
    }

    @Test("garbage is a fault in words, and leaves nothing behind for the next")
    func garbage() async throws {
        let (shop, tickets) = (try await shop(), try TLSTickets(now: 0))
        let broken = try Pair(shop, server: "a", name: "a.test", tickets)
        let noise = [UInt8](repeating: 0x16, count: 400)
        let (_, step) = noise.withUnsafeBufferPointer {
            broken.server.receive(ByteView(start: $0.baseAddress, count: $0.count))
        }
        guard case .failed = step else {
            Issue.record("noise was taken for TLS")
            return
        }
        #expect(broken.server.fault?.description.isEmpty == false)
        let next = try Pair(shop, server: "a", name: "a.test", tickets)
        #expect(next.shake() == nil)
    }
}

@Suite("CertificateNames and files")
struct CertificateTests {
    @Test("the exact name answers before the wildcard, one label deep, and the first certificate for all others")
    func choice() async throws {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("one", for: ["one.test"], by: "ca")
        try await shop.certificate("wild", for: ["*.test", "*.deep.test"], by: "ca")
        let all = try ["one", "wild"].map {
            try CertificateFiles.read(.init(chain: shop.path($0 + ".crt"), key: shop.path($0 + ".key")))
        }
        let names = CertificateNames(all)
        let cases: [(String?, Int)] = [
            ("one.test", 0), ("ONE.Test.", 0), ("two.test", 1), ("a.deep.test", 1), ("a.b.deep.test", 0), ("test", 0),
            (".test", 0), ("other.org", 0), (nil, 0),
        ]
        for (name, number) in cases { #expect(names.identity(for: name) === all[number], "\(name ?? "none")") }
    }

    @Test("what is wrong with a certificate is said with its file, and nothing of a key with it")
    func refusals() async throws {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("one", for: ["one.test"], by: "ca")
        try await shop.certificate("two", for: ["two.test"], by: "ca")
        try await shop.openssl(
            "pkey",
            "-in",
            shop.path("one.key"),
            "-aes128",
            "-passout",
            "pass:x",
            "-out",
            shop.path("locked.key")
        )
        try await shop.openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:1024",
            "-nodes",
            "-subj",
            "/CN=short",
            "-keyout",
            shop.path("short.key"),
            "-out",
            shop.path("short.crt")
        )
        try "nonsense".write(toFile: shop.path("bad.crt"), atomically: true, encoding: .utf8)
        let cases = [
            ("one.crt", "two.key", "does not belong"), ("one.crt", "locked.key", "encrypted"),
            ("one.crt", "bad.crt", "no private key"), ("bad.crt", "one.key", "no certificate"),
            ("none.crt", "one.key", "cannot be read"), ("short.crt", "short.key", "too small"),
        ]
        for (chain, key, words) in cases {
            let fault = #expect(throws: TLSFault.self) {
                try CertificateFiles.read(.init(chain: shop.path(chain), key: shop.path(key)))
            }
            #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
            #expect(fault?.description.contains(shop.path(chain)) == true)
        }
    }
}
