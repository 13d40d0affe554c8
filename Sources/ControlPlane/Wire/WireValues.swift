import DocumentTree
import Lifecycle

/// Small values as the API writes them.
extension JSONValue {
    /// An RFC 3339 time in UTC, or null.
    init(_ moment: Moment?) {
        self = moment.map { .string($0.rfc3339) } ?? .null
    }

    /// A string or null.
    init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    /// A whole number or null.
    init(_ number: Int?) {
        self = number.map { .integer(Int64($0)) } ?? .null
    }

    /// A list of strings.
    init(_ texts: [String]) {
        self = .array(texts.map(JSONValue.string))
    }
}

extension BodyReader {
    /// An RFC 3339 time; nil where it is absent or null.
    mutating func optionalMoment(_ name: String) -> Moment? {
        guard let text = optionalString(name) else { return nil }
        guard let moment = Moment(rfc3339: text) else {
            violate(name, "`\(text)` is no RFC 3339 time; write for instance 2027-06-30T12:00:00Z")
            return nil
        }
        return moment
    }
}
