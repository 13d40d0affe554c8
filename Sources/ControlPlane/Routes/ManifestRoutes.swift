import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle

/// `/v1/manifests`.
struct ManifestRoutes {
    func add(to routes: RouteBuilder) {
        routes.post("/v1/manifests") { governance, arguments in
            let bytes = try await arguments.bytes(max: ControlLimits.documentBytesMax)
            let plan = try await governance.applyManifests(
                arguments.keyed(bytes),
                bytes,
                prunes: arguments.queryFlag("prune"),
                isDryRun: arguments.queryFlag("dryRun")
            )
            return Answer.json(JSONValue(plan))
        }
        routes.get("/v1/manifests") { governance, arguments in
            let text = try await governance.exportManifests(arguments.actor)
            return Answer.bytes(Array(text.utf8), type: "application/yaml")
        }
    }
}

extension JSONValue {
    /// What applying manifests did, or would do, as the API writes it (schema `ManifestPlan`).
    init(_ plan: ManifestPlan) {
        let changes = plan.changes.map { change in
            JSONValue.object([
                ("action", .string(change.action.rawValue)), ("kind", .string(change.kind)),
                ("name", .string(change.name)),
                ("fields", JSONValue(change.fields)), ("note", .string(change.note ?? "")),
            ])
        }
        self = .object([("dryRun", .bool(plan.isDryRun)), ("changes", .array(changes))])
    }
}
