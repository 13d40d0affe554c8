/// A request head, parsed to offsets into the bytes it was read from. Reused from request to request, so that reading
/// a head allocates nothing once the field list has grown.
struct RequestHead {
    /// The forms of a request target (RFC 9112 §3.2).
    enum TargetForm: UInt8 {
        /// `/path?query`
        case origin
        /// `http://authority/path?query`
        case absolute
        /// `*`, with OPTIONS only.
        case asterisk
    }

    /// One past the head's empty line.
    var length = 0
    var method = 0..<0
    var form = TargetForm.origin
    /// The path as received; empty where an absolute form has none.
    var path = 0..<0
    /// The query without its `?`; nil where there is no `?`.
    var query: Range<Int>?
    /// Host and port: from an absolute target, else from `Host`; nil only in HTTP/1.0.
    var authority: Range<Int>?
    /// 0 for HTTP/1.0, 1 for HTTP/1.1 and every later minor version.
    var minorVersion: UInt8 = 1
    /// Whether the path needs more than copying: escapes, dot segments.
    var pathIsPlain = true
    /// The body's length where `Content-Length` states it.
    var contentLength: Int?
    var isChunked = false
    /// Whether the client wants or needs the connection closed after the answer.
    var closes = false
    var expectsContinue = false
    var fields: ContiguousArray<FieldLine> = []
    /// The last `Host` that was found well formed: most requests carry the same, which then need not be judged again.
    private var goodHost: [UInt8] = []

    /// Whether a body follows the head. Without `Content-Length` and `Transfer-Encoding` there is none (RFC 9112 §6.3).
    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    init() {}

    /// Whether `range` is a well-formed authority.
    mutating func isAuthority(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if range.count == goodHost.count, !range.isEmpty {
            var difference: UInt8 = 0
            let known = goodHost.span
            for offset in 0..<range.count { difference |= bytes[range.lowerBound &+ offset] ^ known[offset] }
            if difference == 0 { return true }
        }
        guard Authority.isValid(bytes, range) else { return false }
        goodHost.removeAll(keepingCapacity: true)
        goodHost.append(bytes.extracting(range))
        return true
    }
}
