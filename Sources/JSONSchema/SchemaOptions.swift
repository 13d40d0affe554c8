/// How schemas are compiled and applied.
public struct SchemaOptions: Hashable, Sendable {
    /// The dialect of schemas that have no `$schema`, or one that is not known.
    public var dialect: SchemaDialect
    /// Whether `format` fails where it does not hold. Off by default, as the specification has it; Ajv and Spectral check.
    public var assertsFormats: Bool
    /// Whether to go on after the first violation of a schema.
    public var collectsAll: Bool
    /// What bounds the work.
    public var limits: SchemaLimits

    /// Makes options.
    public init(
        dialect: SchemaDialect = .draft2020_12,
        assertsFormats: Bool = false,
        collectsAll: Bool = true,
        limits: SchemaLimits = .default
    ) {
        self.dialect = dialect
        self.assertsFormats = assertsFormats
        self.collectsAll = collectsAll
        self.limits = limits
    }
}
