import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle

/// `/v1/apis/{api}/versions`: what is live where, and how versions leave.
struct ReleaseRoutes {
    private static let one: RouterPath = "/v1/apis/{api}/versions/{version}"

    func add(to routes: RouteBuilder) {
        routes.get("/v1/apis/{api}/versions") { governance, arguments in
            let page = try await governance.listVersions(arguments.actor, api: arguments.path("api"), arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.get(Self.one) { governance, arguments in
            let (api, version) = try arguments.version()
            let detail = try await governance.showVersion(arguments.actor, api: api, version: version)
            return Answer.json(JSONValue(detail), etag: String(detail.version.edition))
        }
        addReleases(to: routes)
        addLeaving(to: routes)
    }

    private func addReleases(to routes: RouteBuilder) {
        let releases: RouterPath = "/v1/apis/{api}/versions/{version}/releases"
        routes.get(releases) { governance, arguments in
            let (api, version) = try arguments.version()
            let detail = try await governance.showVersion(arguments.actor, api: api, version: version)
            return Answer.page(detail.releases.map { JSONValue($0) }, next: nil, request: arguments.request)
        }
        routes.post(releases) { governance, arguments in
            let (api, version) = try arguments.version()
            let (draft, actor) = try await arguments.body { body in
                PublicationDraft(
                    api: api,
                    version: version,
                    revision: body.optionalInteger("revision"),
                    environment: body.optionalString("environment") ?? Environment.standardName,
                    upstream: body.optionalString("upstream").map { .url($0) }
                )
            }
            let publication = try await governance.publishVersion(actor, draft)
            return Answer.json(
                .object([
                    ("version", JSONValue(publication.detail)),
                    ("generation", publication.generation.map { .integer($0) } ?? .null),
                    ("policies", .array(publication.policies.map { JSONValue($0, source: publication.fileName) })),
                ]),
                status: .created
            )
        }
        routes.delete("/v1/apis/{api}/versions/{version}/releases/{environment}") { governance, arguments in
            let (api, version) = try arguments.version()
            let detail = try await governance.retireVersion(
                arguments.keyed([]),
                api: api,
                version: version,
                environment: arguments.path("environment"),
                reason: arguments.query("reason") ?? "",
                overridesSunset: arguments.queryFlag("override")
            )
            return Answer.json(JSONValue(detail))
        }
    }

    private func addLeaving(to routes: RouteBuilder) {
        let deprecation: RouterPath = "/v1/apis/{api}/versions/{version}/deprecation"
        routes.put(deprecation) { governance, arguments in
            let (api, version) = try arguments.version()
            let (draft, actor) = try await arguments.body { body in
                DeprecationDraft(
                    effectiveAt: body.optionalMoment("deprecatedAt"),
                    sunsetAt: body.optionalMoment("sunsetAt"),
                    successor: body.optionalString("successor"),
                    link: body.optionalString("link"),
                    reason: body.string("reason")
                )
            }
            return Answer.json(
                JSONValue(try await governance.deprecateVersion(actor, api: api, version: version, draft))
            )
        }
        routes.delete(deprecation) { governance, arguments in
            let (api, version) = try arguments.version()
            let reason = arguments.query("reason") ?? ""
            return Answer.json(
                JSONValue(
                    try await governance.undeprecateVersion(
                        arguments.keyed([]),
                        api: api,
                        version: version,
                        reason: reason
                    )
                )
            )
        }
        routes.put("/v1/apis/{api}/versions/{version}/sunset") { governance, arguments in
            let (api, version) = try arguments.version()
            let (asked, actor) = try await arguments.body { body in
                (moment: body.optionalMoment("at"), reason: body.string("reason"))
            }
            return Answer.json(
                JSONValue(
                    try await governance.sunsetVersion(
                        actor,
                        api: api,
                        version: version,
                        at: asked.moment,
                        reason: asked.reason
                    )
                )
            )
        }
        addSuspension(to: routes)
    }

    private func addSuspension(to routes: RouteBuilder) {
        let suspension: RouterPath = "/v1/apis/{api}/versions/{version}/suspension"
        routes.put(suspension) { governance, arguments in
            let (api, version) = try arguments.version()
            let (reason, actor) = try await arguments.body { body in body.string("reason") }
            return Answer.json(
                JSONValue(try await governance.suspendVersion(actor, api: api, version: version, reason: reason))
            )
        }
        routes.delete(suspension) { governance, arguments in
            let (api, version) = try arguments.version()
            let reason = arguments.query("reason") ?? ""
            return Answer.json(
                JSONValue(
                    try await governance.resumeVersion(arguments.keyed([]), api: api, version: version, reason: reason)
                )
            )
        }
    }
}
