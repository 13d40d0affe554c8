/// Paths of files that refer to one another, all inside of one folder.
enum FilePath {
    /// Where a reference leads.
    enum Target: Equatable {
        /// To a path in the folder, `/` between its names.
        case inside(String)
        /// Elsewhere, for the reason given.
        case outside(String)
    }

    static let help = "keep what a document refers to in the document's own folder, or bundle it into one document"

    /// Resolves a reference without its fragment.
    ///
    /// - Parameters:
    ///   - reference: as written, percent-encoded (RFC 3986).
    ///   - path: the path of the file it stands in, relative to the folder.
    /// - Returns: the path relative to the folder, or why there is none.
    static func resolve(_ reference: String, from path: String) -> Target {
        if hasScheme(reference) || reference.hasPrefix("//") { return .outside("URLs are not opened") }
        guard let decoded = percentDecoded(Substring(reference)), !decoded.utf8.contains(0) else {
            return .outside("it is no path")
        }
        if decoded.hasPrefix("/") || decoded.contains("\\") {
            return .outside("only relative paths with `/` between their names are opened")
        }
        var names = path.split(separator: "/").dropLast()
        for name in decoded.split(separator: "/") {
            switch name {
            case ".": continue
            case "..":
                guard names.popLast() != nil else { return .outside("it leads out of the document's folder") }
            default: names.append(name)
            }
        }
        return .inside(names.joined(separator: "/"))
    }

    /// RFC 3986 section 3.1.
    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, isLetter(first) else { return false }
        return scheme.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

/// Why a file of a document was not read.
enum FileFailure: Sendable {
    case unreadable(String)
    case refused(String)
}
