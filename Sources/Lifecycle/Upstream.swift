public import UpstreamRules

/// Where requests go: a named set of targets. A stored upstream never changes; another content is another row of the same name.
public struct Upstream: Hashable, Sendable, Codable {
    /// Where a share of the requests goes.
    public struct Target: Hashable, Sendable, Codable {
        /// `http` or `https`.
        public var scheme: String
        /// A name or an address.
        public var host: String
        /// 1 to 65535.
        public var port: Int
        /// Goes before the specification's path; empty or starting with `/`, never ending with one.
        public var path: String
        /// 0 to 1000, relative to the other targets.
        public var weight: Int
        /// 0 to 15; targets of a greater number are used while no target of a smaller one can be.
        public var priority: Int

        /// Every field as it stands.
        public init(scheme: String, host: String, port: Int, path: String, weight: Int = 100, priority: Int = 0) {
            self.scheme = scheme
            self.host = host
            self.port = port
            self.path = path
            self.weight = weight
            self.priority = priority
        }

        /// As a URL, without the weight.
        public var url: String {
            let name = host.contains(":") ? "[\(host)]" : host
            return "\(scheme)://\(name):\(port)\(path)"
        }
    }

    /// Its identifier.
    public var id: UpstreamID
    /// The name that people use.
    public var name: String
    /// Where requests go, at least one.
    public var targets: [Target]
    /// Limit on making a connection.
    public var connectTimeoutMilliseconds: Int
    /// Limit from the request's end to the answer's head.
    public var headerTimeoutMilliseconds: Int
    /// Limit between two reads or writes of a body.
    public var idleTimeoutMilliseconds: Int
    /// Balance, health, limits, retries, discovery and TLS.
    public var policy: UpstreamPolicy
    /// SHA-256 of everything but the name, in canonical form.
    public var sha256: [UInt8]

    /// Every field as it stands.
    public init(
        id: UpstreamID,
        name: String,
        targets: [Target],
        connectTimeoutMilliseconds: Int = 5000,
        headerTimeoutMilliseconds: Int = 60_000,
        idleTimeoutMilliseconds: Int = 60_000,
        policy: UpstreamPolicy = UpstreamPolicy(),
        sha256: [UInt8] = []
    ) {
        self.id = id
        self.name = name
        self.targets = targets
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.headerTimeoutMilliseconds = headerTimeoutMilliseconds
        self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
        self.policy = policy
        self.sha256 = sha256
    }

    /// One line for each target in order, then the timeouts, then what differs from the default policy: what ``sha256`` is
    /// taken of. An upstream that uses none of it has the text it had before there was a policy.
    public var canonicalText: String {
        var text = ""
        for target in targets {
            text += "\(target.scheme) \(target.host) \(target.port) \(target.path) \(target.weight)"
            text += target.priority == 0 ? "\n" : " \(target.priority)\n"
        }
        text += "\(connectTimeoutMilliseconds) \(headerTimeoutMilliseconds) \(idleTimeoutMilliseconds)\n"
        return text + (policy == UpstreamPolicy() ? "" : policy.canonicalText)
    }
}

extension Upstream.Target {
    private enum CodingKeys: String, CodingKey {
        case scheme
        case host
        case port
        case path
        case weight
        case priority
    }

    /// Reads what was stored; a target from before there were priorities has the first.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        scheme = try values.decode(String.self, forKey: .scheme)
        host = try values.decode(String.self, forKey: .host)
        port = try values.decode(Int.self, forKey: .port)
        path = try values.decode(String.self, forKey: .path)
        weight = try values.decode(Int.self, forKey: .weight)
        priority = try values.decodeIfPresent(Int.self, forKey: .priority) ?? 0
    }
}

extension Upstream.Target {
    /// Why a text is no target.
    public enum Malformed: Error, Hashable, Sendable {
        case notHTTP
        case noHost
        case badPort
        case hasUserInformation
        case hasQueryOrFragment
        case badCharacter
    }

    /// Reads `http://host[:port][/path]` (RFC 3986 §3); user information, query and fragment are refused.
    ///
    /// - Throws: ``Malformed``.
    public init(url: String, weight: Int = 100, priority: Int = 0) throws(Malformed) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .badCharacter }
        let rest: Substring
        let lowered = url.lowercased()
        if lowered.hasPrefix("http://") {
            scheme = "http"
            rest = url.dropFirst(7)
        } else if lowered.hasPrefix("https://") {
            scheme = "https"
            rest = url.dropFirst(8)
        } else {
            throw .notHTTP
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw .hasQueryOrFragment }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else { throw .hasUserInformation }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        let (host, port) = try Self.split(authority)
        guard !host.isEmpty else { throw .noHost }
        self.host = host
        if port.isEmpty {
            self.port = scheme == "https" ? 443 : 80
        } else {
            guard let number = Int(port), (1...65_535).contains(number),
                port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
            else { throw .badPort }
            self.port = number
        }
        self.path = path
        self.weight = weight
        self.priority = priority
    }

    /// Host without brackets in lower case, and the digits after the colon.
    private static func split(_ authority: Substring) throws(Malformed) -> (host: String, port: Substring) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .noHost }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .badPort }
            guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw .badCharacter }
            return (host.lowercased(), rest.dropFirst())
        }
        let host = authority.prefix { $0 != ":" }
        let allowed = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        guard allowed else { throw .badCharacter }
        let rest = authority.dropFirst(host.count)
        guard rest.isEmpty || rest.count > 1 else { throw .badPort }
        return (host.lowercased(), rest.dropFirst())
    }
}
