internal import RegularExpression

/// Formats of strings, by their names.
enum TextFormat: String, Sendable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case idnHostname = "idn-hostname"
    case ipv4
    case ipv6
    case uri
    /// Of no draft, but checked by Ajv and so by Spectral: an absolute URL of the web or of FTP.
    case url
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex
    case byte

    /// Whether a text in UTF-8 has this format.
    func accepts(_ bytes: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .dateTime: TimeFormats.isDateTime(bytes)
        case .date: TimeFormats.isDate(bytes)
        case .time: TimeFormats.isTime(bytes)
        case .duration: TimeFormats.isDuration(bytes)
        case .email: HostFormats.isEmail(bytes, allowsUnicode: false)
        case .idnEmail: HostFormats.isEmail(bytes, allowsUnicode: true)
        case .hostname: HostFormats.isHostname(bytes)
        case .idnHostname: InternationalHostname.isValid(bytes)
        case .ipv4: HostFormats.isIPv4(bytes)
        case .ipv6: HostFormats.isIPv6(bytes)
        case .uri: URIFormats.isURI(bytes, allowsUnicode: false)
        case .url: URIFormats.isURL(bytes)
        case .uriReference: URIFormats.isReference(bytes, allowsUnicode: false)
        case .iri: URIFormats.isURI(bytes, allowsUnicode: true)
        case .iriReference: URIFormats.isReference(bytes, allowsUnicode: true)
        case .uriTemplate: URIFormats.isTemplate(bytes)
        case .uuid: Self.isUUID(bytes)
        case .jsonPointer: Self.isPointer(bytes)
        case .relativeJSONPointer: Self.isRelativePointer(bytes)
        case .regex: Self.isPattern(bytes)
        case .byte: Self.isBase64(bytes)
        }
    }

    // RFC 9562 §4.
    private static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : byte.isHexadecimal
        }
    }

    // RFC 6901 §3.
    private static func isPointer(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.isEmpty || bytes.first == UInt8(ascii: "/") else { return false }
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else { continue }
            guard let next = rest.popFirst(), next == UInt8(ascii: "0") || next == UInt8(ascii: "1") else {
                return false
            }
        }
        return true
    }

    // draft-bhutton-relative-json-pointer-00 §3.
    private static func isRelativePointer(_ bytes: ArraySlice<UInt8>) -> Bool {
        let digits = bytes.prefix { $0.isDigit }
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return false }
        let rest = bytes[digits.endIndex...]
        return rest.elementsEqual("#".utf8) || isPointer(rest)
    }

    private static func isPattern(_ bytes: ArraySlice<UInt8>) -> Bool {
        ECMAPattern.isWellFormed(String(decoding: bytes, as: UTF8.self), grammar: .unicode)
    }

    // RFC 4648 §4, with padding.
    private static func isBase64(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count.isMultiple(of: 4) else { return false }
        var body = bytes
        for _ in 0..<2 where body.last == UInt8(ascii: "=") { body.removeLast() }
        return body.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}
