internal import DocumentTree

/// `discriminatorMapping`: every value of a discriminator's mapping names a schema of the document.
struct DiscriminatorMappingFunction: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let document = context.document
        let schemas = document.child(document.rootID, key: "components").flatMap { document.child($0, key: "schemas") }
        return DiscriminatorMapping.entries(in: context).compactMap { place, text in
            if let schemas, document.child(schemas, key: text) != nil { return nil }
            if let pointer = JSONPointer(fragment: text), document.resolve(pointer) != nil { return nil }
            return Complaint("the mapping leads to `\(text)`, which is no schema of this document", at: place)
        }
    }
}
