extension RoutingTables {
    /// Adds a version with its schemes and operations.
    mutating func add(
        _ version: RoutingContent.Version,
        of api: RoutingContent.API,
        number: APIIndex,
        basePath: String
    ) throws(InvalidContent) {
        let place = "api `\(api.name)`, version `\(version.name)`"
        guard !version.name.isEmpty, version.name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2F }) else {
            throw InvalidContent(place, "a version's name is visible ASCII text without a slash")
        }
        let index = VersionIndex(rawValue: UInt32(versions.count))
        var major: Int32?
        if let wide = version.major {
            guard let narrow = Int32(exactly: wide), narrow >= 0 else {
                throw InvalidContent(place, "major \(wide) is not a whole number from 0 on")
            }
            major = narrow
        }
        let upstream: UpstreamIndex? =
            version.state == .retired ? nil : try self.upstream(version.upstream, at: place)
        let (schemeRange, schemeNumbers) = try addSchemes(version.schemes, at: place)
        let firstOperation = UInt32(operations.count)
        // A retired version answers 410 before its operations matter, so it keeps none.
        let root = version.state == .retired ? RouteTrie.none : addRoot()
        if version.state == .published {
            try Self.limit(
                place,
                "operations",
                operations.count + version.operations.count,
                RoutingLimits.operationsMax
            )
            var ids: Set<String> = []
            for operation in version.operations {
                guard !operation.id.isEmpty, ids.insert(operation.id).inserted else {
                    throw InvalidContent(
                        "\(place), operation `\(operation.id)`",
                        "an operation's id is not empty and is there once"
                    )
                }
                try add(operation, version: index, schemes: schemeNumbers, root: root, at: place)
            }
        }
        versions.append(
            VersionRecord(
                api: number,
                name: arena.add(version.name),
                major: major,
                state: version.state,
                isSuspended: version.isSuspended,
                deprecatedAt: version.deprecatedAt,
                sunsetAt: version.sunsetAt,
                successor: arena.add(version.successor ?? ""),
                deprecationField: arena.add(version.deprecatedAt.map { "@\($0)" } ?? ""),
                sunsetField: try sunsetField(version.sunsetAt, at: place),
                linkField: try linkField(version, api: api, basePath: basePath, at: place),
                upstream: upstream,
                schemes: schemeRange,
                operations: TableRange(first: firstOperation, count: UInt32(operations.count) - firstOperation),
                root: root
            )
        )
    }

    private mutating func sunsetField(_ seconds: Int64?, at place: String) throws(InvalidContent) -> ByteSlice {
        guard let seconds else { return .empty }
        guard let date = FieldText.httpDate(seconds) else {
            throw InvalidContent(place, "the sunset \(seconds) lies outside the years 1 to 9999")
        }
        return arena.add(date)
    }

    /// RFC 9745 §3 and RFC 5829: where the deprecation is explained and what comes after.
    private mutating func linkField(
        _ version: RoutingContent.Version,
        api: RoutingContent.API,
        basePath: String,
        at place: String
    ) throws(InvalidContent) -> ByteSlice {
        var links: [String] = []
        if let target = version.deprecationLink {
            guard FieldText.isLinkTarget(target) else {
                throw InvalidContent(place, "deprecation link `\(target)` is no URL in visible ASCII")
            }
            links.append("<\(target)>; rel=\"deprecation\"")
        }
        if let successor = version.successor {
            guard !successor.isEmpty, FieldText.isLinkTarget(successor), !successor.contains("/") else {
                throw InvalidContent(place, "successor `\(successor)` is no version's name")
            }
            let base = basePath == "/" ? "" : basePath
            let target = api.versioning.inPath ? "\(base)/\(successor)" : basePath
            links.append("<\(target)>; rel=\"successor-version\"")
        }
        return arena.add(links.joined(separator: ", "))
    }

    private mutating func addSchemes(
        _ list: [RoutingContent.SecurityScheme],
        at place: String
    ) throws(InvalidContent) -> (TableRange, [String: UInt32]) {
        try Self.limit(place, "security schemes", list.count, RoutingLimits.listEntriesMax)
        let first = UInt32(schemes.count)
        var numbers: [String: UInt32] = [:]
        for scheme in list {
            guard numbers.updateValue(UInt32(schemes.count), forKey: scheme.name) == nil else {
                throw InvalidContent(place, "security scheme `\(scheme.name)` is there twice")
            }
            schemes.append(
                SchemeRecord(name: arena.add(scheme.name), place: try record(scheme.place, of: scheme.name, at: place))
            )
        }
        return (TableRange(first: first, count: UInt32(list.count)), numbers)
    }

    private mutating func record(
        _ keyPlace: RoutingContent.CredentialPlace,
        of scheme: String,
        at place: String
    ) throws(InvalidContent) -> KeyPlaceRecord {
        switch keyPlace {
        case .apiKeyHeader(let name):
            guard FieldText.isToken(name) else {
                throw InvalidContent(
                    place,
                    "security scheme `\(scheme)` names the field `\(name)`, which no field can have"
                )
            }
            return KeyPlaceRecord(kind: .header, name: arena.add(name.lowercased()))
        case .apiKeyQuery(let name):
            guard !name.isEmpty else { throw InvalidContent(place, "security scheme `\(scheme)` names no parameter") }
            return KeyPlaceRecord(kind: .query, name: arena.add(name))
        case .apiKeyCookie(let name):
            guard FieldText.isToken(name) else {
                throw InvalidContent(
                    place,
                    "security scheme `\(scheme)` names the cookie `\(name)`, which none can have"
                )
            }
            return KeyPlaceRecord(kind: .cookie, name: arena.add(name))
        case .bearer: return KeyPlaceRecord(kind: .bearer, name: .empty)
        case .basic: return KeyPlaceRecord(kind: .basic, name: .empty)
        case .unsupported(let kind): return KeyPlaceRecord(kind: .unsupported, name: arena.add(kind))
        }
    }

    private mutating func add(
        _ operation: RoutingContent.Operation,
        version index: VersionIndex,
        schemes: [String: UInt32],
        root: UInt32,
        at version: String
    ) throws(InvalidContent) {
        // Only for messages: a text for each of tens of thousands of operations costs as much as their tables do.
        var place: String { "\(version), operation `\(operation.id)`" }
        guard FieldText.isToken(operation.method) else {
            throw InvalidContent(place, "`\(operation.method)` is no method")
        }
        let template: RouteTemplate
        do throws(RouteTemplate.Problem) {
            template = try RouteTemplate(operation.pathTemplate)
        } catch {
            throw InvalidContent(place, "path `\(operation.pathTemplate)`: \(error)")
        }
        let number = UInt32(operations.count)
        if let reason = insert(template, method: operation.method, operation: number, root: root) {
            throw InvalidContent(place, "\(operation.method) `\(operation.pathTemplate)`: \(reason)")
        }
        let firstAlternative = UInt32(alternatives.count)
        for alternative in operation.security ?? [] where !alternative.isEmpty {
            let firstUse = UInt32(uses.count)
            for use in alternative {
                guard let scheme = schemes[use.scheme] else {
                    throw InvalidContent(place, "there is no security scheme `\(use.scheme)`")
                }
                let scopes = addSlices(use.scopes)
                uses.append(UseRecord(scheme: SchemeIndex(rawValue: scheme), scopes: scopes))
            }
            let range = TableRange(first: firstUse, count: UInt32(alternative.count))
            alternatives.append(AlternativeRecord(uses: range))
        }
        operations.append(
            OperationRecord(
                version: index,
                id: arena.add(operation.id),
                method: arena.add(operation.method),
                pathTemplate: arena.add(operation.pathTemplate),
                declaresSecurity: operation.security != nil,
                permitsAnonymous: operation.security.map { $0.isEmpty || $0.contains([]) } ?? false,
                isDeprecated: operation.isDeprecated,
                alternatives: TableRange(
                    first: firstAlternative,
                    count: UInt32(alternatives.count) - firstAlternative
                ),
                parameters: addSlices(template.parameters)
            )
        )
        try addSource(of: operation, at: version)
    }

    private mutating func addSource(
        of operation: RoutingContent.Operation,
        at version: String
    ) throws(InvalidContent) {
        guard let source = operation.source else {
            sources.append(SourceRecord(file: .empty, pointer: .empty, line: 0, specification: 0))
            return
        }
        guard let line = UInt32(exactly: source.line) else {
            throw InvalidContent("\(version), operation `\(operation.id)`", "line \(source.line) is no line")
        }
        sources.append(
            SourceRecord(
                file: arena.add(source.file),
                pointer: arena.add(source.pointer),
                line: line,
                specification: specification(source.specificationSHA256)
            )
        )
    }
}
