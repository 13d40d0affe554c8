import Foundation
import Synchronization
import Testing

@testable import Telemetry

@Suite("JSONLine")
struct JSONLineTests {
    private func object(_ line: JSONLine) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: Any])
    }

    @Test("a line is one JSON object without empty members, whatever the text in it")
    func line() throws {
        var json = JSONLine()
        json.begin()
        json.member("left_over", "x")
        json.begin()
        json.member("ts", time: 7)
        json.member("application", "web \"shop\" \\ \n\u{7F}ü")
        json.member("path", Array("/a".utf8).span)
        json.member("broken", [UInt8(ascii: "x"), 0xFF, 0xC3].span)
        json.member("nothing", "")
        json.member("none", [UInt8]().span)
        json.member("status", 429)
        json.member("duration_ms", milliseconds: 1_234_567)
        json.member("trace_id", hexadecimal: 0xAB, 1)
        json.member("span_id", hexadecimal: nil, 0xFEDC)
        json.end()
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.hasSuffix("}\n") && text.filter { $0 == "\n" }.count == 1)
        let members = try object(json)
        #expect(members["ts"] as? String == "1970-01-01T00:00:00.007Z")
        #expect(members["application"] as? String == "web \"shop\" \\ \n\u{7F}ü")
        #expect(members["path"] as? String == "/a")
        #expect(members["broken"] as? String == "x\u{FFFD}\u{FFFD}")
        #expect(members["status"] as? Int == 429)
        #expect(text.contains("\"duration_ms\":1.234,"))
        #expect(members["trace_id"] as? String == "00000000000000ab0000000000000001")
        #expect(members["span_id"] as? String == "000000000000fedc")
        #expect(members["nothing"] == nil && members["none"] == nil && members["left_over"] == nil)
    }
}

private final class Flag: Sendable {
    let value = Atomic<Bool>(false)
}

@Suite("LineQueue")
struct LineQueueTests {
    @Test("a full queue drops whole lines and counts them; room that is taken is room again")
    func drops() {
        let queue = LineQueue(capacityBytes: 10)
        var out: [UInt8] = []
        for round: UInt64 in 1...5 {
            queue.append(Array("12345\n".utf8).span)
            queue.append(Array("67890\n".utf8).span)
            #expect(queue.dropped == round && queue.count == 1)
            out.removeAll()
            #expect(queue.take(into: &out) == 1)
            #expect(out == Array("12345\n".utf8))
        }
        #expect(queue.take(into: &out) == 0)
    }

    @Test("lines are bounded in number too, and can be taken a few at a time")
    func bounded() {
        let queue = LineQueue(capacityBytes: 1000, linesMax: 3)
        for line in ["a\n", "b\n", "c\n", "d\n"] { queue.append(Array(line.utf8).span) }
        #expect(queue.dropped == 1 && queue.count == 3)
        var out: [UInt8] = []
        #expect(queue.take(2, into: &out) == 2)
        #expect(out == Array("a\nb\n".utf8))
        queue.append(Array("e\n".utf8).span)
        #expect(queue.take(into: &out) == 2)
        #expect(out == Array("a\nb\nc\ne\n".utf8))
    }

    @Test("lines come out whole and in order while they go in")
    func concurrent() async {
        let queue = LineQueue(capacityBytes: 997)
        let total = 50_000
        let isWritten = Flag()
        Thread.detachNewThread {
            for number in 0..<total { queue.append(Array("\(number)\n".utf8).span) }
            isWritten.value.store(true, ordering: .releasing)
        }
        let seen: [String] = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var bytes: [UInt8] = []
                while !isWritten.value.load(ordering: .acquiring) || queue.count > 0 { _ = queue.take(7, into: &bytes) }
                let text = String(decoding: bytes, as: UTF8.self)
                continuation.resume(returning: text.split(separator: "\n").map(String.init))
            }
        }
        let numbers = seen.compactMap { Int($0) }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        #expect(numbers.count == seen.count)
        #expect(seen.count + Int(queue.dropped) == total)
    }
}

@Suite("SyslogMessage")
struct SyslogMessageTests {
    @Test(
        "a line gets the head of RFC 5424, and a machine without a name a dash",
        arguments: [("gate 1", "gate1"), ("", "-")]
    )
    func message(_ host: String, _ shown: String) {
        let message = SyslogMessage(host: host, process: 42)
        var out: [UInt8] = Array("old".utf8)
        message.write(Array("{\"a\":1}".utf8)[...], milliseconds: 1_782_864_000_007, to: &out)
        #expect(
            String(decoding: out, as: UTF8.self)
                == "<134>1 2026-07-01T00:00:00.007Z \(shown) gatehouse 42 access - {\"a\":1}"
        )
    }
}
