import DocumentTree
import Lifecycle
import RoutingTable

/// With `security: verify` the gate must be able to check what a specification requires. Gatehouse's own keys satisfy
/// `apiKey`, `http bearer` and `http basic` as password; no verifier is bound for anything else yet.
///
/// An operation that nobody could ever call is refused here rather than answered with 401 for ever.
struct BindSecurity {
    let input: CompilationInput

    func run() -> [Finding] {
        input.apis.filter { $0.settings.security == .verify }.flatMap { api in
            api.versions.filter { $0.label.state == .published }.flatMap { findings(api.name, $0) }
        }
    }

    private func findings(_ api: String, _ version: ApprovedVersion) -> [Finding] {
        guard let unit = version.unit else { return [] }
        var kinds: [String: String] = [:]
        for scheme in unit.schemes {
            if case .unsupported(let kind) = scheme.place { kinds[scheme.name] = kind }
        }
        guard !kinds.isEmpty else { return [] }
        // One finding for all operations that lack the same schemes: a document may have hundreds.
        var blocked: [String: [RoutingContent.Operation]] = [:]
        for operation in unit.operations {
            guard let missing = missing(operation, kinds) else { continue }
            blocked[missing, default: []].append(operation)
        }
        return blocked.sorted { $0.key < $1.key }.compactMap { missing, operations in
            finding(api, version, missing, operations)
        }
    }

    /// The schemes that keep everybody out of an operation, or nil when some alternative can be met.
    private func missing(_ operation: RoutingContent.Operation, _ kinds: [String: String]) -> String? {
        guard let security = operation.security, !security.isEmpty else { return nil }
        var names: Set<String> = []
        for alternative in security {
            let unbound = alternative.filter { kinds[$0.scheme] != nil }
            if unbound.isEmpty { return nil }
            names.formUnion(unbound.map(\.scheme))
        }
        return names.sorted().map { "`\($0)` (\(kinds[$0] ?? ""))" }.joined(separator: ", ")
    }

    private func finding(
        _ api: String,
        _ version: ApprovedVersion,
        _ missing: String,
        _ operations: [RoutingContent.Operation]
    ) -> Finding? {
        let sorted = operations.sorted { ($0.source?.line ?? 0, $0.id) < ($1.source?.line ?? 0, $1.id) }
        guard let first = sorted.first else { return nil }
        let others = sorted.count - 1
        let rest = others == 0 ? "" : " and \(others) more operation\(others == 1 ? "" : "s")"
        return .about(
            first,
            of: api,
            code: CompilationCode.noVerifierBound,
            message:
                "operation `\(first.id)`\(rest) of api `\(api)` version `\(version.label.name)` can only be called "
                + "with \(missing), for which no verifier is bound",
            help:
                "set `security: delegate` on the Api, so that the upstream checks it and applications show their key in "
                + "`Gatehouse-Key`; or add an alternative with an `apiKey`, `http bearer` or `http basic` scheme to the "
                + "operation's `security`"
        )
    }
}
