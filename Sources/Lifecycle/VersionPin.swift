/// Holds a subscription or a credential to one version of an API.
public struct VersionPin: Hashable, Sendable, Codable {
    /// What a pin does with a request that names another version.
    public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// Only stands in where the request names no version.
        case soft
        /// Wins: the request is answered 409.
        case hard
    }

    /// The name of the API.
    public let api: String
    /// The version's exact name.
    public let version: String
    /// Soft or hard.
    public let mode: Mode
    /// From this moment on the pin counts no more; nil for good.
    public let expiresAt: Moment?

    /// A pin.
    public init(api: String, version: String, mode: Mode = .soft, expiresAt: Moment? = nil) {
        self.api = api
        self.version = version
        self.mode = mode
        self.expiresAt = expiresAt
    }
}
