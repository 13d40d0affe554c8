internal import DocumentTree
internal import UpstreamRules

extension ManifestWriter {
    static func members(_ spec: UpstreamSpec) -> [Member] {
        let standard = UpstreamSpec(targets: [])
        let targets = spec.targets.map { target in
            JSONValue.object(
                [("url", .string(target.url.name)), ("weight", .integer(Int64(target.weight)))]
                    + number("priority", target.priority, 0)
            )
        }
        let policy = spec.policy
        var members: [Member] = [
            ("targets", .array(targets)), ("balance", .string(BalanceName(policy.balance).rawValue)),
        ]
        if case .hash(let key) = policy.balance { members.append(("hash", .object(self.members(key)))) }
        members += group(
            "timeouts",
            time("connect", spec.connectTimeoutMilliseconds, standard.connectTimeoutMilliseconds)
                + time("header", spec.headerTimeoutMilliseconds, standard.headerTimeoutMilliseconds)
                + time("idle", spec.idleTimeoutMilliseconds, standard.idleTimeoutMilliseconds)
                + time("try", policy.retry.tryTimeoutMilliseconds, 0)
                + time("total", policy.totalTimeoutMilliseconds, 0)
        )
        let active: [Member] = policy.check.map { [("active", .object(self.members($0)))] } ?? []
        members += group("health", active + group("passive", self.members(policy.ejection)))
        members += time("slowStart", policy.slowStartMilliseconds, 0)
        members += group("limits", self.members(policy.bounds))
        if let breaker = policy.breaker { members.append(("circuitBreaker", .object(self.members(breaker)))) }
        members += group("retry", self.members(policy.retry))
        switch policy.discovery {
        case .none: break
        case .dns(let interval): members.append(("discovery", .object([("dns", .string(duration(interval)))])))
        case .file(let name): members.append(("discovery", .object([("file", .string(name))])))
        }
        return members + group("tls", self.members(policy.tls))
    }

    private static func members(_ key: HashKey) -> [Member] {
        switch key {
        case .header(let name): [("by", .string("header")), ("name", .string(name))]
        case .cookie(let name): [("by", .string("cookie")), ("name", .string(name))]
        case .application: [("by", .string("application"))]
        case .address: [("by", .string("address"))]
        }
    }

    private static func members(_ check: ActiveCheck) -> [Member] {
        let standard = ActiveCheck()
        var members: [Member] = check.path.map { [("path", .string($0))] } ?? []
        if check.expected != standard.expected {
            let ranges = check.expected.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
            members.append(("statuses", .array(ranges.map { .string($0) })))
        }
        return members + time("interval", check.intervalMilliseconds, standard.intervalMilliseconds)
            + time("timeout", check.timeoutMilliseconds, standard.timeoutMilliseconds)
            + number("jitterPercent", check.jitterPercent, standard.jitterPercent)
            + number("healthyThreshold", check.healthyThreshold, standard.healthyThreshold)
            + number("unhealthyThreshold", check.unhealthyThreshold, standard.unhealthyThreshold)
    }

    private static func members(_ ejection: Ejection) -> [Member] {
        let standard = Ejection()
        // Written whenever the reader would not come to it by itself: it is never below the first.
        let longest = max(standard.longestMilliseconds, ejection.baseMilliseconds)
        return number("consecutiveFailures", ejection.consecutiveFailures, standard.consecutiveFailures)
            + number("errorPercent", ejection.errorPercent, standard.errorPercent)
            + number("requestsMin", ejection.requestsMin, standard.requestsMin)
            + time("window", ejection.windowMilliseconds, standard.windowMilliseconds)
            + time("ejection", ejection.baseMilliseconds, standard.baseMilliseconds)
            + time("longestEjection", ejection.longestMilliseconds, longest)
            + number("ejectedPercentMax", ejection.sharePercentMax, standard.sharePercentMax)
            + flag("countStatuses", ejection.countsStatuses, standard.countsStatuses)
    }

    private static func members(_ bounds: Bounds) -> [Member] {
        let standard = Bounds()
        return number("connections", bounds.connectionsMax, 0) + number("requests", bounds.requestsMax, 0)
            + number("waiting", bounds.waitingMax, standard.waitingMax)
            + time("wait", bounds.waitMilliseconds, standard.waitMilliseconds)
    }

    private static func members(_ breaker: Breaker) -> [Member] {
        let standard = Breaker()
        return number("errorPercent", breaker.errorPercent, standard.errorPercent)
            + number("requestsMin", breaker.requestsMin, standard.requestsMin)
            + time("window", breaker.windowMilliseconds, standard.windowMilliseconds)
            + time("open", breaker.openMilliseconds, standard.openMilliseconds)
            + number("probes", breaker.probes, standard.probes)
    }

    private static func members(_ retry: Retry) -> [Member] {
        let standard = Retry()
        var members = number("retries", retry.retriesMax, standard.retriesMax)
        members += number("budgetPercent", retry.budgetPercent, standard.budgetPercent)
        members += number("perSecondMin", retry.perSecondMin, standard.perSecondMin)
        if !retry.statuses.isEmpty {
            members.append(("statuses", .array(retry.statuses.map { .integer(Int64($0)) })))
        }
        return members + flag("afterTimeout", retry.afterTimeout, standard.afterTimeout)
    }

    private static func members(_ tls: TLS) -> [Member] {
        var members: [Member] = []
        for (key, value) in [
            ("authorities", tls.authorities), ("certificate", tls.certificate), ("key", tls.key),
            ("serverName", tls.serverName),
        ] where !value.isEmpty { members.append((key, .string(value))) }
        return members + flag("verify", tls.verifies, true)
    }

    // MARK: What differs from the default

    private static func group(_ key: String, _ members: [Member]) -> [Member] {
        members.isEmpty ? [] : [(key, .object(members))]
    }

    private static func time(_ key: String, _ value: Int, _ standard: Int) -> [Member] {
        value == standard ? [] : [(key, .string(duration(value)))]
    }

    private static func number(_ key: String, _ value: Int, _ standard: Int) -> [Member] {
        value == standard ? [] : [(key, .integer(Int64(value)))]
    }

    private static func flag(_ key: String, _ value: Bool, _ standard: Bool) -> [Member] {
        value == standard ? [] : [(key, .bool(value))]
    }
}
