import DocumentTree
import OpenAPIModel

/// Parameters: the path item's and the operation's own together, so that one may move from the one list to the other.
extension OperationComparison {
    mutating func compareParameters(_ look: OperationLook) {
        var after = look.after.parameters
        var before = look.before.parameters
        guard !before.isEmpty || !after.isEmpty else { return }
        if options.pathItemParameters == .addedOnly {
            let known = before.filter { isShared($0, look.before) }
            for parameter in after where isShared(parameter, look.after) {
                if !known.contains(where: { isSame($0, parameter, look) }) { addAdded(parameter, look) }
            }
            before.removeAll { isShared($0, look.before) }
            after.removeAll { isShared($0, look.after) }
        }
        compareSpread(look, &before, &after)
        for parameter in before {
            guard let index = after.firstIndex(where: { isSame(parameter, $0, look) }) else {
                addRemoved(parameter, look)
                continue
            }
            compare(parameter, after.remove(at: index), look)
        }
        for parameter in after { addAdded(parameter, look) }
    }

    /// Whether the parameter stands in the path item's list.
    private func isShared(_ parameter: Parameter, _ operation: Operation) -> Bool {
        parameter.place.parent?.parent?.id == operation.pathItem.node.id
    }

    private func isSame(_ old: Parameter, _ new: Parameter, _ look: OperationLook) -> Bool {
        guard old.location == new.location else { return false }
        switch old.location {
        case .path: return (look.renamed[old.name] ?? old.name) == new.name
        // RFC 9110 section 5.1: names of fields are compared without regard to case.
        case .header: return old.name == new.name || old.name.lowercased() == new.name.lowercased()
        default: return old.name == new.name
        }
    }

    private func values(_ parameter: Parameter) -> ChangeValues {
        var values = ChangeValues()
        values.location = parameter.location.rawValue
        values.parameter = parameter.name
        return values
    }

    // MARK: Added and removed

    private mutating func addAdded(_ parameter: Parameter, _ look: OperationLook) {
        let id: String
        if parameter.location == .path {
            id = "new-request-path-parameter"
        } else {
            let isRequired = parameter.isRequired && !look.isReversed
            id =
                isShared(parameter, look.after)
                ? "new-\(isRequired ? "required" : "optional")-request-default-parameter-to-existing-path"
                : "new-\(isRequired ? "required" : "optional")-request-parameter"
        }
        collector.add(
            id,
            values(parameter),
            site: look.site,
            base: look.before.node.id,
            revision: parameter.node.id
        )
    }

    private mutating func addRemoved(_ parameter: Parameter, _ look: OperationLook) {
        var values = values(parameter)
        var id = "request-parameter-removed"
        if parameter.isDeprecated {
            switch SchemaLook.sunset(base, parameter.node["x-sunset"]?.id) {
            case .missing: id = "request-parameter-removed-with-deprecation"
            case .unreadable(let text):
                id = "request-parameter-sunset-parse"
                values.value = text
            case .date(let date):
                if let today = options.today, date <= today { return }
                id = "request-parameter-removed-before-sunset"
                values.value = date.description
            }
        }
        collector.add(id, values, site: look.site, base: parameter.node.id, revision: look.after.node.id)
    }

    // MARK: Parameters on both sides

    private mutating func compare(_ old: Parameter, _ new: Parameter, _ look: OperationLook) {
        let values = values(old)
        collector.describe(
            ["description", "example", "examples"],
            (base, old.node.id),
            (revision, new.node.id)
        )
        if old.isRequired != new.isRequired {
            let id = new.isRequired ? "request-parameter-became-required" : "request-parameter-became-optional"
            add(id, values, look, old.node, new.node, "required")
        }
        compareLifecycle(old, new, values, look)
        compareSerialization(old, new, values, look)
        if let before = old.schemaPlace, let after = new.schemaPlace {
            let pair = schemas.pair(schema(base, old, before), schema(revision, new, after))
            addRoot(pair, old, new, values, look, isStronglyTyped: false)
        }
        compareContent(old, new, values, look)
    }

    private mutating func add(
        _ id: String,
        _ values: ChangeValues,
        _ look: OperationLook,
        _ old: Node,
        _ new: Node,
        _ field: String
    ) {
        collector.add(id, values, site: look.site, base: (old[field] ?? old).id, revision: (new[field] ?? new).id)
    }

    private func schema(_ side: DiffSide, _ parameter: Parameter, _ place: Node) -> SchemaID {
        guard place.id == parameter.node.id else { return side.schema(at: place.id) ?? SchemaID(place.id) }
        return side.schema(ofParameter: place.id)
    }

    private mutating func addRoot(
        _ pair: Int32?,
        _ old: Parameter,
        _ new: Parameter,
        _ values: ChangeValues,
        _ look: OperationLook,
        isStronglyTyped: Bool
    ) {
        guard let pair else { return }
        var context = FactContext(
            carrier: look.isReversed ? .responseHeader : .parameter(isHeader: old.location == .header),
            isRoot: true,
            isStronglyTyped: isStronglyTyped,
            sunsetDays: look.sunsetDays
        )
        context.isOptional = old.node["required"]?.boolean != true && new.node["required"]?.boolean != true
        context.today = options.today
        context.isReversed = look.isReversed
        context.isListedNow = isListedNow(old, new)
        var values = values
        if look.isReversed { values.name = old.name }
        collector.addRoot(ChangeCollector.Root(site: look.site, context: context, values: values, pair: pair))
    }

    /// Whether one value became a list of such values, written so that one value still reads as it did: `?id=1` is a
    /// list of one where each element is a parameter of its own.
    private func isListedNow(_ old: Parameter, _ new: Parameter) -> Bool {
        guard new.style == "form", new.explodes, let before = old.schemaPlace.flatMap({ base.schema(at: $0.id) }),
            let after = new.schemaPlace.flatMap({ revision.schema(at: $0.id) })
        else { return false }
        var nodes = SchemaNodes()
        revision.read(after, into: &nodes)
        guard SchemaTypes(revision, after, nodes).types == ["array"], let items = nodes[.items],
            let item = revision.schema(at: items)
        else { return false }
        var oldNodes = SchemaNodes()
        base.read(before, into: &oldNodes)
        var itemNodes = SchemaNodes()
        revision.read(item, into: &itemNodes)
        let types = SchemaTypes(base, before, oldNodes).types
        let itemTypes = SchemaTypes(revision, item, itemNodes).types
        // In a query everything is text.
        let isCovered =
            itemTypes.isEmpty || itemTypes == ["string"]
            || types.allSatisfy { itemTypes.contains($0) || ($0 == "integer" && itemTypes.contains("number")) }
        return !types.isEmpty && isCovered && schemas.equivalence.areEquivalentBesidesTypes(before, item)
    }

    private mutating func compareLifecycle(
        _ old: Parameter,
        _ new: Parameter,
        _ values: ChangeValues,
        _ look: OperationLook
    ) {
        if old.isDeprecated != new.isDeprecated {
            compareDeprecation(old, new, values, look)
        }
        guard new.isDeprecated else { return }
        let checks = SunsetChecks(
            deleted: "request-parameter-sunset-deleted",
            unreadable: "request-parameter-sunset-parse",
            tooSmall: "request-parameter-sunset-date-changed-too-small"
        )
        compareSunsets(checks, values, look, old.node, new.node)
    }

    private mutating func compareDeprecation(
        _ old: Parameter,
        _ new: Parameter,
        _ values: ChangeValues,
        _ look: OperationLook
    ) {
        var values = values
        var id = "request-parameter-reactivated"
        if new.isDeprecated {
            guard let days = look.sunsetDays else { return }
            id = "request-parameter-deprecated"
            switch SchemaLook.sunset(revision, new.node["x-sunset"]?.id) {
            case .missing: if days > 0 { id = "request-parameter-deprecated-sunset-missing" }
            case .unreadable(let text):
                id = "request-parameter-sunset-parse"
                values.value = text
            case .date(let date):
                if let today = options.today, date.days(since: today) < days {
                    id = "request-parameter-sunset-date-too-small"
                    values.value = date.description
                    values.key = String(days)
                }
            }
        }
        add(id, values, look, old.node, new.node, "deprecated")
    }

    private mutating func compareSerialization(
        _ old: Parameter,
        _ new: Parameter,
        _ values: ChangeValues,
        _ look: OperationLook
    ) {
        guard old.style != new.style || old.explodes != new.explodes, isNested(base, old), isNested(revision, new)
        else {
            return
        }
        var values = values
        values.from = old.style + (old.explodes ? ", exploded" : "")
        values.to = new.style + (new.explodes ? ", exploded" : "")
        add("request-parameter-serialization-changed", values, look, old.node, new.node, "style")
    }

    /// Whether values are lists or objects: only those are written in different ways.
    private func isNested(_ side: DiffSide, _ parameter: Parameter) -> Bool {
        guard let place = parameter.schemaPlace else { return false }
        let id = schema(side, parameter, place)
        var nodes = SchemaNodes()
        side.read(id, into: &nodes)
        let types = SchemaTypes(side, id, nodes).types
        return types.contains("array") || types.contains("object")
    }

    private mutating func compareContent(
        _ old: Parameter,
        _ new: Parameter,
        _ values: ChangeValues,
        _ look: OperationLook
    ) {
        guard old.schemaPlace == nil, new.schemaPlace == nil else { return }
        let match = MediaTypeMatch(old.content, new.content)
        for media in match.removed {
            var values = values
            values.media = media.type
            add("request-parameter-media-type-removed", values, look, media.node, new.node, "content")
        }
        for media in match.added {
            var values = values
            values.media = media.type
            add("request-parameter-media-type-added", values, look, old.node, media.node, "content")
        }
        for (before, after) in match.matched {
            guard let oldPlace = before.schemaPlace, let newPlace = after.schemaPlace else { continue }
            let pair = schemas.pair(atPlaces: oldPlace.id, newPlace.id)
            addRoot(pair, old, new, values, look, isStronglyTyped: before.isTyped)
        }
    }

    // MARK: Objects spread over parameters

    /// An object whose properties are parameters of their own (`form`, exploded) reads the same as those parameters.
    private mutating func compareSpread(_ look: OperationLook, _ before: inout [Parameter], _ after: inout [Parameter])
    {
        for (spread, isRevision) in [(after, true), (before, false)] {
            for object in spread {
                guard let schema = spreadSchema(isRevision ? revision : base, object) else { continue }
                let side = isRevision ? revision : base
                var nodes = SchemaNodes()
                side.read(schema, into: &nodes)
                let properties = side.properties(schema, nodes)
                let singles = (isRevision ? before : after).filter { single in
                    single.location == object.location && properties.contains { $0.name == single.name }
                        && spreadSchema(isRevision ? base : revision, single) == nil
                }
                guard !singles.isEmpty else { continue }
                for single in singles {
                    guard let place = single.schemaPlace,
                        let property = properties.first(where: { $0.name == single.name })
                    else { continue }
                    let other = self.schema(isRevision ? base : revision, single, place)
                    let pair = isRevision ? schemas.pair(other, property.schema) : schemas.pair(property.schema, other)
                    addRoot(
                        pair,
                        isRevision ? single : object,
                        isRevision ? object : single,
                        values(single),
                        look,
                        isStronglyTyped: false
                    )
                    if isRevision {
                        before.removeAll { $0.node == single.node }
                    } else {
                        after.removeAll { $0.node == single.node }
                    }
                }
                if isRevision {
                    after.removeAll { $0.node == object.node }
                } else {
                    before.removeAll { $0.node == object.node }
                }
            }
        }
    }

    private func spreadSchema(_ side: DiffSide, _ parameter: Parameter) -> SchemaID? {
        guard parameter.location == .query || parameter.location == .cookie, parameter.style == "form",
            parameter.node["explode"]?.boolean == true, let place = parameter.schemaPlace,
            let schema = side.schema(at: place.id)
        else { return nil }
        var nodes = SchemaNodes()
        side.read(schema, into: &nodes)
        return nodes[.properties] != nil && SchemaTypes(side, schema, nodes).types == ["object"] ? schema : nil
    }
}
