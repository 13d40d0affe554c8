internal import DocumentTree
internal import JSONSchema

/// A document while it is linted: its indexes, its formats, and what several rules want to know, worked out once.
///
/// Lives for one lint on one thread.
final class LintedDocument {
    let document: Document
    let formats: Set<DocumentFormat>
    /// References followed.
    let resolved: JSONPathIndex
    /// References as written.
    let raw: JSONPathIndex
    /// The operations, in the order of the text; see ``LintContext/operations``.
    lazy var operations: [LintedOperation] = LintedOperation.all(in: document, resolved)
    /// The nodes that a `$ref` names directly, chains not followed: what counts as used.
    let referenced: Set<NodeID>
    /// The schemas of the document, compiled when an example is held against them.
    lazy var schemas = SchemaWorkspace(
        options: SchemaOptions(
            dialect: OASSchema.dialect(of: formats),
            assertsFormats: true,
            collectsAll: true
        )
    )

    init(_ document: Document, formats: Set<DocumentFormat>, references: ReferenceSurvey) {
        self.document = document
        self.formats = formats
        referenced = references.named
        resolved = JSONPathIndex(document, following: references)
        raw = resolved.withoutReferences()
    }

    private var risks: [String: PatternRisk.Verdict] = [:]

    /// What is to be said about a pattern; each is judged once.
    func risk(of pattern: String) -> PatternRisk.Verdict {
        if let known = risks[pattern] { return known }
        let verdict = PatternRisk.verdict(on: pattern)
        risks[pattern] = verdict
        return verdict
    }
}

/// What a function sees of the document: references followed or not, as its rule says.
struct LintContext {
    let linted: LintedDocument
    /// Whether references are transparent.
    let isResolved: Bool

    var document: Document { linted.document }
    var formats: Set<DocumentFormat> { linted.formats }
    var index: JSONPathIndex { isResolved ? linted.resolved : linted.raw }
    var operations: [LintedOperation] { linted.operations }

    /// The node that the rule sees at this place.
    func follow(_ id: NodeID) -> NodeID { index.follow(id) }

    /// The value under a key, references followed.
    func child(_ id: NodeID, _ key: String) -> NodeID? { document.child(id, key: key).map(follow) }

    /// The place under a key, as it is written.
    func place(_ id: NodeID, _ key: String) -> NodeID? { document.child(id, key: key) }

    /// The children with their places, references followed.
    func children(_ id: NodeID) -> some Sequence<(place: NodeID, node: NodeID)> {
        document.children(id).lazy.map { (place: $0, node: follow($0)) }
    }

    /// The text of a string that stands under a key.
    func string(_ id: NodeID, _ key: String) -> String? { child(id, key).flatMap(document.string) }

    /// A handle for the rare reader.
    func node(_ id: NodeID) -> Node { document.node(id) }
}

/// One operation of an OpenAPI document as rules see it.
struct LintedOperation {
    /// The key of its path.
    let path: String
    /// The path item as written under `paths`.
    let pathPlace: NodeID
    /// The path item, references followed.
    let pathItem: NodeID
    /// The key of its method.
    let method: String
    /// The operation as written.
    let place: NodeID
    /// The operation, references followed.
    let node: NodeID

    /// The methods of OpenAPI's path items.
    static let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    static func all(in document: Document, _ index: JSONPathIndex) -> [LintedOperation] {
        guard let paths = document.child(document.rootID, key: "paths").map(index.follow) else { return [] }
        var found: [LintedOperation] = []
        for pathPlace in document.children(paths) {
            let pathItem = index.follow(pathPlace)
            for place in document.children(pathItem) {
                guard let method = document.key(place), methods.contains(method) else { continue }
                let node = index.follow(place)
                guard document.kind(node) == .mapping else { continue }
                found.append(
                    LintedOperation(
                        path: document.key(pathPlace) ?? "",
                        pathPlace: pathPlace,
                        pathItem: pathItem,
                        method: method,
                        place: place,
                        node: node
                    )
                )
            }
        }
        return found
    }
}
