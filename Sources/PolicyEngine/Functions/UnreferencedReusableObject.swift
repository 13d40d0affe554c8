internal import DocumentTree

/// `unreferencedReusableObject`: everything under a place of reusable objects is used by some reference.
struct UnreferencedReusableObject: RuleFunction {
    private let location: JSONPointer

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let name = options.function
        let examples =
            "{ \"reusableObjectsLocation\": \"#/components/schemas\" }, { \"reusableObjectsLocation\": \"#/$defs\" }"
        guard let given = options.node, given.isMapping else { throw options.invalid(examples) }
        guard given.count > 0 else {
            throw OptionsRejected(
                "\"\(name)\" function is missing \"reusableObjectsLocation\" option. Example valid options: \(examples)"
            )
        }
        guard let node = try options.mapping(keys: ["reusableObjectsLocation"], examples: examples),
            let pointer = node["reusableObjectsLocation"]?.string.flatMap(JSONPointer.init(fragment:))
        else {
            throw OptionsRejected(
                "\"\(name)\" and its \"reusableObjectsLocation\" option support only valid JSON Pointer fragments, "
                    + "i.e. \"#\", \"#/foo\", \"#/paths/~1user\"",
                at: ["reusableObjectsLocation"]
            )
        }
        location = pointer
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard let objects = context.document.resolve(location), objects.isMapping else { return [] }
        return Self.unused(in: objects.id, context).map {
            Complaint("Potentially orphaned reusable object has been detected", at: $0)
        }
    }

    /// The children that nothing refers to. A reference to a place inside of an object uses the object.
    static func unused(in objects: NodeID, _ context: LintContext) -> [NodeID] {
        var used: Set<NodeID> = []
        for target in context.linted.referenced {
            var child = target
            while let parent = context.document.parent(child) {
                if parent == objects {
                    used.insert(child)
                    break
                }
                child = parent
            }
        }
        return context.document.children(objects).filter { !used.contains($0) }
    }
}
