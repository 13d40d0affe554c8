import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/applications/{application}/credentials`.
struct CredentialRoutes {
    func add(to routes: RouteBuilder) {
        let all: RouterPath = "/v1/applications/{application}/credentials"
        let one: RouterPath = "/v1/applications/{application}/credentials/{id}"
        routes.get(all) { governance, arguments in
            let page = try await governance.listCredentials(
                arguments.actor,
                of: arguments.path("application"),
                arguments.page
            )
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post(all) { governance, arguments in
            let application = try arguments.path("application")
            let (draft, actor) = try await arguments.body { body in
                CredentialDraft(
                    application: application,
                    environment: body.optionalString("environment") ?? Environment.standardName,
                    note: body.optionalString("note") ?? "",
                    expiresAt: body.optionalMoment("expiresAt")
                )
            }
            return try Self.answer(try await governance.issueCredential(actor, draft))
        }
        routes.delete(one) { governance, arguments in
            let credential = try await governance.revokeCredential(
                arguments.keyed([]),
                application: arguments.path("application"),
                arguments.identifier(CredentialID.self),
                reason: arguments.query("reason") ?? ""
            )
            return Answer.json(JSONValue(credential))
        }
        routes.post("/v1/applications/{application}/credentials/{id}/rotation") { governance, arguments in
            let application = try arguments.path("application")
            let id = try arguments.identifier(CredentialID.self)
            let (rotation, actor) = try await arguments.body { body in
                (overlap: Self.overlap(&body), expiresAt: body.optionalMoment("expiresAt"))
            }
            return try Self.answer(
                try await governance.rotateCredential(
                    actor,
                    application: application,
                    id,
                    overlap: rotation.overlap ?? .seconds(86_400),
                    expiresAt: rotation.expiresAt
                )
            )
        }
        addPins(to: routes)
    }

    private func addPins(to routes: RouteBuilder) {
        let pin: RouterPath = "/v1/applications/{application}/credentials/{id}/pin"
        routes.put(pin) { governance, arguments in
            let (asked, actor) = try await arguments.body { body in (api: body.string("api"), pin: PinDraft(&body)) }
            let credential = try await governance.pinCredential(
                actor,
                application: arguments.path("application"),
                arguments.identifier(CredentialID.self),
                api: asked.api,
                asked.pin
            )
            return Answer.json(JSONValue(credential))
        }
        routes.delete(pin) { governance, arguments in
            guard let api = arguments.query("api") else {
                throw Problem(.malformedParameter, detail: "`api` is missing: name the API whose pin goes")
            }
            let credential = try await governance.unpinCredential(
                arguments.keyed([]),
                application: arguments.path("application"),
                arguments.identifier(CredentialID.self),
                api: api
            )
            return Answer.json(JSONValue(credential))
        }
    }

    /// - Throws: `idempotency-key-reused`: a retry with the same idempotency key gets the credential without its key, and says so.
    private static func answer(_ issued: IssuedCredential) throws(Problem) -> Response {
        guard let key = issued.key.text else {
            throw Problem(
                .idempotencyKeyReused,
                detail:
                    "the key of `\(issued.credential.id)` was shown in the first answer and cannot be shown again; rotate it"
            )
        }
        return Answer.json(["credential": JSONValue(issued.credential), "key": .string(key)], status: .created)
    }

    private static func overlap(_ body: inout BodyReader) -> Duration? {
        guard let text = body.optionalString("overlap") else { return nil }
        if text == "PT0S" { return .zero }
        guard let seconds = LimitWindow(text)?.fixedSeconds else {
            body.violate(
                "overlap",
                "`\(text)` is no duration of days, hours, minutes and seconds; write for instance PT24H"
            )
            return nil
        }
        return .seconds(Int64(seconds))
    }
}

extension PinDraft {
    /// Reads `version`, `mode`, `expiresAt` and `reason`.
    init(_ body: inout BodyReader) {
        self.init(
            version: body.string("version"),
            mode: body.optionalWord("mode", as: VersionPin.Mode.self) ?? .soft,
            expiresAt: body.optionalMoment("expiresAt"),
            reason: body.optionalString("reason") ?? ""
        )
    }
}

extension RequestArguments {
    /// The identifier in the path; one that cannot be one is not found.
    func identifier<Subject>(_: Identifier<Subject>.Type) throws(Problem) -> Identifier<Subject> {
        let text = try path("id")
        guard let identifier = Identifier<Subject>(text) else {
            throw Problem(.notFound, detail: "no `\(text)`; identifiers look like `\(Subject.identifierPrefix)_0190…`")
        }
        return identifier
    }
}
