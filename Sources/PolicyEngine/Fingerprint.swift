public import DocumentTree

/// What a finding is about, as a name that outlives edits elsewhere in the document: the rule, the document, and the place by
/// names. Lines do not count, and neither does the position in a list whose elements have names of their own.
///
/// What several findings share is told apart by a number, in the order of the report.
public enum Fingerprint {
    /// The fingerprints of findings, in their order: 32 hexadecimal digits each, none twice.
    ///
    /// - Parameters:
    ///   - findings: in the order of a report.
    ///   - documents: the documents they are about, by name; without one, positions in its lists count.
    /// - Returns: one for each finding.
    public static func all(of findings: [Finding], in documents: [String: Document]) -> [String] {
        var seen: [String: Int] = [:]
        var places = documents.mapValues { NamedPlaces($0) }
        return findings.map { finding in
            let path = places[finding.source]?.names(of: finding.path) ?? finding.path.map { $0.unnamed }
            let source = finding.source.hasPrefix("./") ? String(finding.source.dropFirst(2)) : finding.source
            // A line feed of a name cannot run two parts into one: it is written as two characters.
            let identity = ([finding.code, source] + path)
                .map { $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n") }
                .joined(separator: "\n")
            let number = seen[identity, default: 0]
            seen[identity] = number + 1
            return String(SHA256.hexadecimal(of: Array((identity + (number > 0 ? "\n\(number)" : "")).utf8)).prefix(32))
        }
    }
}

extension PathSegment {
    /// The segment as a key, or as a position.
    fileprivate var unnamed: String {
        switch self {
        case .key(let key): "." + key
        case .index(let index): "[\(index)]"
        }
    }
}

/// The places of one document by names; each list is looked through once.
private struct NamedPlaces {
    let document: Document
    private var lists: [NodeID: [(node: Node, name: String)]] = [:]

    init(_ document: Document) { self.document = document }

    mutating func names(of path: [PathSegment]) -> [String] {
        var node: Node? = document.root
        return path.map { segment in
            switch segment {
            case .key(let key):
                node = node?[key]
                return segment.unnamed
            case .index(let index):
                let siblings = node.map { elements(of: $0) } ?? []
                guard siblings.indices.contains(index) else {
                    node = nil
                    return segment.unnamed
                }
                node = siblings[index].node
                return siblings[index].name
            }
        }
    }

    /// The elements of a list with their names; elements that share a name are counted, one without is named by its position.
    private mutating func elements(of list: Node) -> [(node: Node, name: String)] {
        if let known = lists[list.id] { return known }
        var counts: [String: Int] = [:]
        let elements = list.elements.enumerated().map { position, element -> (node: Node, name: String) in
            guard let own = Self.ownName(of: element) else { return (element, "[\(position)]") }
            counts[own, default: 0] += 1
            let count = counts[own, default: 1]
            return (element, "=" + own + (count > 1 ? " \(count)" : ""))
        }
        lists[list.id] = elements
        return elements
    }

    /// Members that name an element, the most telling first. A parameter is named by two.
    private static let members = ["operationId", "$ref", "name", "code", "id", "url"]

    private static func ownName(of node: Node) -> String? {
        guard node.isMapping else { return node.scalarText }
        guard let member = members.first(where: { node[$0]?.string != nil }), let text = node[member]?.string else {
            return node.count == 1 ? node.keys.first : nil
        }
        return member == "name" ? [node["in"]?.string, text].compactMap { $0 }.joined(separator: " ") : text
    }
}
