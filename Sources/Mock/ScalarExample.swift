import DocumentTree

/// The plainest string or number that a schema's keywords allow.
struct ScalarExample {
    let schema: Node

    /// A string of the format, else one of the allowed length.
    var string: String {
        if let format = schema["format"]?.string, let text = Self.formats[format] { return text }
        let least = min(schema["minLength"]?.integer ?? 0, 10_000)
        let most = schema["maxLength"]?.integer ?? Int.max
        let text = "string"
        if text.count < least { return text + String(repeating: "x", count: least - text.count) }
        return text.count > most ? String(text.prefix(max(most, 0))) : text
    }

    /// A whole number within the bounds that is a multiple where one is asked for.
    var integer: Int64 {
        let step = Int64(schema["multipleOf"]?.integer ?? 1)
        let low =
            Self.whole(lowest.map { $0.rounded(.up) }) ?? min(Self.whole(highest.map { $0.rounded(.down) }) ?? 1, 1)
        guard step > 1 else { return low }
        let (quotient, rest) = low.quotientAndRemainder(dividingBy: step)
        return rest > 0 ? (quotient + 1) * step : quotient * step
    }

    /// A number within the bounds.
    var number: JSONValue {
        if let low = lowest { return Self.plain(low) }
        if let high = highest { return Self.plain(min(high, 1)) }
        return .integer(1)
    }

    private var lowest: Double? {
        if let bound = schema["exclusiveMinimum"]?.number { return bound + 1 }
        guard let bound = schema["minimum"]?.number else { return nil }
        return schema["exclusiveMinimum"]?.boolean == true ? bound + 1 : bound
    }

    private var highest: Double? {
        if let bound = schema["exclusiveMaximum"]?.number { return bound - 1 }
        guard let bound = schema["maximum"]?.number else { return nil }
        return schema["exclusiveMaximum"]?.boolean == true ? bound - 1 : bound
    }

    private static func plain(_ value: Double) -> JSONValue {
        whole(value).map { Double($0) == value ? .integer($0) : .number(value) } ?? .number(value)
    }

    /// Nil outside what 64 bits hold.
    private static func whole(_ value: Double?) -> Int64? {
        value.flatMap { abs($0) < 9e18 ? Int64($0) : nil }
    }

    /// Formats of JSON Schema and of the OpenAPI format registry.
    private static let formats: [String: String] = [
        "date": "2026-01-31",
        "date-time": "2026-01-31T12:00:00Z",
        "time": "12:00:00Z",
        "duration": "PT1H",
        "email": "someone@example.com",
        "idn-email": "someone@example.com",
        "hostname": "api.example.com",
        "ipv4": "192.0.2.1",
        "ipv6": "2001:db8::1",
        "uri": "https://example.com/",
        "url": "https://example.com/",
        "uri-reference": "/path",
        "uuid": "123e4567-e89b-42d3-a456-426614174000",
        "byte": "Z2F0ZWhvdXNl",
        "binary": "binary",
        "password": "password",
        "json-pointer": "/a",
        "regex": "^a$",
    ]
}
