internal import DocumentTree

extension SchemaViolation {
    /// The sentence part that Ajv 8 would say, to follow the name of the instance: `must be string`. Rulesets and reports of
    /// others are compared by these words, so they are part of the interface.
    public var message: String {
        switch detail {
        case .none: messageWithoutDetail
        case .type(let expected): "must be \(expected.joined(separator: ","))"
        case .comparison(let sign, let limit): "must be \(sign) \(limit)"
        case .count(let limit): countMessage(limit)
        case .multipleOf(let divisor): "must be multiple of \(divisor)"
        case .pattern(let pattern): "must match pattern \"\(pattern)\""
        case .format(let name): "must match format \"\(name)\""
        case .allowedValues: "must be equal to one of the allowed values"
        case .allowedValue: "must be equal to constant"
        case .missingProperty(let name): "must have required property '\(name)'"
        case .missingDependency(let missing, let present):
            "must have property \(missing) when property \(present) is present"
        case .additionalProperty: "must NOT have additional properties"
        case .unevaluatedProperty: "must NOT have unevaluated properties"
        case .propertyName: "property name must be valid"
        case .surplusItems(let limit):
            keyword == "unevaluatedItems"
                ? "must NOT have more than \(limit) items evaluated" : "must NOT have more than \(limit) items"
        case .duplicateItems(let later, let earlier):
            "must NOT have duplicate items (items ## \(earlier) and \(later) are identical)"
        case .contains(let least, nil): "must contain at least \(least) valid item(s)"
        case .contains(let least, .some(let most)):
            "must contain at least \(least) and no more than \(most) valid item(s)"
        case .passingSchemas: "must match exactly one schema in oneOf"
        case .custom(let text): text
        case .undecided(let reason): "could not be checked: \(reason)"
        }
    }

    private var messageWithoutDetail: String {
        switch keyword {
        case "anyOf": "must match a schema in anyOf"
        case "oneOf": "must match exactly one schema in oneOf"
        case "not": "must NOT be valid"
        case Self.falseSchema: "boolean schema is false"
        default: "must pass \"\(keyword)\" keyword validation"
        }
    }

    private func countMessage(_ limit: Int) -> String {
        let unit =
            switch keyword {
            case "minLength", "maxLength": "characters"
            case "minItems", "maxItems": "items"
            default: "properties"
            }
        return keyword.hasPrefix("min")
            ? "must NOT have fewer than \(limit) \(unit)" : "must NOT have more than \(limit) \(unit)"
    }
}
