internal import DocumentTree

/// `overrides`, and `except`, which is what they were called up to Spectral 5.
extension RulesetReader {
    func readOverrides(_ node: Node) {
        guard node.isSequence, node.count > 0, node.count <= LintLimits.overridesMax else {
            problems.add(
                "invalid-override-definition",
                "`overrides` is a list of at least one and at most \(LintLimits.overridesMax) entries",
                help: "write `overrides: [{files: ['legacy/**/*.yaml'], rules: {…}}]`",
                at: node
            )
            return
        }
        let readers = node.elements.map { ($0, RulesetReader(forOverrideIn: self)) }
        for (entry, reader) in readers { readOverride(entry, reader) }
        checkNames(readers.map(\.1))
    }

    private static let overrideKeys = [
        "files", "rules", "extends", "formats", "aliases", "parserOptions", "documentationUrl", "description",
    ]

    private func readOverride(_ node: Node, _ reader: RulesetReader) {
        guard node.isMapping else {
            problems.add("invalid-override-definition", "an override has `files` and `rules`", at: node)
            return
        }
        for (key, value) in node.entries where !Self.overrideKeys.contains(key) && !key.hasPrefix("x-") {
            problems.addKey(
                "invalid-override-definition",
                "an override has no key `\(key)`",
                help: "known keys: \(Self.overrideKeys.joined(separator: ", "))",
                at: value
            )
        }
        guard let files = node["files"], files.isSequence, files.count > 0 else {
            problems.add(
                "invalid-override-definition",
                "an override names `files`, a list of patterns",
                help: "write `files: ['**/*.yaml']`",
                at: node["files"] ?? node
            )
            return
        }
        let scopes = files.elements.compactMap { scope($0.string ?? "", at: $0) }
        if scopes.contains(where: { $0.pointer != nil }) {
            readPlaceRules(node, reader)
        } else {
            reader.readOverrideKeys(of: node)
        }
        overrides.append(
            RulesetOverride(
                scopes: scopes,
                changes: reader.changes,
                duplicateKeys: reader.duplicateKeys,
                incompatibleValues: reader.incompatibleValues
            )
        )
    }

    /// Where a pointer narrows an override to a part of a file, only what rules weigh can differ.
    private func readPlaceRules(_ node: Node, _ reader: RulesetReader) {
        for (key, value) in node.entries where !["files", "rules", "description"].contains(key) && !key.hasPrefix("x-")
        {
            problems.addKey(
                "invalid-override-definition",
                "`\(key)` cannot differ between the places of one file",
                help: "leave `#…` out of `files`, or keep `rules` alone",
                at: value
            )
        }
        guard let rules = node["rules"], rules.isMapping else {
            problems.add("invalid-override-definition", "an override has `rules`", at: node["rules"] ?? node)
            return
        }
        for (name, value) in rules.entries {
            if value.kind.isContainer {
                problems.add(
                    "invalid-override-definition",
                    "a place of a file can only give the rule `\(name)` another severity",
                    help: "write `\(name): off`, or leave `#…` out of `files`",
                    at: value
                )
            } else if let weight = readWeight(value) {
                reader.changes.append(.weigh(name, weight))
                reader.weighed.append((name, value))
            }
        }
    }

    /// `file.yaml`, `**/*.yaml`, `file.yaml#/paths/~1pets`.
    private func scope(_ text: String, at node: Node) -> RulesetOverride.Scope? {
        let hash = text.firstIndex(of: "#")
        let pattern = text[..<(hash ?? text.endIndex)]
        let pointer = hash.map { JSONPointer(fragment: String(text[$0...])) }
        guard let glob = PathGlob(pattern.isEmpty && hash != nil ? "**" : String(pattern)), pointer != .some(nil) else {
            problems.add(
                "invalid-override-definition",
                "`\(text)` is not a pattern for files",
                help: "write `folder/**/*.yaml`, or `file.yaml#/paths/~1pets` for a part of a file",
                at: node
            )
            return nil
        }
        return .init(glob: glob, pointer: pointer ?? nil)
    }

    /// A rule whose severity is changed is one of the ruleset or one that some override brings.
    private func checkNames(_ readers: [RulesetReader]) {
        var names = Set(positions.keys)
        for reader in readers { names.formUnion(reader.positions.keys) }
        for reader in readers {
            for (name, node) in reader.weighed where !names.contains(name) { noteUnknownRule(name, at: node) }
        }
    }

    /// `except: {"file.yaml#/pointer": [rules]}`.
    func readExcept(_ node: Node) {
        guard node.isMapping else {
            problems.add("invalid-override-definition", "`except` is a mapping of places to rules", at: node)
            return
        }
        for (place, rules) in node.entries {
            guard rules.isSequence, let scope = scope(place, at: rules) else {
                problems.add("invalid-override-definition", "`except` lists the names of rules", at: rules)
                continue
            }
            var changes: [RulesetOverride.Change] = []
            for element in rules.elements {
                let name = element.string ?? ""
                if positions[name] == nil { noteUnknownRule(name, at: element) }
                changes.append(.weigh(name, .off))
            }
            overrides.append(
                RulesetOverride(scopes: [scope], changes: changes, duplicateKeys: nil, incompatibleValues: nil)
            )
        }
    }
}
