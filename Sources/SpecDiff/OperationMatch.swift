import DocumentTree
import OpenAPIModel

/// An operation as a comparison names it.
struct OperationSite {
    let section: String
    let method: String
    let path: String
    let operationID: String?
    /// Whether the API sends the request: a webhook or callback.
    let isReversed: Bool
}

/// Which path items of two documents belong together: those with the same template, then those whose templates differ
/// in nothing but the names of their parameters.
struct PathMatch {
    /// Two path items that belong together, and what the parameters of the older are called in the newer.
    struct Matched {
        let base: PathItem
        let revision: PathItem
        let renamed: [String: String]
    }

    private(set) var matched: [Matched] = []
    private(set) var removed: [PathItem] = []
    private(set) var added: [PathItem] = []

    init(_ old: [PathItem], _ new: [PathItem]) {
        var exact: [String: Int] = [:]
        for (index, item) in new.enumerated() where exact[item.path] == nil { exact[item.path] = index }
        var isTaken = [Bool](repeating: false, count: new.count)
        var partners = [Int?](repeating: nil, count: old.count)
        for (index, item) in old.enumerated() {
            guard let partner = exact[item.path], !isTaken[partner] else { continue }
            partners[index] = partner
            isTaken[partner] = true
        }
        var shapes: [String: [Int]] = [:]
        for (index, item) in new.enumerated() where !isTaken[index] {
            shapes[TemplateShape(item.path).text, default: []].append(index)
        }
        for (index, item) in old.enumerated() {
            if partners[index] == nil {
                let shape = TemplateShape(item.path).text
                if let partner = shapes[shape]?.first {
                    partners[index] = partner
                    isTaken[partner] = true
                    shapes[shape]?.removeFirst()
                }
            }
            guard let partner = partners[index] else {
                removed.append(item)
                continue
            }
            matched.append(
                Matched(base: item, revision: new[partner], renamed: Self.renamed(item.path, new[partner].path))
            )
        }
        added = new.indices.filter { !isTaken[$0] }.map { new[$0] }
    }

    private static func renamed(_ old: String, _ new: String) -> [String: String] {
        guard old != new else { return [:] }
        var renamed: [String: String] = [:]
        for (before, after) in zip(TemplateShape(old).names, TemplateShape(new).names) { renamed[before] = after }
        return renamed
    }
}

/// A path without the names of its parameters; unlike `PathTemplate.shape`, of any text, routable or not.
struct TemplateShape {
    let text: String
    let names: [String]

    init(_ path: String) {
        guard path.utf8.contains(UInt8(ascii: "{")) else {
            text = path
            names = []
            return
        }
        var shape = ""
        var names: [String] = []
        var name: String?
        for character in path {
            switch (character, name) {
            case ("}", let current?):
                names.append(current)
                name = nil
                shape.append("}")
            case (_, let current?): name = current + String(character)
            case ("{", nil):
                name = ""
                shape.append("{")
            default: shape.append(character)
            }
        }
        text = shape
        self.names = names
    }
}
