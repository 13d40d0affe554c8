import DocumentTree

/// `info` and `servers`: what a document says about itself and where it claims to live.
extension AdmissionReview {
    mutating func reviewInfo() {
        guard let info = openAPI.info.node, info.isMapping else {
            return note(
                "invalid-info",
                .error,
                "`info` is missing: title and version of the API stand there",
                at: openAPI.node
            )
        }
        reviewTitle(info)
        guard let version = info["version"] else {
            return note("invalid-info", .error, "`info.version` is missing", at: info)
        }
        guard let text = version.scalarText, !version.isNull else {
            return note("invalid-info", .error, "`info.version` is \(version.kind.noun), expected text", at: version)
        }
        if text.utf8.count > Admission.versionBytesMax {
            let message =
                "`info.version` is \(text.utf8.count) bytes long, at most \(Admission.versionBytesMax) are taken"
            return refuse("info-version", message, at: version)
        }
        if version.kind != .string {
            // `1.10` would be `1.1` to a reader that takes it for a number.
            let message = "`info.version` is \(version.kind.noun), read as the text `\(text)`"
            note("info-version", .warning, message, help: "write `version: '\(text)'`", at: version)
        }
        let help = "use letters, digits, `.`, `-`, `_` and `+`"
        if text.unicodeScalars.contains(where: Self.breaksSegments) || text == "." || text == ".." {
            let message =
                "`info.version` is used in addresses: it holds a character that would make another address of it"
            note("info-version", .error, message, help: help, at: version)
        } else if text.unicodeScalars.contains(where: Self.needsEncoding) {
            note(
                "info-version",
                .warning,
                "`info.version` holds a character that addresses must encode",
                help: help,
                at: version
            )
        }
    }

    private mutating func reviewTitle(_ info: Node) {
        guard let title = info["title"] else {
            return note("invalid-info", .error, "`info.title` is missing", at: info)
        }
        guard let text = title.string else {
            return note("invalid-info", .error, "`info.title` is \(title.kind.noun), expected text", at: title)
        }
        if text.utf8.count > Admission.titleBytesMax {
            let message = "`info.title` is \(text.utf8.count) bytes long, at most \(Admission.titleBytesMax) are taken"
            refuse("info-title", message, at: title)
        }
        if ["no", "yes", "on", "off", "n", "y"].contains(text.lowercased()),
            document.byteRange(title.id).count == text.utf8.count
        {
            let message = "`\(text)` without quotes is a boolean to readers of YAML 1.1; it is read as text here"
            note("yaml-boolean", .warning, message, help: "write `'\(text)'`", at: title)
        }
    }

    /// Characters that end a path segment or hide one (RFC 3986 section 3.3).
    private static func breaksSegments(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "\\", "?", "#", "%": true
        default: scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        }
    }

    /// Characters beyond `pchar`.
    private static func needsEncoding(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\"", "'", "<", ">", "^", "`", "{", "|", "}": true
        default: scalar.value >= 0x80
        }
    }

    /// Servers are for people: one that names a private address is worth a look, as nothing will ever connect to it.
    mutating func reviewServers() {
        for server in openAPI.servers {
            let address = ServerAddress(server.resolvedURL)
            let place = server.node["url"] ?? server.node["host"] ?? server.node
            if let scheme = address.scheme, !["http", "https", "ws", "wss"].contains(scheme) {
                note(
                    "server-address",
                    .warning,
                    "server with scheme `\(scheme)`: APIs are served by http and https",
                    at: place
                )
            } else if address.isPrivate {
                note(
                    "server-address",
                    .information,
                    "server `\(address.host)` is a private address; it is not used for routing",
                    at: place
                )
            }
        }
    }
}

/// The parts of a server's URL that matter here (RFC 3986), without resolving anything.
struct ServerAddress {
    /// In lower case; nil for a relative URL.
    let scheme: String?
    /// Without port and user; empty for a relative URL.
    let host: String

    init(_ url: String) {
        guard let colon = url.firstRange(of: "://") else {
            scheme = nil
            host = ""
            return
        }
        scheme = url[..<colon.lowerBound].lowercased()
        let authority = url[colon.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        if place.first == "[" {
            host = String(place.dropFirst().prefix { $0 != "]" })
        } else {
            host = place.prefix { $0 != ":" }.lowercased()
        }
    }

    /// Loopback, link-local, private or local names (RFC 1918, 3927, 4193, 6761).
    var isPrivate: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host.hasSuffix(".local")
            || host.hasSuffix(".internal")
        {
            return true
        }
        if host.contains(":") {
            let text = host.lowercased()
            return text == "::1" || text == "::" || text.hasPrefix("fc") || text.hasPrefix("fd")
                || text.hasPrefix("fe80")
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, let first = parts[0], let second = parts[1], parts[2] != nil, parts[3] != nil else {
            return false
        }
        switch (first, second) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (172, 16...31): return true
        default: return false
        }
    }
}
