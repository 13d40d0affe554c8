internal import DocumentTree

/// `oasUnusedComponent`: every reusable component of an OpenAPI 3 document is used by some reference.
///
/// Security schemes are used by name and not looked at. A schema that a discriminator's mapping names is used.
struct OASUnusedComponent: RuleFunction {
    private static let kinds = [
        "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks",
    ]

    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let document = context.document
        guard let components = document.child(document.rootID, key: "components") else { return [] }
        let mapped = DiscriminatorMapping.schemaNames(in: context)
        var complaints: [Complaint] = []
        for kind in Self.kinds {
            guard let objects = document.child(components, key: kind), document.kind(objects) == .mapping else {
                continue
            }
            for unused in UnreferencedReusableObject.unused(in: objects, context) {
                if kind == "schemas", let name = document.key(unused), mapped.contains(name) { continue }
                complaints.append(Complaint("Potentially unused component has been detected.", at: unused))
            }
        }
        return complaints
    }
}

/// `mapping` of discriminators, whose values are schema names or references.
enum DiscriminatorMapping {
    /// The values with their places.
    static func entries(in context: LintContext) -> [(place: NodeID, text: String)] {
        let document = context.document
        return context.linted.raw.nodes(withKey: "discriminator").flatMap { discriminator in
            guard let mapping = document.child(discriminator, key: "mapping"), document.kind(mapping) == .mapping else {
                return [(place: NodeID, text: String)]()
            }
            return document.children(mapping).compactMap { place in document.string(place).map { (place, $0) } }
        }
    }

    /// The names of component schemas that mappings lead to, as bare names or as references.
    static func schemaNames(in context: LintContext) -> Set<String> {
        Set(
            entries(in: context).map { entry in
                JSONPointer(fragment: entry.text)?.tokens.last ?? entry.text
            }
        )
    }
}
