import CatalogStore
import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle

extension GatewayRoutes {
    /// `GET` and `POST /v1/environments/{environment}/gateways`.
    func addReports(to routes: RouteBuilder) {
        routes.get("/v1/environments/{environment}/gateways") { governance, arguments in
            let gateways = try await governance.listGateways(
                arguments.actor,
                environment: arguments.path("environment")
            )
            return Answer.page(gateways.map { JSONValue($0) }, next: nil, request: arguments.request)
        }
        routes.post("/v1/environments/{environment}/gateways") { governance, arguments in
            let environment = try arguments.path("environment")
            let (report, actor) = try await arguments.body(Self.report)
            try await governance.recordGatewayReport(actor, environment: environment, report)
            return Answer.nothing
        }
    }

    private static func report(_ body: inout BodyReader) -> GatewayReport {
        GatewayReport(
            name: body.string("name"),
            softwareVersion: body.optionalString("version") ?? "",
            generation: body.optionalInteger("generation").map(Int64.init),
            sequence: Int64(body.integer("sequence")),
            problem: body.optionalString("error"),
            denials: denials(&body)
        )
    }

    private static func denials(_ body: inout BodyReader) -> [DenialRecord] {
        guard let list = body.member("denials"), !list.isNull else { return [] }
        guard list.isSequence else {
            body.violate("denials", "expected a list of refused requests")
            return []
        }
        var records: [DenialRecord] = []
        for (place, node) in list.elements.enumerated() {
            var part = BodyReader(node, pointer: "/denials/\(place)")
            let moment = part.optionalMoment("at")
            if moment == nil, !part.has("at") { part.violate("at", "is missing; expected an RFC 3339 time") }
            records.append(
                DenialRecord(
                    requestID: part.string("requestId"),
                    occurredAt: moment ?? Moment(unixSeconds: 0),
                    status: part.integer("status"),
                    code: part.string("code"),
                    method: part.string("method"),
                    host: part.optionalString("host") ?? "",
                    path: part.string("path"),
                    api: part.optionalString("api"),
                    version: part.optionalString("version"),
                    operation: part.optionalString("operation"),
                    application: part.optionalString("application"),
                    credential: part.optionalString("credential"),
                    plan: part.optionalString("plan"),
                    limit: part.optionalString("limit"),
                    detail: part.optionalString("detail") ?? "",
                    generation: part.optionalInteger("generation").map(Int64.init),
                    sequence: part.optionalInteger("sequence").map(Int64.init),
                    specification: specification(&part)
                )
            )
            body.absorb(part)
        }
        return records
    }

    private static func specification(_ part: inout BodyReader) -> DenialRecord.Place? {
        guard let node = part.member("specification"), !node.isNull else { return nil }
        var place = BodyReader(node, pointer: "/specification")
        let result = DenialRecord.Place(
            file: place.string("file"),
            line: place.integer("line"),
            pointer: place.string("pointer"),
            sha256: place.string("sha256")
        )
        part.absorb(place)
        return result
    }
}

extension JSONValue {
    /// A gateway as the API writes it (schema `Gateway`).
    init(_ status: GatewayStatus) {
        let record = status.record
        self = .object([
            ("name", .string(record.name)), ("generation", record.generation > 0 ? .integer(record.generation) : .null),
            ("sequence", .integer(record.entitlementSequence)), ("version", .string(record.softwareVersion)),
            ("lastSeenAt", JSONValue(record.lastSeenAt)), ("live", .bool(status.isLive)),
            ("error", JSONValue(record.problem)),
        ])
    }
}
