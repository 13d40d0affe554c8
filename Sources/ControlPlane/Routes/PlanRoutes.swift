import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/plans`.
struct PlanRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/plans") { governance, arguments in
            let page = try await governance.listPlans(arguments.actor, api: arguments.query("api"), arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/plans") { governance, arguments in
            let (draft, actor) = try await arguments.body(Self.draft)
            return Self.answer(try await governance.createPlan(actor, draft), status: .created)
        }
        routes.get("/v1/plans/{plan}") { governance, arguments in
            Self.answer(try await governance.showPlan(arguments.actor, arguments.path("plan")))
        }
        routes.patch("/v1/plans/{plan}") { governance, arguments in
            let edition = try arguments.edition()
            let (change, actor) = try await arguments.body(Self.change)
            return Self.answer(
                try await governance.updatePlan(actor, arguments.path("plan"), change, ifEdition: edition)
            )
        }
    }

    private static func answer(_ plan: Plan, status: HTTPResponse.Status = .ok) -> Response {
        Answer.json(JSONValue(plan), status: status, etag: String(plan.edition))
    }

    private static func draft(_ body: inout BodyReader) -> PlanDraft {
        PlanDraft(
            name: body.string("name"),
            api: body.string("api"),
            title: body.optionalString("title"),
            approval: body.optionalWord("approval", as: Plan.Approval.self) ?? .manual,
            operations: body.optionalStrings("operations"),
            limits: limits(&body) ?? []
        )
    }

    /// A merge patch: an absent member stays, a null `operations` grants all.
    private static func change(_ body: inout BodyReader) -> PlanChange {
        let operations = body.optionalStrings("operations")
        return PlanChange(
            title: body.optionalString("title"),
            approval: body.optionalWord("approval", as: Plan.Approval.self),
            operations: body.has("operations") ? operations.map { .listed($0) } ?? .all : nil,
            limits: limits(&body)
        )
    }

    private static func limits(_ body: inout BodyReader) -> [LimitDraft]? {
        guard let list = body.member("limits"), !list.isNull else { return nil }
        guard list.isSequence else {
            body.violate("limits", "expected a list of limits")
            return nil
        }
        var drafts: [LimitDraft] = []
        for (place, node) in list.elements.enumerated() {
            var limit = BodyReader(node, pointer: "/limits/\(place)")
            drafts.append(
                LimitDraft(
                    name: limit.string("name"),
                    kind: limit.string("kind"),
                    amount: Int64(limit.integer("amount")),
                    window: limit.string("window"),
                    align: limit.optionalString("align"),
                    algorithm: limit.optionalString("algorithm"),
                    burst: limit.optionalInteger("burst").map(Int64.init)
                )
            )
            body.absorb(limit)
        }
        return drafts
    }
}

extension RequestArguments {
    /// Which page of a listing is wanted.
    var page: PageRequest {
        get throws(Problem) { PageRequest(limit: try pageSize, cursor: query("cursor")) }
    }

    /// The edition that a change builds on; nil where the client said `*`.
    ///
    /// - Throws: `precondition-required`; `precondition-failed` for a tag that is none of ours.
    func edition() throws(Problem) -> Int64? {
        let tag = try ifMatch()
        if tag == "*" { return nil }
        guard let edition = Int64(tag) else {
            throw Problem(.preconditionFailed, detail: "`\(tag)` is no entity tag of this resource; read it again")
        }
        return edition
    }

    /// A word of a closed set in the query; nil where absent.
    func queryWord<Word: RawRepresentable & CaseIterable>(_ name: String, as type: Word.Type) throws(Problem) -> Word?
    where Word.RawValue == String {
        guard let text = query(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw Problem(.malformedParameter, detail: "`\(name)=\(text)`: expected one of \(words)")
        }
        return word
    }
}
