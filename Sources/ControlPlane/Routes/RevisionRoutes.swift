import CatalogStore
import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/apis/{api}/versions/{version}/revisions`, their findings and votes, and `/v1/reviews`.
struct RevisionRoutes {
    private static let all: RouterPath = "/v1/apis/{api}/versions/{version}/revisions"
    private static let one: RouterPath = "/v1/apis/{api}/versions/{version}/revisions/{revision}"

    func add(to routes: RouteBuilder) {
        routes.get(Self.all) { governance, arguments in
            let (api, version) = try arguments.version()
            let page = try await governance.listRevisions(arguments.actor, api: api, version: version, arguments.page)
            let items = page.items.map { JSONValue($0, api: api, version: version) }
            return Answer.page(items, next: page.next, request: arguments.request)
        }
        routes.post(Self.all, Self.submit)
        routes.get(Self.one) { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let revision = try await governance.showRevision(
                arguments.actor,
                api: api,
                version: version,
                revision: number
            )
            return Answer.json(
                JSONValue(revision, api: api, version: version),
                etag: "\(revision.number)-\(revision.reviewState.rawValue)"
            )
        }
        routes.get("/v1/apis/{api}/versions/{version}/revisions/{revision}/specification") { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let content = try await governance.showSpecification(
                arguments.actor,
                api: api,
                version: version,
                revision: number
            )
            return Answer.bytes(content.bytes, etag: Hexadecimal.text(content.sha256))
        }
        routes.get("/v1/apis/{api}/versions/{version}/revisions/{revision}/findings") { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let review = try await governance.showReview(arguments.actor, api: api, version: version, revision: number)
            guard let report = review.report else {
                throw Problem(.notFound, detail: "revision \(number) of `\(api)` `\(version)` was never linted")
            }
            return Answer.json(JSONValue(report, review.findings, source: review.revision.fileName))
        }
        routes.get("/v1/apis/{api}/versions/{version}/revisions/{revision}/changes") { governance, arguments in
            let (api, version) = try arguments.version()
            let comparison = try await governance.compareVersions(
                arguments.actor,
                api: api,
                version: version,
                revision: arguments.pathNumber("revision"),
                base: arguments.query("base")
            )
            return Answer.json(JSONValue(comparison))
        }
        addVotes(to: routes)
    }

    private func addVotes(to routes: RouteBuilder) {
        let votes: RouterPath = "/v1/apis/{api}/versions/{version}/revisions/{revision}/votes"
        routes.get(votes) { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let review = try await governance.showReview(arguments.actor, api: api, version: version, revision: number)
            return Answer.page(review.votes.map { JSONValue($0) }, next: nil, request: arguments.request)
        }
        routes.post(votes) { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let (draft, actor) = try await arguments.body { body in
                Self.vote(&body, api: api, version: version, revision: number)
            }
            let outcome = try await governance.castVote(actor, draft)
            let revision = try await governance.showRevision(actor, api: api, version: version, revision: number)
            return Answer.json(
                .object([
                    ("vote", JSONValue(outcome.vote)), ("revision", JSONValue(revision, api: api, version: version)),
                    ("votesMissing", .integer(Int64(outcome.missingApprovals))),
                ]),
                status: .created
            )
        }
        routes.get("/v1/reviews") { governance, arguments in
            let state = try arguments.queryWord("state", as: ReviewState.self) ?? .inReview
            let page = try await governance.listReviews(arguments.actor, state: state, arguments.page)
            let items = page.items.map { JSONValue($0.revision, api: $0.api, version: $0.version) }
            return Answer.page(items, next: page.next, request: arguments.request)
        }
    }

    /// Takes a document as it is, whatever the media type says; the reader finds out what it is.
    private static func submit(_ governance: Governance, _ arguments: RequestArguments) async throws -> Response {
        let (api, version) = try arguments.version()
        let bytes = try await arguments.bytes(max: ControlLimits.documentBytesMax)
        let submission = try await governance.submitSpecification(
            arguments.keyed(bytes),
            SpecificationDraft(
                api: api,
                version: version,
                bytes: bytes,
                fileName: arguments.query("file") ?? "openapi.yaml",
                message: arguments.query("message") ?? "",
                team: arguments.query("team"),
                upstream: arguments.query("upstream").map { .url($0) }
            )
        )
        return Answer.json(
            .object([
                ("revision", JSONValue(submission.revision, api: submission.api, version: submission.version)),
                ("apiCreated", .bool(submission.createdAPI)), ("versionCreated", .bool(submission.createdVersion)),
                ("report", JSONValue(submission.report, submission.findings, source: submission.revision.fileName)),
                (
                    "policies",
                    .array(submission.policies.map { JSONValue($0, source: submission.revision.fileName) })
                ),
                ("changes", submission.comparison.map { JSONValue($0) } ?? .null),
                ("approval", submission.approval.map { JSONValue($0) } ?? .null),
            ]),
            status: .created
        )
    }

    private static func vote(_ body: inout BodyReader, api: String, version: String, revision: Int) -> VoteDraft {
        let word = body.optionalWord("decision", as: VoteWord.self)
        if word == nil, !body.has("decision") {
            body.violate("decision", "is missing; expected approve, reject or request-changes")
        }
        let text = body.string("manifestSha256")
        let hash = Hexadecimal.bytes(text)
        if hash?.count != 32, body.has("manifestSha256") {
            body.violate("manifestSha256", "expected the 64 hexadecimal digits that the revision shows")
        }
        return VoteDraft(
            api: api,
            version: version,
            revision: revision,
            decision: (word ?? .requestChanges).decision,
            comment: body.optionalString("comment") ?? "",
            manifestSHA256: hash
        )
    }
}

extension RequestArguments {
    /// The API's name and the version in the path.
    func version() throws(Problem) -> (api: String, version: String) {
        (try path("api"), try path("version"))
    }
}
