extension RoutingTables {
    /// A base path in canonical form.
    static func canonicalBasePath(_ text: String, at place: String) throws(InvalidContent) -> String {
        if text == "/" { return text }
        guard isPathPrefix(text) else {
            throw InvalidContent(
                place,
                "base path `\(text)` must begin with a slash, not end with one and hold no `{}?#`"
            )
        }
        guard text.utf8.count(where: { $0 == UInt8(ascii: "/") }) <= RoutingLimits.basePathSegmentsMax else {
            throw InvalidContent(
                place,
                "base path `\(text)` has more than \(RoutingLimits.basePathSegmentsMax) segments"
            )
        }
        return try canonicalText(text, at: place)
    }

    /// A denied prefix in canonical form, without a slash at its end; the root becomes empty.
    static func canonicalDeny(_ text: String, at place: String) throws(InvalidContent) -> String {
        var trimmed = text
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard text.hasPrefix("/"), trimmed.isEmpty || isPathPrefix(trimmed) else {
            throw InvalidContent(place, "denied prefix `\(text)` must be a path such as `/admin`")
        }
        return try canonicalText(trimmed, at: place)
    }

    /// `/a` or `/a/b`: no empty segment, no dot segment, nothing that a path may not hold.
    static func isPathPrefix(_ text: String) -> Bool {
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= RoutingLimits.nameBytesMax else { return false }
        let segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return segments.allSatisfy { segment in
            !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
                && segment.allSatisfy { byte in
                    byte > 0x20 && byte != 0x7F && !"{}?#\\".utf8.contains(byte)
                }
        }
    }

    /// A host name or address of an upstream.
    static func isHost(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { isHostByte($0) || $0 == UInt8(ascii: ":") }
    }

    /// `api.example.com` or `*.example.com`, lower case.
    static func isHostPattern(_ text: String) -> Bool {
        let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        guard (1...253).contains(name.utf8.count) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.allSatisfy { isHostByte($0) && !(0x41...0x5A).contains($0) }
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func canonicalText(_ text: String, at place: String) throws(InvalidContent) -> String {
        do throws(RouteTemplate.Problem) {
            return String(decoding: try RouteTemplate.canonical(Array(text.utf8)), as: UTF8.self)
        } catch {
            throw InvalidContent(place, "path `\(text)`: \(error)")
        }
    }
}
