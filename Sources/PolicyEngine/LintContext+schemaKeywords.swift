internal import DocumentTree

extension LintContext {
    /// Whether the key of a node is a keyword of a schema rather than a property's name, or data that happens to use the word:
    /// examples, defaults, enumerations and extensions are data.
    func isSchemaKeyword(_ place: NodeID) -> Bool {
        var node = document.parent(place)
        if let owner = node, document.key(owner) == "properties" { return false }
        while let current = node {
            if let key = document.key(current),
                key.hasPrefix("x-") || ["example", "examples", "default", "enum", "const"].contains(key)
            {
                let above = document.parent(current).flatMap(document.key)
                // A property may be called `example`.
                if above != "properties" { return false }
            }
            node = document.parent(current)
        }
        return true
    }
}
