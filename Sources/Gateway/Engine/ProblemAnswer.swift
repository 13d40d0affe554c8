internal import ProblemDetails
internal import RoutingTable

/// The JSON of a problem that the gateway answers with.
struct ProblemAnswer {
    let code: ProblemCode
    let detail: String?
    let exchange: Exchange
    let now: Moment

    var body: [UInt8] {
        var bytes = ProblemCatalogue.opening(of: code)
        if let text = sentence, !text.isEmpty { ProblemJSON.appendMember("detail", text, to: &bytes) }
        ProblemJSON.appendMember("instance", "urn:gatehouse:request:\(exchange.id.text)", to: &bytes)
        appendVersionMembers(to: &bytes)
        appendLimitMembers(to: &bytes)
        ProblemJSON.close(&bytes)
        return bytes
    }

    private var snapshot: RoutingSnapshot? { exchange.view?.routes.snapshot }

    private var versionName: String? {
        guard let index = exchange.decision.version, let snapshot else { return nil }
        return snapshot.string(snapshot.versions[index.position].name)
    }

    /// What to say in this case, beyond the title.
    private var sentence: String? {
        if let detail, !detail.isEmpty { return detail }
        let decision = exchange.decision
        switch code {
        case .versionPinned: return versionName.map { "calls are pinned to version `\($0)`" }
        case .versionNotGranted:
            let granted = grantedVersions
            let wanted = versionName.map { "version `\($0)` is not granted" } ?? "the version is not granted"
            return granted.isEmpty ? wanted : "\(wanted); granted: \(granted.map { "`\($0)`" }.joined(separator: ", "))"
        case .operationNotGranted:
            guard let index = decision.operation, let snapshot, let view = exchange.view,
                let subscription = decision.subscription
            else { return nil }
            let operation = snapshot.string(snapshot.operations[index.position].id)
            return "plan `\(view.tables.entitlements.plan(subscription))` does not grant operation `\(operation)`"
        case .versionSunset, .versionRetired, .versionSuspended: return versionName.map { "version `\($0)`" }
        case .rateLimitExceeded, .quotaExceeded:
            guard let limits = decision.limits else { return nil }
            return "limit \(limits.violated.map { "`\($0)`" }.joined(separator: ", ")) is used up"
        default: return nil
        }
    }

    private var grantedVersions: [String] {
        guard let view = exchange.view, let application = exchange.decision.application, let api = exchange.decision.api
        else { return [] }
        return view.tables.grantedVersions(of: application, api: api, now: now.seconds)
    }

    private func appendVersionMembers(to bytes: inout [UInt8]) {
        switch code {
        case .versionNotGranted: appendList("granted-versions", grantedVersions, to: &bytes)
        case .versionPinned: if let versionName { ProblemJSON.appendMember("pinned-version", versionName, to: &bytes) }
        case .versionSunset, .versionRetired:
            guard let index = exchange.decision.version, let snapshot else { return }
            let record = snapshot.versions[index.position]
            if !record.successor.isEmpty {
                ProblemJSON.appendMember("successor", snapshot.string(record.successor), to: &bytes)
            }
        default: return
        }
    }

    /// draft-ietf-httpapi-ratelimit-headers-10 §6: which policies were violated.
    private func appendLimitMembers(to bytes: inout [UInt8]) {
        guard code == .rateLimitExceeded || code == .quotaExceeded, let limits = exchange.decision.limits else {
            return
        }
        appendList("violated-policies", limits.violated, to: &bytes)
    }

    private func appendList(_ name: StaticString, _ values: [String], to bytes: inout [UInt8]) {
        bytes.append(",\"")
        bytes.append(name)
        bytes.append("\":[")
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(",") }
            ProblemJSON.appendString(value, to: &bytes)
        }
        bytes.append("]")
    }
}

/// Reason phrases of the statuses that the gateway answers itself (RFC 9110 §15, RFC 6585).
enum StatusReason {
    static func text(of status: Int) -> StaticString {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Problem"
        }
    }
}
