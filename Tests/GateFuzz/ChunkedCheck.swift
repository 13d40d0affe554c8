@testable import Gateway

/// The decoder of chunked bodies: however the bytes arrive, the same body comes out of them, and it is the one that a reader of
/// whole lines finds.
///
/// The first byte of an input says how it is cut and which of two limits holds, the rest is the body.
enum ChunkedCheck {
    static let limits: GatewayLimits = {
        var limits = GatewayLimits()
        limits.chunkExtensionBytesMax = 100
        limits.trailerBytesMax = 200
        return limits
    }()

    struct Outcome: Equatable {
        enum End: Equatable {
            case incomplete
            case refused
            /// One past the body.
            case whole(Int)
        }

        var data: [UInt8] = []
        var end = End.incomplete
    }

    static func fault(in input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        // A response may be as long as it likes, a request may not.
        let most = first & 1 == 0 ? 3_000 : Int.max
        let whole = decode(bytes, most: most) { $0 }
        let single = decode(bytes, most: most) { _ in 1 }
        guard whole == single else { return "byte by byte gives \(single.end), at once \(whole.end)" }
        var cuts = Cuts(Int(first) &+ bytes.count)
        let pieces = decode(bytes, most: most) { _ in 1 + cuts.next(upTo: 6) }
        guard whole == pieces else { return "in pieces gives \(pieces.end), at once \(whole.end)" }
        return faultBesideReference(bytes, whole, SlowChunks.decode(bytes, most: most, limits: limits))
    }

    /// The decoder's answer when at most `size` bytes of what is left are at hand at a time.
    private static func decode(_ bytes: [UInt8], most: Int, size: (Int) -> Int) -> Outcome {
        var decoder = ChunkedDecoder(limits: limits, bodyBytesMax: most)
        var outcome = Outcome()
        var start = 0
        do throws(Refusal) {
            while start < bytes.count {
                let piece = Array(bytes[start..<min(bytes.count, start + max(1, size(bytes.count - start)))])
                var index = 0
                while true {
                    let step = try decoder.next(piece.span, at: &index)
                    guard case .data(let range) = step else {
                        if step == .end {
                            outcome.end = .whole(start + index)
                            return outcome
                        }
                        break
                    }
                    outcome.data += piece[range]
                }
                start += piece.count
            }
        } catch {
            outcome.end = .refused
        }
        return outcome
    }

    private static func faultBesideReference(_ bytes: [UInt8], _ mine: Outcome, _ theirs: Outcome) -> String? {
        switch (mine.end, theirs.end) {
        case (.whole, _), (_, .whole):
            guard mine == theirs else { return "the decoder says \(mine.end), a reader of lines \(theirs.end)" }
        case (.incomplete, .refused): return "a body that nothing can complete is waited for"
        default: break
        }
        return nil
    }
}

/// RFC 9112 §7.1 once more, line by line over a body that is all there.
enum SlowChunks {
    /// `.refused` only for what no more bytes could mend.
    static func decode(_ bytes: [UInt8], most: Int, limits: GatewayLimits) -> ChunkedCheck.Outcome {
        var outcome = ChunkedCheck.Outcome()
        var rest = bytes[...]
        var extensionBytes = 0
        while true {
            guard let line = takeLine(&rest) else { return outcome }
            let digits = line.prefix { isHexadecimal($0) }
            let tail = line.dropFirst(digits.count)
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), digits.count <= 16,
                size <= most - outcome.data.count, isExtensions(Array(tail))
            else {
                outcome.end = .refused
                return outcome
            }
            // The line's CR counts too.
            if !tail.isEmpty { extensionBytes += tail.count + 1 }
            guard extensionBytes <= limits.chunkExtensionBytesMax else {
                outcome.end = .refused
                return outcome
            }
            if size == 0 { break }
            outcome.data += rest.prefix(size)
            guard rest.count >= size else { return outcome }
            rest = rest.dropFirst(size)
            let terminator = rest.prefix(2)
            guard terminator.elementsEqual([0x0D, 0x0A].prefix(terminator.count)) else {
                outcome.end = .refused
                return outcome
            }
            guard terminator.count == 2 else { return outcome }
            rest = rest.dropFirst(2)
        }
        outcome.end = trailers(rest, limits: limits)
        return outcome
    }

    private static func trailers(_ section: ArraySlice<UInt8>, limits: GatewayLimits) -> ChunkedCheck.Outcome.End {
        var rest = section
        while let line = takeLine(&rest) {
            // All but the very last LF counts.
            let used = rest.startIndex - section.startIndex
            guard used - (line.isEmpty ? 1 : 0) <= limits.trailerBytesMax else { return .refused }
            if line.isEmpty { return .whole(rest.startIndex) }
            guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
                line[..<colon].allSatisfy(ByteClass.isToken),
                line[(colon + 1)...].allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F })
            else { return .refused }
        }
        return .incomplete
    }

    /// The bytes before the next CRLF, which are taken too; nil where there is none.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var index = rest.startIndex
        while index + 1 < rest.endIndex {
            if rest[index] == 0x0D, rest[index + 1] == 0x0A {
                defer { rest = rest[(index + 2)...] }
                return rest[..<index]
            }
            index += 1
        }
        return nil
    }

    /// `*( ";" token [ "=" ( token / quoted-string ) ] )`.
    private static func isExtensions(_ text: [UInt8]) -> Bool {
        var index = 0
        func token() -> Bool {
            let start = index
            while index < text.count, ByteClass.isToken(text[index]) { index += 1 }
            return index > start
        }
        func quoted() -> Bool {
            index += 1
            while index < text.count {
                switch text[index] {
                case 0x22:
                    index += 1
                    return true
                case 0x5C:
                    index += 1
                    guard index < text.count, isQuotable(text[index]) else { return false }
                case let byte where isQuotable(byte): break
                default: return false
                }
                index += 1
            }
            return false
        }
        while index < text.count {
            guard text[index] == 0x3B else { return false }
            index += 1
            guard token() else { return false }
            guard index < text.count, text[index] == 0x3D else { continue }
            index += 1
            guard index < text.count else { return false }
            guard text[index] == 0x22 ? quoted() : token() else { return false }
        }
        return true
    }

    private static func isQuotable(_ byte: UInt8) -> Bool {
        byte == 0x09 || byte >= 0x20 && byte != 0x7F
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
