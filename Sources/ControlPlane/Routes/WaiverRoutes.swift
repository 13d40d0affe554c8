import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/waivers`.
struct WaiverRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/waivers") { governance, arguments in
            let state = try arguments.queryWord("state", as: Waiver.State.self)
            let page = try await governance.listWaivers(
                arguments.actor,
                api: arguments.query("api"),
                state: state,
                arguments.page
            )
            let items = page.items.map { JSONValue($0, at: governance.now) }
            return Answer.page(items, next: page.next, request: arguments.request)
        }
        routes.post("/v1/waivers") { governance, arguments in
            let (draft, actor) = try await arguments.body(Self.draft)
            let waiver = try await governance.requestWaiver(actor, draft)
            return Answer.json(JSONValue(waiver, at: governance.now), status: .created)
        }
        let one: RouterPath = "/v1/waivers/{id}"
        routes.get(one) { governance, arguments in
            let waiver = try await governance.showWaiver(arguments.actor, arguments.identifier(WaiverID.self))
            return Answer.json(JSONValue(waiver, at: governance.now))
        }
        routes.delete(one) { governance, arguments in
            let waiver = try await governance.revokeWaiver(
                arguments.keyed([]),
                arguments.identifier(WaiverID.self),
                reason: arguments.query("reason") ?? ""
            )
            return Answer.json(JSONValue(waiver, at: governance.now))
        }
        routes.put("/v1/waivers/{id}/decision") { governance, arguments in
            let id = try arguments.identifier(WaiverID.self)
            let (decision, actor) = try await arguments.body(Self.decision)
            let waiver = try await governance.decideWaiver(
                actor,
                id,
                isGranted: decision.isGranted,
                comment: decision.comment
            )
            return Answer.json(JSONValue(waiver, at: governance.now))
        }
    }

    private static func draft(_ body: inout BodyReader) -> WaiverDraft {
        let pointer = body.optionalString("pointer")
        let fingerprint = body.optionalString("fingerprint")
        if (pointer == nil) == (fingerprint == nil) {
            body.violate("pointer", "expected one of `pointer` and `fingerprint`, as the finding shows it")
        }
        if let fingerprint, Hexadecimal.bytes(fingerprint) == nil {
            body.violate("fingerprint", "expected hexadecimal digits, as the finding shows them")
        }
        let expiresAt = body.optionalMoment("expiresAt")
        if expiresAt == nil, !body.has("expiresAt") {
            body.violate("expiresAt", "is missing; a waiver has an end, at most \(Waiver.daysMax) days from now")
        }
        return WaiverDraft(
            api: body.string("api"),
            rule: body.string("rule"),
            place: fingerprint.map { .fingerprint($0) } ?? .pointer(pointer ?? ""),
            reason: body.string("reason"),
            expiresAt: expiresAt ?? Moment(microseconds: 0)
        )
    }

    private enum Decision: String, CaseIterable {
        case grant
        case refuse
    }

    private static func decision(_ body: inout BodyReader) -> (isGranted: Bool, comment: String) {
        let word = body.optionalWord("decision", as: Decision.self)
        if word == nil, !body.has("decision") { body.violate("decision", "is missing; expected grant or refuse") }
        return (word == .grant, body.optionalString("comment") ?? "")
    }
}
