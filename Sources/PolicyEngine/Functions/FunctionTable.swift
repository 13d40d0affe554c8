/// The functions that rules can name.
///
/// A new function is one file in this folder and one row here.
enum FunctionTable {
    private typealias Make = @Sendable (FunctionOptions) throws(OptionsRejected) -> any RuleFunction

    /// The names, sorted.
    static var names: [String] { rows.keys.sorted() }

    /// Makes the function of a name with its options; nil for a name that no function has.
    static func make(_ name: String, _ options: FunctionOptions) throws(OptionsRejected) -> (any RuleFunction)? {
        guard let make = rows[name] else { return nil }
        return try make(options)
    }

    private static let rows: [String: Make] = [
        "alphabetical": { (options) throws(OptionsRejected) in try Alphabetical(options) },
        "casing": { (options) throws(OptionsRejected) in try Casing(options) },
        "checkSecurity": { (options) throws(OptionsRejected) in try CheckSecurity(options) },
        "consistentCasing": { (options) throws(OptionsRejected) in try ConsistentCasing(options) },
        "defined": { (options) throws(OptionsRejected) in try Presence(.defined, options) },
        "differentSecuritySchemes": { (options) throws(OptionsRejected) in try DifferentSecuritySchemes(options) },
        "discriminatorMapping": { (options) throws(OptionsRejected) in try DiscriminatorMappingFunction(options) },
        "enumeration": { (options) throws(OptionsRejected) in try Enumeration(options) },
        "falsy": { (options) throws(OptionsRejected) in try Presence(.falsy, options) },
        "length": { (options) throws(OptionsRejected) in try Length(options) },
        "oasDiscriminator": { (options) throws(OptionsRejected) in try OASDiscriminator(options) },
        "oasDocumentSchema": { (options) throws(OptionsRejected) in try OASDocumentSchema(options) },
        "oasExample": { (options) throws(OptionsRejected) in try OASExample(options) },
        "oasOpFormDataConsumeCheck": { (options) throws(OptionsRejected) in try OASOpFormDataConsumeCheck(options) },
        "oasOpIdUnique": { (options) throws(OptionsRejected) in try OASOpIdUnique(options) },
        "oasOpParams": { (options) throws(OptionsRejected) in try OASOpParams(options) },
        "oasOpSuccessResponse": { (options) throws(OptionsRejected) in try OASOpSuccessResponse(options) },
        "oasPathParam": { (options) throws(OptionsRejected) in try OASPathParam(options) },
        "oasSchema": { (options) throws(OptionsRejected) in try OASSchema(options) },
        "oasSecurityDefined": { (options) throws(OptionsRejected) in try OASSecurityDefined(options) },
        "oasTagDefined": { (options) throws(OptionsRejected) in try OASTagDefined(options) },
        "oasUnusedComponent": { (options) throws(OptionsRejected) in try OASUnusedComponent(options) },
        "or": { (options) throws(OptionsRejected) in try Xor(options) },
        "pathTemplate": { (options) throws(OptionsRejected) in try PathTemplateFunction(options) },
        "pattern": { (options) throws(OptionsRejected) in try Pattern(options) },
        "patternRisk": { (options) throws(OptionsRejected) in try BoundedPattern(options) },
        "refSiblings": { (options) throws(OptionsRejected) in try RefSiblings(options) },
        "schema": { (options) throws(OptionsRejected) in try SchemaFunction(options) },
        "serverVariables": { (options) throws(OptionsRejected) in try ServerVariables(options) },
        "similarPaths": { (options) throws(OptionsRejected) in try SimilarPaths(options) },
        "truthy": { (options) throws(OptionsRejected) in try Presence(.truthy, options) },
        "typedEnum": { (options) throws(OptionsRejected) in try TypedEnum(options) },
        "undefined": { (options) throws(OptionsRejected) in try Presence(.undefined, options) },
        "uniquenessTags": { (options) throws(OptionsRejected) in try UniquenessTags(options) },
        "unreferencedReusableObject": { (options) throws(OptionsRejected) in try UnreferencedReusableObject(options) },
        "xor": { (options) throws(OptionsRejected) in try Xor(options) },
    ]
}
