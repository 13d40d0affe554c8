import CatalogStore
import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/environments`, their routing snapshots and rolling back.
struct SnapshotRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/environments") { governance, arguments in
            let items = try await governance.listEnvironments(arguments.actor).map { environment in
                JSONValue.object([
                    ("name", .string(environment.name)),
                    ("generation", environment.generation > 0 ? .integer(environment.generation) : .null),
                ])
            }
            return Answer.page(items, next: nil, request: arguments.request)
        }
        routes.get("/v1/environments/{environment}/snapshots") { governance, arguments in
            let name = try arguments.path("environment")
            let active = try await Self.active(governance, arguments, name)
            let page = try await governance.listSnapshots(arguments.actor, environment: name, arguments.page)
            let items = page.items.map { JSONValue($0, active: active) }
            return Answer.page(items, next: page.next, request: arguments.request)
        }
        routes.get("/v1/environments/{environment}/snapshots/{generation}") { governance, arguments in
            let name = try arguments.path("environment")
            let generation = Int64(try arguments.pathNumber("generation"))
            let record = try await governance.showSnapshot(arguments.actor, environment: name, generation: generation)
            return Answer.json(JSONValue(record, active: try await Self.active(governance, arguments, name)))
        }
        routes.get("/v1/environments/{environment}/snapshots/{generation}/file") { governance, arguments in
            let artifact = try await governance.exportSnapshot(
                arguments.actor,
                environment: arguments.path("environment"),
                generation: Int64(arguments.pathNumber("generation"))
            )
            return Answer.bytes(artifact.bytes, etag: String(artifact.generation))
        }
        routes.post("/v1/environments/{environment}/activations") { governance, arguments in
            let name = try arguments.path("environment")
            let (asked, actor) = try await arguments.body { body in
                (generation: body.integer("generation"), reason: body.optionalString("reason") ?? "")
            }
            let record = try await governance.activateSnapshot(
                actor,
                environment: name,
                generation: Int64(asked.generation),
                reason: asked.reason
            )
            return Answer.json(JSONValue(record, active: record.generation), status: .created)
        }
    }

    /// The generation that gateways are to serve; nil where nothing was published yet.
    private static func active(_ governance: Governance, _ arguments: RequestArguments, _ name: String) async throws
        -> Int64?
    {
        try await governance.listEnvironments(arguments.actor).first { $0.name == name }?.generation
    }
}

extension JSONValue {
    /// A routing snapshot as the API writes it (schema `Snapshot`).
    init(_ record: SnapshotRecord, active: Int64?) {
        self = .object([
            ("generation", .integer(record.generation)), ("active", .bool(record.generation == active)),
            ("checksum", .string(Hexadecimal.text(record.bodySHA256))),
            ("bytes", .integer(Int64(record.artefactBytes))),
            ("apiCount", .integer(Int64(record.apiCount))), ("versionCount", .integer(Int64(record.versionCount))),
            ("operationCount", .integer(Int64(record.operationCount))),
            ("reason", .string(record.reason.isEmpty ? record.cause : record.reason)),
            ("restoredFrom", record.contentOfGeneration.map { .integer($0) } ?? .null),
            ("createdBy", .string(record.createdBy ?? "system")), ("createdAt", JSONValue(record.createdAt)),
        ])
    }
}
