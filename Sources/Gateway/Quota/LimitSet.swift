internal import RoutingTable

/// The limits of one subscription as a loop asks them: all must admit a request, and a refused one spends nothing.
final class LimitSet {
    private var buckets: [Bucket]
    /// What it was made of.
    let limits: [EntitlementContent.Limit]
    /// `RateLimit-Policy: …CRLF`, the same for every answer.
    let policyLine: [UInt8]
    /// Readings of the last ``reserve(at:)``, in the order of the limits.
    private(set) var readings: [LimitReading]

    init(_ limits: [EntitlementContent.Limit], buckets: [Bucket]) {
        self.buckets = buckets
        self.limits = limits
        readings = []
        readings.reserveCapacity(buckets.count)
        let policies = limits.map { limit in
            "\"\(limit.name)\";q=\(limit.amount);w=\(CalendarWindow.nominalSeconds(limit.window))"
        }
        policyLine = limits.isEmpty ? [] : Array("RateLimit-Policy: \(policies.joined(separator: ", "))\r\n".utf8)
    }

    var isEmpty: Bool { buckets.isEmpty }

    /// Spends one request on every limit, or on none.
    ///
    /// All are asked before any is spent; should another loop take the last unit in between, what was spent is given back.
    func reserve(at now: Moment) -> Bool {
        readings.removeAll(keepingCapacity: true)
        if buckets.count == 1 {
            let reading = buckets[0].reserve(at: now)
            readings.append(reading)
            return reading.isAdmitted
        }
        var isAdmitted = true
        for index in buckets.indices {
            let reading = buckets[index].peek(at: now)
            readings.append(reading)
            if !reading.isAdmitted { isAdmitted = false }
        }
        guard isAdmitted else { return false }
        for index in buckets.indices {
            let reading = buckets[index].reserve(at: now)
            readings[index] = reading
            guard reading.isAdmitted else {
                for spent in 0..<index { buckets[spent].refund() }
                return false
            }
        }
        return true
    }

    /// Names of the limits that refused, in order.
    var violated: [String] { buckets.indices.filter { isViolated($0) }.map { buckets[$0].name } }

    /// Whether a quota (and not only a rate) refused.
    var violatesQuota: Bool { buckets.indices.contains { isViolated($0) && buckets[$0].rule.kind == .quota } }

    /// Whole seconds, at least one, until every limit that refused admits one request.
    var retryAfterSeconds: UInt64 {
        var longest: UInt64 = 0
        for index in buckets.indices where isViolated(index) {
            longest = max(longest, readings[index].resetNanoseconds)
        }
        return max(1, (longest + 999_999_999) / 1_000_000_000)
    }

    /// Appends `RateLimit: "second";r=19;t=1, …CRLF` and the policy (draft-ietf-httpapi-ratelimit-headers-10 §4).
    func appendFields(to out: HeadWriter) {
        guard !readings.isEmpty else { return }
        out.append("RateLimit: ")
        for index in readings.indices {
            if index > 0 { out.append(", ") }
            out.append(buckets[index].opening)
            out.append(decimal: readings[index].remaining)
            out.append(";t=")
            out.append(decimal: (readings[index].resetNanoseconds + 999_999_999) / 1_000_000_000)
        }
        out.append("\r\n")
        out.append(policyLine)
    }

    private func isViolated(_ index: Int) -> Bool { index < readings.count && !readings[index].isAdmitted }
}
