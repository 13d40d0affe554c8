/// Host names, addresses and mailboxes.
enum HostFormats {
    // RFC 1123 §2.1, with the A-labels of RFC 5891.
    static func isHostname(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard (1...253).contains(bytes.count) else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard (1...63).contains(label.count), label.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") }),
                label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
            else { return false }
            let isReserved = label.count >= 4 && label.dropFirst(2).prefix(2).elementsEqual("--".utf8)
            guard isReserved else { return true }
            let prefix = label.prefix(2).map { $0 | 0x20 }
            guard prefix == Array("xn".utf8), let text = Punycode.decode(label.dropFirst(4)) else { return false }
            // RFC 5891 §4.2.1: there is one spelling for each label.
            let spelling = Punycode.encode(text).map { $0.isLetter ? $0 | 0x20 : $0 }
            guard spelling == label.dropFirst(4).map({ $0.isLetter ? $0 | 0x20 : $0 }) else { return false }
            return InternationalHostname.isLabel(text)
        }
    }

    // RFC 2673 §3.2 as JSON Schema uses it: four decimal numbers without leading zeros.
    static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(\.isDigit) else { return false }
                let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
                return value <= 255 && (part.count == 1 || part.first != UInt8(ascii: "0"))
            }
    }

    // RFC 4291 §2.2.
    static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = Array(bytes)
        var halves = [text]
        if let gap = firstDoubleColon(text) {
            halves = [Array(text[..<gap]), Array(text[(gap + 2)...])]
            if firstDoubleColon(halves[1]) != nil || halves[1].first == UInt8(ascii: ":") { return false }
        }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            for (place, part) in parts.enumerated() {
                if index == halves.count - 1, place == parts.count - 1, isIPv4(part) {
                    groups += 2
                } else if (1...4).contains(part.count), part.allSatisfy(\.isHexadecimal) {
                    groups += 1
                } else {
                    return false
                }
            }
        }
        return halves.count == 2 ? groups <= 7 : groups == 8
    }

    private static func firstDoubleColon(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropLast().first { bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":") }
    }

    // RFC 5321 §4.1.2, with RFC 6531 where Unicode is allowed.
    static func isEmail(_ bytes: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = bytes[..<at]
        let domain = bytes[(at + 1)...]
        guard (1...64).contains(local.count) || allowsUnicode, !local.isEmpty else { return false }
        guard isLocalPart(local, allowsUnicode: allowsUnicode) else { return false }
        if domain.first == UInt8(ascii: "["), domain.last == UInt8(ascii: "]") {
            return isAddressLiteral(domain.dropFirst().dropLast())
        }
        return allowsUnicode ? InternationalHostname.isValid(domain) : isHostname(domain)
    }

    private static func isLocalPart(_ local: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        if local.count >= 2, local.first == UInt8(ascii: "\""), local.last == UInt8(ascii: "\"") {
            var rest = local.dropFirst().dropLast()
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\\") {
                    guard let next = rest.popFirst(), (0x20...0x7E).contains(next) else { return false }
                } else if byte == UInt8(ascii: "\"")
                    || !((0x20...0x7E).contains(byte) || (allowsUnicode && byte >= 0x80))
                {
                    return false
                }
            }
            return true
        }
        return local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    $0.isAlphanumeric || atomSymbols.contains($0) || (allowsUnicode && $0 >= 0x80)
                }
        }
    }

    private static let atomSymbols = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    private static func isAddressLiteral(_ bytes: ArraySlice<UInt8>) -> Bool {
        let tag = Array("ipv6:".utf8)
        if bytes.count > tag.count, bytes.prefix(tag.count).map({ $0.isLetter ? $0 | 0x20 : $0 }) == tag {
            return isIPv6(bytes.dropFirst(tag.count))
        }
        return isIPv4(bytes)
    }
}
