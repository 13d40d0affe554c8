internal import ProblemDetails
internal import RoutingTable

/// What the phases decided about a request, and everything they learnt on the way: small values only.
struct Decision {
    var api: APIIndex?
    var version: VersionIndex?
    var versionSource: VersionSource?
    var operation: OperationIndex?
    var credential: CredentialIndex?
    var application: ApplicationIndex?
    var subscription: SubscriptionIndex?
    /// The limits that were asked, after asking.
    var limits: LimitSet?
    /// Where in the canonical path the upstream's own path begins.
    var rest = 0
    /// Whether a key has to be cut out of the query or of `Cookie`.
    var cutsQuery = false
    var cutsCookie = false
    /// Where to send it; nil when the request is refused.
    var upstream: UpstreamIndex?
    /// Why it is refused.
    var denial: Denied?
}

/// Why the phases refuse a request.
struct Denied: Error {
    let code: ProblemCode
    /// One fixed sentence where the problem's title does not say enough.
    let text: StaticString

    init(_ code: ProblemCode, _ text: StaticString = "") {
        self.code = code
        self.text = text
    }
}

/// The key a connection showed last, with its SHA-256: clients show the same one over and over.
struct KeyCache {
    private var key: [UInt8] = []
    private var digest = Digest32.zero

    /// Keys longer than this are hashed each time.
    private static let bytesMax = 256

    /// The SHA-256 of a key when it is the last one that was well formed; nil otherwise.
    ///
    /// The whole of both is compared whatever the first bytes say: a proxy in front may carry several callers over one
    /// connection, and none may time the other's key.
    func known(_ key: Span<UInt8>) -> Digest32? {
        guard key.count == self.key.count, key.count > 0 else { return nil }
        let last = self.key.span
        var difference: UInt8 = 0
        for index in 0..<key.count { difference |= key[index] ^ last[index] }
        return difference == 0 ? digest : nil
    }

    /// The SHA-256 of a key, which is remembered.
    mutating func digest(of key: Span<UInt8>) -> Digest32 {
        let fresh = KeyDigest.make(key)
        if key.count <= Self.bytesMax {
            self.key.removeAll(keepingCapacity: true)
            self.key.append(key)
            digest = fresh
        }
        return fresh
    }
}
