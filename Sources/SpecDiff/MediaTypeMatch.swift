import DocumentTree
import OpenAPIModel

/// Which media types of two bodies belong together: those of one name, then those of which one is a special case of the
/// other, as `application/problem+json` is of `application/json`.
struct MediaTypeMatch {
    private(set) var matched: [(MediaType, MediaType)] = []
    private(set) var removed: [MediaType] = []
    private(set) var added: [MediaType] = []

    init(_ before: [MediaType], _ after: [MediaType]) {
        added = after
        for media in before {
            if let index = added.firstIndex(where: { $0.type == media.type }) {
                matched.append((media, added.remove(at: index)))
            } else {
                removed.append(media)
            }
        }
        for media in added {
            guard let name = MediaTypeName(media.type),
                let index = removed.firstIndex(where: { other in
                    MediaTypeName(other.type).map { $0.contains(name) || name.contains($0) } ?? false
                })
            else { continue }
            matched.append((removed.remove(at: index), media))
            added.removeAll { $0.type == media.type }
        }
    }
}

/// A media type in its parts (RFC 6838 section 4.2).
struct MediaTypeName: Hashable {
    let type: String
    let subtype: String
    let suffix: String
    let parameters: [String]

    init?(_ text: String) {
        let parts = text.split(separator: ";").map { part in
            part.trimmingSpaces.lowercased()
        }
        guard let essence = parts.first else { return nil }
        let names = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        let pieces = names[1].split(separator: "+", omittingEmptySubsequences: false)
        guard pieces.count <= 2, pieces.count == 1 || !pieces[1].isEmpty else { return nil }
        type = String(names[0])
        subtype = String(pieces[0])
        suffix = pieces.count == 2 ? String(pieces[1]) : ""
        parameters = parts.dropFirst().sorted()
    }

    /// Whether the other is this one, or a special case of it; parameters do not matter.
    func contains(_ other: MediaTypeName) -> Bool {
        guard type == other.type else { return false }
        if suffix.isEmpty, other.suffix == subtype, !subtype.isEmpty { return true }
        return subtype == other.subtype && suffix == other.suffix
    }
}

extension MediaType {
    /// Whether a number and the text of its digits are told apart.
    var isTyped: Bool { type == "application/json" || type.hasSuffix("+json") }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
