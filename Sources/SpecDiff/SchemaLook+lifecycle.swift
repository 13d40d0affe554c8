import DocumentTree

/// Deprecation, sunset and stability of schemas, and what only describes.
extension SchemaLook {
    mutating func compareLifecycle() {
        let before = base.boolean(old[.deprecated])
        let after = revision.boolean(new[.deprecated])
        if before != after {
            var values = ChangeValues()
            let sunset = Self.sunset(revision, new[.sunset])
            if case .date(let date) = sunset { values.value = date.description }
            if case .unreadable(let text) = sunset { values.value = text }
            add(after ? .deprecated(sunset: sunset) : .reactivated, .deprecated, values)
        }
        compareStability()
    }

    static func sunset(_ side: DiffSide, _ id: NodeID?) -> SchemaFact.Sunset {
        guard let id, !side.node(id).isNull else { return .missing }
        let text = side.shown(id)
        return CalendarDate(text).map { .date($0) } ?? .unreadable(text)
    }

    private mutating func compareStability() {
        guard old[.stability] != nil || new[.stability] != nil else { return }
        let before = old[.stability].map { StabilityLevel(name: base.shown($0)) } ?? .stable
        let after = new[.stability].map { StabilityLevel(name: revision.shown($0)) } ?? .stable
        var values = ChangeValues()
        guard let before, let after else {
            if let old = old[.stability], let new = new[.stability], areSame(old, new) { return }
            values.value = before == nil ? base.shown(old[.stability]) : revision.shown(new[.stability])
            return add(.stability(isLess: nil), .stability, values)
        }
        guard before != after else { return }
        values.from = before.name
        values.to = after.name
        add(.stability(isLess: after < before), .stability, values)
    }

    mutating func compareDescriptions() {
        for keyword in [SchemaKeyword.title, .description, .example, .examples, .externalDocs, .comment] {
            guard old[keyword] != nil || new[keyword] != nil else { continue }
            if let before = old[keyword], let after = new[keyword], areSame(before, after) { continue }
            edits.append(
                DocumentationEdit(
                    field: keyword.name,
                    base: old[keyword].map { base.changePlace($0) },
                    revision: new[keyword].map { revision.changePlace($0) }
                )
            )
        }
    }
}
