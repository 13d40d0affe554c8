import DocumentTree

/// A problem (RFC 9457) of the control plane as a person reads it, and the exit code it asks for.
struct ProblemText {
    let status: Int
    let body: [UInt8]
    let hasToken: Bool

    var stop: Stop {
        guard let problem = try? JSONValue.read(String(decoding: body, as: UTF8.self)), problem["title"] != nil else {
            // Not ours: a proxy in between, or another service. Its status is all there is to say.
            return Stop(
                .remote,
                "the other side answered \(status) without saying why; is this a Gatehouse control plane?"
            )
        }
        let code = problem["code"]?.string ?? ""
        var lines = ["\(problem["title"]?.string ?? "") (\(status) \(code))"]
        if let detail = problem["detail"]?.string, !detail.isEmpty { lines.append(detail) }
        for error in problem["errors"]?.array ?? [] {
            lines.append("  " + place(of: error) + (error["detail"]?.string ?? ""))
        }
        if status == 401, !hasToken {
            lines.append(
                "No token was sent: use --token, GATEHOUSE_TOKEN or the data directory's admin.token (--data-dir)."
            )
        }
        return Stop(outcome(code: code), lines.joined(separator: "\n"))
    }

    private func place(of error: JSONValue) -> String {
        var place = error["file"]?.string ?? ""
        if let line = error["line"]?.integer {
            place += ":\(line)"
            if let column = error["column"]?.integer { place += ":\(column)" }
        }
        if place.isEmpty, let pointer = error["pointer"]?.string { place = pointer }
        return place.isEmpty ? "" : place + "  "
    }

    /// Codes that mean "policy says no" whatever their status.
    private static let refusals: Set<String> = [
        "lint-failed", "approval-not-permitted", "not-approved", "sunset-gate-closed", "route-conflict",
        "no-verifier-bound", "policy-not-evaluated", "breaking-change-without-major", "named-approver-required",
        "waiver-not-permitted",
    ]

    private func outcome(code: String) -> Outcome {
        if Self.refusals.contains(code) { return .refused }
        return switch status {
        case 409, 412, 428: .conflict
        case 401, 403, 408, 429, 500...: .remote
        default: .usage
        }
    }
}
