internal import DocumentTree

// From notes to violations that callers see.
extension Evaluator {
    /// The violations found, each with its causes inside; what could not be decided comes last.
    func violations() -> [SchemaViolation] {
        var result: [(start: Int, violation: SchemaViolation)] = []
        for (index, raw) in found.enumerated() {
            var causes: [SchemaViolation] = []
            var start = index
            if let first = raw.causesFrom {
                let split = result.firstIndex { $0.start >= first } ?? result.endIndex
                causes = result[split...].map(\.violation)
                result.removeSubrange(split...)
                start = min(first, index)
            }
            result.append((start, raw.foreign ?? violation(raw, causes: causes)))
        }
        return result.map(\.violation) + undecided.map { violation($0, causes: []) }
    }

    private func violation(_ raw: RawViolation, causes: [SchemaViolation]) -> SchemaViolation {
        let location = program.schemas[Int(raw.schema)].location
        let schema = program.documents[Int(location.document)].node(location.node)
        var isUndecided = false
        let detail: SchemaViolation.Detail
        switch raw.detail {
        case .none: detail = .none
        case .known(let known): detail = known
        case .fromSchema: detail = Self.detail(of: raw.keyword, in: schema)
        case .undecided(let reason):
            detail = .undecided(reason)
            isUndecided = true
        }
        return SchemaViolation(
            keyword: raw.keyword,
            instance: document.node(raw.node),
            schema: schema,
            detail: detail,
            causes: causes,
            isUndecided: isUndecided
        )
    }

    private static func detail(of keyword: String, in schema: Node) -> SchemaViolation.Detail {
        guard let value = schema[keyword] else { return .none }
        switch keyword {
        case "type":
            var names = value.isSequence ? value.elements.compactMap(\.string) : [value.string].compactMap { $0 }
            let isNullable = schema["nullable"]?.boolean == true || schema["x-nullable"]?.boolean == true
            if isNullable, !names.contains("null") { names.append("null") }
            return .type(expected: names)
        case "enum": return .allowedValues(value.elements.map { JSONValue($0) })
        case "const": return .allowedValue(JSONValue(value))
        default: return .none
        }
    }
}

extension SchemaViolation {
    /// The same violation, said of another instance: what fails about a name is shown at the property that has it.
    func moved(to instance: Node) -> SchemaViolation {
        SchemaViolation(
            keyword: keyword,
            instance: instance,
            schema: schema,
            detail: detail,
            causes: causes.map { $0.moved(to: instance) },
            isUndecided: isUndecided
        )
    }
}
