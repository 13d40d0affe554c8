import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle

/// `/v1/subscriptions`.
struct SubscriptionRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/subscriptions") { governance, arguments in
            let page = try await governance.listSubscriptions(
                arguments.actor,
                state: arguments.queryWord("state", as: SubscriptionState.self),
                api: arguments.query("api"),
                application: arguments.query("application"),
                arguments.page
            )
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/subscriptions") { governance, arguments in
            let (draft, actor) = try await arguments.body(Self.draft)
            return Self.answer(try await governance.requestSubscription(actor, draft), status: .created)
        }
        routes.get("/v1/subscriptions/{id}") { governance, arguments in
            Self.answer(
                try await governance.showSubscription(arguments.actor, arguments.identifier(SubscriptionID.self))
            )
        }
        routes.delete("/v1/subscriptions/{id}") { governance, arguments in
            Self.answer(
                try await governance.closeSubscription(
                    arguments.keyed([]),
                    arguments.identifier(SubscriptionID.self),
                    reason: arguments.query("reason") ?? ""
                )
            )
        }
        addDecisions(to: routes)
    }

    private func addDecisions(to routes: RouteBuilder) {
        routes.put("/v1/subscriptions/{id}/decision") { governance, arguments in
            let (asked, actor) = try await arguments.body { body in
                let decision = body.optionalWord("decision", as: SubscriptionDecision.self)
                if decision == nil, !body.has("decision") {
                    body.violate("decision", "is missing; expected approve or reject")
                }
                return (decision: decision ?? .reject, comment: body.optionalString("comment"))
            }
            let id = try arguments.identifier(SubscriptionID.self)
            return Self.answer(
                try await governance.decideSubscription(actor, id, asked.decision, comment: asked.comment)
            )
        }
        routes.put("/v1/subscriptions/{id}/pause") { governance, arguments in
            let (reason, actor) = try await arguments.body { body in body.optionalString("reason") ?? "" }
            let id = try arguments.identifier(SubscriptionID.self)
            return Self.answer(try await governance.pauseSubscription(actor, id, reason: reason))
        }
        routes.delete("/v1/subscriptions/{id}/pause") { governance, arguments in
            let id = try arguments.identifier(SubscriptionID.self)
            return Self.answer(
                try await governance.resumeSubscription(
                    arguments.keyed([]),
                    id,
                    reason: arguments.query("reason") ?? ""
                )
            )
        }
        routes.put("/v1/subscriptions/{id}/pin") { governance, arguments in
            let (pin, actor) = try await arguments.body { body in PinDraft(&body) }
            let id = try arguments.identifier(SubscriptionID.self)
            return Self.answer(try await governance.pinSubscription(actor, id, pin))
        }
        routes.delete("/v1/subscriptions/{id}/pin") { governance, arguments in
            let id = try arguments.identifier(SubscriptionID.self)
            return Self.answer(try await governance.unpinSubscription(arguments.keyed([]), id))
        }
    }

    private static func answer(_ subscription: Subscription, status: HTTPResponse.Status = .ok) -> Response {
        Answer.json(JSONValue(subscription), status: status, etag: String(subscription.edition))
    }

    private static func draft(_ body: inout BodyReader) -> SubscriptionDraft {
        SubscriptionDraft(
            application: body.string("application"),
            plan: body.string("plan"),
            environment: body.optionalString("environment") ?? Environment.standardName,
            scope: body.optionalInteger("major").map { .major($0) } ?? .latest,
            pin: body.optionalString("pin"),
            comment: body.optionalString("comment") ?? "",
            startsAt: body.optionalMoment("startsAt"),
            endsAt: body.optionalMoment("endsAt")
        )
    }
}
