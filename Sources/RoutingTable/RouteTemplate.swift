/// A path template read into segments, in the form that paths are matched in.
///
/// A segment is literal, or holds parameters with literal text around them (`/{Sid}.json`, `/{owner}:{name}`). Literal
/// text is canonical (RFC 3986 §6.2.2): percent-encoded unreserved bytes are decoded, what a path may not hold as it is
/// gets encoded, hexadecimal digits are upper case. The gateway brings request paths into the same form before matching.
/// A trailing slash counts: it makes an empty last segment.
public struct RouteTemplate: Hashable, Sendable {
    /// One segment: `literals` stand before, between and after the parameters, so there is one more of them.
    public struct Segment: Hashable, Sendable {
        /// Canonical bytes. The first and the last may be empty, those between two parameters never are.
        public var literals: [[UInt8]]
        /// Names of the parameters; none for a literal segment.
        public var parameters: [String]

        public init(literals: [[UInt8]], parameters: [String]) {
            precondition(literals.count == parameters.count + 1, "literal text stands around every parameter")
            self.literals = literals
            self.parameters = parameters
        }

        /// Whether the segment has no parameter.
        public var isLiteral: Bool { parameters.isEmpty }
        /// Whether the segment is one parameter and nothing else.
        public var isPlainParameter: Bool { parameters.count == 1 && literals.allSatisfy(\.isEmpty) }
        /// Bytes of literal text; the more, the more specific.
        var literalBytes: Int { literals.reduce(0) { $0 + $1.count } }
    }

    /// The segments between slashes.
    public let segments: [Segment]

    /// Why a text is no template that can be routed.
    public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        case noLeadingSlash
        /// `?` or `#`: neither is ever part of a path.
        case queryOrFragment(Character)
        /// A brace without its partner, or braces in braces.
        case unbalancedBraces
        case emptyParameterName
        /// `{a}{b}`: nothing tells where one ends.
        case adjacentParameters
        case repeatedParameter(String)
        case tooManySegments(Int)
        case badPercentEncoding

        public var description: String {
            switch self {
            case .noLeadingSlash: "a path begins with `/`"
            case .queryOrFragment(let character): "a path holds no `\(character)`"
            case .unbalancedBraces: "braces do not pair up"
            case .emptyParameterName: "a parameter has no name"
            case .adjacentParameters: "two parameters stand side by side with nothing between them"
            case .repeatedParameter(let name): "parameter `\(name)` appears twice"
            case .tooManySegments(let count):
                "\(count) segments are more than the limit of \(RoutingLimits.templateSegmentsMax)"
            case .badPercentEncoding: "`%` is not followed by two hexadecimal digits"
            }
        }
    }

    /// Reads a template such as `/orders/{id}.json`.
    ///
    /// - Throws: the first `Problem` from the left.
    public init(_ text: String) throws(Problem) {
        let bytes = Array(text.utf8)
        guard bytes.first == slash else { throw .noLeadingSlash }
        for byte in bytes {
            if byte == UInt8(ascii: "?") { throw .queryOrFragment("?") }
            if byte == UInt8(ascii: "#") { throw .queryOrFragment("#") }
        }
        let count = bytes.count { $0 == slash }
        guard count <= RoutingLimits.templateSegmentsMax else { throw .tooManySegments(count) }
        var segments: [Segment] = []
        segments.reserveCapacity(count)
        var names: [String] = []
        var start = 1
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: slash) ?? bytes.count
            let segment = try Self.readSegment(bytes, start..<end)
            for name in segment.parameters {
                guard !names.contains(name) else { throw .repeatedParameter(name) }
                names.append(name)
            }
            segments.append(segment)
            start = end + 1
        }
        self.segments = segments
    }

    init(segments: [Segment]) {
        self.segments = segments
    }

    /// Names of all parameters, from the left.
    public var parameters: [String] { segments.flatMap(\.parameters) }

    /// The same template without names: two of one shape match the same paths.
    public var shape: String {
        var text = ""
        for segment in segments {
            text += "/"
            for (index, literal) in segment.literals.enumerated() {
                if index > 0 { text += "{}" }
                text += String(decoding: literal, as: UTF8.self)
            }
        }
        return text
    }

    /// Brings literal path text into canonical form.
    ///
    /// - Throws: `badPercentEncoding`.
    public static func canonical(_ text: [UInt8]) throws(Problem) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, let high = hexadecimalValue(text[index + 1]),
                    let low = hexadecimalValue(text[index + 2])
                else { throw .badPercentEncoding }
                let decoded = high << 4 | low
                if isUnreserved(decoded) { result.append(decoded) } else { appendEncoded(decoded, to: &result) }
                index += 3
            } else {
                if isPathByte(byte) { result.append(byte) } else { appendEncoded(byte, to: &result) }
                index += 1
            }
        }
        return result
    }

    private static func readSegment(_ text: [UInt8], _ range: Range<Int>) throws(Problem) -> Segment {
        let bytes = Array(text[range])
        // Most segments are literal and canonical already.
        if bytes.allSatisfy(isPathByte) { return Segment(literals: [bytes], parameters: []) }
        var literals: [[UInt8]] = []
        var parameters: [String] = []
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"):
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { throw .unbalancedBraces }
                let name = bytes[(index + 1)..<end]
                guard !name.isEmpty else { throw .emptyParameterName }
                guard !name.contains(UInt8(ascii: "{")) else { throw .unbalancedBraces }
                if !parameters.isEmpty && literal.isEmpty { throw .adjacentParameters }
                literals.append(try canonical(literal))
                literal = []
                parameters.append(String(decoding: name, as: UTF8.self))
                index = end + 1
            case UInt8(ascii: "}"):
                throw .unbalancedBraces
            default:
                literal.append(bytes[index])
                index += 1
            }
        }
        literals.append(try canonical(literal))
        return Segment(literals: literals, parameters: parameters)
    }
}

private let slash = UInt8(ascii: "/")

private func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}

private func appendEncoded(_ byte: UInt8, to bytes: inout [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}

/// RFC 3986 §2.3.
private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
}

/// `pchar` of RFC 3986 §3.3, and the slash.
private func isPathByte(_ byte: UInt8) -> Bool {
    if isUnreserved(byte) || byte == slash { return true }
    return switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
        UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
        UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"):
        true
    default: false
    }
}
