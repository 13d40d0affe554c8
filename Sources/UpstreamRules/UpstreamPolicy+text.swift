extension UpstreamPolicy {
    /// Every value in a fixed order, one line a group: the same text exactly for equal policies, in every release.
    public var canonicalText: String {
        var lines: [String] = []
        switch balance {
        case .roundRobin: lines.append("balance round-robin")
        case .leastRequests: lines.append("balance least-requests")
        case .latency: lines.append("balance latency")
        case .hash(.header(let name)): lines.append("balance header \(Self.quoted(name))")
        case .hash(.cookie(let name)): lines.append("balance cookie \(Self.quoted(name))")
        case .hash(.application): lines.append("balance application")
        case .hash(.address): lines.append("balance address")
        }
        if let check {
            let ranges = check.expected.map { "\($0.first)-\($0.last)" }.joined(separator: ",")
            let path = check.path.map(Self.quoted) ?? "-"
            let times = "\(check.intervalMilliseconds) \(check.timeoutMilliseconds) \(check.jitterPercent)"
            lines.append("check \(path) \(ranges) \(times) \(check.healthyThreshold) \(check.unhealthyThreshold)")
        }
        let ejected = "\(ejection.consecutiveFailures) \(ejection.errorPercent) \(ejection.requestsMin)"
        let times = "\(ejection.windowMilliseconds) \(ejection.baseMilliseconds) \(ejection.longestMilliseconds)"
        lines.append("ejection \(ejected) \(times) \(ejection.sharePercentMax) \(ejection.countsStatuses)")
        let waiting = "\(bounds.waitingMax) \(bounds.waitMilliseconds)"
        lines.append("bounds \(bounds.connectionsMax) \(bounds.requestsMax) \(waiting)")
        if let breaker {
            let window = "\(breaker.errorPercent) \(breaker.requestsMin) \(breaker.windowMilliseconds)"
            lines.append("breaker \(window) \(breaker.openMilliseconds) \(breaker.probes)")
        }
        let budget = "\(retry.retriesMax) \(retry.budgetPercent) \(retry.perSecondMin)"
        let statuses = retry.statuses.map { "\($0)" }.joined(separator: ",")
        lines.append("retry \(budget) [\(statuses)] \(retry.afterTimeout) \(retry.tryTimeoutMilliseconds)")
        switch discovery {
        case .none: break
        case .dns(let interval): lines.append("dns \(interval)")
        case .file(let name): lines.append("file \(Self.quoted(name))")
        }
        let files = [tls.authorities, tls.certificate, tls.key, tls.serverName].map(Self.quoted)
        lines.append("tls \(files.joined(separator: " ")) \(tls.verifies)")
        lines.append("times \(slowStartMilliseconds) \(totalTimeoutMilliseconds)")
        return lines.map { $0 + "\n" }.joined()
    }

    /// With a mark around it and none inside, so that no value can look like two.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"", "\\": result += "\\\(character)"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
