import Foundation
import RoutingTable
import Testing

@testable import Gateway

/// One answer of an upstream that nobody should send, and what becomes of it.
struct Garbage: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// 502 with this `Proxy-Status` error.
        case refused(String)
        /// The client got the head and sees that the rest is missing.
        case cut
        /// The client got this body, whole.
        case served(String)
    }

    let name: String
    let answer: String
    let outcome: Outcome
    var method = "GET"
    /// Whether the upstream closes after its answer, or waits.
    var closes = false

    var testDescription: String { name }

    private static let ok = "HTTP/1.1 200 OK\r\n"

    private static func refused(_ name: String, _ answer: String, _ error: String = "http_protocol_error") -> Garbage {
        Garbage(name: name, answer: answer, outcome: .refused(error))
    }

    private static func field(_ name: String, _ line: String, _ error: String = "http_protocol_error") -> Garbage {
        refused(name, ok + line + "\r\nX-After: 1\r\n\r\nabc", error)
    }

    private static func chunks(_ name: String, _ body: String) -> Garbage {
        Garbage(name: name, answer: ok + "Transfer-Encoding: chunked\r\n\r\n" + body, outcome: .cut)
    }

    private static func served(
        _ name: String,
        _ answer: String,
        _ body: String,
        method: String = "GET",
        closes: Bool = false
    ) -> Garbage {
        Garbage(name: name, answer: answer, outcome: .served(body), method: method, closes: closes)
    }

    static let statusLines = [
        refused("no HTTP at all", "nonsense\r\n\r\n"), refused("another protocol", "ICY 200 OK\r\n\r\n"),
        refused("HTTP/2", "HTTP/2 200\r\n\r\n\r\n"), refused("no dot in the version", "HTTP/11 200 OK\r\n\r\n"),
        refused("lower case", "http/1.1 200 OK\r\n\r\n"), refused("two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        refused("four digits", "HTTP/1.1 2000 OK\r\n\r\n"), refused("status 099", "HTTP/1.1 099 X\r\n\r\n"),
        refused("status 600", "HTTP/1.1 600 X\r\n\r\n"), refused("letters", "HTTP/1.1 2x0 OK\r\n\r\n"),
        refused("two spaces", "HTTP/1.1  200 OK\r\n\r\n"), refused("a space before it", " HTTP/1.1 200 OK\r\n\r\n"),
        refused("an empty line before it", "\r\nHTTP/1.1 200 OK\r\n\r\n"),
        refused("bare LF", "HTTP/1.1 200 OK\nX: y\n\n"), refused("NUL in the reason", "HTTP/1.1 200 O\u{0}K\r\n\r\n"),
        refused("bare CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n"),
        refused(
            "a line without end",
            "HTTP/1.1 200 " + String(repeating: "a", count: 70_000),
            "http_response_header_section_size"
        ),
    ]

    static let framing = [
        field("two equal lengths", "Content-Length: 3\r\nContent-Length: 3"),
        field("two lengths", "Content-Length: 3\r\nContent-Length: 4"),
        field("a list of lengths", "Content-Length: 3, 3"),
        field("a plus", "Content-Length: +3"), field("a minus", "Content-Length: -3"),
        field("hexadecimal", "Content-Length: 0x3"), field("no digits", "Content-Length:"),
        field("a length beyond 64 bits", "Content-Length: 99999999999999999999"),
        field("a length with a parameter", "Content-Length: 3;x"),
        field("a length with a space", "Content-Length: 3 3"),
        field("length and coding", "Content-Length: 3\r\nTransfer-Encoding: chunked"),
        field("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 3"),
        field("chunked and then gzip", "Transfer-Encoding: chunked, gzip", "http_response_transfer_coding"),
        field("gzip alone", "Transfer-Encoding: gzip", "http_response_transfer_coding"),
        field("nearly chunked", "Transfer-Encoding: xchunked", "http_response_transfer_coding"),
        field("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        refused("a coding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    static let fields = [
        field("a space in a name", "Bad Name: x"), field("a space before the colon", "Transfer-Encoding : chunked"),
        field("no name", ": x"), field("no colon", "nothing"), field("a folded line", "X: a\r\n b"),
        field("NUL in a value", "X: a\u{0}b"), field("NUL in a name", "X\u{0}: a"),
        field("bare CR in a value", "X: a\rb"),
        field("a control character", "X: a\u{1}b"), field("DEL", "X: a\u{7F}b"),
        refused(
            "a head of 120 kB",
            ok + "X: " + String(repeating: "a", count: 120_000) + "\r\n\r\n",
            "http_response_header_section_size"
        ),
        refused(
            "300 fields",
            ok + String(repeating: "X: y\r\n", count: 300) + "\r\n",
            "http_response_header_section_size"
        ),
        refused(
            "a switch of protocols",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            "http_upgrade_failed"
        ),
        refused("a flood of 100", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20) + ok + "\r\n"),
    ]

    static let bodies = [
        chunks("no size", "\r\nabc\r\n0\r\n\r\n"), chunks("no hexadecimal", "3\r\nabc\r\nZZ\r\n"),
        chunks("a negative size", "-1\r\nabc\r\n0\r\n\r\n"), chunks("0x", "0x3\r\nabc\r\n0\r\n\r\n"),
        chunks("a size beyond 64 bits", "FFFFFFFFFFFFFFFFF\r\nabc"),
        chunks("a chunk that goes on", "3\r\nabcd\r\n0\r\n\r\n"),
        chunks("sizes end in LF", "3\nabc\r\n0\r\n\r\n"), chunks("chunks end in LF", "3\r\nabc\n0\r\n\r\n"),
        chunks("a space after the size", "3 \r\nabc\r\n0\r\n\r\n"),
        chunks("a bad trailer", "3\r\nabc\r\n0\r\nBad Name: x\r\n\r\n"),
        chunks("a folded trailer", "3\r\nabc\r\n0\r\nX: a\r\n b\r\n\r\n"),
        chunks("a trailer without end", "3\r\nabc\r\n0\r\nX: " + String(repeating: "a", count: 10_000)),
        chunks("an extension without end", "3;" + String(repeating: "a", count: 10_000)),
        chunks("a bad extension", "3;\u{1}=x\r\nabc\r\n0\r\n\r\n"),
        Garbage(
            name: "fewer bytes than stated",
            answer: ok + "Content-Length: 9\r\n\r\nabc",
            outcome: .cut,
            closes: true
        ),
        Garbage(
            name: "no last chunk",
            answer: ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            outcome: .cut,
            closes: true
        ),
        Garbage(name: "nothing", answer: "", outcome: .refused("connection_terminated"), closes: true),
        Garbage(
            name: "half a status line",
            answer: "HTTP/1.1 2",
            outcome: .refused("http_response_incomplete"),
            closes: true
        ),
        Garbage(
            name: "half a head",
            answer: ok + "X: y\r\n",
            outcome: .refused("http_response_incomplete"),
            closes: true
        ),
    ]

    static let extra = [
        served(
            "another answer after it",
            ok + "Content-Length: 2\r\n\r\nok" + ok + "Content-Length: 6\r\n\r\npoison",
            "ok"
        ),
        served("a byte after it", ok + "Content-Length: 2\r\n\r\nok!", "ok"),
        served("an empty line after it", ok + "Content-Length: 2\r\n\r\nok\r\n", "ok"),
        served(
            "bytes after the last chunk",
            ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200",
            "ok"
        ),
        served("a body of 204", "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison", ""),
        served("a body of 304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\npoison", ""),
        served("a body for HEAD", ok + "Content-Length: 6\r\n\r\npoison", "", method: "HEAD"),
        served("a body of an empty answer", ok + "Content-Length: 0\r\n\r\npoison", ""),
        served("Connection: close", ok + "Connection: close\r\nContent-Length: 2\r\n\r\nok", "ok"),
        served("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"),
        served("until the end", ok + "\r\nok", "ok", closes: true),
    ]

    static let all = statusLines + framing + fields + bodies + extra
}

@Suite("Upstream garbage", .serialized)
struct UpstreamGarbageTests {
    /// Answers its first connection as told and every later one with what the request's `X-Marker` says.
    private func upstream(_ garbage: Garbage) -> ScriptedUpstream {
        ScriptedUpstream { connection, number in
            guard number == 0 else {
                while let head = connection.receive(through: "\r\n\r\n") {
                    let marker = RawResponse(head: head).field("x-marker") ?? ""
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(marker.utf8.count)\r\n\r\n\(marker)")
                }
                return
            }
            _ = connection.receive(through: "\r\n\r\n")
            connection.send(garbage.answer)
            if !garbage.closes { while connection.receive() != nil {} }
        }
    }

    @Test("it never reaches the next client, and its connection never serves again", arguments: Garbage.all)
    func garbage(_ garbage: Garbage) async throws {
        let upstream = upstream(garbage)
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        let request = "\(garbage.method) /first HTTP/1.1\r\nHost: h\r\nX-Marker: one\r\n\r\n"
        switch garbage.outcome {
        case .refused(let error):
            let response = try #require(connection.exchange(request))
            #expect(response.status == 502)
            #expect(response.field("proxy-status") == "gatehouse; error=\(error)")
            #expect(response.member("code")?.hasPrefix("upstream-") == true)
        case .cut:
            connection.send(request)
            let text = connection.receiveAll()
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(!text.hasSuffix("\r\n0\r\n\r\n"), "it must not look complete")
        case .served(let body):
            let response = try #require(connection.exchange(request))
            #expect(response.body == body)
            #expect(!response.head.contains("poison"))
        }
        // The same client connection where it lives, and another client.
        if case .cut = garbage.outcome {
        } else {
            #expect(connection.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Marker: two\r\n\r\n")?.body == "two")
        }
        #expect(gateway.get("/second", "X-Marker: three")?.body == "three")
        #expect(upstream.connectionCount == 2, "the first connection is not used again")
        await gateway.stop()
    }

    @Test("the list is as long as it says")
    func count() { #expect(Garbage.all.count >= 60, "\(Garbage.all.count)") }

    @Test("a head of 100 MB is refused when the limit is met, not when it is over")
    func endlessHead() async throws {
        let sent = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\n")
            let line = "X: " + String(repeating: "a", count: 8_000) + "\r\n"
            for _ in 0..<12_500 {
                var left = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&left, 1, 0) > 0 { return }
                connection.send(line)
                sent.add(line.utf8.count)
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let response = try #require(gateway.get("/"))
        #expect(response.status == 502)
        #expect(response.field("proxy-status") == "gatehouse; error=http_response_header_section_size")
        #expect(await eventually { sent.value > 0 })
        pause(milliseconds: 100)
        #expect(sent.value < 20 << 20, "\(sent.value) bytes were taken")
        await gateway.stop()
    }

    @Test("interim answers before garbage are passed on, the final word is 502")
    func interimThenGarbage() async throws {
        let garbage = Garbage(
            name: "hints",
            answer: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 2OO OK\r\n\r\n",
            outcome: .refused("")
        )
        let upstream = upstream(garbage)
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        #expect(connection.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 103)
        #expect(connection.response()?.status == 502)
        await gateway.stop()
    }

    @Test("a reset while the body lasts until the end is no end")
    func reset() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\n\r\nabc")
            Thread.sleep(forTimeInterval: 0.1)
            var linger = Foundation.linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                connection.descriptor,
                SOL_SOCKET,
                SO_LINGER,
                &linger,
                socklen_t(MemoryLayout<Foundation.linger>.size)
            )
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let text = connection.receiveAll()
        #expect(text.contains("abc"))
        #expect(!text.hasSuffix("\r\n0\r\n\r\n"))
        await gateway.stop()
    }

    @Test("bytes that nobody asked for close an idle connection")
    func unsolicited() async throws {
        let upstream = ScriptedUpstream { connection, number in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            guard number == 0 else { return }
            Thread.sleep(forTimeInterval: 0.05)
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
            while connection.receive() != nil {}
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        #expect(gateway.get("/")?.body == "ok")
        pause(milliseconds: 150)
        #expect(gateway.get("/")?.body == "ok")
        #expect(upstream.connectionCount == 2)
        await gateway.stop()
    }
}
