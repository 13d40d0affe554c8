/// A text that is shown once, in the answer that made it: a token or a key.
///
/// It encodes as null, so that neither a stored result nor a log holds it; a retry with the same idempotency key gets the
/// result without the secret.
public struct Secret: Sendable, Codable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text; nil when the result was read back.
    public let text: String?

    /// Every field as it stands.
    public init(_ text: String?) { self.text = text }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws { text = nil }

    /// Writes the text that ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }

    /// More text for people; may be empty.
    public var description: String { "(secret)" }
    /// Never the text.
    public var debugDescription: String { "(secret)" }
}
