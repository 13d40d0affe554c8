internal import UpstreamRules

// How an upstream's policy is written in a body of format 2. A body of format 1 has none and means the default.

extension ByteWriter {
    mutating func policy(_ policy: UpstreamPolicy) throws(InvalidContent) {
        try balance(policy.balance)
        flag(policy.check != nil)
        if let check = policy.check { try self.check(check) }
        let ejection = policy.ejection
        for value in [
            ejection.consecutiveFailures, ejection.errorPercent, ejection.requestsMin, ejection.windowMilliseconds,
            ejection.baseMilliseconds, ejection.longestMilliseconds, ejection.sharePercentMax,
        ] { count(value) }
        flag(ejection.countsStatuses)
        let bounds = policy.bounds
        for value in [bounds.connectionsMax, bounds.requestsMax, bounds.waitingMax, bounds.waitMilliseconds] {
            count(value)
        }
        flag(policy.breaker != nil)
        if let breaker = policy.breaker {
            for value in [
                breaker.errorPercent, breaker.requestsMin, breaker.windowMilliseconds, breaker.openMilliseconds,
                breaker.probes,
            ] { count(value) }
        }
        let retry = policy.retry
        for value in [retry.retriesMax, retry.budgetPercent, retry.perSecondMin, retry.tryTimeoutMilliseconds] {
            count(value)
        }
        flag(retry.afterTimeout)
        count(retry.statuses.count)
        for status in retry.statuses { count(status) }
        switch policy.discovery {
        case .none: byte(0)
        case .dns(let interval):
            byte(1)
            count(interval)
        case .file(let name):
            byte(2)
            try text(name)
        }
        for name in [policy.tls.authorities, policy.tls.certificate, policy.tls.key, policy.tls.serverName] {
            try text(name)
        }
        flag(policy.tls.verifies)
        count(policy.slowStartMilliseconds)
        count(policy.totalTimeoutMilliseconds)
    }

    private mutating func balance(_ balance: Balance) throws(InvalidContent) {
        switch balance {
        case .roundRobin: byte(0)
        case .leastRequests: byte(1)
        case .latency: byte(2)
        case .hash(.header(let name)):
            byte(3)
            try text(name)
        case .hash(.cookie(let name)):
            byte(4)
            try text(name)
        case .hash(.application): byte(5)
        case .hash(.address): byte(6)
        }
    }

    private mutating func check(_ check: ActiveCheck) throws(InvalidContent) {
        flag(check.path != nil)
        if let path = check.path { try text(path) }
        count(check.expected.count)
        for range in check.expected {
            count(range.first)
            count(range.last)
        }
        for value in [
            check.intervalMilliseconds, check.timeoutMilliseconds, check.jitterPercent, check.healthyThreshold,
            check.unhealthyThreshold,
        ] { count(value) }
    }
}

extension ByteReader {
    /// A number of a policy; whether it is sensible is for `UpstreamPolicy.fault` to say.
    private mutating func setting() throws(SnapshotRejected) -> Int {
        try number(upTo: 1 << 30, "of a setting")
    }

    mutating func policy() throws(SnapshotRejected) -> UpstreamPolicy {
        var policy = UpstreamPolicy()
        policy.balance = try balance()
        if try flag() { policy.check = try check() }
        policy.ejection.consecutiveFailures = try setting()
        policy.ejection.errorPercent = try setting()
        policy.ejection.requestsMin = try setting()
        policy.ejection.windowMilliseconds = try setting()
        policy.ejection.baseMilliseconds = try setting()
        policy.ejection.longestMilliseconds = try setting()
        policy.ejection.sharePercentMax = try setting()
        policy.ejection.countsStatuses = try flag()
        policy.bounds.connectionsMax = try setting()
        policy.bounds.requestsMax = try setting()
        policy.bounds.waitingMax = try setting()
        policy.bounds.waitMilliseconds = try setting()
        if try flag() {
            var breaker = Breaker()
            breaker.errorPercent = try setting()
            breaker.requestsMin = try setting()
            breaker.windowMilliseconds = try setting()
            breaker.openMilliseconds = try setting()
            breaker.probes = try setting()
            policy.breaker = breaker
        }
        policy.retry.retriesMax = try setting()
        policy.retry.budgetPercent = try setting()
        policy.retry.perSecondMin = try setting()
        policy.retry.tryTimeoutMilliseconds = try setting()
        policy.retry.afterTimeout = try flag()
        let statusCount = try count(upTo: RoutingLimits.listEntriesMax, "statuses")
        for _ in 0..<statusCount { policy.retry.statuses.append(try setting()) }
        switch try byte() {
        case 0: policy.discovery = .none
        case 1: policy.discovery = .dns(intervalMilliseconds: try setting())
        case 2: policy.discovery = .file(name: try text())
        default: throw malformed("there is no such discovery")
        }
        policy.tls.authorities = try text()
        policy.tls.certificate = try text()
        policy.tls.key = try text()
        policy.tls.serverName = try text()
        policy.tls.verifies = try flag()
        policy.slowStartMilliseconds = try setting()
        policy.totalTimeoutMilliseconds = try setting()
        return policy
    }

    private mutating func balance() throws(SnapshotRejected) -> Balance {
        switch try byte() {
        case 0: return .roundRobin
        case 1: return .leastRequests
        case 2: return .latency
        case 3: return .hash(.header(try text()))
        case 4: return .hash(.cookie(try text()))
        case 5: return .hash(.application)
        case 6: return .hash(.address)
        default: throw malformed("there is no such way to balance")
        }
    }

    private mutating func check() throws(SnapshotRejected) -> ActiveCheck {
        var check = ActiveCheck()
        if try flag() { check.path = try text() }
        let rangeCount = try count(upTo: RoutingLimits.listEntriesMax, "ranges of statuses")
        check.expected = []
        for _ in 0..<rangeCount {
            let first = try setting()
            check.expected.append(ActiveCheck.Statuses(first, try setting()))
        }
        check.intervalMilliseconds = try setting()
        check.timeoutMilliseconds = try setting()
        check.jitterPercent = try setting()
        check.healthyThreshold = try setting()
        check.unhealthyThreshold = try setting()
        return check
    }
}
