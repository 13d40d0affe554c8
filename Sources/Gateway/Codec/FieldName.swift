/// What a field means to the gateway itself. Everything else is `ordinary` and goes through as it came.
enum FieldRole: UInt8 {
    /// Forwarded unchanged unless an API says otherwise.
    case ordinary
    /// Routing reads it; written anew.
    case host
    /// Framing (RFC 9112 §6): read, and made anew from the parsed message, never copied.
    case contentLength
    /// Framing; as above.
    case transferEncoding
    /// Names the fields to remove (RFC 9110 §7.6.1); never forwarded.
    case connection
    /// Answered here; never forwarded.
    case expect
    /// Hop by hop even where `Connection` does not name it; never forwarded.
    case hopByHop
    /// A client's word about something that only a proxy in front may state (peer address, original URL, method
    /// override); never forwarded.
    case claim
    /// May hold the key.
    case authorization
    /// May hold the key.
    case cookie
    /// Gatehouse's own key field; never forwarded.
    case gatehouseKey
    /// May name a version.
    case accept
    /// Taken over when it is well formed; written anew.
    case requestID
    /// Read and written anew where the gateway takes part in traces.
    case traceParent
    /// Passed on where it is well formed and belongs to a context that is.
    case traceState
    /// In responses: merged with ours.
    case link
    /// In responses: replaced by ours where we state one.
    case deprecation
    /// In responses: replaced by ours where we state one.
    case sunset
    /// In responses: merged with ours.
    case vary
    /// In responses: fields that the gateway states; an upstream's copy is dropped.
    case gatewayStatement
    /// Another spelling (`_` or `.` for `-`) of a name with a role: some backends fold those, so it is never forwarded.
    case alias
}

/// The folded hash of field names, and the roles of the names the gateway knows.
///
/// Names are folded to lower case with `_` and `.` as `-`: CGI-style backends read those as one and the same field, so
/// `X_Gateway_Auth` must not get past a rule about `X-Gateway-Auth`.
final class FieldNames: Sendable {
    private struct Slot {
        var hash: UInt32 = 0
        var nameStart: UInt16 = 0
        var length: UInt8 = 0
        var role = FieldRole.ordinary
    }

    private static let slotCount = 256
    private let slots: InlineArray<256, Slot>
    private let names: [UInt8]
    /// For every byte: its folded form, or 0 where no field name may hold it. In the object itself, so that reading a
    /// name costs one load a byte.
    let folded: InlineArray<256, UInt8>

    private init(_ known: [(String, FieldRole)]) {
        var slots = InlineArray<256, Slot>(repeating: Slot())
        var names: [UInt8] = []
        for (name, role) in known {
            let bytes = Array(name.utf8)
            let hash = Self.hash(of: name)
            var index = Int(hash) & (Self.slotCount - 1)
            while slots[index].length != 0 { index = (index + 1) & (Self.slotCount - 1) }
            slots[index] = Slot(
                hash: hash,
                nameStart: UInt16(names.count),
                length: UInt8(bytes.count),
                role: role
            )
            names += bytes
        }
        self.slots = slots
        self.names = names
        folded = InlineArray<256, UInt8> { index in
            let byte = UInt8(index)
            return ByteClass.isToken(byte) ? FieldNames.fold(byte) : 0
        }
    }

    /// The role of the name in `range` with this folded hash.
    @inline(__always)
    func role(hash: UInt32, in bytes: Span<UInt8>, _ range: Range<Int>) -> FieldRole {
        var index = Int(hash) & (Self.slotCount - 1)
        while slots[index].length != 0 {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.length) == range.count {
                return compare(slot, bytes, range)
            }
            index = (index + 1) & (Self.slotCount - 1)
        }
        return .ordinary
    }

    private func compare(_ slot: Slot, _ bytes: Span<UInt8>, _ range: Range<Int>) -> FieldRole {
        let names = self.names
        if bytes.isName(range, names.span, at: Int(slot.nameStart)) { return slot.role }
        for offset in 0..<range.count
        where Self.fold(bytes[range.lowerBound + offset]) != names[Int(slot.nameStart) + offset] {
            return .ordinary
        }
        return .alias
    }

    /// Lower case, and `_` and `.` as `-`.
    @_noAllocation @_noLocks @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 {
        if byte &- 0x41 < 26 { return byte | 0x20 }
        return byte == ASCII.underscore || byte == ASCII.dot ? ASCII.dash : byte
    }

    /// The start value of a folded hash.
    static let hashSeed: UInt32 = 0x811C_9DC5

    /// One step of the folded hash (FNV-1a over folded bytes). Collisions are settled by comparing the names.
    @_noAllocation @_noLocks @inline(__always)
    static func hashStep(_ hash: UInt32, _ byte: UInt8) -> UInt32 { hashStep(hash, folded: fold(byte)) }

    /// The same for a byte that is folded already.
    @_noAllocation @_noLocks @inline(__always)
    static func hashStep(_ hash: UInt32, folded byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

    /// The folded hash of a name.
    static func hash(of name: String) -> UInt32 { name.utf8.reduce(hashSeed) { hashStep($0, $1) } }

    /// Whether `range` folds to the same name as `name`.
    @_noAllocation @_noLocks
    static func folds(_ bytes: Span<UInt8>, _ range: Range<Int>, to name: [UInt8]) -> Bool {
        guard range.count == name.count else { return false }
        for offset in 0..<range.count where fold(bytes[range.lowerBound + offset]) != fold(name[offset]) {
            return false
        }
        return true
    }

    private static let hopByHop: [(String, FieldRole)] = [
        "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "http2-settings", "proxy-authorization",
        "proxy-authenticate", "proxy-authentication-info",
    ].map { ($0, .hopByHop) }

    /// For requests.
    static let request = makeRequest()
    /// For responses.
    static let response = makeResponse()

    /// ``request`` as an object of its own.
    static func makeRequest() -> FieldNames {
        FieldNames(
            hopByHop + [
                ("host", .host), ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
                ("connection", .connection), ("expect", .expect), ("authorization", .authorization),
                ("cookie", .cookie),
                ("gatehouse-key", .gatehouseKey), ("accept", .accept), ("x-request-id", .requestID),
                ("traceparent", .traceParent), ("tracestate", .traceState),
            ]
                + [
                    "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port",
                    "x-forwarded-prefix",
                    "x-forwarded-server", "x-forwarded-scheme", "x-forwarded-ssl", "x-forwarded-uri",
                    "x-forwarded-path",
                    "x-forwarded-method", "x-scheme", "front-end-https", "forwarded", "x-real-ip", "x-client-ip",
                    "true-client-ip", "cf-connecting-ip", "x-cluster-client-ip", "x-originating-ip", "x-original-url",
                    "x-rewrite-url", "x-original-uri", "x-original-host", "x-http-method-override", "x-http-method",
                    "x-method-override", "x-host",
                ].map { ($0, .claim) }
        )
    }

    /// ``response`` as an object of its own.
    static func makeResponse() -> FieldNames {
        FieldNames(
            hopByHop + [
                ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
                ("connection", .connection),
                ("x-request-id", .requestID), ("link", .link), ("deprecation", .deprecation), ("sunset", .sunset),
                ("vary", .vary), ("api-version", .gatewayStatement), ("ratelimit", .gatewayStatement),
                ("ratelimit-policy", .gatewayStatement), ("proxy-status", .gatewayStatement),
            ]
        )
    }
}
