import Foundation
import Testing

@testable import Telemetry

@Suite("TraceContext")
struct TraceContextTests {
    private func read(_ text: String) -> TraceContext? {
        let bytes = Array(text.utf8)
        return TraceContext(bytes.span, 0..<bytes.count)
    }

    private static let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("the parts of a context are read")
    func parts() throws {
        let context = try #require(read(Self.good))
        #expect(context.traceHigh == 0x0AF7_6519_16CD_43DD && context.traceLow == 0x8448_EB21_1C80_319C)
        #expect(context.parent == 0xB7AD_6B71_6920_3331)
        #expect(context.isSampled && !context.isRandom && context.flags == 1)
        #expect(read(Self.good.dropLast(2) + "02")?.flags == 2)
        #expect(read(Self.good.dropLast(2) + "00")?.flags == 0)
        #expect(read(Self.good.dropLast(2) + "ff")?.flags == 3, "flags that nobody knows are not passed on")
    }

    @Test(
        "what is no context is refused",
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333G-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
            "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-.1",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
        ]
    )
    func refused(_ text: String) { #expect(read(text) == nil) }

    @Test(
        "a later version is read by the rules of the first",
        arguments: [
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-what-ever",
        ]
    )
    func laterVersion(_ text: String) throws {
        let context = try #require(read(text))
        #expect(context.isSampled)
        #expect(!context.isRandom, "what that bit means there is not known")
    }
}

@Suite("TraceState")
struct TraceStateTests {
    private func isValid(_ lines: String...) -> Bool {
        var members = 0
        return lines.allSatisfy { line in
            let bytes = Array(line.utf8)
            return TraceState.isValid(bytes.span, 0..<bytes.count, members: &members)
        }
    }

    @Test(
        "well-formed lists pass",
        arguments: [
            "", "a=1", "a=1,b=2", " a=1 ,\t b=2\t", "a=1,,b=2,", "fw529a3039@dt=FfAAAAAAABpw", "0tenant@sys=x",
            "a_-*/=~!x y",
            String(repeating: "k", count: 256) + "=" + String(repeating: "v", count: 256),
        ]
    )
    func good(_ line: String) { #expect(isValid(line)) }

    @Test(
        "malformed lists do not",
        arguments: [
            "a", "=1", "a=", "A=1", "_a=1", "@a=1", "a b=1", "a=1=2", "a=\u{1}", "a=ü", ",a",
            String(repeating: "k", count: 257) + "=v", "k=" + String(repeating: "v", count: 257),
        ]
    )
    func bad(_ line: String) { #expect(!isValid(line)) }

    @Test("32 members pass, over all lines together, and 33 do not")
    func count() {
        let sixteen = (0..<16).map { "k\($0)=v" }.joined(separator: ",")
        #expect(isValid(sixteen, sixteen))
        #expect(!isValid(sixteen, sixteen, "more=1"))
    }
}

@Suite("SamplingShare")
struct SamplingShareTests {
    @Test("0 takes nothing, 1 takes all, and a small share takes part of a large one")
    func shares() {
        let (none, few, many, all) = (SamplingShare(0), SamplingShare(0.01), SamplingShare(0.25), SamplingShare(1))
        var state: UInt64 = 1
        var counts = (few: 0, many: 0)
        for _ in 0..<100_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = state ^ (state >> 29)
            #expect(!none.takes(number) && all.takes(number))
            if few.takes(number) {
                counts.few += 1
                #expect(many.takes(number))
            }
            if many.takes(number) { counts.many += 1 }
        }
        #expect((800...1200).contains(counts.few))
        #expect((24_000...26_000).contains(counts.many))
        #expect(!none.takes(.max) && all.takes(0))
    }
}
