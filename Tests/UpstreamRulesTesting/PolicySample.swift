public import UpstreamRules

extension UpstreamPolicy {
    /// A policy in which nothing is as by default: what is lost or mixed up on the way through a text or a snapshot shows.
    public static var everything: UpstreamPolicy {
        var policy = UpstreamPolicy()
        policy.balance = .hash(.cookie("sid"))
        var check = ActiveCheck(path: "/up?x")
        check.expected = [.init(200, 204), .init(404, 404)]
        check.intervalMilliseconds = 1_500
        check.timeoutMilliseconds = 300
        check.jitterPercent = 20
        check.healthyThreshold = 4
        check.unhealthyThreshold = 5
        policy.check = check
        policy.ejection.consecutiveFailures = 0
        policy.ejection.errorPercent = 40
        policy.ejection.requestsMin = 7
        policy.ejection.windowMilliseconds = 8_000
        policy.ejection.baseMilliseconds = 9_000
        policy.ejection.longestMilliseconds = 90_000
        policy.ejection.sharePercentMax = 33
        policy.ejection.countsStatuses = true
        policy.bounds.connectionsMax = 10
        policy.bounds.requestsMax = 11
        policy.bounds.waitingMax = 12
        policy.bounds.waitMilliseconds = 1_300
        var breaker = Breaker()
        breaker.errorPercent = 60
        breaker.requestsMin = 14
        breaker.windowMilliseconds = 15_000
        breaker.openMilliseconds = 16_000
        breaker.probes = 17
        policy.breaker = breaker
        policy.retry.retriesMax = 1
        policy.retry.budgetPercent = 18
        policy.retry.perSecondMin = 19
        policy.retry.statuses = [502, 503]
        policy.retry.afterTimeout = true
        policy.retry.tryTimeoutMilliseconds = 2_100
        policy.discovery = .dns(intervalMilliseconds: 22_000)
        policy.tls.authorities = "ca.pem"
        policy.tls.certificate = "c/c.pem"
        policy.tls.key = "c/k.pem"
        policy.tls.serverName = "backend.test"
        policy.tls.verifies = false
        policy.slowStartMilliseconds = 23_000
        policy.totalTimeoutMilliseconds = 24_000
        return policy
    }
}
