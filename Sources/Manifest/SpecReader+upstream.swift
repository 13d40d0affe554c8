internal import DocumentTree
internal import UpstreamRules

extension SpecReader {
    static func upstream(_ reader: inout FieldReader) -> UpstreamSpec? {
        let targets: [TargetSpec]? = reader.list("targets") { reader in
            let weight = reader.integer("weight", in: 0...1_000) ?? 100
            let priority = reader.integer("priority", in: 0...15) ?? 0
            return reader.requiredReference("url").map { TargetSpec(url: $0, weight: weight, priority: priority) }
        }
        if targets == nil, reader.value("targets") == nil { reader.missing("targets") }
        if let targets, targets.isEmpty, let node = reader.value("targets") {
            reader.invalid(node, "`\(reader.name).targets` is empty, expected at least one `{url: …}`")
        }
        var spec = UpstreamSpec(targets: targets ?? [])
        spec.policy.balance = balance(&reader)
        _ = reader.nested("timeouts") { reader in
            spec.connectTimeoutMilliseconds = reader.milliseconds("connect") ?? spec.connectTimeoutMilliseconds
            spec.headerTimeoutMilliseconds = reader.milliseconds("header") ?? spec.headerTimeoutMilliseconds
            spec.idleTimeoutMilliseconds = reader.milliseconds("idle") ?? spec.idleTimeoutMilliseconds
            spec.policy.retry.tryTimeoutMilliseconds = reader.milliseconds("try") ?? 0
            spec.policy.totalTimeoutMilliseconds = reader.milliseconds("total") ?? 0
        }
        _ = reader.nested("health") { reader in
            spec.policy.check = reader.nested("active", check)
            if let ejection = reader.nested("passive", ejection) { spec.policy.ejection = ejection }
        }
        spec.policy.slowStartMilliseconds = reader.milliseconds("slowStart") ?? 0
        if let bounds = reader.nested("limits", bounds) { spec.policy.bounds = bounds }
        spec.policy.breaker = reader.nested("circuitBreaker", breaker)
        _ = reader.nested("retry") { reader in retry(&reader, &spec.policy.retry) }
        if let discovery = reader.nested("discovery", discovery) { spec.policy.discovery = discovery }
        if let tls = reader.nested("tls", tls) { spec.policy.tls = tls }
        return spec
    }

    private static func balance(_ reader: inout FieldReader) -> Balance {
        let name = reader.enumeration("balance", BalanceName.self) ?? .roundRobin
        let key: HashKey? =
            reader.nested("hash") { reader -> HashKey? in
                guard let by = reader.enumeration("by", HashKeyName.self) else {
                    if reader.value("by") == nil { reader.missing("by") }
                    return nil
                }
                let name = reader.text("name")
                if by == .header || by == .cookie, name == nil || name == "" {
                    reader.missing("name", help: "name the \(by.rawValue) whose value is the key")
                }
                switch by {
                case .header: return .header((name ?? "").lowercased())
                case .cookie: return .cookie(name ?? "")
                case .application: return .application
                case .address: return .address
                }
            } ?? nil
        switch name {
        case .roundRobin: return .roundRobin
        case .leastRequests: return .leastRequests
        case .latency: return .latency
        case .hash:
            guard let key else {
                if reader.value("hash") == nil {
                    reader.missing("hash", help: "say what requests are known by: `hash: {by: application}`")
                }
                return .hash(.address)
            }
            return .hash(key)
        }
    }

    private static func check(_ reader: inout FieldReader) -> ActiveCheck {
        var check = ActiveCheck(path: reader.text("path"))
        if let path = check.path, !path.hasPrefix("/"), let node = reader.value("path") {
            reader.invalid(node, "`\(reader.name).path` is `\(path)`, expected a path that begins with a slash")
        }
        if let texts = reader.texts("statuses"), let node = reader.value("statuses") {
            check.expected = texts.compactMap(range)
            if check.expected.count != texts.count || texts.isEmpty {
                reader.invalid(node, "`\(reader.name).statuses` expects texts such as `\"200-299\"` or `\"404\"`")
            }
        }
        check.intervalMilliseconds = reader.milliseconds("interval") ?? check.intervalMilliseconds
        if check.intervalMilliseconds < 100, let node = reader.value("interval") {
            reader.invalid(node, "`\(reader.name).interval` is below `PT0.1S`")
        }
        check.timeoutMilliseconds = reader.milliseconds("timeout") ?? check.timeoutMilliseconds
        check.jitterPercent = reader.integer("jitterPercent", in: 0...100) ?? check.jitterPercent
        check.healthyThreshold = reader.integer("healthyThreshold", in: 1...100) ?? check.healthyThreshold
        check.unhealthyThreshold = reader.integer("unhealthyThreshold", in: 1...100) ?? check.unhealthyThreshold
        return check
    }

    /// `200` or `200-299`.
    private static func range(_ text: String) -> ActiveCheck.Statuses? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, first <= last,
            first >= 100, last <= 599
        else { return nil }
        return ActiveCheck.Statuses(first, last)
    }

    private static func ejection(_ reader: inout FieldReader) -> Ejection {
        var ejection = Ejection()
        ejection.consecutiveFailures =
            reader.integer("consecutiveFailures", in: 0...1_000_000) ?? ejection.consecutiveFailures
        ejection.errorPercent = reader.integer("errorPercent", in: 0...100) ?? ejection.errorPercent
        ejection.requestsMin = reader.integer("requestsMin", in: 1...1_000_000) ?? ejection.requestsMin
        ejection.windowMilliseconds = reader.milliseconds("window") ?? ejection.windowMilliseconds
        ejection.baseMilliseconds = reader.milliseconds("ejection") ?? ejection.baseMilliseconds
        let longest = reader.milliseconds("longestEjection")
        ejection.longestMilliseconds = longest ?? max(ejection.longestMilliseconds, ejection.baseMilliseconds)
        if ejection.longestMilliseconds < ejection.baseMilliseconds, let node = reader.value("longestEjection") {
            reader.invalid(node, "`\(reader.name).longestEjection` is below `ejection`")
        }
        ejection.sharePercentMax = reader.integer("ejectedPercentMax", in: 0...100) ?? ejection.sharePercentMax
        ejection.countsStatuses = reader.boolean("countStatuses") ?? ejection.countsStatuses
        return ejection
    }

    private static func bounds(_ reader: inout FieldReader) -> Bounds {
        var bounds = Bounds()
        bounds.connectionsMax = reader.integer("connections", in: 0...1_000_000) ?? 0
        bounds.requestsMax = reader.integer("requests", in: 0...1_000_000) ?? 0
        bounds.waitingMax = reader.integer("waiting", in: 0...1_000_000) ?? bounds.waitingMax
        bounds.waitMilliseconds = reader.milliseconds("wait") ?? bounds.waitMilliseconds
        return bounds
    }

    private static func breaker(_ reader: inout FieldReader) -> Breaker {
        var breaker = Breaker()
        breaker.errorPercent = reader.integer("errorPercent", in: 1...100) ?? breaker.errorPercent
        breaker.requestsMin = reader.integer("requestsMin", in: 1...1_000_000) ?? breaker.requestsMin
        breaker.windowMilliseconds = reader.milliseconds("window") ?? breaker.windowMilliseconds
        breaker.openMilliseconds = reader.milliseconds("open") ?? breaker.openMilliseconds
        breaker.probes = reader.integer("probes", in: 1...1_000) ?? breaker.probes
        return breaker
    }

    private static func retry(_ reader: inout FieldReader, _ retry: inout Retry) {
        retry.retriesMax = reader.integer("retries", in: 0...10) ?? retry.retriesMax
        retry.budgetPercent = reader.integer("budgetPercent", in: 0...100) ?? retry.budgetPercent
        retry.perSecondMin = reader.integer("perSecondMin", in: 0...1_000_000) ?? retry.perSecondMin
        retry.statuses = reader.integers("statuses", in: 400...599) ?? retry.statuses
        retry.afterTimeout = reader.boolean("afterTimeout") ?? retry.afterTimeout
    }

    private static func discovery(_ reader: inout FieldReader) -> Discovery {
        let interval = reader.milliseconds("dns")
        let file = reader.text("file")
        if let file, !UpstreamPolicy.isFileName(file), let node = reader.value("file") { notAFile(&reader, file, node) }
        if let interval, interval < 100, let node = reader.value("dns") {
            reader.invalid(node, "`\(reader.name).dns` is below `PT0.1S`")
        }
        switch (interval, file) {
        case (let interval?, nil): return .dns(intervalMilliseconds: interval)
        case (nil, let file?): return .file(name: file)
        default:
            if (reader.value("dns") != nil) == (reader.value("file") != nil) {
                reader.invalid(reader.node, "`\(reader.name)` expects one of `dns` and `file`")
            }
            return .none
        }
    }

    private static func tls(_ reader: inout FieldReader) -> TLS {
        var tls = TLS()
        tls.authorities = file(&reader, "authorities")
        tls.certificate = file(&reader, "certificate")
        tls.key = file(&reader, "key")
        if tls.certificate.isEmpty != tls.key.isEmpty {
            reader.missing(tls.key.isEmpty ? "key" : "certificate", help: "the two go together")
        }
        tls.serverName = reader.text("serverName") ?? ""
        tls.verifies = reader.boolean("verify") ?? true
        return tls
    }

    private static func file(_ reader: inout FieldReader, _ key: String) -> String {
        guard let name = reader.text(key), let node = reader.value(key) else { return "" }
        if !UpstreamPolicy.isFileName(name) { notAFile(&reader, name, node) }
        return name
    }

    private static func notAFile(_ reader: inout FieldReader, _ name: String, _ node: Node) {
        reader.invalid(
            node,
            "`\(name)` is no name of a file in the gateway's folder of upstream files",
            help: "name it without a leading slash and without `..`"
        )
    }
}

enum BalanceName: String, CaseIterable {
    case roundRobin = "round-robin"
    case leastRequests = "least-requests"
    case latency
    case hash = "consistent-hash"

    init(_ balance: Balance) {
        switch balance {
        case .roundRobin: self = .roundRobin
        case .leastRequests: self = .leastRequests
        case .latency: self = .latency
        case .hash: self = .hash
        }
    }
}

enum HashKeyName: String, CaseIterable {
    case header
    case cookie
    case application
    case address
}
