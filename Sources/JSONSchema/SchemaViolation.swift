public import DocumentTree

/// One place where an instance does not fit its schema.
public struct SchemaViolation: Hashable, Sendable {
    /// The keyword that failed, `false schema` for the schema `false`, `errorMessage` where the schema has its own words.
    public let keyword: String
    /// The instance that failed: the whole mapping for a missing or an additional property.
    public let instance: Node
    /// The schema whose keyword failed: a mapping, or the boolean `false`.
    public let schema: Node
    /// What exactly failed.
    public let detail: Detail
    /// For `anyOf`, `oneOf`, `propertyNames` and `errorMessage`: what failed inside, in order. (`if` has no violations of its
    /// own: the branch that applies is known.)
    public let causes: [SchemaViolation]
    /// Whether this says "could not be decided" rather than "is wrong": a search ran into a limit, a reference leads nowhere.
    public let isUndecided: Bool

    /// The steps to the failing instance from the root of its document.
    public var instancePath: [PathSegment] { instance.path }

    /// The place to show: the property that should not be there where there is one, else the instance itself.
    public var place: Node { detail.propertyName.flatMap { instance[$0] } ?? instance }

    /// Where the failing keyword stands in its document, as a URI fragment: `#/properties/name/type`.
    public var schemaLocation: String {
        let pointer = schema.pointer
        return (keyword == Self.falseSchema ? pointer : pointer.appending(keyword)).fragment
    }

    /// This violation and its causes in Ajv's order: what failed in the branches first.
    public var flattened: [SchemaViolation] { causes.flatMap(\.flattened) + [self] }

    static let falseSchema = "false schema"

    /// The values that a message names.
    public enum Detail: Hashable, Sendable {
        /// Nothing beyond the keyword: `not`, `oneOf` without a fit, `false schema`.
        case none
        /// `type`: one of these was expected.
        case type(expected: [String])
        /// `minimum` and its kin: the comparison that should hold (`>=`, `>`, `<=`, `<`) with the limit as written.
        case comparison(String, limit: String)
        /// `minLength`, `maxItems`, `minProperties` and their kin.
        case count(limit: Int)
        /// `multipleOf`: the divisor as written.
        case multipleOf(String)
        /// `pattern`: the pattern as written.
        case pattern(String)
        /// `format`: its name.
        case format(String)
        /// `enum`: the allowed values.
        case allowedValues([JSONValue])
        /// `const`: the only value.
        case allowedValue(JSONValue)
        /// `required`: the property that is missing.
        case missingProperty(String)
        /// `dependentRequired` and `dependencies`: what is missing because of what is there.
        case missingDependency(String, becauseOf: String)
        /// `additionalProperties`: the property that should not be there.
        case additionalProperty(String)
        /// `unevaluatedProperties`: the property that should not be there.
        case unevaluatedProperty(String)
        /// `propertyNames`: the name that does not fit.
        case propertyName(String)
        /// `additionalItems`, `items` after `prefixItems`, `unevaluatedItems`: how many items there may be.
        case surplusItems(limit: Int)
        /// `uniqueItems`: the indices of two equal items, the later first.
        case duplicateItems(Int, Int)
        /// `contains`: how many items should fit.
        case contains(least: Int, most: Int?)
        /// `oneOf`: the branches that fit, where more than one does.
        case passingSchemas([Int])
        /// `errorMessage`: the sentence that the schema's author wrote, to be shown as it is.
        case custom(String)
        /// Why nothing could be decided.
        case undecided(String)

        /// The property that a violation is about.
        var propertyName: String? {
            switch self {
            case .additionalProperty(let name), .unevaluatedProperty(let name), .propertyName(let name): name
            default: nil
            }
        }
    }
}
