internal import ProblemDetails
internal import RoutingTable

/// The version that a request names, at the places its API allows: the path, a field, a parameter, a media type.
struct VersionWish {
    /// What the request says; nil when it says nothing.
    private(set) var selector: VersionSelector?
    /// Where the operation's path begins when a segment named the version.
    private(set) var restAfterPath: Int?
    /// Where it begins if that segment turns out to belong to the operation's path; nil when it cannot.
    private(set) var restWithoutPath: Int?
    private var otherSelector: VersionSelector?

    /// Reads all places. The same wish twice is one wish; two different ones are refused.
    mutating func read(
        _ api: APIIndex,
        _ snapshot: RoutingSnapshot,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        path: Span<UInt8>,
        from rest: Int
    ) throws(Denied) {
        let record = snapshot.apis[api.position]
        if record.versionInHeader {
            let arena = snapshot.arena
            let name = arena.span.extracting(record.versionHeader.range)
            for line in head.fields where !line.isRemoved && Self.isNamed(bytes, line.name, name) {
                try note(snapshot.versionSelector(api: api, text: bytes.extracting(line.value)))
            }
        }
        if record.versionInQuery, let query = head.query {
            let name = snapshot.bytes(record.versionQuery)
            var parameters = QueryParameters(query)
            while let parameter = parameters.next(bytes) {
                guard parameter.isNamed(name, bytes) else { continue }
                var value: [UInt8] = []
                guard QueryParameters.decode(bytes, parameter.value, to: &value) else {
                    throw Denied(.versionMalformed)
                }
                try note(snapshot.versionSelector(api: api, text: value.span))
            }
        }
        if record.versionInMediaType {
            let name = snapshot.bytes(record.versionMediaTypeParameter)
            for line in head.fields where line.role == .accept && !line.isRemoved {
                guard let value = MediaTypeParameter.find(name, bytes, line.value) else { continue }
                try note(snapshot.versionSelector(api: api, text: bytes.extracting(value)))
            }
        }
        otherSelector = selector
        guard let found = snapshot.pathVersion(api: api, path: path, from: rest) else { return }
        if found.isAlsoPath { restWithoutPath = rest }
        restAfterPath = found.rest
        if let selector, selector != found.selector {
            // Where the segment may be an ordinary one, the other place decides.
            guard found.isAlsoPath else { throw Self.contradiction }
        } else {
            selector = found.selector
        }
    }

    /// The segment was no selector after all.
    mutating func forgetPath() {
        selector = otherSelector
        restAfterPath = nil
        restWithoutPath = nil
    }

    private mutating func note(_ found: VersionSelector) throws(Denied) {
        guard selector == nil || selector == found else { throw Self.contradiction }
        selector = found
    }

    private static let contradiction = Denied(.versionMalformed, "the request names two versions")

    /// Whether a field's name is `name`, which is lower case.
    private static func isNamed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: Span<UInt8>) -> Bool {
        guard range.count == name.count else { return false }
        for offset in 0..<range.count where ByteClass.lowercased(bytes[range.lowerBound + offset]) != name[offset] {
            return false
        }
        return true
    }
}

/// A parameter of the first media type in `Accept` (RFC 9110 §8.3.1): `application/json; version=2`.
enum MediaTypeParameter {
    /// Where the value lies, without quotes; nil when the first media type has no such parameter.
    static func find(_ name: [UInt8], _ bytes: Span<UInt8>, _ value: Range<Int>) -> Range<Int>? {
        var index = value.lowerBound
        while index < value.upperBound, bytes[index] != ASCII.semicolon, bytes[index] != ASCII.comma { index += 1 }
        while index < value.upperBound, bytes[index] == ASCII.semicolon {
            let start = index + 1
            index = start
            var isQuoted = false
            while index < value.upperBound {
                let byte = bytes[index]
                if byte == ASCII.quote { isQuoted.toggle() }
                if !isQuoted, byte == ASCII.semicolon || byte == ASCII.comma { break }
                index += 1
            }
            let pair = RequestHead.trimmed(bytes, start..<index)
            guard pair.count > name.count, bytes[pair.lowerBound + name.count] == ASCII.equals else { continue }
            var isNamed = true
            for offset in 0..<name.count where ByteClass.lowercased(bytes[pair.lowerBound + offset]) != name[offset] {
                isNamed = false
                break
            }
            guard isNamed else { continue }
            let found = (pair.lowerBound + name.count + 1)..<pair.upperBound
            if found.count >= 2, bytes[found.lowerBound] == ASCII.quote, bytes[found.upperBound - 1] == ASCII.quote {
                return (found.lowerBound + 1)..<(found.upperBound - 1)
            }
            return found
        }
        return nil
    }
}
