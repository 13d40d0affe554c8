extension UpstreamPolicy {
    /// What is wrong with the values, in words that continue "the upstream …"; nil when nothing is. The reader of
    /// manifests says the same with places; this is the last line, for snapshots from anywhere.
    public var fault: String? {
        check?.fault ?? ejection.fault ?? bounds.fault ?? breaker?.fault ?? retry.fault ?? discovery.fault ?? tls.fault
            ?? balance.fault
            ?? Bound.day.fault(slowStartMilliseconds, "slow start")
            ?? Bound.day.fault(totalTimeoutMilliseconds, "total timeout")
    }

    /// A name of a file in the gateway's folder: relative, without `.` and `..` steps, so that no manifest reaches a file
    /// that the operator did not put there.
    public static func isFileName(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 1_024, !name.utf8.contains(0) else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0 != "." && $0 != ".."
        }
    }
}

/// A range that a number must lie in.
private struct Bound {
    let range: ClosedRange<Int>

    static let day = Bound(range: 0...86_400_000)
    static let time = Bound(range: 1...86_400_000)
    static let percent = Bound(range: 0...100)
    static let count = Bound(range: 0...1_000_000)
    static let some = Bound(range: 1...1_000_000)

    func fault(_ value: Int, _ what: String) -> String? {
        range.contains(value)
            ? nil : "has a \(what) of \(value), not between \(range.lowerBound) and \(range.upperBound)"
    }
}

extension Balance {
    fileprivate var fault: String? {
        switch self {
        case .hash(.header(let name)):
            name.isEmpty || name != name.lowercased() ? "hashes by a header whose name is empty or not lower case" : nil
        case .hash(.cookie(let name)): name.isEmpty ? "hashes by a cookie without a name" : nil
        default: nil
        }
    }
}

extension ActiveCheck {
    fileprivate var fault: String? {
        if let path, !path.hasPrefix("/") || !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            return "has a check of path `\(path)`, which is no path"
        }
        if expected.isEmpty || expected.count > 32 { return "has a check that expects \(expected.count) ranges" }
        for range in expected where range.first > range.last || range.first < 100 || range.last > 599 {
            return "has a check that expects statuses from \(range.first) to \(range.last)"
        }
        return Bound(range: 100...86_400_000).fault(intervalMilliseconds, "check interval")
            ?? Bound.time.fault(timeoutMilliseconds, "check timeout")
            ?? Bound.percent.fault(jitterPercent, "check jitter")
            ?? Bound.some.fault(healthyThreshold, "healthy threshold")
            ?? Bound.some.fault(unhealthyThreshold, "unhealthy threshold")
    }
}

extension Ejection {
    fileprivate var fault: String? {
        Bound.count.fault(consecutiveFailures, "number of failures in a row")
            ?? Bound.percent.fault(errorPercent, "share of errors")
            ?? Bound.some.fault(requestsMin, "number of requests in a window")
            ?? Bound.time.fault(windowMilliseconds, "window")
            ?? Bound.time.fault(baseMilliseconds, "first ejection")
            ?? Bound.time.fault(longestMilliseconds, "longest ejection")
            ?? Bound.percent.fault(sharePercentMax, "share of ejected targets")
            ?? (longestMilliseconds < baseMilliseconds ? "has a longest ejection below the first" : nil)
    }
}

extension Bounds {
    fileprivate var fault: String? {
        Bound.count.fault(connectionsMax, "bound on connections")
            ?? Bound.count.fault(requestsMax, "bound on requests")
            ?? Bound.count.fault(waitingMax, "bound on waiting requests")
            ?? Bound.time.fault(waitMilliseconds, "waiting time")
    }
}

extension Breaker {
    fileprivate var fault: String? {
        Bound(range: 1...100).fault(errorPercent, "share of errors")
            ?? Bound.some.fault(requestsMin, "number of requests in a window")
            ?? Bound.time.fault(windowMilliseconds, "window")
            ?? Bound.time.fault(openMilliseconds, "time open")
            ?? Bound.some.fault(probes, "number of probes")
    }
}

extension Retry {
    fileprivate var fault: String? {
        if let status = statuses.first(where: { !(400...599).contains($0) }) {
            return "tries again after status \(status), which is no error"
        }
        return Bound(range: 0...10).fault(retriesMax, "number of retries")
            ?? Bound.percent.fault(budgetPercent, "retry budget")
            ?? Bound.count.fault(perSecondMin, "number of retries a second")
            ?? Bound.day.fault(tryTimeoutMilliseconds, "timeout of one try")
            ?? (statuses.count > 32 ? "tries again after \(statuses.count) statuses" : nil)
    }
}

extension Discovery {
    fileprivate var fault: String? {
        switch self {
        case .none: nil
        case .dns(let interval): Bound(range: 100...86_400_000).fault(interval, "DNS interval")
        case .file(let name): UpstreamPolicy.isFileName(name) ? nil : "has targets in `\(name)`, which is no file name"
        }
    }
}

extension TLS {
    fileprivate var fault: String? {
        for name in [authorities, certificate, key] where !name.isEmpty && !UpstreamPolicy.isFileName(name) {
            return "has the TLS file `\(name)`, which is no file name"
        }
        if certificate.isEmpty != key.isEmpty {
            return "has a certificate without a key, or a key without a certificate"
        }
        let isHost = serverName.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        return isHost && serverName.utf8.count <= 253 ? nil : "has the server name `\(serverName)`, which is no host"
    }
}
