import DocumentTree
import OpenAPIModel

/// Ids, tags, stability, deprecation and sunset of operations.
extension OperationComparison {
    mutating func compareIdentity(_ look: OperationLook) {
        let oldID = look.before.operationID ?? ""
        let newID = look.after.operationID ?? ""
        if oldID != newID {
            var values = ChangeValues()
            values.from = oldID
            values.to = newID
            values.value = newID
            add(oldID.isEmpty ? "api-operation-id-added" : "api-operation-id-removed", values, look, "operationId")
        }
        let oldTags = look.before.tags
        let newTags = look.after.tags
        for tag in oldTags where !newTags.contains(tag) { addValue("api-tag-removed", tag, look, "tags") }
        for tag in newTags where !oldTags.contains(tag) { addValue("api-tag-added", tag, look, "tags") }
    }

    /// Adds a change that stands at a field of both operations, or at the operation where the field is absent.
    mutating func add(_ id: String, _ values: ChangeValues, _ look: OperationLook, _ field: String) {
        let before = look.before.node
        let after = look.after.node
        collector.add(
            id,
            values,
            site: look.site,
            base: (before[field] ?? before).id,
            revision: (after[field] ?? after).id
        )
    }

    mutating func addValue(_ id: String, _ value: String, _ look: OperationLook, _ field: String, name: String = "") {
        var values = ChangeValues()
        values.value = value
        values.name = name
        add(id, values, look, field)
    }

    // MARK: Stability

    /// The level of an operation; nil, and a change that says so, where it is none of the four.
    mutating func stability(of operation: Node, _ site: Int32, isBase: Bool) -> StabilityLevel? {
        guard let node = operation["x-stability-level"], !node.isNull else { return .stable }
        if let level = StabilityLevel(name: node.scalarText ?? "") { return level }
        var values = ChangeValues()
        values.value = node.scalarText ?? ""
        collector.add(
            "api-invalid-stability-level",
            values,
            site: site,
            base: isBase ? node.id : nil,
            revision: isBase ? nil : node.id
        )
        return nil
    }

    /// Compares levels; whether the operation's other changes are looked at.
    mutating func compareStability(_ before: Operation, _ after: Operation, _ site: Int32) -> Bool {
        let old = before.node["x-stability-level"]
        let new = after.node["x-stability-level"]
        guard old != nil || new != nil else { return true }
        if let old, let new, old.hasSameValue(as: new), StabilityLevel(name: old.scalarText ?? "") == nil,
            before.node.hasSameValue(as: after.node)
        {
            return true
        }
        let was = stability(of: before.node, site, isBase: true)
        let isNow = stability(of: after.node, site, isBase: false)
        if let was, let isNow, was != isNow, was >= options.leastStability {
            var values = ChangeValues()
            values.from = was.name
            values.to = isNow.name
            collector.add(
                isNow < was ? "api-stability-decreased" : "api-stability-increased",
                values,
                site: site,
                base: (old ?? before.node).id,
                revision: (new ?? after.node).id
            )
        }
        return isNow.map { $0 >= options.leastStability } ?? true
    }

    /// How long something deprecated must still work; nil where the operation's level cannot be read.
    func sunsetDays(_ operation: Node) -> Int? {
        guard let node = operation["x-stability-level"], !node.isNull else { return options.minSunsetStableDays }
        switch StabilityLevel(name: node.scalarText ?? "") {
        case nil: return nil
        case .draft, .alpha: return 0
        case .beta: return options.minSunsetBetaDays
        case .stable: return options.minSunsetStableDays
        }
    }

    // MARK: Deprecation

    mutating func compareLifecycle(_ look: OperationLook) {
        let was = look.before.isDeprecated
        let isNow = look.after.isDeprecated
        if was != isNow { compareDeprecation(look, isDeprecated: isNow) }
        guard isNow else { return }
        let ids = SunsetChecks(
            deleted: "sunset-deleted",
            unreadable: "api-path-sunset-parse",
            tooSmall: "api-sunset-date-changed-too-small"
        )
        compareSunsets(ids, ChangeValues(), look, look.before.node, look.after.node)
    }

    private mutating func compareDeprecation(_ look: OperationLook, isDeprecated: Bool) {
        guard isDeprecated else { return add("endpoint-reactivated", ChangeValues(), look, "deprecated") }
        guard let days = look.sunsetDays else { return }
        switch SchemaLook.sunset(revision, look.after.node["x-sunset"]?.id) {
        case .missing:
            addValue(days > 0 ? "api-deprecated-sunset-missing" : "endpoint-deprecated", "", look, "deprecated")
        case .unreadable(let text): addValue("api-deprecated-sunset-parse", text, look, "x-sunset")
        case .date(let date):
            var values = ChangeValues()
            values.value = date.description
            values.key = String(days)
            let isTooSmall = options.today.map { date.days(since: $0) < days } ?? false
            add(isTooSmall ? "api-sunset-date-too-small" : "endpoint-deprecated-with-sunset", values, look, "x-sunset")
        }
    }

    /// The checks that look at an `x-sunset` on both sides.
    struct SunsetChecks {
        let deleted: String
        let unreadable: String
        let tooSmall: String
    }

    /// Compares the sunset of something that is deprecated in the revision.
    mutating func compareSunsets(
        _ checks: SunsetChecks,
        _ values: ChangeValues,
        _ look: OperationLook,
        _ before: Node,
        _ after: Node
    ) {
        guard let old = before["x-sunset"] else { return }
        guard let new = after["x-sunset"] else {
            collector.add(checks.deleted, values, site: look.site, base: old.id, revision: after.id)
            return
        }
        guard !old.hasSameValue(as: new) else { return }
        var values = values
        for (side, node, isBase) in [(revision, new, false), (base, old, true)] {
            if case .unreadable(let text) = SchemaLook.sunset(side, node.id) {
                values.value = text
                let base = isBase ? node.id : nil
                collector.add(checks.unreadable, values, site: look.site, base: base, revision: isBase ? nil : node.id)
                return
            }
        }
        guard case .date(let was) = SchemaLook.sunset(base, old.id),
            case .date(let isNow) = SchemaLook.sunset(revision, new.id), let days = look.sunsetDays, isNow < was
        else { return }
        if let today = options.today, isNow.days(since: today) >= days { return }
        values.from = was.description
        values.to = isNow.description
        values.key = String(days)
        collector.add(checks.tooSmall, values, site: look.site, base: old.id, revision: new.id)
    }
}
