/// One edit of one operation of a generated document, with what is known about it beforehand.
enum LawMutation: String, CaseIterable {
    case removeOperation, addOperation
    case addOptionalParameter, addRequiredParameter, removeParameter, requireParameter, retypeParameter
    case addOptionalRequestProperty, addRequiredRequestProperty, requireRequestProperty, removeEnumValue
    case lowerRequestMaximum
    case addResponseProperty, removeRequiredResponseProperty, loosenResponseProperty, nullableResponseProperty
    case removeSuccess, addFailure

    /// Whether callers of the older document break, whatever the document; nil where that is up to the check's taste.
    var isBreaking: Bool? {
        switch self {
        case .removeOperation, .addRequiredParameter, .requireParameter, .retypeParameter, .addRequiredRequestProperty,
            .requireRequestProperty, .removeEnumValue, .lowerRequestMaximum, .removeRequiredResponseProperty,
            .loosenResponseProperty, .nullableResponseProperty, .removeSuccess:
            true
        case .addOperation, .addOptionalParameter, .addOptionalRequestProperty, .addResponseProperty, .addFailure: false
        case .removeParameter: nil
        }
    }

    /// The document with the edit made in the operation at a place; nil where that has nothing to edit so.
    func apply(to api: LawAPI, at place: Int) -> LawAPI? {
        var result = api
        if self == .removeOperation {
            result.operations.remove(at: place)
            return result
        }
        if self == .addOperation {
            var another = api.operations[place]
            another.path = "/new\(place)/{id}"
            another.id = "new\(place)"
            result.operations.append(another)
            return result
        }
        var operation = api.operations[place]
        guard edit(&operation) else { return nil }
        result.operations[place] = operation
        return result
    }

    private func edit(_ operation: inout LawOperation) -> Bool {
        switch self {
        case .removeOperation, .addOperation: return false
        case .addOptionalParameter, .addRequiredParameter:
            operation.parameters.append(
                LawParameter(
                    name: "extra",
                    location: "query",
                    isRequired: self == .addRequiredParameter,
                    schema: LawSchema(kind: .boolean)
                )
            )
            return true
        case .removeParameter, .requireParameter, .retypeParameter: return editParameter(&operation)
        case .addOptionalRequestProperty, .addRequiredRequestProperty, .requireRequestProperty, .removeEnumValue,
            .lowerRequestMaximum:
            return editRequest(&operation)
        case .addResponseProperty, .removeRequiredResponseProperty, .loosenResponseProperty, .nullableResponseProperty,
            .removeSuccess, .addFailure:
            return editResponse(&operation)
        }
    }

    private func editParameter(_ operation: inout LawOperation) -> Bool {
        let place = operation.parameters.firstIndex { parameter in
            guard parameter.location != "path" else { return false }
            if self == .requireParameter { return !parameter.isRequired }
            if case .boolean = parameter.schema.kind { return self == .removeParameter }
            return true
        }
        guard let place else { return false }
        switch self {
        case .removeParameter: operation.parameters.remove(at: place)
        case .requireParameter: operation.parameters[place].isRequired = true
        default: operation.parameters[place].schema = LawSchema(kind: .boolean)
        }
        return true
    }

    private func editRequest(_ operation: inout LawOperation) -> Bool {
        guard var properties = operation.request else { return false }
        defer { operation.request = properties }
        switch self {
        case .addOptionalRequestProperty, .addRequiredRequestProperty:
            properties.append(
                LawProperty(
                    name: "extra",
                    isRequired: self == .addRequiredRequestProperty,
                    schema: LawSchema(kind: .integer(minimum: nil, maximum: nil))
                )
            )
            return true
        case .requireRequestProperty:
            guard let place = properties.firstIndex(where: { !$0.isRequired }) else { return false }
            properties[place].isRequired = true
            return true
        default:
            for place in properties.indices {
                switch (self, properties[place].schema.kind) {
                case (.removeEnumValue, .string(let least, let most, let values)) where values.count > 1:
                    properties[place].schema.kind = .string(
                        minLength: least,
                        maxLength: most,
                        values: Array(values.dropLast())
                    )
                    return true
                case (.lowerRequestMaximum, .integer(let minimum, let maximum?)):
                    properties[place].schema.kind = .integer(minimum: minimum, maximum: maximum - 1)
                    return true
                default: continue
                }
            }
            return false
        }
    }

    private func editResponse(_ operation: inout LawOperation) -> Bool {
        guard let first = operation.responses.first else { return false }
        switch self {
        case .addResponseProperty:
            let schema = LawSchema(kind: .boolean)
            operation.responses[0].properties.append(LawProperty(name: "extra", isRequired: false, schema: schema))
        case .removeSuccess:
            guard operation.responses.count > 1 else { return false }
            operation.responses.removeFirst()
        case .addFailure: operation.responses.append(("409", first.properties))
        case .nullableResponseProperty:
            let place = first.properties.firstIndex {
                if case .reference = $0.schema.kind { return false }
                return !$0.schema.isNullable
            }
            guard let place else { return false }
            operation.responses[0].properties[place].schema.isNullable = true
        default:
            guard let place = first.properties.firstIndex(where: \.isRequired) else { return false }
            if self == .loosenResponseProperty {
                operation.responses[0].properties[place].isRequired = false
            } else {
                operation.responses[0].properties.remove(at: place)
            }
        }
        return true
    }
}
