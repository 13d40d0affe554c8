public import CatalogStore
public import Lifecycle

/// Why a request was answered as it was: the phases in order, up to the one that refused it.
public struct Explanation: Sendable, Hashable {
    /// One phase at the gate.
    public struct Step: Sendable, Hashable {
        /// How it ended.
        public enum Outcome: String, Sendable, Hashable {
            case passed
            case refused
        }

        /// Such as `identity`; in the order of ``Explanation/phases``.
        public var phase: String
        /// How the phase ended.
        public var outcome: Outcome
        /// For people.
        public var text: String
    }

    /// The environment.
    public var environment: String
    /// The gateway's name.
    public var gateway: String
    /// What the gateway reported.
    public var denial: DenialRecord
    /// The phases in order.
    public var steps: [Step]

    /// The gate's phases in their order (interfaces.md section 4).
    public static let phases = ["request", "API", "identity", "version", "operation", "grant", "limits", "forward"]
}

extension Governance {
    /// Explains a refused request by the id that its answer carried.
    ///
    /// Whoever owns the API or the application that was recognized may ask; what belongs to nobody is for those with a role
    /// for the whole organization.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func explainRequest(_ actor: Actor, _ requestID: String) async throws(GovernanceError) -> Explanation {
        try actor.requireAnywhere(.explainRequest)
        return try await read(actor) { work in
            let missing = GovernanceError(
                .notFound,
                "no refused request `\(requestID)`",
                mend: "refusals arrive within two seconds, and only they are kept: check the id"
            )
            guard let stored = try await work.transaction.gateways.denial(of: requestID, in: actor.organization) else {
                throw missing
            }
            let isTheirs =
                actor.may(.explainRequest, team: nil)
                || stored.apiTeam.map { actor.may(.explainRequest, team: $0) } ?? false
                || stored.applicationTeam.map { actor.may(.explainRequest, team: $0) } ?? false
            guard isTheirs else { throw missing }
            return Explanation(
                environment: stored.environment,
                gateway: stored.gateway,
                denial: stored.record,
                steps: Self.steps(of: stored.record)
            )
        }
    }

    private static func steps(of denial: DenialRecord) -> [Explanation.Step] {
        let refusing = phase(of: denial.code)
        var steps: [Explanation.Step] = []
        for phase in Explanation.phases {
            let isRefusing = phase == refusing
            steps.append(
                Explanation.Step(
                    phase: phase,
                    outcome: isRefusing ? .refused : .passed,
                    text: isRefusing ? refusal(denial) : passing(phase, denial)
                )
            )
            if isRefusing { break }
        }
        return steps
    }

    private static func refusal(_ denial: DenialRecord) -> String {
        let status = "answered \(denial.status) `\(denial.code)`"
        return denial.detail.isEmpty ? status : "\(status): \(denial.detail)"
    }

    private static func passing(_ phase: String, _ denial: DenialRecord) -> String {
        switch phase {
        case "request": "\(denial.method) \(denial.path) is well formed"
        case "API":
            denial.api.map { "host and base path belong to the API `\($0)`" } ?? "host and base path were recognized"
        case "identity": denial.application.map { "the credential belongs to `\($0)`" } ?? "nobody was identified"
        case "version": denial.version.map { "version `\($0)` was chosen" } ?? "a version was chosen"
        case "operation":
            denial.operation.map { operation in
                let place = denial.specification.map { " (\($0.file):\($0.line) \($0.pointer))" } ?? ""
                return "it is the operation `\(operation)`" + place
            } ?? "an operation was found"
        case "grant": denial.plan.map { "the plan `\($0)` grants it" } ?? "it is granted"
        case "limits": "no limit was exceeded"
        default: "passed"
        }
    }

    /// The phase that answers with a code.
    private static func phase(of code: String) -> String {
        switch code {
        case "no-such-api", "denied-path", "no-snapshot": "API"
        case let code where code.hasPrefix("credential-") || code == "scheme-unsupported": "identity"
        case "unknown-version", "version-malformed", "version-pinned", "version-not-granted", "version-sunset",
            "version-retired", "version-suspended":
            "version"
        case "no-such-operation", "method-not-allowed": "operation"
        case let code
        where code.hasPrefix("subscription-") || code == "operation-not-granted" || code == "entitlements-stale":
            "grant"
        case "rate-limit-exceeded", "quota-exceeded", "quota-store-unavailable", "overloaded": "limits"
        case let code where code.hasPrefix("upstream-") || code == "no-upstream": "forward"
        default: "request"
        }
    }
}
