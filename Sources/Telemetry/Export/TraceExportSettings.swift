/// Where spans are sent and how, as OpenTelemetry's environment variables say it
/// (specification, "OpenTelemetry Protocol Exporter" and "Environment Variable Specification").
public struct TraceExportSettings: Hashable, Sendable {
    /// The whole URL that batches are posted to; nil sends nothing.
    public var endpoint: String?
    /// Fields of every request, in order.
    public var headers: [KeyValueList.Pair] = []
    /// What the spans are of: `service.name` and whatever else was given.
    public var resource: [KeyValueList.Pair] = []
    /// How long one request may take, in milliseconds.
    public var timeoutMilliseconds = 10_000
    /// How long a span waits for others at most, in milliseconds.
    public var delayMilliseconds = 5_000
    /// How long a batch may take with all its retries, in milliseconds.
    public var exportMilliseconds = 30_000
    /// Spans that wait at most; more are dropped and counted.
    public var queueMax = 2_048
    /// Spans in one request at most.
    public var batchMax = 512
    /// Share of the traces begun here that are sampled, 0 … 1.
    public var share = 1.0
    /// Whether a caller's sampling decision stands.
    public var followsParent = true
    /// Variables that cannot be used and what is done instead: a wrong variable must not stop a gateway.
    public var warnings: [String] = []

    /// Reads the variables.
    ///
    /// - Parameters:
    ///   - environment: all variables.
    ///   - base: the collector's URL where a setting of ours names it, instead of `OTEL_EXPORTER_OTLP_ENDPOINT`.
    public init(environment: [String: String], base: String? = nil) {
        let values = environment.filter { !$0.value.isEmpty }
        readEndpoint(values, base)
        readHeaders(values)
        readResource(values)
        readSampler(values)
        timeoutMilliseconds = number(
            values,
            ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
            timeoutMilliseconds
        )
        delayMilliseconds = number(values, ["OTEL_BSP_SCHEDULE_DELAY"], delayMilliseconds)
        exportMilliseconds = number(values, ["OTEL_BSP_EXPORT_TIMEOUT"], exportMilliseconds)
        queueMax = number(values, ["OTEL_BSP_MAX_QUEUE_SIZE"], queueMax)
        batchMax = min(number(values, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"], batchMax), queueMax)
    }

    private mutating func readEndpoint(_ values: [String: String], _ base: String?) {
        guard values["OTEL_SDK_DISABLED"]?.lowercased() != "true" else { return }
        switch values["OTEL_TRACES_EXPORTER"] ?? "otlp" {
        case "otlp": break
        case "none": return
        case let other:
            warnings.append("OTEL_TRACES_EXPORTER `\(other)` is not offered, only otlp: spans are not exported")
            return
        }
        let named = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"].lazy.compactMap { values[$0] }
        if let wanted = named.first, wanted != "http/json" {
            warnings.append("OTLP protocol `\(wanted)` is not offered: spans are sent as http/json")
        }
        if base == nil, let whole = values["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
            endpoint = usable(whole, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        } else if let base = base ?? values["OTEL_EXPORTER_OTLP_ENDPOINT"] {
            let text = base.hasSuffix("/") ? String(base.dropLast()) : base
            endpoint = usable(text + "/v1/traces", "OTEL_EXPORTER_OTLP_ENDPOINT")
        }
    }

    private mutating func usable(_ url: String, _ name: String) -> String? {
        if url.hasPrefix("http://") || url.hasPrefix("https://") { return url }
        warnings.append("\(name) `\(url)` is no http or https URL: spans are not exported")
        return nil
    }

    private mutating func readHeaders(_ values: [String: String]) {
        for name in ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"] {
            guard let text = values[name] else { continue }
            headers = KeyValueList.read(text)
            if headers.isEmpty { warnings.append("\(name) has no `name=value` in it") }
            return
        }
    }

    private mutating func readResource(_ values: [String: String]) {
        resource = values["OTEL_RESOURCE_ATTRIBUTES"].map(KeyValueList.read) ?? []
        let name = values["OTEL_SERVICE_NAME"] ?? resource.last { $0.key == "service.name" }?.value ?? "gatehouse"
        resource.removeAll { $0.key == "service.name" }
        resource.insert(KeyValueList.Pair(key: "service.name", value: name), at: 0)
    }

    private mutating func readSampler(_ values: [String: String]) {
        var name = values["OTEL_TRACES_SAMPLER"] ?? "parentbased_always_on"
        followsParent = name.hasPrefix("parentbased_")
        if followsParent { name = String(name.dropFirst("parentbased_".count)) }
        switch name {
        case "always_on": share = 1
        case "always_off": share = 0
        case "traceidratio":
            let text = values["OTEL_TRACES_SAMPLER_ARG"] ?? "1"
            if let given = Double(text), (0...1).contains(given) {
                share = given
            } else {
                warnings.append("OTEL_TRACES_SAMPLER_ARG `\(text)` is no number from 0 to 1: all traces are sampled")
            }
        default:
            followsParent = true
            warnings.append(
                "OTEL_TRACES_SAMPLER `\(values["OTEL_TRACES_SAMPLER"] ?? "")` is not known: all traces are sampled"
            )
        }
    }

    private mutating func number(_ values: [String: String], _ names: [String], _ standard: Int) -> Int {
        for name in names {
            guard let text = values[name] else { continue }
            if let value = Int(text), (1...86_400_000).contains(value) { return value }
            warnings.append("\(name) `\(text)` is no whole number above 0: \(standard) is used")
            return standard
        }
        return standard
    }
}

/// `key=value,key=value` with values percent-encoded, as headers and resource attributes are written in variables.
public enum KeyValueList {
    /// One of them.
    public struct Pair: Hashable, Sendable {
        /// As written.
        public var key: String
        /// Decoded.
        public var value: String

        /// Makes a pair.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The pairs in order; what is none is left out.
    public static func read(_ text: String) -> [Pair] {
        text.split(separator: ",").compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let key = trimmed(part[..<equals])
            guard !key.isEmpty else { return nil }
            return Pair(key: key, value: decoded(trimmed(part[part.index(after: equals)...])))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static func decoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                out.append(byte)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
