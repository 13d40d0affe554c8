internal import RoutingTable

/// Where an API looks for a key.
struct KeyPlace: Sendable {
    let kind: KeyPlaceRecord.Kind
    /// Name of the field (lower case), parameter or cookie; empty for bearer and basic.
    let name: [UInt8]
    /// Folded hash of a field's name.
    let hash: UInt32

    init(_ record: KeyPlaceRecord, _ snapshot: RoutingSnapshot) {
        kind = record.kind
        name = snapshot.bytes(record.name)
        hash = name.reduce(FieldNames.hashSeed) { FieldNames.hashStep($0, $1) }
    }
}

/// What looking for a key came to.
enum KeySighting: Equatable {
    case none
    /// The key's bytes, in the head.
    case head(Range<Int>)
    /// The key's bytes, decoded into the scratch array (Basic passwords and percent-encoded parameters).
    case scratch(Range<Int>)
    /// Two keys that differ.
    case ambiguous
    /// A field that should hold one but cannot be read.
    case malformed
}

/// Finds the key of a request at the places of its API, and takes it out of what is sent upstream.
struct KeyFinder {
    private(set) var sighting = KeySighting.none
    /// The place the key was found at, for explanations; nil for `Gatehouse-Key`.
    private(set) var place: KeyPlaceRecord.Kind?
    /// Whether a parameter that holds a key has to be cut out of the query.
    private(set) var cutsQuery = false
    /// Whether a cookie that holds a key has to be cut out of `Cookie`.
    private(set) var cutsCookie = false

    /// Looks at `Gatehouse-Key` and then at every place of the API.
    mutating func find(_ head: inout RequestHead, _ bytes: Span<UInt8>, _ places: [KeyPlace], _ scratch: inout [UInt8])
    {
        scratch.removeAll(keepingCapacity: true)
        for index in head.fields.indices where head.fields[index].role == .gatehouseKey {
            if !head.fields[index].isRemoved { see(.head(head.fields[index].value), nil, bytes, scratch) }
            head.fields[index].isRemoved = true
        }
        for index in places.indices {
            let place = places[index]
            switch place.kind {
            case .header: findField(place, &head, bytes, scratch)
            case .bearer, .basic: findAuthorization(place, &head, bytes, &scratch)
            case .query: findParameter(place, head, bytes, &scratch)
            case .cookie: findCookie(place, head, bytes, scratch)
            case .unsupported: continue
            }
        }
    }

    private mutating func findField(
        _ place: KeyPlace,
        _ head: inout RequestHead,
        _ bytes: Span<UInt8>,
        _ scratch: [UInt8]
    ) {
        for index in head.fields.indices where head.fields[index].hash == place.hash {
            let line = head.fields[index]
            guard !line.isRemoved, line.name.count == place.name.count else { continue }
            let name = place.name
            if bytes.isName(line.name, name.span, at: 0) {
                head.fields[index].isRemoved = true
                see(.head(line.value), place.kind, bytes, scratch)
            } else if FieldNames.folds(bytes, line.name, to: place.name) {
                // Another spelling (`X_API_Key`) is dropped without being believed.
                head.fields[index].isRemoved = true
            }
        }
    }

    private mutating func findAuthorization(
        _ place: KeyPlace,
        _ head: inout RequestHead,
        _ bytes: Span<UInt8>,
        _ scratch: inout [UInt8]
    ) {
        for index in head.fields.indices
        where head.fields[index].role == .authorization && !head.fields[index].isRemoved {
            let value = head.fields[index].value
            var end = value.lowerBound
            while end < value.upperBound, bytes[end] != ASCII.space { end += 1 }
            let isBearer = bytes.matches(value.lowerBound..<end, "bearer")
            let isBasic = bytes.matches(value.lowerBound..<end, "basic")
            guard place.kind == .bearer ? isBearer : isBasic else { continue }
            var start = end
            while start < value.upperBound, bytes[start] == ASCII.space { start += 1 }
            head.fields[index].isRemoved = true
            if isBearer {
                see(.head(start..<value.upperBound), place.kind, bytes, scratch)
            } else if let password = BasicCredentials.password(bytes, start..<value.upperBound, into: &scratch) {
                see(.scratch(password), place.kind, bytes, scratch)
            } else {
                sighting = .malformed
                self.place = place.kind
            }
        }
    }

    private mutating func findParameter(
        _ place: KeyPlace,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ scratch: inout [UInt8]
    ) {
        guard let query = head.query else { return }
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(bytes) {
            guard parameter.isNamed(place.name, bytes) else { continue }
            cutsQuery = true
            let start = scratch.count
            guard QueryParameters.decode(bytes, parameter.value, to: &scratch) else {
                sighting = .malformed
                self.place = place.kind
                continue
            }
            see(.scratch(start..<scratch.count), place.kind, bytes, scratch)
        }
    }

    private mutating func findCookie(_ place: KeyPlace, _ head: RequestHead, _ bytes: Span<UInt8>, _ scratch: [UInt8]) {
        for line in head.fields where line.role == .cookie && !line.isRemoved {
            var cookies = CookiePairs(line.value)
            while let cookie = cookies.next(bytes) {
                guard Self.equals(bytes, cookie.name, place.name) else { continue }
                cutsCookie = true
                see(.head(cookie.value), place.kind, bytes, scratch)
            }
        }
    }

    /// Notes a key. The same key shown twice is one key; another one makes the request ambiguous.
    private mutating func see(
        _ found: KeySighting,
        _ place: KeyPlaceRecord.Kind?,
        _ bytes: Span<UInt8>,
        _ scratch: [UInt8]
    ) {
        switch sighting {
        case .none:
            sighting = found
            self.place = place
        case .head, .scratch:
            if Self.text(sighting, bytes, scratch) != Self.text(found, bytes, scratch) { sighting = .ambiguous }
        case .ambiguous, .malformed: return
        }
    }

    private static func text(_ sighting: KeySighting, _ bytes: Span<UInt8>, _ scratch: [UInt8]) -> [UInt8] {
        switch sighting {
        case .head(let range): range.map { bytes[$0] }
        case .scratch(let range): Array(scratch[range])
        case .none, .ambiguous, .malformed: []
        }
    }

    private static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: [UInt8]) -> Bool {
        guard range.count == name.count else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != name[offset] { return false }
        return true
    }
}
