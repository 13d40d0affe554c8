import ProblemDetails
import Testing

@testable import Gateway

/// Reads a head; nil when more bytes are needed.
private func read(_ text: String, limits: GatewayLimits = GatewayLimits()) throws(Refusal) -> RequestHead? {
    let bytes = Array(text.utf8)
    var head = RequestHead()
    guard try head.read(bytes.span, limits: limits, names: .request) else { return nil }
    return head
}

private func refusal(_ text: String, limits: GatewayLimits = GatewayLimits()) -> ProblemCode? {
    do throws(Refusal) {
        _ = try read(text, limits: limits)
        return nil
    } catch { return error.code }
}

@Suite("RequestHead")
struct RequestHeadTests {
    @Test("a plain request is read to offsets")
    func plain() throws {
        let text = "GET /a/b?x=1 HTTP/1.1\r\nHost: api.local:80\r\nX-A:  v \r\n\r\nrest"
        let head = try #require(try read(text))
        let bytes = Array(text.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        #expect(part(head.method) == "GET")
        #expect(part(head.path) == "/a/b")
        #expect(head.query.map(part) == "x=1")
        #expect(head.authority.map(part) == "api.local:80")
        #expect(head.fields.count == 2)
        #expect(part(head.fields[1].name) == "X-A")
        #expect(part(head.fields[1].value) == "v")
        #expect(part(head.fields[1].line) == "X-A:  v \r\n")
        #expect(part(head.length..<bytes.count) == "rest")
        #expect(!head.hasBody)
        #expect(!head.closes)
    }

    @Test("every prefix of a good head asks for more and never traps")
    func prefixes() throws {
        let text = "POST http://h.local/a%20b?q HTTP/1.1\r\nHost: h.local\r\nContent-Length: 3\r\nConnection: x\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(try read(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        #expect(try read(text) != nil)
    }

    @Test(
        "malformed heads are refused",
        arguments: [
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
            "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /#f HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET file:///x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://u@h/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:///c HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n x: folded\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: b\u{0}c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ]
    )
    func malformed(_ text: String) {
        #expect(refusal(text) == .malformedRequest)
    }

    @Test("each limit and each unsupported thing has its own answer")
    func codes() {
        let host = "Host: a\r\n\r\n"
        #expect(refusal("GET / HTTP/2.0\r\n" + host) == .httpVersionNotSupported)
        #expect(refusal("CONNECT /x HTTP/1.1\r\n" + host) == .methodNotImplemented)
        #expect(refusal("TRACE / HTTP/1.1\r\n" + host) == .methodNotImplemented)
        #expect(refusal(String(repeating: "M", count: 40) + " / HTTP/1.1\r\n" + host) == .methodNotImplemented)
        #expect(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n" + host) == .unsupportedTransferCoding)
        #expect(refusal("POST / HTTP/1.1\r\nExpect: coffee\r\n" + host) == .expectationFailed)
        #expect(refusal("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n" + host) == .bodyTooLarge)
        #expect(refusal("GET /" + String(repeating: "a", count: 70_000)) == .uriTooLong)
        #expect(refusal("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 70_000)) == .headerTooLarge)
        let many = (0..<300).map { "X-\($0): v\r\n" }.joined()
        #expect(refusal("GET / HTTP/1.1\r\n" + many + host) == .headerTooLarge)
        let options = (0..<50).map { "x\($0)" }.joined(separator: ",")
        #expect(refusal("GET / HTTP/1.1\r\nConnection: \(options)\r\n" + host) == .headerTooLarge)
    }

    @Test("fields named by Connection count as not sent; framing and Host cannot be named away")
    func connectionOptions() throws {
        let head = try #require(
            try read(
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Hop, content-length\r\nX-Hop: 1\r\nX_Hop: 2\r\n"
                    + "Content-Length: 2\r\n\r\n"
            )
        )
        #expect(head.closes)
        #expect(head.contentLength == 2)
        #expect(head.fields.filter(\.isRemoved).count == 3)
    }

    @Test("other spellings of known names are told from the names")
    func aliases() throws {
        let head = try #require(
            try read("GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\nX.Forwarded.For: b\r\nX-Other_Name: c\r\n\r\n")
        )
        #expect(head.fields.map(\.role) == [.host, .alias, .alias, .ordinary])
        #expect(head.contentLength == nil)
    }

    @Test("HTTP/1.0 closes unless it asks not to, and may lack Host")
    func oldVersion() throws {
        #expect(try #require(try read("GET / HTTP/1.0\r\n\r\n")).closes)
        #expect(try !#require(try read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")).closes)
    }

    @Test(
        "valid authorities pass",
        arguments: ["a", "A-b.c:80", "127.0.0.1", "[::1]:8080", "[2001:db8::1.2.3.4]", "my_service", "host.:"]
    )
    func goodHosts(_ host: String) throws {
        #expect(try read("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") != nil)
    }

    @Test(
        "authorities that two parsers could split in two ways are refused",
        arguments: [
            "", "a@b", "a/b", "a,b", "[::1", "[::g]", "[1:::2]", "a:99999", "a:-1", "a:1:2", "*", "a%41", "[::1]x", ".",
        ]
    )
    func badHosts(_ host: String) {
        #expect(refusal("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == .malformedRequest)
    }
}

@Suite("CanonicalPath")
struct CanonicalPathTests {
    private func canonical(_ path: String) throws(Refusal) -> String {
        let bytes = Array(path.utf8)
        var out: [UInt8] = []
        try CanonicalPath.write(bytes.span, 0..<bytes.count, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test(
        "paths come out in one spelling",
        arguments: [
            ("", "/"), ("/", "/"), ("/a/b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/..", "/"),
            ("/a/.", "/a/"),
            ("/%61%7e", "/a~"), ("/a%2fb".replacing("%2f", with: "%20"), "/a%20b"), ("/%c3%a9", "/%C3%A9"),
            ("/..a/x", "/..a/x"), ("/a//b", "/a//b"), ("/a/b/", "/a/b/"), ("/a%25", "/a%25"), ("/a%252%7a", "/a%252z"),
            ("/x;y=1", "/x;y=1"),
            ("/a/b/c/../../d", "/a/d"), ("/a//../b", "/a/b"),
        ]
    )
    func rewritten(_ path: String, _ expected: String) throws {
        #expect(try canonical(path) == expected)
        #expect(try canonical(expected) == expected, "canonical paths stay as they are")
    }

    @Test(
        "paths that servers read in different ways are refused",
        arguments: [
            "/a%2fb", "/a%5Cb", "/a%00", "/a%0d%0a", "/%252e", "/%252%65", "/%25%32e", "/%25%32%65", "/a%", "/a%2",
            "/a%zz", "/..;/x", "/.;a/x", "/..%3b/x",
            "/../x", "/%c0%af", "/%e0%80%af", "/%ef%bc%8f", "/..%20/x", "/a%7f",
        ]
    )
    func refused(_ path: String) {
        #expect(throws: Refusal.self) { try canonical(path) }
    }

    @Test("a denied prefix covers every spelling a lenient backend could read as it")
    func denied() {
        let prefix = DeniedPrefix("/admin/users")
        func covers(_ path: String) -> Bool { prefix.covers(Array(path.utf8).span) }
        for path in [
            "/admin/users", "/ADMIN/Users/x", "//admin//users", "/admin;a=b/users", "/admin./users%20",
            "/admin/users;x",
        ] {
            #expect(covers(path), "\(path)")
        }
        for path in ["/admin", "/administrator/users", "/x/admin/users", "/admin/usersx", ""] {
            #expect(!covers(path), "\(path)")
        }
    }
}
