import ProblemDetails

@testable import Gateway

/// The reader of request heads: what it accepts is what a slow reader sees in the same bytes, and how the bytes arrive makes no
/// difference.
enum HeadCheck {
    /// Small, so that the fuzzer reaches every limit.
    static let limits: GatewayLimits = {
        var limits = GatewayLimits()
        limits.targetBytesMax = 400
        limits.headBytesMax = 2_000
        limits.headFieldsMax = 24
        limits.connectionOptionsMax = 6
        limits.bodyBytesMax = 100_000
        return limits
    }()

    enum Answer {
        case incomplete
        case refused(ProblemCode)
        case head(RequestHead)
    }

    static func read(_ bytes: ArraySlice<UInt8>) -> Answer {
        var head = RequestHead()
        let bytes = Array(bytes)
        do throws(Refusal) {
            return try head.read(bytes.span, limits: limits, names: .request) ? .head(head) : .incomplete
        } catch {
            return .refused(error.code)
        }
    }

    static func fault(in bytes: [UInt8]) -> String? {
        let whole = read(bytes[...])
        if let fault = faultInPieces(bytes, whole) { return fault }
        guard case .head(let head) = whole else { return nil }
        return placesFault(head, bytes) ?? SlowHead.fault(head, Array(bytes[..<head.length]))
    }

    /// A beginning of a head is never more than incomplete when the head is accepted, and once a beginning is refused, so is
    /// all that starts with it.
    private static func faultInPieces(_ bytes: [UInt8], _ whole: Answer) -> String? {
        var cuts = Cuts(bytes.count &* 31 &+ Int(bytes.first ?? 0))
        for _ in 0..<12 {
            let cut = cuts.next(upTo: bytes.count)
            let part = read(bytes[..<cut])
            switch (part, whole) {
            case (.incomplete, .head(let head)):
                if cut >= head.length { return "the first \(cut) bytes hold the head but are incomplete" }
            case (.incomplete, _): continue
            case (.refused, .head): return "the first \(cut) bytes are refused, and all of them accepted"
            case (.refused, .incomplete): return "the first \(cut) bytes are refused, and all of them incomplete"
            case (.refused, .refused): continue
            case (.head(let first), .head(let second)):
                guard first.length == second.length, first.fields.count == second.fields.count,
                    first.path == second.path, first.contentLength == second.contentLength,
                    first.isChunked == second.isChunked, first.closes == second.closes
                else { return "what follows a head changes how it is read" }
            case (.head, _): return "the first \(cut) bytes hold a head, and all of them none"
            }
        }
        return nil
    }

    /// Every place lies where it should and holds what it may.
    private static func placesFault(_ head: RequestHead, _ bytes: [UInt8]) -> String? {
        guard head.length <= bytes.count, head.length <= limits.headBytesMax else { return "the head is too long" }
        let places = [head.method, head.path] + [head.query, head.authority].compactMap { $0 }
        guard places.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= head.length }) else {
            return "a part lies outside of the head"
        }
        guard bytes[head.method].allSatisfy(ByteClass.isToken), !head.method.isEmpty else { return "the method" }
        if head.form != .asterisk {
            guard bytes[head.path].allSatisfy({ ByteClass.isPath($0) || $0 == 0x25 }),
                head.path.isEmpty ? head.form == .absolute : bytes[head.path.lowerBound] == 0x2F
            else { return "the path holds what no path may hold" }
            let hasDotSegment = Array(bytes[head.path]).split(separator: 0x2F).contains { $0.first == 0x2E }
            let isPlain = !bytes[head.path].contains(0x25) && !hasDotSegment
            if head.pathIsPlain && !isPlain { return "a path that needs rewriting is called plain" }
        }
        if let query = head.query, !bytes[query].allSatisfy(ByteClass.isQuery) { return "the query" }
        guard head.fields.count <= limits.headFieldsMax else { return "there are too many fields" }
        guard !(head.isChunked && head.contentLength != nil) else { return "two framings stand together" }
        guard (head.contentLength ?? 0) <= limits.bodyBytesMax else { return "the body is too long" }
        guard head.authority != nil || head.minorVersion == 0 else { return "HTTP/1.1 without a host" }
        guard !(head.isChunked && head.minorVersion == 0) else { return "HTTP/1.0 with chunks" }
        return nil
    }
}

/// A reader of heads that splits and compares texts, and has nothing in common with the one it is compared with.
enum SlowHead {
    struct Field {
        let name: [UInt8]
        let value: [UInt8]

        var lowerName: String { SlowHead.lower(name) }
        var text: String { SlowHead.lower(value) }
    }

    static func fault(_ head: RequestHead, _ bytes: [UInt8]) -> String? {
        guard let lines = lines(bytes) else { return "a CR or LF does not end a line" }
        guard let first = lines.first, lines.last?.isEmpty == true else { return "the head does not end" }
        let words = first.split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
        guard words.count == 3, words[0] == Array(bytes[head.method]) else {
            return "the request line has not three parts"
        }
        guard let target = target(of: head, bytes), words[1] == target else { return "the target is another one" }
        guard words[2] == Array("HTTP/1.".utf8) + [0x30 + head.minorVersion] || head.minorVersion == 1,
            words[2].count == 8
        else { return "the version is another one" }
        var fields: [Field] = []
        for line in lines.dropFirst().dropLast() {
            guard let colon = line.firstIndex(of: 0x3A) else { return "a field has no colon" }
            fields.append(Field(name: Array(line[..<colon]), value: trimmed(line[(colon + 1)...])))
        }
        guard fields.count == head.fields.count else { return "\(fields.count) fields, not \(head.fields.count)" }
        for (mine, theirs) in zip(fields, head.fields) {
            guard mine.name == Array(bytes[theirs.name]), mine.value == Array(bytes[theirs.value]) else {
                return "field `\(mine.lowerName)` is another one"
            }
            guard !mine.name.isEmpty, mine.name.allSatisfy(isTokenByte) else { return "a name is no token" }
            guard mine.value.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
                return "a control character"
            }
        }
        return framingFault(head, fields)
    }

    /// RFC 9112 §6.3, told once more.
    private static func framingFault(_ head: RequestHead, _ fields: [Field]) -> String? {
        let lengths = fields.filter { $0.lowerName == "content-length" }
        let codings = fields.filter { $0.lowerName == "transfer-encoding" }
        guard lengths.count + codings.count <= 1 else { return "more than one framing was accepted" }
        guard head.contentLength == lengths.first.flatMap({ Int($0.text) }),
            lengths.isEmpty || head.contentLength != nil
        else { return "the length is another one" }
        guard head.isChunked == (codings.first?.text == "chunked"), codings.isEmpty || head.isChunked else {
            return "another coding than chunked was accepted"
        }
        let hosts = fields.filter { $0.lowerName == "host" }
        guard hosts.count <= 1, hosts.count == 1 || head.minorVersion == 0 else { return "\(hosts.count) hosts" }
        let options = fields.filter { $0.lowerName == "connection" }
            .flatMap { $0.value.split(separator: 0x2C).map { lower(trimmed($0)) } }
        let closes = options.contains("close") || head.minorVersion == 0 && !options.contains("keep-alive")
        guard head.closes == closes else { return "the connection's end is read in two ways" }
        for (mine, theirs) in zip(fields, head.fields)
        where options.contains(mine.lowerName) && theirs.role == .ordinary {
            guard theirs.isRemoved else { return "field `\(mine.lowerName)`, which Connection names, stays" }
        }
        return nil
    }

    /// The lines without their CRLF, an empty one before the first left out; nil where CR and LF do not pair up.
    private static func lines(_ bytes: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A {
                lines.append([])
                index += 2
                continue
            }
            guard bytes[index] != 0x0D, bytes[index] != 0x0A else { return nil }
            lines[lines.count - 1].append(bytes[index])
            index += 1
        }
        // What follows the last CRLF is nothing.
        lines.removeLast()
        if lines.first?.isEmpty == true { lines.removeFirst() }
        return lines
    }

    private static func target(of head: RequestHead, _ bytes: [UInt8]) -> [UInt8]? {
        let query = head.query.map { [0x3F] + bytes[$0] } ?? []
        switch head.form {
        case .asterisk: return [0x2A]
        case .origin: return Array(bytes[head.path]) + query
        case .absolute:
            guard let authority = head.authority else { return nil }
            let rest = Array(bytes[authority]) + bytes[head.path] + query
            for scheme in ["http://", "https://"] {
                let start = authority.lowerBound - scheme.utf8.count
                guard start == head.method.upperBound + 1 else { continue }
                guard
                    bytes[start..<authority.lowerBound].map({ $0 | 0x20 }).elementsEqual(scheme.utf8.map { $0 | 0x20 })
                else { continue }
                return Array(bytes[start..<authority.lowerBound]) + rest
            }
            return nil
        }
    }

    /// Without blanks at both ends.
    private static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        return text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    }

    /// ASCII letters in lower case, all else as it is.
    private static func lower(_ text: [UInt8]) -> String {
        String(decoding: text.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
