import Foundation
import Testing

@testable import Gateway
@testable import RoutingTable

/// Where the shared fixtures lie; nil on a machine without them.
private func fixture(_ name: String) -> String? {
    var folder = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"]
    if folder == nil {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        folder = root.appendingPathComponent("../shared/fixtures").standardized.path
    }
    guard let path = folder.map({ $0 + "/" + name }), FileManager.default.fileExists(atPath: path) else { return nil }
    return path
}

/// The raw requests of the security corpus.
private func requests() throws -> [[UInt8]] {
    let text = try String(contentsOfFile: try #require(fixture("security/http.jsonl")), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
        let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try Array(#require((row?["raw_base64"] as? String).flatMap { Data(base64Encoded: $0) }))
    }
}

@Suite("What the fuzzer checks, over the fixtures and the seeds")
struct SeedTests {
    @Test(
        "heads, paths and bodies of the security corpus",
        .enabled(if: fixture("security/http.jsonl") != nil, "needs ../shared/fixtures")
    )
    func corpus() throws {
        let rows = try requests()
        #expect(rows.count > 400)
        var heads = 0
        for bytes in rows {
            #expect(HeadCheck.fault(in: bytes) == nil)
            guard case .head(let head) = HeadCheck.read(bytes[...]) else { continue }
            heads += 1
            #expect(PathCheck.fault(in: Array(bytes[head.path])) == nil)
            for mode in [UInt8(0), 1] { #expect(ChunkedCheck.fault(in: [mode] + bytes[head.length...]) == nil) }
        }
        #expect(heads > 100)
    }

    @Test("every seed, cut anywhere and with any bit flipped")
    func seeds() throws {
        for seed in try Seeds.all() {
            let check = try #require(GateFuzz.checks[seed.check])
            #expect(check(seed.bytes) == nil, "\(seed.name)")
            for place in stride(from: 1, to: seed.bytes.count, by: 3) {
                var flipped = seed.bytes
                flipped[place] ^= 1 << UInt8(place % 8)
                #expect(check(flipped) == nil, "\(seed.name), bit \(place % 8) of byte \(place)")
                #expect(check(Array(seed.bytes[..<place])) == nil, "\(seed.name), \(place) bytes of it")
            }
        }
    }

    @Test("routes of every shape")
    func routes() {
        let text = """
            GET /a/{b}
            GET /a/c
            POST /a/c
            GET /{x}/c
            GET /a/{b}.json
            GET /a/x{b}
            PUT /{x}-{y}/
            GET /

            /a/c
            /a/x.json
            /a/xy
            /b/c
            /1-2/
            /1-/
            /a/.json
            /
            //
            """
        #expect(RoutesCheck.fault(in: Array(text.utf8)) == nil)
    }

    @Test(
        "the slow reader of paths says what RFC 3986 says",
        arguments: [
            ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/b/..", "/a/"), ("/a/.", "/a/"), ("/%7ea%2d", "/~a-"),
            ("/a%3b", "/a%3B"), ("//a", "//a"), ("", "/"), ("/..", nil), ("/a/..;/b", nil), ("/%2e%2e", nil),
            ("/a%2fb", nil), ("/%c0%ae", nil), ("/%ef%bc%8f", nil), ("/%2541", nil), ("/%252%65", nil),
            ("/%25%32e", nil), ("/%25%32%65", nil),
            ("/%252%7a", "/%252z"), ("/%25%2f", nil), ("/%25%20", "/%25%20"), ("/%", nil), ("/.%20/", nil),
        ] as [(String, String?)]
    )
    func paths(_ path: String, _ expected: String?) {
        #expect(SlowPath.canonical(Array(path.utf8)).map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(PathCheck.fault(in: Array(path.utf8)) == nil)
    }

    @Test("a plan whose operations are out of order is refused, as written it is taken")
    func operationOrder() throws {
        var body = try SampleRights.content.encodedBody()
        func decode() throws -> EntitlementSet {
            let artifact = try #require(SnapshotCheck.artifact(.entitlements, body: body))
            return try EntitlementSet.decode(artifact, trust: .unsignedAllowed)
        }
        #expect(try decode().credentialCount == SampleRights.content.credentials.count)
        let place = try #require(
            body.indices.first { body[$0...].starts(with: "getOrder".utf8) },
            "the plan grants this operation"
        )
        body[place] = UInt8(ascii: "z")
        #expect(throws: SnapshotRejected.self) { try decode() }
        #expect(EntitlementsCheck.fault(in: [2] + body) == nil)
    }

    @Test("a head that was read wrong is noticed")
    func headFaults() throws {
        let bytes = Array("GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: x\r\nX: y\r\n\r\n".utf8)
        guard case .head(let head) = HeadCheck.read(bytes[...]) else { throw NotRead("the head is not accepted") }
        #expect(SlowHead.fault(head, bytes) == nil)
        var wrong = head
        wrong.contentLength = 4
        #expect(SlowHead.fault(wrong, bytes) != nil)
        wrong = head
        wrong.closes = true
        #expect(SlowHead.fault(wrong, bytes) != nil)
        wrong = head
        wrong.fields[3].isRemoved = false
        #expect(SlowHead.fault(wrong, bytes) != nil)
        wrong = head
        wrong.fields[3].valueEnd -= 1
        #expect(SlowHead.fault(wrong, bytes) != nil)
        wrong = head
        wrong.path = 4..<5
        #expect(SlowHead.fault(wrong, bytes) != nil)
    }

    @Test("a body that was read wrong is noticed")
    func chunkFaults() {
        let bytes = Array("3;a=\"\\\"\"\r\nabc\r\n0\r\nT: x\r\n\r\nrest".utf8)
        let read = SlowChunks.decode(bytes, most: 100, limits: ChunkedCheck.limits)
        #expect(read == ChunkedCheck.Outcome(data: Array("abc".utf8), end: .whole(bytes.count - 4)))
        #expect(SlowChunks.decode(bytes, most: 2, limits: ChunkedCheck.limits).end == .refused)
        #expect(SlowChunks.decode(Array("3 \r\n".utf8), most: 9, limits: ChunkedCheck.limits).end == .refused)
        #expect(SlowChunks.decode(Array("3\r\nab".utf8), most: 9, limits: ChunkedCheck.limits).end == .incomplete)
        #expect(ChunkedCheck.fault(in: [0] + bytes) == nil)
    }

    private struct NotRead: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
