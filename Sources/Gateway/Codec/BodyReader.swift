/// Where the body of a message ends, and which of the bytes at hand belong to it.
enum BodyReader {
    /// There is no body, or it has been read to its end.
    case none
    /// So many bytes are still to come.
    case length(Int)
    case chunked(ChunkedDecoder)
    /// Everything until the connection closes (responses only, RFC 9112 §6.3).
    case untilClose

    /// Whether nothing more of the body is to come.
    var isDone: Bool {
        if case .none = self { true } else { false }
    }
}
