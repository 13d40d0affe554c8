/// URIs, references and templates (RFC 3986, RFC 3987, RFC 6570).
enum URIFormats {
    static func isURI(_ bytes: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), isScheme(bytes[..<colon]) else { return false }
        return isRelativePart(bytes[(colon + 1)...], allowsUnicode: allowsUnicode)
    }

    /// A URI of the schemes http, https or ftp that names a host.
    static func isURL(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard isURI(bytes, allowsUnicode: true), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return false
        }
        let scheme = bytes[..<colon].map { $0 | 0x20 }
        let rest = bytes[(colon + 1)...]
        guard ["http", "https", "ftp"].contains(where: { scheme.elementsEqual($0.utf8) }) else { return false }
        return rest.starts(with: "//".utf8) && rest.dropFirst(2).first.map { !"/?#:".utf8.contains($0) } == true
    }

    static func isReference(_ bytes: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        if isURI(bytes, allowsUnicode: allowsUnicode) { return true }
        // RFC 3986 §4.2: the first segment of a relative path has no colon.
        let first = bytes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return !first.contains(UInt8(ascii: ":")) && isRelativePart(bytes, allowsUnicode: allowsUnicode)
    }

    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first.isLetter else { return false }
        return bytes.allSatisfy { $0.isAlphanumeric || "+-.".utf8.contains($0) }
    }

    /// Everything after the scheme.
    private static func isRelativePart(_ bytes: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        var rest = bytes
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard hasOnly(rest[(hash + 1)...], fragmentSymbols, allowsUnicode) else { return false }
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            guard hasOnly(rest[(mark + 1)...], fragmentSymbols, allowsUnicode) else { return false }
            rest = rest[..<mark]
        }
        if rest.starts(with: "//".utf8) {
            let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
            guard isAuthority(authority, allowsUnicode) else { return false }
            rest = rest[authority.endIndex...]
        }
        return hasOnly(rest, pathSymbols, allowsUnicode)
    }

    private static func isAuthority(_ bytes: ArraySlice<UInt8>, _ allowsUnicode: Bool) -> Bool {
        var host = bytes
        if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
            guard hasOnly(bytes[..<at], userSymbols, allowsUnicode) else { return false }
            host = bytes[(at + 1)...]
        }
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let literal = host[(host.startIndex + 1)..<end]
            let isFuture = literal.first.map { $0 | 0x20 } == UInt8(ascii: "v")
            guard isFuture || HostFormats.isIPv6(literal) else { return false }
            return isPort(host[(end + 1)...])
        }
        let name = host.prefix { $0 != UInt8(ascii: ":") }
        return hasOnly(name, hostSymbols, allowsUnicode) && isPort(host[name.endIndex...])
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty || (bytes.first == UInt8(ascii: ":") && bytes.dropFirst().allSatisfy(\.isDigit))
    }

    private static let hostSymbols = Set("-._~!$&'()*+,;=".utf8)
    private static let userSymbols = hostSymbols.union(":".utf8)
    private static let pathSymbols = hostSymbols.union(":@/".utf8)
    private static let fragmentSymbols = pathSymbols.union("?".utf8)

    /// Whether there are only letters, digits, the symbols, percent-encoded octets, and other scripts where allowed.
    private static func hasOnly(_ bytes: ArraySlice<UInt8>, _ symbols: Set<UInt8>, _ allowsUnicode: Bool) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.prefix(2).count == 2, rest.prefix(2).allSatisfy(\.isHexadecimal) else { return false }
                rest.removeFirst(2)
            } else if !(byte.isAlphanumeric || symbols.contains(byte) || (allowsUnicode && byte >= 0x80)) {
                return false
            }
        }
        return true
    }

    // MARK: Templates

    // RFC 6570 §2, with erratum 6937: an apostrophe is a literal.
    static func isTemplate(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")), isExpression(rest[..<end]) else { return false }
                rest = rest[(end + 1)...]
            case 0x00...0x20, 0x7F: return false
            default: if "}\"<>\\^`|".utf8.contains(byte) { return false }
            }
        }
        return true
    }

    private static func isExpression(_ bytes: ArraySlice<UInt8>) -> Bool {
        let names = bytes.first.map { "+#./;?&=,!@|".utf8.contains($0) } == true ? bytes.dropFirst() : bytes
        return names.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy { variable in
            var name = variable
            if name.last == UInt8(ascii: "*") {
                name = name.dropLast()
            } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
                let length = name[(colon + 1)...]
                guard (1...4).contains(length.count), length.allSatisfy(\.isDigit), length.first != UInt8(ascii: "0")
                else {
                    return false
                }
                name = name[..<colon]
            }
            let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.allSatisfy { !$0.isEmpty && hasOnly($0, Set("_".utf8), false) }
        }
    }
}
