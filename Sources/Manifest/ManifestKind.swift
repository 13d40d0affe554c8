/// What a manifest describes: the value of `kind`.
public enum ManifestKind: String, Hashable, Sendable, CaseIterable {
    case team = "Team"
    case api = "Api"
    case apiVersion = "ApiVersion"
    case upstream = "Upstream"
    case plan = "Plan"
    case application = "Application"
    case subscription = "Subscription"
    case credential = "Credential"
    case environment = "Environment"
    case ruleset = "Ruleset"
    case policy = "Policy"
    case certificate = "Certificate"
    case authProvider = "AuthProvider"

    /// Whether manifests of this kind are read; the others are known by name and refused with a finding of their own.
    public var isSupported: Bool {
        switch self {
        case .team, .api, .apiVersion, .upstream, .plan, .application, .subscription, .credential, .environment,
            .ruleset,
            .policy:
            true
        case .certificate, .authProvider: false
        }
    }

    /// The value of `apiVersion` in every manifest.
    public static let schemaVersion = "gatehouse.dev/v1"
}
