internal import DocumentTree
internal import JSONSchema

/// Turns what a JSON Schema validator found into complaints, in the words that Spectral's users know.
enum SchemaComplaints {
    /// Validates a target and says what does not fit.
    static func complaints(
        about target: Target,
        by validator: SchemaValidator,
        _ context: LintContext
    ) throws(NotEvaluated) -> [Complaint] {
        switch target.value {
        case nil:
            // There is nothing to validate; a schema always asks for something.
            return [Complaint(.property, "must exist")]
        case .node(let node):
            let violations = validator.validate(context.node(node))
            return try complaints(violations).map { Complaint(.none, $0.text, at: Place(node: $0.place)) }
        case .key(let key):
            guard let node = node(of: key) else { return [] }
            return try complaints(validator.validate(node)).map { Complaint($0.text) }
        }
    }

    /// What a complaint says, and about which node of the validated document.
    struct Text {
        let text: String
        let place: NodeID
    }

    /// The messages of violations, the most telling of each branch.
    static func complaints(_ violations: [SchemaViolation]) throws(NotEvaluated) -> [Text] {
        if let undecided = violations.first(where: \.isUndecided) {
            throw NotEvaluated(reason: "a schema could not be applied: \(undecided.message)")
        }
        return violations.flatMap(telling).map { Text(text: message(of: $0), place: $0.instance.id) }
    }

    /// Of a failed choice: what is missing at its own level, else what is wrong further in, else that nothing fits.
    private static func telling(_ violation: SchemaViolation) -> [SchemaViolation] {
        guard violation.keyword == "anyOf" || violation.keyword == "oneOf", !violation.causes.isEmpty else {
            return [violation]
        }
        let causes = violation.causes.flatMap(telling)
        if let missing = causes.first(where: { $0.keyword == "required" && $0.instance == violation.instance }) {
            return [missing]
        }
        let inner = causes.filter { $0.instance != violation.instance }
        return inner.isEmpty ? [violation] : inner
    }

    /// A key as a document of its own.
    private static func node(of key: String) -> Node? {
        do throws(UnreadableDocument) {
            return try Document.read(LintText.quoted(key), name: "key", syntax: .json).root
        } catch {
            // A quoted text is always JSON; if it were not, there would be nothing to validate.
            return nil
        }
    }

    // MARK: Words

    /// One violation in words.
    static func message(of violation: SchemaViolation) -> String {
        switch violation.detail {
        case .type(let expected):
            return "\(subject(violation, otherwise: "Value")) type must be \(expected.joined(separator: ","))"
        case .additionalProperty(let name), .unevaluatedProperty(let name):
            return "Property \"\(name)\" is not expected to be here"
        case .missingProperty(let name):
            return "\(subject(violation)) must have required property \"\(name)\""
        case .allowedValues(let values):
            return allowedValues(values, violation)
        default:
            return "\(subject(violation)) \(plain(violation.message))"
        }
    }

    private static func allowedValues(_ values: [JSONValue], _ violation: SchemaViolation) -> String {
        let list = values.map { $0.text() }.joined(separator: ", ")
        let sentence = "\(subject(violation)) must be equal to one of the allowed values: \(list)"
        guard let given = violation.instance.scalarText, let meant = meant(given, among: values) else {
            return sentence
        }
        return "\(sentence). Did you mean \"\(meant)\"?"
    }

    /// The allowed text nearest to what is written, if it is near enough to be what was meant.
    private static func meant(_ given: String, among values: [JSONValue]) -> String? {
        let ranked = values.compactMap(\.string).map { (text: $0, distance: EditDistance.between(given, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance < best.text.count else {
            return nil
        }
        return best.text
    }

    private static func subject(_ violation: SchemaViolation, otherwise word: String? = nil) -> String {
        let instance = violation.instance
        if let parent = instance.parent {
            let name = instance.key ?? String(parent.document.indexInParent(instance.id))
            return "\"\(name)\" property"
        }
        if let word { return word }
        return switch instance.kind {
        case .mapping, .sequence: "Object"
        case .string: "String"
        case .integer, .number: "Number"
        case .boolean: "Boolean"
        case .null: "Value"
        }
    }

    private static func plain(_ message: String) -> String {
        var words = message.split(separator: " ", omittingEmptySubsequences: false)
        for index in words.indices where words[index] == "NOT" { words[index] = "not" }
        return words.joined(separator: " ")
    }
}
