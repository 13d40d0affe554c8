/// One step from a node to a child of it.
public enum PathSegment: Hashable, Sendable, CustomStringConvertible {
    /// Into a mapping.
    case key(String)
    /// Into a sequence, from zero.
    case index(Int)

    /// The step as text: the key, or the index in decimal.
    public var description: String {
        switch self {
        case .key(let key): key
        case .index(let index): String(index)
        }
    }
}

/// A JSON Pointer (RFC 6901): the way from a document's root to one of its nodes.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// The reference tokens, unescaped.
    public var tokens: [String]

    /// The pointer to the root.
    public static let root = JSONPointer(tokens: [])

    /// Makes a pointer of unescaped tokens.
    public init(tokens: [String]) {
        self.tokens = tokens
    }

    /// Makes a pointer of the steps of a path.
    public init(_ path: [PathSegment]) {
        tokens = path.map(\.description)
    }

    /// Reads the string form (RFC 6901 section 5): empty, or tokens that each follow a `/`.
    ///
    /// Nil where the text does not start with `/` or holds a `~` that neither `0` nor `1` follows.
    public init?(_ text: String) {
        guard let tokens = Self.tokens(of: text) else { return nil }
        self.tokens = tokens
    }

    /// Reads the URI fragment form (RFC 6901 section 6): `#`, then the pointer with percent-encoded octets.
    ///
    /// Nil where the text does not start with `#`, the percent-encoding is broken or does not give UTF-8, or the
    /// pointer is not one.
    public init?(fragment text: String) {
        guard text.utf8.first == UInt8(ascii: "#"), let decoded = percentDecoded(text.dropFirst()),
            let tokens = Self.tokens(of: decoded)
        else { return nil }
        self.tokens = tokens
    }

    /// The string form, escaped.
    public var description: String {
        var text = ""
        for token in tokens {
            text += "/"
            text += Self.escape(token)
        }
        return text
    }

    /// The URI fragment form, with a leading `#`.
    public var fragment: String {
        var text = "#"
        for byte in description.utf8 {
            if isFragmentByte(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%"
                text += hexadecimal(byte)
            }
        }
        return text
    }

    /// This pointer with one more step.
    public func appending(_ token: String) -> JSONPointer {
        JSONPointer(tokens: tokens + [token])
    }

    /// A token as it stands in a pointer: `~` as `~0`, `/` as `~1`.
    public static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.utf8.count + 4)
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "0")]
            case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func tokens(of text: String) -> [String]? {
        let bytes = text.utf8
        if bytes.isEmpty { return [] }
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = unescape(part) else { return nil }
            tokens.append(token)
        }
        return tokens
    }

    private static func unescape(_ part: Substring.UTF8View) -> String? {
        guard part.contains(UInt8(ascii: "~")) else { return String(decoding: part, as: UTF8.self) }
        var bytes: [UInt8] = []
        var iterator = part.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch iterator.next() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// RFC 3986 section 3.5: `pchar`, `/` and `?` stand for themselves in a fragment.
private func isFragmentByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default:
        "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return text.utf8.count == 1 ? "0" + text : text
}

/// RFC 3986 section 2.1; nil where a `%` is not followed by two hexadecimal digits or the octets are not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = iterator.next().flatMap(hexadecimalValue), let low = iterator.next().flatMap(hexadecimalValue)
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
}

/// The value of a hexadecimal digit in ASCII, either case; nil for any other byte.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
