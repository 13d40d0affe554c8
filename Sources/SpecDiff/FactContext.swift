/// What carries values of a schema, and how: turns what differs into whom it breaks.
struct FactContext: Hashable {
    /// The part of an exchange whose schema it is.
    enum Carrier: Hashable {
        case requestBody
        case parameter(isHeader: Bool)
        case responseBody
        case responseHeader
    }

    var carrier: Carrier
    /// Whether the schema is the carrier's own rather than one that stands in it.
    var isRoot: Bool
    /// Whether a number and the text of its digits are told apart, as in JSON.
    var isStronglyTyped: Bool
    /// How many days something deprecated must still work; nil where the operation's stability level cannot be read.
    var sunsetDays: Int?
    /// Whether the parameter may be left out on both sides: only then a default is used.
    var isOptional = false
    /// Whether one value of a parameter became a list that reads the same for one.
    var isListedNow = false
    /// The day that sunset dates are measured against.
    var today: CalendarDate?
    /// Whether the sides are swapped: a webhook or callback is sent by the API.
    var isReversed = false

    /// What a fact means here: the checks that see it, with their values; none where nobody is concerned.
    func findings(of fact: SchemaFact) -> [(id: String, values: ChangeValues)] {
        var values = fact.values
        switch fact.kind {
        case .property(let isAdded, let isRequired, let hasDefault):
            return one(property(fact, isAdded: isAdded, isRequired: isRequired, hasDefault: hasDefault), values)
        case .required(let isAdded, let hasDefault):
            return one(required(fact, isAdded: isAdded, hasDefault: hasDefault), values)
        case .mutability(let isRequired, let ending):
            guard isBody else { return [] }
            return one("\(side)-\(isRequired ? "required" : "optional")-property-\(ending)", values)
        case .deprecated(let sunset):
            return deprecation(sunset, values)
        case .reactivated:
            return isBody && !isRoot && sunsetDays != nil ? one("\(side)-property-reactivated", values) : []
        case .stability(let isLess):
            guard isBody, !isRoot else { return [] }
            guard let isLess else { return one("api-invalid-stability-level", values) }
            return one("\(side)-property-stability-\(isLess ? "decreased" : "increased")", values)
        case .wrappedInOneOf:
            return one(prefix + (isRoot ? "wrapped-in-one-of" : "one-of-added"), values)
        case .enumValue(let isAdded): return one(enumeration(fact, isAdded: isAdded), values)
        case .ending("became-enum"): return becameEnumeration(values)
        case .ending(let ending): return one(isSkipped(fact, ending) ? nil : prefix + ending, values)
        case .type(let change): return one(type(fact, change), values)
        case .listOfTypes(let added, let removed):
            if carrier == .requestBody, !isRoot, fact.isReadOnly { return [] }
            let narrows = isRequest ? !removed.isEmpty : added.isEmpty
            values.value = narrows ? removed : added
            return one(prefix + "list-of-types-" + (narrows ? "narrowed" : "widened"), values)
        case .defaultValue(let action):
            if case .parameter = carrier, !isRoot || !isOptional { return [] }
            return one(prefix + "default-value-" + action, values)
        case .bound(let ending, let narrows): return one(bound(fact, ending, narrows: narrows), values)
        case .pattern(let action):
            let isGeneral = isRequest && action == "changed" && values.to == ".*"
            return one(prefix + "pattern-" + (isGeneral ? "generalized" : action), values)
        }
    }

    // MARK: Words of ids

    private var isRequest: Bool {
        switch carrier {
        case .requestBody, .parameter: true
        case .responseBody, .responseHeader: false
        }
    }
    private var isBody: Bool { carrier == .requestBody || carrier == .responseBody }
    private var side: String { isRequest ? "request" : "response" }

    private var prefix: String {
        switch carrier {
        case .requestBody, .responseBody: side + (isRoot ? "-body-" : "-property-")
        case .parameter: isRoot ? "request-parameter-" : "request-parameter-property-"
        case .responseHeader: isRoot ? "response-header-" : "response-header-property-"
        }
    }

    /// A finding where the table has the check.
    private func one(_ id: String?, _ values: ChangeValues) -> [(id: String, values: ChangeValues)] {
        guard let id, ChangeTable.rules[id] != nil else { return [] }
        return [(id, values)]
    }

    /// Whether an ending makes the id of a check that looks at something else, or is of no concern for this schema.
    private func isSkipped(_ fact: SchemaFact, _ ending: String) -> Bool {
        carrier == .requestBody && !isRoot && fact.isReadOnly && ending == "x-extensible-enum-value-removed"
    }

    // MARK: Kinds of facts

    private func property(_ fact: SchemaFact, isAdded: Bool, isRequired: Bool, hasDefault: Bool) -> String? {
        switch carrier {
        case .requestBody:
            if fact.isReadOnly { return nil }
            guard isAdded else { return "request-property-removed" }
            guard isRequired else { return "new-optional-request-property" }
            return hasDefault ? "new-required-request-property-with-default" : "new-required-request-property"
        case .parameter(isHeader: true):
            return isAdded && isRequired && !fact.isReadOnly ? "new-required-request-header-property" : nil
        case .responseBody:
            let kind = (isRequired ? "required" : "optional") + (fact.isWriteOnly ? "-write-only" : "")
            return "response-\(kind)-property-\(isAdded ? "added" : "removed")"
        default: return nil
        }
    }

    private func required(_ fact: SchemaFact, isAdded: Bool, hasDefault: Bool) -> String? {
        switch carrier {
        case .requestBody:
            if fact.isReadOnly { return nil }
            guard isAdded else { return "request-property-became-optional" }
            return hasDefault ? "request-property-became-required-with-default" : "request-property-became-required"
        case .parameter(isHeader: true):
            return isAdded && !fact.isReadOnly ? "request-header-property-became-required" : nil
        case .responseBody:
            let owner = fact.isWriteOnly ? "response-write-only-property" : "response-property"
            return owner + (isAdded ? "-became-required" : "-became-optional")
        default: return nil
        }
    }

    private func deprecation(_ sunset: SchemaFact.Sunset, _ values: ChangeValues) -> [(
        id: String, values: ChangeValues
    )] {
        guard isBody, !isRoot, let sunsetDays else { return [] }
        var values = values
        let prefix = side + "-property-"
        switch sunset {
        case .missing: return one(prefix + (sunsetDays > 0 ? "deprecated-sunset-missing" : "deprecated"), values)
        case .unreadable: return one(prefix + "deprecated-sunset-invalid", values)
        case .date(let date):
            if let today, date.days(since: today) < sunsetDays {
                values.key = String(sunsetDays)
                return one(prefix + "sunset-date-too-small", values)
            }
            return one(prefix + "deprecated-with-sunset", values)
        }
    }

    private func enumeration(_ fact: SchemaFact, isAdded: Bool) -> String? {
        switch carrier {
        case .requestBody where !isRoot && !isAdded && fact.isReadOnly:
            return "request-read-only-property-enum-value-removed"
        case .responseBody where !isRoot && isAdded && fact.isWriteOnly:
            return "response-write-only-property-enum-value-added"
        case .responseBody where isRoot: return isAdded ? nil : "response-mediatype-enum-value-removed"
        default: return prefix + (isAdded ? "enum-value-added" : "enum-value-removed")
        }
    }

    private func becameEnumeration(_ values: ChangeValues) -> [(id: String, values: ChangeValues)] {
        let found = one(prefix + "became-enum", values)
        guard carrier == .parameter(isHeader: true) else { return found }
        return found + one("request-header-property-became-enum", values)
    }

    private func type(_ fact: SchemaFact, _ change: TypeChange) -> String? {
        switch carrier {
        case .requestBody:
            if !isRoot, fact.isReadOnly { return nil }
            if change.breaksRequest(isStronglyTyped: isStronglyTyped) { return prefix + "type-changed" }
            return prefix + (change.isSwap(forRequest: true) ? "type-compatible" : "type-generalized")
        case .parameter:
            let asText = change.breaksParameter(isStronglyTyped: false)
            guard !isRoot else { return prefix + (asText && !isListedNow ? "type-changed" : "type-generalized") }
            // How an object in a parameter is written is not known: where it matters, it is said.
            let asJSON = change.breaksParameter(isStronglyTyped: true)
            if asText != asJSON { return prefix + "type-changed" }
            return prefix + (asJSON ? "type-specialized" : "type-generalized")
        case .responseBody, .responseHeader:
            let isTyped = carrier == .responseBody && isStronglyTyped
            if change.breaksResponse(isStronglyTyped: isTyped) {
                return prefix + (change.typesDiffer && change.isWidened ? "type-generalized" : "type-changed")
            }
            return prefix + (change.isSwap(forRequest: false) ? "type-compatible" : "type-specialized")
        }
    }

    private func bound(_ fact: SchemaFact, _ ending: String, narrows: Bool) -> String? {
        guard !isRoot else { return prefix + ending }
        switch carrier {
        case .requestBody where fact.isReadOnly && narrows && !ending.hasPrefix("min-length"):
            // Callers do not send it: what is set says nothing, what is narrowed is worth knowing.
            return "request-read-only-property-" + ending
        case .responseBody where fact.isWriteOnly: return nil
        // There are no checks of their own for what stands in a parameter's lists and objects.
        case .parameter: return "request-parameter-" + ending
        default: return prefix + ending
        }
    }
}
