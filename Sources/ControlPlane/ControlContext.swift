public import Hummingbird
import Lifecycle
import Logging
import NIOCore

/// What one request carries through the control plane: its id, its peer, and who sent it.
public struct ControlContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The peer's address as text, for the audit; nil where the socket has none.
    let peer: String?
    /// Echoed from `X-Request-Id` where that is harmless, else made.
    var requestID: String
    /// Who acts; nil until authentication has run, and on the few open operations.
    var actor: Actor?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        requestID = RequestID.make()
        actor = nil
    }
}

/// `X-Request-Id`: short, printable, safe in a log line.
enum RequestID {
    static let lengthMax = 128

    /// 128 random bits in hexadecimal.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let (high, low) = (generator.next(), generator.next())
        return hexadecimal(high) + hexadecimal(low)
    }

    /// The client's own id where it is harmless; nil else.
    static func accepted(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= lengthMax else { return nil }
        let harmless = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return harmless ? text : nil
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
