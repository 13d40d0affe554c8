import DocumentTree
import Foundation
import JSONSchema
import OpenAPIModel

/// `specs/gatehouse.yaml` as a judge: whether an answer is one that the description allows, and which operations were seen to
/// work.
actor APIDescription {
    static let shared = APIDescription()

    private let document: OpenAPIDocument?
    private var succeeded: Set<String> = []

    init() {
        let file = Binary.root.appending(path: "specs/gatehouse.yaml")
        document = try? OpenAPIDocument(Document.read([UInt8](Data(contentsOf: file)), name: "gatehouse.yaml"))
    }

    /// Every operation: id, method and path template.
    var operations: [(id: String, method: String, path: String, isOpen: Bool)] {
        (document?.operations ?? []).map { ($0.identifier, $0.method, $0.pathTemplate.text, $0.permitsAnonymous) }
    }

    /// Operations that answered 2xx or 3xx so far.
    var seen: Set<String> { succeeded }

    /// What is wrong with an answer; empty where the description allows it.
    func faults(_ method: String, _ target: String, _ answer: Answer) -> [String] {
        let path = String(target.prefix { $0 != "?" })
        guard let operation = operation(method, path) else { return ["\(method) \(path) is not described"] }
        if (200..<400).contains(answer.status) { succeeded.insert(operation.identifier) }
        let exact = operation.responses.contains { $0.status == String(answer.status) }
        guard let response = operation.response(forStatus: answer.status) else {
            return ["\(operation.identifier): \(answer.status) is not described"]
        }
        if answer.status < 400, !exact { return ["\(operation.identifier): \(answer.status) is not described"] }
        guard !answer.body.isEmpty else { return [] }
        let type = (answer.field("Content-Type") ?? "").prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        guard let media = response.content.first(where: { $0.type == type }) else {
            return ["\(operation.identifier): \(answer.status) comes as `\(type)`, which is not described"]
        }
        guard media.isJSON, let schema = media.schema else { return [] }
        do {
            let body = try Document.read([UInt8](answer.body), name: "body")
            let workspace = SchemaWorkspace(options: SchemaOptions(dialect: .draft2020_12))
            let violations = workspace.validate(body.root, against: schema.place)
            return violations.flatMap(\.flattened).map {
                "\(operation.identifier) \(answer.status): \(JSONPointer($0.instancePath)) \($0.message) in \(answer.text.prefix(300))"
            }
        } catch {
            return ["\(operation.identifier): the body is no JSON: \(answer.text.prefix(200))"]
        }
    }

    private func operation(_ method: String, _ path: String) -> OpenAPIModel.Operation? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return document?.operations
            .filter { candidate in
                let template = candidate.pathTemplate.text.split(separator: "/", omittingEmptySubsequences: false)
                return candidate.method == method && template.count == segments.count
                    && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
            }
            .min { $0.pathTemplate.parameterNames.count < $1.pathTemplate.parameterNames.count }
    }
}
