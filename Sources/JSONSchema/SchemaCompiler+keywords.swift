internal import DocumentTree

// One schema's keywords, in the order in which they are checked: references, type, the value itself, combinations, arrays,
// objects, and last what depends on all the others.
extension SchemaCompiler {
    mutating func compileKeywords(_ builder: inout KeywordBuilder, vocabulary: Vocabulary) {
        compileReferences(&builder)
        if builder.dialect.referenceHidesSiblings, builder["$ref"]?.string != nil { return }
        reportWrongShapes(builder)
        if vocabulary.contains(.validation) { compileValidation(&builder) }
        compileFormat(&builder, isAssertedByVocabulary: vocabulary.contains(.formatAssertion))
        if vocabulary.contains(.applicator) {
            compileCombinations(&builder)
            compileItems(&builder)
            compileObjects(&builder)
        }
        if vocabulary.contains(.unevaluated), builder.dialect.generation >= .twentyNineteen {
            if let schema = subschema("unevaluatedItems", builder) {
                builder.keywords.append(.unevaluatedItems(schema))
                builder.tracksEvaluation = true
            }
            if let schema = subschema("unevaluatedProperties", builder) {
                builder.keywords.append(.unevaluatedProperties(schema))
                builder.tracksEvaluation = true
            }
        }
    }

    // MARK: References

    private mutating func compileReferences(_ builder: inout KeywordBuilder) {
        if let reference = builder["$ref"]?.string {
            compileReference(reference, keyword: "$ref", anchor: nil, &builder)
        }
        switch builder.dialect.generation {
        case .twentyTwenty:
            guard let reference = builder["$dynamicRef"]?.string else { return }
            let anchor = dynamicAnchorNumber(reference, builder)
            compileReference(reference, keyword: "$dynamicRef", anchor: anchor, &builder)
        case .twentyNineteen:
            guard let reference = builder["$recursiveRef"]?.string else { return }
            let isRecursive = scanner.resources[Int(builder.resource)].hasRecursiveAnchor
            let anchor = isRecursive ? number(ofAnchor: "") : nil
            compileReference(reference, keyword: "$recursiveRef", anchor: anchor, &builder)
        default: return
        }
    }

    private mutating func compileReference(
        _ reference: String,
        keyword: String,
        anchor: Int32?,
        _ builder: inout KeywordBuilder
    ) {
        let asked = ReferenceSite(bytes: Array(reference.utf8), resource: builder.resource)
        if anchor == nil, let known = schemaByReference[asked] {
            builder.keywords.append(.reference(known))
            return
        }
        guard let target = resolve(reference, from: builder.resource) else {
            let message = "the reference `\(reference)` leads nowhere"
            report(.unresolvedReference(reference), message, at: builder[keyword] ?? builder.node)
            builder.keywords.append(.broken(keyword: keyword, reason: message))
            return
        }
        let schema = schema(at: target.location, in: target.resource)
        schemaByReference[asked] = schema
        builder.keywords.append(
            anchor.map { .dynamicReference(schema: schema, anchor: $0) } ?? .reference(schema)
        )
    }

    /// The number of the anchor that a dynamic reference looks for, or `nil` where it acts like `$ref`: the place it leads to
    /// at first must carry a dynamic anchor of that name (2020-12 core §8.2.3.2).
    private mutating func dynamicAnchorNumber(_ reference: String, _ builder: KeywordBuilder) -> Int32? {
        guard let name = URIReference(reference).fragment, !name.isEmpty, !name.hasPrefix("/"),
            let target = resolve(reference, from: builder.resource),
            scanner.resources[Int(target.resource)].dynamicAnchors[name] == target.location.node
        else { return nil }
        return number(ofAnchor: name)
    }

    // MARK: Combinations

    private mutating func compileCombinations(_ builder: inout KeywordBuilder) {
        if let schema = subschema("not", builder) { builder.keywords.append(.not(schema)) }
        if let schemas = subschemas("anyOf", builder) { builder.keywords.append(.anyOf(schemas)) }
        if let schemas = subschemas("oneOf", builder) { builder.keywords.append(.oneOf(schemas)) }
        if let schemas = subschemas("allOf", builder) { builder.keywords.append(.allOf(schemas)) }
        guard builder.dialect.generation >= .seven, let test = subschema("if", builder) else { return }
        let then = subschema("then", builder)
        let otherwise = subschema("else", builder)
        // Alone it decides nothing, but what it looked at counts as evaluated.
        builder.keywords.append(.conditional(test: test, then: then, otherwise: otherwise))
    }

    // MARK: Arrays

    private mutating func compileItems(_ builder: inout KeywordBuilder) {
        let restKeyword: String
        var prefix: [Int32] = []
        var rest: Int32?
        if builder.dialect.generation == .twentyTwenty {
            prefix = subschemas("prefixItems", builder) ?? []
            restKeyword = "items"
            rest = subschema("items", builder)
        } else if builder["items"]?.isSequence == true, !builder.dialect.isOpenAPI {
            prefix = subschemas("items", builder) ?? []
            restKeyword = "additionalItems"
            rest = subschema("additionalItems", builder)
        } else {
            restKeyword = "items"
            rest = subschema("items", builder)
        }
        if !prefix.isEmpty || rest != nil {
            builder.keywords.append(
                .items(
                    ItemsRule(
                        prefix: prefix,
                        rest: rest,
                        restKeyword: restKeyword,
                        refusesRest: builder[restKeyword]?.boolean == false
                    )
                )
            )
        }
        guard builder.dialect.generation >= .six, let schema = subschema("contains", builder) else { return }
        let counts = builder.dialect.generation >= .twentyNineteen
        builder.keywords.append(
            .contains(
                schema: schema,
                least: (counts ? count("minContains", builder) : nil) ?? 1,
                most: counts ? count("maxContains", builder) : nil,
                marksItems: builder.dialect.generation == .twentyTwenty
            )
        )
    }

    // MARK: Objects

    private mutating func compileObjects(_ builder: inout KeywordBuilder) {
        if builder.dialect.generation >= .six, let schema = subschema("propertyNames", builder) {
            builder.keywords.append(.propertyNames(schema))
        }
        compileProperties(&builder)
        if let dependencies = builder["dependentSchemas"], dependencies.isMapping,
            builder.dialect.generation >= .twentyNineteen
        {
            builder.keywords.append(.dependentSchemas(schemasByKey(dependencies, builder)))
        }
        // Kept by later drafts for schemas that were written before it was split.
        guard let dependencies = builder["dependencies"], dependencies.isMapping, !builder.dialect.isOpenAPI else {
            return
        }
        let schemas = schemasByKey(dependencies, builder)
        if !schemas.isEmpty { builder.keywords.append(.dependentSchemas(schemas)) }
        let names = dependencies.entries.filter { $0.value.isSequence }
        let required = names.map { Dependency(key: number(ofKey: $0.key), required: self.names(of: $0.value)) }
        if !required.isEmpty { builder.keywords.append(.dependentRequired(required, keyword: "dependencies")) }
    }

    private mutating func compileProperties(_ builder: inout KeywordBuilder) {
        let properties = builder["properties"].map { schemasByKey($0, builder) } ?? []
        var patterns: [(pattern: Int32, schema: Int32)] = []
        if let node = builder["patternProperties"], !builder.dialect.isOpenAPI {
            for (key, value) in node.entries {
                guard let pattern = number(ofPattern: key, at: value) else {
                    builder.keywords.append(.broken(keyword: "patternProperties", reason: "the pattern is invalid"))
                    continue
                }
                patterns.append((pattern, schema(at: location(of: value, builder), in: builder.resource)))
            }
        }
        let additional = subschema("additionalProperties", builder)
        guard !properties.isEmpty || !patterns.isEmpty || additional != nil else { return }
        builder.keywords.append(
            .properties(
                PropertiesRule(
                    byKey: KeyMap(properties),
                    patterns: patterns,
                    additional: additional,
                    refusesAdditional: builder["additionalProperties"]?.boolean == false
                )
            )
        )
    }

    // MARK: Parts

    private func location(of node: Node, _ builder: KeywordBuilder) -> SchemaLocation {
        SchemaLocation(document: builder.location.document, node: node.id)
    }

    /// The schema under a keyword, or `nil` where there is none that could be one.
    mutating func subschema(_ keyword: String, _ builder: KeywordBuilder) -> Int32? {
        guard let node = builder[keyword], node.isMapping || node.kind == .boolean else { return nil }
        return schema(at: location(of: node, builder), in: builder.resource)
    }

    private mutating func subschemas(_ keyword: String, _ builder: KeywordBuilder) -> [Int32]? {
        guard let node = builder[keyword], node.isSequence, node.count > 0 else { return nil }
        return node.elements.map { schema(at: location(of: $0, builder), in: builder.resource) }
    }

    private mutating func schemasByKey(_ node: Node, _ builder: KeywordBuilder) -> [(key: Int32, schema: Int32)] {
        node.entries.filter { !$0.value.isSequence }.map { key, value in
            (number(ofKey: key), schema(at: location(of: value, builder), in: builder.resource))
        }
    }

    mutating func names(of node: Node) -> [Int32] { node.elements.compactMap(\.string).map { number(ofKey: $0) } }

    /// A count under a keyword, or `nil` where there is none that is a whole number from zero up.
    func count(_ keyword: String, _ builder: KeywordBuilder) -> Int? {
        guard let node = builder[keyword], node.kind == .integer || node.kind == .number else { return nil }
        let number = DecimalNumber(node.document, node.id)
        guard number.isIntegral, number.double >= 0 else { return nil }
        return number.integer ?? Int.max
    }
}
