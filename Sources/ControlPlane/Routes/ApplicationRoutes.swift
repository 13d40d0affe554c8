import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/applications`.
struct ApplicationRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/applications") { governance, arguments in
            let page = try await governance.listApplications(
                arguments.actor,
                team: arguments.query("team"),
                arguments.page
            )
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/applications") { governance, arguments in
            let (draft, actor) = try await arguments.body { body in
                ApplicationDraft(
                    name: body.string("name"),
                    team: body.string("team"),
                    title: body.optionalString("title")
                )
            }
            return Self.answer(try await governance.registerApplication(actor, draft), status: .created)
        }
        routes.get("/v1/applications/{application}") { governance, arguments in
            Self.answer(try await governance.showApplication(arguments.actor, arguments.path("application")))
        }
        routes.get("/v1/applications/{application}/migration") { governance, arguments in
            guard let api = arguments.query("api"), let to = arguments.query("to") else {
                throw Problem(.malformedParameter, detail: "name the `api`, and the version `to` which it is to move")
            }
            let report = try await governance.showMigration(
                arguments.actor,
                application: arguments.path("application"),
                api: api,
                from: arguments.query("from"),
                to: to
            )
            return Answer.json(JSONValue(report))
        }
        routes.delete("/v1/applications/{application}") { governance, arguments in
            _ = try await governance.archiveApplication(
                arguments.keyed([]),
                arguments.path("application"),
                reason: arguments.query("reason") ?? ""
            )
            return Answer.nothing
        }
    }

    private static func answer(_ application: Lifecycle.Application, status: HTTPResponse.Status = .ok) -> Response {
        Answer.json(JSONValue(application), status: status, etag: String(application.edition))
    }
}
