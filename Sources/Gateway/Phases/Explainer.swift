internal import ProblemDetails
public import RoutingTable
internal import Telemetry

/// Runs a request through the gate's own phases without a gateway: what `explain` prints offline.
public enum Explainer {
    /// Explains what the gate does with a request.
    ///
    /// - Parameters:
    ///   - method: as it would be sent.
    ///   - url: `/path?query` or `http://host/path?query`.
    ///   - headers: fields in order; `Host` is taken from `url` where it is absolute and otherwise defaults to `localhost`.
    ///   - snapshot: the routes.
    ///   - entitlements: the rights; nil: nobody has any.
    ///   - now: Unix seconds.
    /// - Returns: every phase that was reached, and what was found there.
    public static func explain(
        method: String,
        url: String,
        headers: [(name: String, value: String)] = [],
        snapshot: RoutingSnapshot,
        entitlements: EntitlementSet?,
        now: Int64
    ) -> Explanation {
        var explanation = Explanation()
        do throws(Refusal) {
            try explain(requestText(method, url, headers), snapshot, entitlements, now, &explanation)
        } catch {
            explanation.refuse(explanation.steps.isEmpty ? .head : .path, error.code, error.detail)
        }
        return explanation
    }

    private static func requestText(_ method: String, _ url: String, _ headers: [(name: String, value: String)])
        -> [UInt8]
    {
        var text = "\(method) \(url) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { text += "Host: localhost\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private static func explain(
        _ bytes: [UInt8],
        _ snapshot: RoutingSnapshot,
        _ entitlements: EntitlementSet?,
        _ now: Int64,
        _ explanation: inout Explanation
    ) throws(Refusal) {
        var head = RequestHead()
        guard try head.read(bytes.span, limits: GatewayLimits(), names: .request) else {
            throw Refusal(.malformedRequest, "the request is not complete")
        }
        explanation.pass(.head, "well-formed")
        var path: [UInt8] = []
        try CanonicalPath.write(bytes.span, head.path, to: &path)
        explanation.pass(.path, "`\(String(decoding: path, as: UTF8.self))`")
        let rights = if let entitlements { entitlements } else { try nobody(in: snapshot.environment) }
        let view = GateView(
            tables: GateTables(snapshot: snapshot, entitlements: rights),
            routes: RouteView(snapshot: snapshot, series: SeriesBook(), activatedAt: now)
        )
        let moment = Moment(monotonic: 0, wall: UInt64(max(0, now)) * 1_000_000_000)
        var phases = Phases(view: view, log: WritingLog())
        phases.begin(at: moment, isStale: false)
        var cache = KeyCache()
        var scratch: [UInt8] = []
        var host: [UInt8] = []
        if let authority = head.authority { HostName.write(bytes.span, authority, to: &host) }
        phases.run(
            &head,
            bytes.span,
            path: path.span,
            host: host.span,
            keyCache: &cache,
            scratch: &scratch,
            limits: NoLimits()
        )
        explanation.steps += phases.log.steps
        explanation.describe(phases.decision, view, now: now)
        if phases.decision.denial == nil {
            var forwarded = Array(path[phases.decision.rest...])
            if forwarded.isEmpty { forwarded = [ASCII.slash] }
            explanation.forwardedPath = String(decoding: forwarded, as: UTF8.self)
        }
    }

    private static func nobody(in environment: String) throws(Refusal) -> EntitlementSet {
        do throws(InvalidContent) {
            return try EntitlementSet(content: EntitlementContent(environment: environment), sequence: 0)
        } catch {
            throw Refusal(.noSnapshot, "the snapshot's environment has no name")
        }
    }
}

/// Writes every phase down.
private final class WritingLog: PhaseLog {
    private(set) var steps: [Explanation.Step] = []

    func passed(_ step: Explanation.Phase, _ text: @autoclosure () -> String) {
        steps.append(Explanation.Step(phase: step, isPassed: true, text: text()))
    }
}

extension Explanation {
    mutating func pass(_ phase: Phase, _ text: String) { steps.append(Step(phase: phase, isPassed: true, text: text)) }

    mutating func refuse(_ phase: Phase, _ code: ProblemCode, _ text: String) {
        let type = ProblemCatalogue[code]
        status = type.status
        self.code = type.slug.description
        advice = type.advice.description
        let reason = text.isEmpty ? type.title.description : text
        steps.append(Step(phase: phase, isPassed: false, text: reason))
    }

    /// Fills in the names of what was decided.
    mutating func describe(_ decision: Decision, _ view: GateView, now: Int64) {
        let snapshot = view.routes.snapshot
        let rights = view.tables.entitlements
        api = decision.api.map { view.routes.apis[$0.position].name }
        version = decision.version.map { snapshot.string(snapshot.versions[$0.position].name) }
        application = decision.application.map { rights.name($0) }
        credentialStart = decision.credential.map { rights.start($0) }
        upstream = decision.upstream.map { snapshot.string(snapshot.upstreams[$0.position].name) }
        if let index = decision.operation {
            let record = snapshot.operations[index.position]
            operation = snapshot.string(record.id)
            pathTemplate = snapshot.string(record.pathTemplate)
            source = snapshot.source(of: index)
            requirement = record.alternatives.positions.map { RequirementText.text(of: $0, snapshot) }
        }
        if let subscription = decision.subscription {
            plan = rights.plan(subscription)
            limits = (0..<rights.limitCount(subscription)).map { index in
                let limit = rights.limit(subscription, at: index)
                let window = CalendarWindow.nominalSeconds(limit.window)
                return Limit(name: limit.name, amount: limit.amount, windowSeconds: window)
            }
        }
        guard let denial = decision.denial else { return }
        if denial.code == .versionNotGranted, let application = decision.application, let api = decision.api {
            grantedVersions = view.tables.grantedVersions(of: application, api: api, now: now)
        }
        refuse(Self.phase(of: denial.code), denial.code, denial.text.description)
    }

    /// The phase that refuses with a code.
    private static func phase(of code: ProblemCode) -> Phase {
        switch code {
        case .noSuchAPI, .deniedPath, .noSnapshot: .api
        case .credentialMalformed, .credentialInvalid, .credentialRevoked, .credentialExpired, .credentialNotYetValid,
            .credentialAmbiguous:
            .identity
        case .unknownVersion, .versionMalformed, .versionPinned, .versionNotGranted, .versionSunset, .versionRetired,
            .versionSuspended:
            .version
        case .noSuchOperation, .methodNotAllowed: .operation
        case .credentialMissing, .schemeUnsupported: .requirement
        case .rateLimitExceeded, .quotaExceeded: .limits
        case .noUpstream: .upstream
        default: .grant
        }
    }
}
