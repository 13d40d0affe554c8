import CatalogStore
import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/requests/{request}/explanation` and `/v1/audit`.
struct EvidenceRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/requests/{request}/explanation") { governance, arguments in
            let explanation = try await governance.explainRequest(arguments.actor, arguments.path("request"))
            return Answer.json(JSONValue(explanation))
        }
        routes.get("/v1/audit") { governance, arguments in
            var filter = AuditFilter(subjectKind: arguments.query("kind"), action: arguments.query("action"))
            if let name = arguments.query("actor") {
                filter.member = try await governance.showMember(arguments.actor, name).id
            }
            let page = try await governance.listAudit(arguments.actor, filter: filter, arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.get("/v1/audit/verification") { governance, arguments in
            let verdict = try await governance.verifyAudit(arguments.actor)
            return Answer.json(
                .object([
                    ("intact", .bool(verdict.isIntact)), ("entries", .integer(verdict.rowCount)),
                    ("firstBadEntry", verdict.firstBadSequence.map { .integer($0) } ?? .null),
                    ("detail", .string(verdict.fault ?? "every entry follows the one before it")),
                ])
            )
        }
    }
}

extension JSONValue {
    /// An entry of the audit trail as the API writes it (schema `AuditEntry`).
    init(_ row: AuditRow) {
        self = .object([
            ("sequence", .integer(row.sequence)), ("at", JSONValue(row.occurredAt)), ("actor", .string(row.actor)),
            ("action", .string(row.action)), ("subjectKind", .string(row.subjectKind)),
            ("subject", .string(row.subject)),
            ("detail", Self.detail(row.detail)), ("requestId", JSONValue(row.requestID)),
            ("hash", .string(Hexadecimal.text(row.hash))),
        ])
    }

    /// The detail is JSON that we wrote; a row that somebody damaged is shown as the text it holds.
    private static func detail(_ text: String) -> JSONValue {
        do {
            return try JSONValue.read(text)
        } catch {
            return .object([("damaged", .string(text))])
        }
    }

    /// An explanation as the API writes it (schema `Explanation`).
    init(_ explanation: Explanation) {
        let steps = explanation.steps.map { step in
            JSONValue.object([
                ("phase", .string(step.phase)), ("outcome", .string(step.outcome.rawValue)),
                ("text", .string(step.text)),
            ])
        }
        let remedy = ProblemCatalogue.type(slug: explanation.denial.code)?.advice.description ?? ""
        self = .object([
            ("request", JSONValue(explanation.denial)), ("gateway", .string(explanation.gateway)),
            ("steps", .array(steps)),
            ("remedy", .string(remedy)),
        ])
    }

    /// A refused request as the API writes it (schema `Denial`).
    init(_ denial: DenialRecord) {
        let place = denial.specification.map { place in
            JSONValue.object([
                ("file", .string(place.file)), ("line", .integer(Int64(place.line))),
                ("pointer", .string(place.pointer)),
                ("sha256", .string(place.sha256)),
            ])
        }
        self = .object([
            ("requestId", .string(denial.requestID)), ("at", JSONValue(denial.occurredAt)),
            ("status", .integer(Int64(denial.status))), ("code", .string(denial.code)),
            ("method", .string(denial.method)),
            ("path", .string(denial.path)), ("host", .string(denial.host)), ("api", JSONValue(denial.api)),
            ("version", JSONValue(denial.version)), ("operation", JSONValue(denial.operation)),
            ("application", JSONValue(denial.application)), ("credential", JSONValue(denial.credential)),
            ("plan", JSONValue(denial.plan)), ("limit", JSONValue(denial.limit)), ("detail", .string(denial.detail)),
            ("generation", denial.generation.map { .integer($0) } ?? .null),
            ("sequence", denial.sequence.map { .integer($0) } ?? .null), ("specification", place ?? .null),
        ])
    }
}
