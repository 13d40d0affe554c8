public import DocumentTree
import HTTPTypes
import Hummingbird

/// A request as a mock got it.
public struct RecordedRequest: Sendable {
    /// The method as on the wire.
    public let method: String
    /// The request target, path and query as on the wire.
    public let target: String
    /// Every field in order, names as on the wire, `Host` first.
    public let fields: [(name: String, value: String)]
    /// The body's bytes.
    public let body: [UInt8]

    init(_ request: Request, body: [UInt8]) {
        method = request.method.rawValue
        target = request.uri.string
        let host = request.head.authority.map { [(name: "Host", value: $0)] } ?? []
        fields = host + request.headers.map { (name: $0.name.rawName, value: $0.value) }
        self.body = body
    }

    /// One JSON object: `method`, `target`, `fields` (a list of pairs) and `body` in hexadecimal.
    public var json: JSONValue {
        .object([
            ("method", .string(method)),
            ("target", .string(target)),
            ("fields", .array(fields.map { .array([.string($0.name), .string($0.value)]) })),
            ("body", .string(body.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())),
        ])
    }
}
