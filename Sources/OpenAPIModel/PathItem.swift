public import DocumentTree

/// What is offered at one path (Path Item Object).
public struct PathItem: Sendable {
    /// The path as written, or the name of a webhook.
    public let path: String
    /// The path read as a template; of a webhook, without meaning.
    public let pathTemplate: PathTemplate
    /// The object, where `$ref` has been followed.
    public let node: Node
    /// The object as it stands under its path, a reference included.
    public let place: Node

    let model: Model

    /// The operations in the order of the text.
    public var operations: [Operation] { Operation.all(of: [self]) }
    /// One line for all operations.
    public var summary: String? { node["summary"]?.string }
    /// CommonMark for all operations.
    public var description: String? { node["description"]?.string }
    /// Addresses that hold for this path instead of the document's.
    public var servers: [Server] { model.version == .v2_0 ? [] : Server.all(of: node, in: model) }
    /// Parameters of all operations.
    public var parameters: [Parameter] { Parameter.all(in: node, model) }

    init?(webhook name: String, _ place: Node, _ model: Model) {
        guard let node = model.resolved(place), node.isMapping else { return nil }
        self.init(path: name, node: node, place: place, model: model)
    }

    private init(path: String, node: Node, place: Node, model: Model) {
        self.path = path
        pathTemplate = PathTemplate(path)
        self.node = node
        self.place = place
        self.model = model
    }

    static func all(in model: Model, _ findings: inout [Finding]) -> [PathItem] {
        guard let paths = model.root["paths"] else { return [] }
        guard paths.isMapping else {
            findings.append(
                Finding(
                    code: "invalid-paths",
                    message: "`paths` is \(paths.kind.noun), expected a mapping",
                    atKeyOf: paths
                )
            )
            return []
        }
        var items: [PathItem] = []
        for (path, place) in paths.entries where !path.hasPrefix("x-") {
            guard let node = model.resolved(place), node.isMapping else {
                let isReference = model.resolver.isReference(place.id)
                // A reference that leads nowhere is reported with all other references.
                if !isReference {
                    findings.append(
                        Finding(
                            code: "invalid-paths",
                            message: "the path item is \(place.kind.noun), expected a mapping",
                            atKeyOf: place
                        )
                    )
                }
                continue
            }
            let item = PathItem(path: path, node: node, place: place, model: model)
            findings += item.findings
            items.append(item)
        }
        return items
    }

    /// What is wrong with the path and with the methods below it.
    private var findings: [Finding] {
        var findings = pathTemplate.problems.map { problem in
            Finding(
                code: "path-template",
                severity: .error,
                message: "the path template \(problem); its operations are not routed",
                atKeyOf: place
            )
        }
        for (method, operation) in methods where !operation.isMapping {
            findings.append(
                Finding(
                    code: "invalid-operation",
                    message: "operation `\(method)` is \(operation.kind.noun), expected a mapping",
                    atKeyOf: operation
                )
            )
        }
        return findings
    }

    /// Methods in upper case with what stands under them: fixed fields, `additionalOperations` of 3.2 with their own
    /// spelling.
    var methods: [(method: String, node: Node)] {
        var methods: [(method: String, node: Node)] = []
        for (key, value) in node.entries {
            if Self.methods(of: model.version).contains(key) {
                methods.append((key.uppercased(), value))
            } else if key == "additionalOperations", model.version >= .v3_2 {
                for (method, operation) in value.entries { methods.append((method, operation)) }
            }
        }
        return methods
    }

    private static func methods(of version: SpecificationVersion) -> Set<String> {
        switch version {
        case .v2_0: methods20
        case .v3_0, .v3_1: methods30
        case .v3_2: methods32
        }
    }

    private static let methods20: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch"]
    private static let methods30 = methods20.union(["trace"])
    private static let methods32 = methods30.union(["query"])
}
