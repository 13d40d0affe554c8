/// Codes of the compiler's findings; stable, they are documented.
public enum CompilationCode {
    /// Two operations, or two APIs, would take the same requests.
    public static let routeConflict = "route-conflict"
    /// Two paths of one document that differ only by names of parameters, with different methods.
    public static let equivalentPaths = "equivalent-paths"
    /// A path that cannot be routed.
    public static let pathTemplate = "path-template"
    /// An `operationId` that stands twice.
    public static let repeatedOperationID = "repeated-operation-id"
    /// A security scheme that is required and not declared.
    public static let undeclaredScheme = "undeclared-security-scheme"
    /// A security scheme that no request can meet.
    public static let invalidScheme = "invalid-security-scheme"
    /// `security` that cannot be understood.
    public static let unreadableSecurity = "unreadable-security"
    /// `security: verify`, and an operation that no bound verifier can let anybody into.
    public static let noVerifierBound = "no-verifier-bound"
    /// A version without an upstream, or with one that does not exist.
    public static let unknownUpstream = "unknown-upstream"
    /// A target's URL that is none.
    public static let invalidTarget = "invalid-target"
    /// A default version or a pin that does not exist.
    public static let unknownVersion = "unknown-version"
    /// A version's name that stands twice in an API.
    public static let repeatedVersion = "repeated-version"
    /// A pass-through API with versions.
    public static let passthroughWithVersions = "passthrough-with-versions"
    /// A plan that grants an operation that no version has.
    public static let unknownOperation = "unknown-operation"
    /// A limit that cannot be enforced.
    public static let invalidLimit = "invalid-limit"
    /// Two credentials with one key.
    public static let repeatedKey = "repeated-key"
    /// A definition that cannot be loaded.
    public static let unreadableDefinition = "unreadable-definition"
    /// Anything else that the routing table refuses.
    public static let unroutable = "unroutable"
}
