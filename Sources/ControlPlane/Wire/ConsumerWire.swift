import DocumentTree
import Governance
import Lifecycle

/// Plans, applications, credentials and subscriptions as the API writes them (schemas of the same names).
extension JSONValue {
    init(_ plan: Plan) {
        self = .object([
            ("name", .string(plan.name)), ("api", .string(plan.api)), ("title", .string(plan.title)),
            ("approval", .string(plan.approval.rawValue)),
            ("operations", plan.operations.map { JSONValue($0) } ?? .null),
            ("limits", .array(plan.limits.map { JSONValue($0) })), ("createdAt", JSONValue(plan.createdAt)),
            ("etag", .string(String(plan.edition))),
        ])
    }

    init(_ limit: PlanLimit) {
        self = .object([
            ("name", .string(limit.name)), ("kind", .string(limit.kind.rawValue)),
            ("amount", .integer(Int64(clamping: limit.amount))),
            ("window", .string(limit.window.text)), ("algorithm", .string(limit.algorithm.rawValue)),
            ("burst", .integer(Int64(clamping: limit.burst))), ("align", .string(limit.alignment.rawValue)),
        ])
    }

    init(_ application: Application) {
        self = .object([
            ("name", .string(application.name)), ("team", .string(application.team)),
            ("title", .string(application.title)),
            ("archivedAt", JSONValue(application.archivedAt)), ("createdAt", JSONValue(application.createdAt)),
            ("etag", .string(String(application.edition))),
        ])
    }

    init(_ pin: VersionPin) {
        self = .object([
            ("api", .string(pin.api)), ("version", .string(pin.version)), ("mode", .string(pin.mode.rawValue)),
            ("expiresAt", JSONValue(pin.expiresAt)),
        ])
    }

    init(_ credential: Credential) {
        self = .object([
            ("id", .string(credential.id.description)), ("application", .string(credential.application)),
            ("environment", .string(credential.environment)), ("start", .string(credential.start)),
            ("note", .string(credential.note)), ("pins", .array(credential.pins.map { JSONValue($0) })),
            ("createdAt", JSONValue(credential.createdAt)), ("expiresAt", JSONValue(credential.expiresAt)),
            ("graceUntil", JSONValue(credential.graceUntil)), ("revokedAt", JSONValue(credential.revokedAt)),
            ("replacedBy", JSONValue(credential.replacedBy?.description)),
        ])
    }

    init(_ subscription: Subscription) {
        self = .object([
            ("id", .string(subscription.id.description)), ("application", .string(subscription.application)),
            ("api", .string(subscription.api)), ("plan", .string(subscription.plan)),
            ("environment", .string(subscription.environment)), ("major", JSONValue(subscription.major)),
            ("state", .string(subscription.state.rawValue)), ("pin", subscription.pin.map { JSONValue($0) } ?? .null),
            ("comment", .string(subscription.comment)), ("decisionComment", JSONValue(subscription.decisionComment)),
            ("requestedBy", .string(subscription.requestedByName)),
            ("decidedBy", JSONValue(subscription.decidedByName)),
            ("startsAt", JSONValue(subscription.startsAt)), ("endsAt", JSONValue(subscription.endsAt)),
            ("createdAt", JSONValue(subscription.createdAt)), ("decidedAt", JSONValue(subscription.decidedAt)),
            ("etag", .string(String(subscription.edition))),
        ])
    }
}
