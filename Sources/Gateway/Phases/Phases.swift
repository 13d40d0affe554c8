internal import ProblemDetails
internal import RoutingTable

/// The journey of a request through the gate, top to bottom: API, identity, version, operation, requirement, grant,
/// limits, upstream. Pure decisions over bytes and tables: the same code serves the data plane and `explain`.
///
/// One value serves request after request, each begun by ``begin(at:isStale:)``: to make one counts references to tables that all
/// loops share, and their cores would pass the words of those counts to and fro.
struct Phases<Log: PhaseLog> {
    let view: GateView
    // Of the view; stored, because reading them from it at each step counted references.
    private let tables: GateTables
    private let snapshot: RoutingSnapshot
    private var now = Moment(monotonic: 0, wall: 0)
    /// Whether the entitlements are too old to decide about keys.
    private var isStale = false
    let log: Log
    /// What is known so far; also when a phase refuses.
    private(set) var decision = Decision()
    /// How the request asks for a version.
    private var wish = VersionWish()
    private var keys = KeyFinder()

    init(view: GateView, log: Log) {
        self.view = view
        tables = view.tables
        snapshot = view.routes.snapshot
        self.log = log
    }

    /// Forgets the request before.
    mutating func begin(at moment: Moment, isStale: Bool) {
        now = moment
        self.isStale = isStale
        decision = Decision()
        wish = VersionWish()
        keys = KeyFinder()
    }

    /// Gives what was decided away, in exchange for a decision that is over. To copy it would count references.
    mutating func exchangeDecision(with other: inout Decision) { swap(&decision, &other) }

    /// Runs all phases. The outcome is in ``decision``: an upstream, or a denial.
    ///
    /// - Parameters:
    ///   - head: fields that must not be forwarded are marked removed in it.
    ///   - bytes: what the head's offsets point into.
    ///   - path: the canonical path.
    ///   - host: the host, lower case, without port.
    ///   - keyCache: the connection's last key.
    ///   - scratch: room for decoded keys.
    ///   - limits: where counters of subscriptions are.
    mutating func run(
        _ head: inout RequestHead,
        _ bytes: Span<UInt8>,
        path: Span<UInt8>,
        host: Span<UInt8>,
        keyCache: inout KeyCache,
        scratch: inout [UInt8],
        limits: some LimitKeeper
    ) {
        do throws(Denied) {
            let api = try findAPI(host: host, path: path)
            try identify(api, &head, bytes, keyCache: &keyCache, scratch: &scratch)
            if snapshot.apis[api.position].passthrough != nil {
                try admitToPassthrough(api)
            } else {
                try chooseVersion(api, head, bytes, path: path)
                let operation = try findOperation(head, bytes, path: path)
                try checkRequirement(api, operation)
                try checkGrant(api, operation)
            }
            if limits.isShedding { try shed(head, bytes, limits) }
            try checkLimits(limits)
            try selectUpstream(api)
        } catch {
            decision.denial = error
        }
    }

    // MARK: 1. API

    private mutating func findAPI(host: Span<UInt8>, path: Span<UInt8>) throws(Denied) -> APIIndex {
        guard let match = snapshot.findAPI(host: host, path: path) else { throw Denied(.noSuchAPI) }
        decision.api = match.api
        decision.rest = match.rest
        let api = view.routes.apis[match.api.position]
        if !api.denied.isEmpty {
            let rest = path.extracting(match.rest..<path.count)
            for prefix in api.denied where prefix.covers(rest) { throw Denied(.deniedPath) }
        }
        log.passed(.api, "`\(api.name)`, base path `\(snapshot.string(snapshot.apis[match.api.position].basePath))`")
        return match.api
    }

    // MARK: 2. Identity

    private mutating func identify(
        _ api: APIIndex,
        _ head: inout RequestHead,
        _ bytes: Span<UInt8>,
        keyCache: inout KeyCache,
        scratch: inout [UInt8]
    ) throws(Denied) {
        keys.find(&head, bytes, view.routes.apis[api.position].keyPlaces, &scratch)
        decision.cutsQuery = keys.cutsQuery
        decision.cutsCookie = keys.cutsCookie
        let digest: Digest32
        switch keys.sighting {
        case .none:
            log.passed(.identity, "no key shown: anonymous")
            return
        case .ambiguous: throw Denied(.credentialAmbiguous)
        case .malformed: throw Denied(.credentialMalformed)
        case .head(let range): digest = try Self.digest(of: bytes.extracting(range), &keyCache)
        case .scratch(let range): digest = try Self.digest(of: scratch.span.extracting(range), &keyCache)
        }
        guard !isStale else { throw Denied(.entitlementsStale) }
        switch tables.identify(digest, now: now.seconds) {
        case .known(let credential, let application):
            decision.credential = credential
            decision.application = application
            log.passed(
                .identity,
                "application `\(tables.entitlements.name(application))`, key `\(tables.entitlements.start(credential))…`"
            )
        case .unknown: throw Denied(.credentialInvalid)
        case .expired(let credential):
            decision.credential = credential
            throw Denied(.credentialExpired)
        case .notYetValid(let credential):
            decision.credential = credential
            throw Denied(.credentialNotYetValid)
        }
    }

    private static func digest(of key: Span<UInt8>, _ cache: inout KeyCache) throws(Denied) -> Digest32 {
        guard key.count > 0 else { throw Denied(.credentialMalformed, "the field that should hold the key is empty") }
        if let known = cache.known(key) { return known }
        // Told by its check sum before any look-up: a mistyped key costs nothing and says so.
        if case .malformed = APIKeyFormat.check(key) {
            throw Denied(.credentialMalformed, "the key's check sum does not fit; was it copied whole?")
        }
        return cache.digest(of: key)
    }

    // MARK: 3. Version

    private mutating func chooseVersion(
        _ api: APIIndex,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        path: Span<UInt8>
    ) throws(Denied) {
        wish = VersionWish()
        try wish.read(api, snapshot, head, bytes, path: path, from: decision.rest)
        if let rest = wish.restAfterPath { decision.rest = rest }
        try settleVersion(api, wish.selector)
    }

    private mutating func settleVersion(_ api: APIIndex, _ selector: VersionSelector?) throws(Denied) {
        let choice = tables.chooseVersion(
            api: api,
            selector: selector,
            credential: decision.credential,
            application: decision.application,
            now: now.seconds
        )
        switch choice {
        case .chosen(let version, by: let source):
            decision.version = version
            decision.versionSource = source
            log.passed(.version, "`\(snapshot.string(snapshot.versions[version.position].name))`, \(source.text)")
        case .unknown: throw Denied(.unknownVersion)
        case .unspecified:
            throw Denied(.versionMalformed, "the API has no default version: the request has to name one")
        case .pinConflict(pinned: let version):
            decision.version = version
            throw Denied(.versionPinned)
        case .notGranted(let version):
            decision.version = version
            throw Denied(.versionNotGranted)
        case .gone(let version):
            decision.version = version
            let isRetired = snapshot.versions[version.position].state == .retired
            throw Denied(isRetired ? .versionRetired : .versionSunset)
        case .suspended(let version):
            decision.version = version
            throw Denied(.versionSuspended)
        }
    }

    // MARK: 4. Operation

    private mutating func findOperation(
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        path: Span<UInt8>
    ) throws(Denied) -> OperationIndex {
        guard let version = decision.version, let api = decision.api else { throw Denied(.noSuchOperation) }
        var captures = PathCaptures()
        let method = bytes.extracting(head.method)
        var match = snapshot.findOperation(
            version: version,
            method: method,
            path: path,
            from: decision.rest,
            captures: &captures
        )
        if case .notFound = match, let rest = wish.restWithoutPath {
            // The segment is also an ordinary path of the document (`/v1/orders` written out): then it was no selector.
            wish.forgetPath()
            decision.rest = rest
            try settleVersion(api, wish.selector)
            if let other = decision.version {
                match = snapshot.findOperation(
                    version: other,
                    method: method,
                    path: path,
                    from: rest,
                    captures: &captures
                )
            }
        }
        switch match {
        case .found(let operation):
            decision.operation = operation
            log.passed(.operation, "`\(snapshot.string(snapshot.operations[operation.position].id))`")
            return operation
        case .methodNotAllowed: throw Denied(.methodNotAllowed)
        case .notFound: throw Denied(.noSuchOperation)
        }
    }

    // MARK: 5. Requirement and grant

    /// The operation's own `security`, where the gate enforces it. A key of ours satisfies any scheme that it can be
    /// shown by; scopes are the plan's business, because a key holds none.
    private mutating func checkRequirement(_ api: APIIndex, _ operation: OperationIndex) throws(Denied) {
        let record = snapshot.operations[operation.position]
        guard snapshot.apis[api.position].security == .verify, record.declaresSecurity, !record.permitsAnonymous else {
            log.passed(.requirement, record.permitsAnonymous ? "anonymous calls are permitted" : "none to enforce here")
            return
        }
        for alternative in record.alternatives.positions {
            let uses = snapshot.alternatives[alternative].uses
            let isSupported = uses.positions.allSatisfy {
                snapshot.schemes[snapshot.uses[$0].scheme.position].place.kind != .unsupported
            }
            guard isSupported else { continue }
            guard decision.application != nil else { throw Denied(.credentialMissing) }
            log.passed(.requirement, RequirementText.text(of: alternative, snapshot) + ": satisfied by the key")
            return
        }
        throw Denied(.schemeUnsupported)
    }

    /// The subscription, unless the API is open or the operation explicitly lets anybody in.
    private mutating func checkGrant(_ api: APIIndex, _ operation: OperationIndex) throws(Denied) {
        guard let version = decision.version else { throw Denied(.noSuchOperation) }
        let isNeeded =
            snapshot.apis[api.position].access == .plan && !snapshot.operations[operation.position].permitsAnonymous
        guard let application = decision.application else {
            guard isNeeded else { return log.passed(.grant, "none needed") }
            throw Denied(.credentialMissing)
        }
        var verdict = tables.subscription(of: application, version: version, now: now.seconds)
        if case .otherMajor = verdict {
            // Whose only subscription is paused or over should hear that, not that the default version is another one.
            let any = tables.subscription(of: application, api: api, now: now.seconds)
            if case .granted = any {} else { verdict = any }
        }
        guard isNeeded else {
            // Whoever may call anyway is still held to the limits of the plan that covers the operation.
            if case .granted(let subscription) = verdict, tables.permits(subscription, operation: operation) {
                decision.subscription = subscription
            }
            return log.passed(.grant, "none needed")
        }
        switch verdict {
        case .granted(let subscription):
            decision.subscription = subscription
            guard tables.permits(subscription, operation: operation) else { throw Denied(.operationNotGranted) }
            log.passed(.grant, "plan `\(tables.entitlements.plan(subscription))`")
        default: throw denied(verdict)
        }
    }

    private mutating func admitToPassthrough(_ api: APIIndex) throws(Denied) {
        guard snapshot.apis[api.position].access == .plan else { return log.passed(.grant, "none needed: open") }
        guard let application = decision.application else { throw Denied(.credentialMissing) }
        let verdict = tables.subscription(of: application, api: api, now: now.seconds)
        guard case .granted(let subscription) = verdict else { throw denied(verdict) }
        decision.subscription = subscription
        log.passed(.grant, "plan `\(tables.entitlements.plan(subscription))`")
    }

    private mutating func denied(_ verdict: SubscriptionDecision) -> Denied {
        switch verdict {
        case .granted(let subscription):
            decision.subscription = subscription
            return Denied(.operationNotGranted)
        case .paused(let subscription):
            decision.subscription = subscription
            return Denied(.subscriptionPaused)
        case .notYetValid(let subscription):
            decision.subscription = subscription
            return Denied(.subscriptionNotStarted)
        case .ended(let subscription):
            decision.subscription = subscription
            return Denied(.subscriptionExpired)
        case .otherMajor: return Denied(.versionNotGranted)
        case .none: return Denied(.subscriptionMissing)
        }
    }

    /// Before the limits: a request that is refused for our sake spends nothing of the caller's.
    @inline(never)
    private func shed(
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ limits: some LimitKeeper
    ) throws(Denied) {
        var priority = RequestPriority.anonymous
        if decision.application != nil { priority = MethodKind.isSafe(bytes.extracting(head.method)) ? .read : .write }
        guard limits.admits(priority) else { throw Denied(.overloaded, "requests wait too long at the moment") }
    }

    // MARK: 6. Limits

    private mutating func checkLimits(_ limits: some LimitKeeper) throws(Denied) {
        guard let subscription = decision.subscription,
            let set = limits.limitSet(for: subscription, in: view, at: now), !set.isEmpty
        else { return log.passed(.limits, decision.subscription == nil ? "none" : "not counted here") }
        decision.limits = set
        guard set.reserve(at: now) else { throw Denied(set.violatesQuota ? .quotaExceeded : .rateLimitExceeded) }
        log.passed(.limits, "admitted")
    }

    // MARK: 7. Upstream

    private mutating func selectUpstream(_ api: APIIndex) throws(Denied) {
        let upstream =
            snapshot.apis[api.position].passthrough
            ?? decision.version.flatMap { snapshot.versions[$0.position].upstream }
        guard let upstream else { throw Denied(.noUpstream) }
        decision.upstream = upstream
        log.passed(.upstream, "`\(snapshot.string(snapshot.upstreams[upstream.position].name))`")
    }
}

extension VersionSource {
    var text: String {
        switch self {
        case .request: "named by the request"
        case .credentialPin: "pinned by the key"
        case .subscriptionPin: "pinned by the subscription"
        case .apiDefault: "the API's default"
        }
    }
}

/// Requirements as people read them.
enum RequirementText {
    /// `apiKey and bearerAuth[orders:read]`
    static func text(of alternative: Int, _ snapshot: RoutingSnapshot) -> String {
        snapshot.alternatives[alternative].uses.positions.map { position in
            let use = snapshot.uses[position]
            let scopes = use.scopes.positions.map { snapshot.string(snapshot.slices[$0]) }
            let name = snapshot.string(snapshot.schemes[use.scheme.position].name)
            return scopes.isEmpty ? name : "\(name)[\(scopes.joined(separator: " "))]"
        }.joined(separator: " and ")
    }
}
