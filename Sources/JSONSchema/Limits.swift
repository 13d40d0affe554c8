/// What bounds compiling a schema and validating with it, by name. Schemas and instances both come from strangers.
public struct SchemaLimits: Hashable, Sendable {
    /// How many schemas one program may hold.
    public var schemasMax = 500_000
    /// How many problems of a schema are reported before compiling stops collecting them.
    public var problemsMax = 200
    /// How deeply schemas may be applied inside one another. A reference that leads back to itself without going deeper
    /// into the instance ends here. Sized so that the deepest document fits, and the deepest recursion fits a stack of 8 MiB.
    public var depthMax = 3_000
    /// How many times a schema may be applied in one validation; an explosion of `anyOf` over references ends here.
    public var stepsMax = 20_000_000
    /// How many violations are noted down in one validation; further ones only make it fail.
    public var violationsMax = 10_000
    /// The longest array whose elements `uniqueItems` compares.
    public var uniqueItemsMax = 1_000_000

    /// Makes the limits that the product uses unless told otherwise.
    public init() {}

    /// The limits that the product uses unless told otherwise.
    public static let `default` = SchemaLimits()
}
