public import DocumentTree
public import RoutingTable

/// Two APIs that would take the same requests. Each side names an operation where one is concerned.
public struct RouteConflict: Hashable, Sendable {
    /// One side.
    public struct Claim: Hashable, Sendable {
        public let api: String
        public let version: String?
        public let operation: RoutingContent.Operation?
        /// Host pattern and base path, for example `/orders` or `api.example.com/orders`.
        public let base: String

        var text: String {
            guard let operation, let version else { return "api `\(api)` (every path below `\(base)`)" }
            return "api `\(api)` version `\(version)` \(operation.claim)"
        }
    }

    public let first: Claim
    public let second: Claim
    /// Why the two meet, as the end of a sentence.
    public let reason: String

    /// The conflict as a finding at the first claim's place that is known.
    public var finding: Finding {
        let message = "\(first.text) and \(second.text) \(reason)"
        let help = "give one of the two APIs another base path or host"
        guard let side = first.operation?.source != nil ? first : second.operation?.source != nil ? second : nil,
            let operation = side.operation
        else {
            return .about("api `\(first.api)`", code: CompilationCode.routeConflict, message: message, help: help)
        }
        return .about(operation, of: side.api, code: CompilationCode.routeConflict, message: message, help: help)
    }
}
