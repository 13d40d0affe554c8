internal import DocumentTree

// Keywords that look at the instance alone, and the check of a schema's own form.
extension SchemaCompiler {
    mutating func compileValidation(_ builder: inout KeywordBuilder) {
        compileType(&builder)
        compileNumbers(&builder)
        for (keyword, isLower) in [("minLength", true), ("maxLength", false)] {
            guard let limit = count(keyword, builder) else { continue }
            builder.keywords.append(.length(CountLimit(keyword: keyword, isLower: isLower, limit: limit)))
        }
        if let node = builder["pattern"], let text = node.string {
            let pattern = number(ofPattern: text, at: node)
            builder.keywords.append(
                pattern.map { .pattern($0) } ?? .broken(keyword: "pattern", reason: "the pattern is invalid")
            )
        }
        compileValues(&builder)
        for (keyword, isLower) in [("minItems", true), ("maxItems", false)] {
            guard let limit = count(keyword, builder) else { continue }
            builder.keywords.append(.itemCount(CountLimit(keyword: keyword, isLower: isLower, limit: limit)))
        }
        if builder["uniqueItems"]?.boolean == true { builder.keywords.append(.uniqueItems) }
        for (keyword, isLower) in [("minProperties", true), ("maxProperties", false)] {
            guard let limit = count(keyword, builder) else { continue }
            builder.keywords.append(.propertyCount(CountLimit(keyword: keyword, isLower: isLower, limit: limit)))
        }
        if let node = builder["required"], node.isSequence, node.count > 0 {
            builder.keywords.append(.required(names(of: node)))
        }
        guard builder.dialect.generation >= .twentyNineteen, let node = builder["dependentRequired"] else {
            return
        }
        let dependencies = node.entries.map { key, value in
            Dependency(key: number(ofKey: key), required: names(of: value))
        }
        if !dependencies.isEmpty {
            builder.keywords.append(.dependentRequired(dependencies, keyword: "dependentRequired"))
        }
    }

    private func compileType(_ builder: inout KeywordBuilder) {
        guard let node = builder["type"] else { return }
        let names = node.isSequence ? node.elements.compactMap(\.string) : [node.string].compactMap { $0 }
        var set = TypeSet()
        for name in names {
            guard let type = TypeSet(name: name, dialect: builder.dialect) else { return }
            set.insert(type)
        }
        if set.isEmpty || set.contains(.anything) { return }
        // OpenAPI 3.0.3 §4.7.24.1: `nullable` widens `type` and nothing else.
        let nullKeyword = builder.dialect == .openAPI2_0 ? "x-nullable" : "nullable"
        if builder.dialect.isOpenAPI, builder[nullKeyword]?.boolean == true { set.insert(.null) }
        builder.keywords.append(.type(set))
    }

    private func compileNumbers(_ builder: inout KeywordBuilder) {
        for (keyword, exclusive, isLower) in [
            ("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false),
        ] {
            let hasBooleans = builder.dialect.generation == .four
            if let limit = number(keyword, builder) {
                let isExclusive = hasBooleans && builder[exclusive]?.boolean == true
                builder.keywords.append(
                    .limit(
                        NumberLimit(
                            keyword: keyword,
                            isLower: isLower,
                            isExclusive: isExclusive,
                            limit: limit.0,
                            text: limit.1
                        )
                    )
                )
            }
            guard !hasBooleans, let limit = number(exclusive, builder) else { continue }
            builder.keywords.append(
                .limit(
                    NumberLimit(keyword: exclusive, isLower: isLower, isExclusive: true, limit: limit.0, text: limit.1)
                )
            )
        }
        if let divisor = number("multipleOf", builder), divisor.0.double > 0 {
            builder.keywords.append(.multipleOf(divisor.0, text: divisor.1))
        }
    }

    private func number(_ keyword: String, _ builder: KeywordBuilder) -> (DecimalNumber, String)? {
        guard let node = builder[keyword], node.kind == .integer || node.kind == .number else { return nil }
        return (DecimalNumber(node.document, node.id), node.scalarText ?? "")
    }

    private func compileValues(_ builder: inout KeywordBuilder) {
        if builder.dialect.generation >= .six, let node = builder["const"] {
            builder.keywords.append(.constant(Self.values([node], of: node.document)))
        }
        if let node = builder["enum"], node.isSequence {
            builder.keywords.append(.enumeration(Self.values(Array(node.elements), of: node.document)))
        }
    }

    private static func values(_ nodes: [Node], of document: Document) -> ValueList {
        let strings = nodes.filter { $0.kind == .string }.map { $0.document.textBytes($0.id) }
        return ValueList(
            document: document,
            values: nodes.filter { $0.kind != .string }.map(\.id),
            strings: Set(strings)
        )
    }

    func compileFormat(_ builder: inout KeywordBuilder, isAssertedByVocabulary: Bool) {
        guard options.assertsFormats || isAssertedByVocabulary, let name = builder["format"]?.string,
            let check = Format(name: name, dialect: builder.dialect)
        else { return }
        builder.keywords.append(.format(name: name, check: check))
    }

    // MARK: The schema's own form

    /// Reports keywords whose value cannot be one; they are left out.
    mutating func reportWrongShapes(_ builder: KeywordBuilder) {
        let shapes = KeywordTable.shapes(of: builder.dialect)
        for (key, value) in builder.node.entries {
            guard let shape = shapes[key], let expected = Self.mismatch(value, shape, builder.dialect, keyword: key)
            else {
                continue
            }
            report(.invalidKeyword(key), "`\(key)` must be \(expected)", at: value)
        }
    }

    /// What was expected where a value does not have the shape of its keyword.
    private static func mismatch(
        _ value: Node,
        _ shape: KeywordShape,
        _ dialect: SchemaDialect,
        keyword: String
    ) -> String? {
        let isSchema = { (node: Node) in
            node.isMapping
                || (node.kind == .boolean && (dialect.generation > .four || keyword.hasPrefix("additional")))
        }
        let isCount = { (node: Node) in
            (node.kind == .integer || node.kind == .number)
                && { $0.isIntegral && $0.double >= 0 }(DecimalNumber(node.document, node.id))
        }
        let fits: Bool
        let expected: String
        switch shape {
        case .schema: (fits, expected) = (isSchema(value), "a schema")
        case .schemaList:
            (fits, expected) = (
                value.isSequence && value.count > 0 && value.elements.allSatisfy(isSchema), "a list of schemas"
            )
        case .schemaMap, .patternSchemaMap:
            (fits, expected) = (
                value.isMapping && value.entries.allSatisfy { isSchema($0.value) }, "a mapping of schemas"
            )
        case .schemaOrList:
            let isList = value.isSequence && !dialect.isOpenAPI && value.elements.allSatisfy(isSchema)
            (fits, expected) = (
                isSchema(value) || isList, dialect.isOpenAPI ? "a schema" : "a schema or a list of schemas"
            )
        case .schemaOrNamesMap:
            let isEntry = { (node: Node) in isSchema(node) || Self.isNames(node) }
            (fits, expected) = (
                value.isMapping && value.entries.allSatisfy { isEntry($0.value) },
                "a mapping of schemas or lists of names"
            )
        case .count: (fits, expected) = (isCount(value), "a whole number from zero up")
        case .number: (fits, expected) = (value.kind == .integer || value.kind == .number, "a number")
        case .positiveNumber: (fits, expected) = ((value.number ?? 0) > 0, "a number above zero")
        case .string, .pattern: (fits, expected) = (value.kind == .string, "a string")
        case .boolean: (fits, expected) = (value.kind == .boolean, "a boolean")
        case .types: (fits, expected) = (Self.isType(value, dialect), "the name of a type or a list of them")
        case .names: (fits, expected) = (Self.isNames(value), "a list of names")
        case .namesMap:
            (fits, expected) = (
                value.isMapping && value.entries.allSatisfy { Self.isNames($0.value) }, "a mapping of lists of names"
            )
        case .nonEmptyList: (fits, expected) = (value.isSequence && value.count > 0, "a list with at least one value")
        case .list: (fits, expected) = (value.isSequence, "a list")
        case .any: (fits, expected) = (true, "")
        }
        return fits ? nil : expected
    }

    private static func isNames(_ node: Node) -> Bool {
        node.isSequence && node.elements.allSatisfy { $0.kind == .string }
    }

    private static func isType(_ node: Node, _ dialect: SchemaDialect) -> Bool {
        let names = node.isSequence && dialect != .openAPI3_0 ? node.elements.map(\.string) : [node.string]
        return !names.isEmpty
            && names.allSatisfy { name in
                name.map { TypeSet(name: $0, dialect: dialect) != nil } ?? false
            }
    }
}
