import DocumentTree

/// Texts and keys that look like one thing to a person and are another to a program.
extension AdmissionReview {
    mutating func reviewText() {
        for id in document.subtree(of: document.rootID) {
            if let key = document.key(id), Self.prototypeKeys.contains(key) {
                let message = "key `\(key)` has a meaning of its own in JavaScript programs that read this document"
                note("risky-key", .information, message, atKeyOf: document.node(id))
            }
            guard document.kind(id) == .string else { continue }
            let signs = document.withUTF8(id, Self.signs)
            if signs.contains(.bidirectional) {
                let message = "text with characters that reverse its direction: it reads differently from what it says"
                note("deceptive-text", .warning, message, at: document.node(id))
            }
            if signs.contains(.control) {
                note("deceptive-text", .warning, "text with control characters", at: document.node(id))
            }
            if signs.contains(.angle) || signs.contains(.parenthesis) { reviewMarkup(id) }
        }
    }

    private static let prototypeKeys: Set<String> = ["__proto__", "constructor", "prototype"]

    /// What a scan of a text's bytes finds.
    private struct Signs: OptionSet {
        let rawValue: UInt8
        static let bidirectional = Signs(rawValue: 1)
        static let control = Signs(rawValue: 2)
        static let angle = Signs(rawValue: 4)
        static let parenthesis = Signs(rawValue: 8)
    }

    /// U+202A…U+202E and U+2066…U+2069 (Unicode Standard Annex 9), C0 controls but tab, LF and CR, `<` and `](`.
    private static func signs(_ bytes: UnsafeBufferPointer<UInt8>) -> Signs {
        var signs: Signs = []
        for index in bytes.indices {
            switch bytes[index] {
            case 0xE2 where index + 2 < bytes.count:
                switch (bytes[index + 1], bytes[index + 2]) {
                case (0x80, 0xAA...0xAE), (0x81, 0xA6...0xA9): signs.insert(.bidirectional)
                default: break
                }
            case 0x00..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0x7F: signs.insert(.control)
            case UInt8(ascii: "<"): signs.insert(.angle)
            case UInt8(ascii: "(") where index > 0 && bytes[index - 1] == UInt8(ascii: "]"): signs.insert(.parenthesis)
            default: break
            }
        }
        return signs
    }

    /// Script in texts that pages show. Examples may hold any text: only the words for people are looked at.
    private mutating func reviewMarkup(_ id: NodeID) {
        guard let key = document.key(id), ["title", "name", "summary", "description"].contains(key),
            let text = document.string(id)?.lowercased()
        else { return }
        if text.contains("<script") || text.contains("](javascript:") || text.contains("](data:text/html") {
            note(
                "script-in-text",
                .warning,
                "`\(key)` holds a script: pages show it as text only",
                at: document.node(id)
            )
        }
    }
}
