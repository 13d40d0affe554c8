internal import Assets
internal import DocumentTree
internal import JSONSchema
internal import Synchronization

/// `oasDocumentSchema`: the whole document has the structure that its version of OpenAPI defines.
///
/// The schemas are `policies/schemas/openapi-<version>.schema.yaml`.
struct OASDocumentSchema: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let root)? = target.value, let version = Self.version(of: context.formats) else { return [] }
        let violations = try Self.validator(for: version).validate(context.node(root))
        return DocumentSchemaComplaints.complaints(violations)
    }

    private static func version(of formats: Set<DocumentFormat>) -> String? {
        if formats.contains(.oas2) { return "2.0" }
        if formats.contains(.oas3_0) { return "3.0" }
        if formats.contains(.oas3_1) { return "3.1" }
        return formats.contains(.oas3_2) ? "3.2" : nil
    }

    private static let validators = Mutex<[String: SchemaValidator]>([:])

    private static func validator(for version: String) throws(NotEvaluated) -> SchemaValidator {
        if let known = validators.withLock({ $0[version] }) { return known }
        let path = "policies/schemas/openapi-\(version).schema.yaml"
        guard let text = Assets.text(path) else { throw NotEvaluated(reason: "there is no `\(path)`") }
        let made: SchemaValidator
        do {
            let document = try Document.read(text, name: path)
            made = try SchemaValidator(document.root, options: SchemaOptions(assertsFormats: true, collectsAll: true))
        } catch {
            throw NotEvaluated(reason: "`\(path)` is broken: \(error)")
        }
        validators.withLock { $0[version] = made }
        return made
    }
}

/// Chooses, of the many violations that one mistake in a document causes, those that name the mistake.
enum DocumentSchemaComplaints {
    private struct Entry {
        let violation: SchemaViolation
        let place: Node
        let path: String
    }

    static func complaints(_ violations: [SchemaViolation]) -> [Complaint] {
        let entries = violations.flatMap(telling).map { violation in
            let place = violation.place
            return Entry(violation: violation, place: place, path: LintText.pointer(place.path) + "/")
        }
        var kept: [Entry] = []
        var lastByPath: Set<String> = []
        for entry in entries where lastByPath.insert(entry.path).inserted { kept.append(entry) }
        return kept.map { entry in
            Complaint(.none, message(of: entry.violation), at: Place(node: entry.place.id, followsReference: false))
        }
    }

    /// A failed choice is described by its branch that came closest: the one whose violations lie deepest, then the
    /// fewest of them. A branch that only asks for a `$ref` says nothing.
    private static func telling(_ violation: SchemaViolation) -> [SchemaViolation] {
        guard !violation.causes.isEmpty, override(for: violation) == nil else { return [violation] }
        let causes = violation.causes.filter { !isAboutReference($0) }
        switch violation.keyword {
        case "anyOf", "oneOf":
            guard !causes.isEmpty else { return [violation] }
            let inner = causes.filter { $0.instance != violation.instance }
            return (inner.isEmpty ? Array(causes.prefix(1)) : inner).flatMap(telling)
        default:
            return causes.isEmpty ? [violation] : causes.flatMap(telling)
        }
    }

    private static func isAboutReference(_ violation: SchemaViolation) -> Bool {
        if case .missingProperty("$ref") = violation.detail { return true }
        return false
    }

    /// `errorMessage` of our schemas: one sentence in place of what failed inside. The rule's message ends it.
    private static func override(for violation: SchemaViolation) -> String? {
        guard let words = violation.schema["errorMessage"]?.string else { return nil }
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }

    private static func message(of violation: SchemaViolation) -> String {
        if let override = override(for: violation) { return override }
        guard case .type(let expected) = violation.detail else { return SchemaComplaints.message(of: violation) }
        let name = violation.place.key ?? violation.place.path.last?.description
        let subject = name.map { "\"\($0)\" property" } ?? "The document"
        return "\(subject) must be \(expected.joined(separator: ","))"
    }
}
