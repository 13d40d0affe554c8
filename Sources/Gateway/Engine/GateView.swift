internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

/// The tables of one moment, and what the data plane derives from the routes once for all loops: metric series, bytes that
/// every answer of a version carries, field names to drop. A request takes one reference and keeps it to its end.
final class GateView: Sendable {
    let tables: GateTables
    let routes: RouteView
    /// The view that this one is a loop's own stand-in for; nil for that itself. The last field, because fields are let go of in
    /// their order: as long as the original is held it is not the stand-in that takes tables down.
    private let original: GateView?

    init(tables: GateTables, routes: RouteView) {
        self.tables = tables
        self.routes = routes
        original = nil
    }

    /// A loop's own object for the same tables: every request counts two references to it, which no other core shall see.
    init(sharing view: GateView) {
        tables = view.tables
        routes = view.routes
        original = view
    }

    /// The lines that an answer carries: all of the version's, or where none is known, `Vary` of the API.
    func appendStatements(of decision: borrowing Decision, to writer: HeadWriter) {
        if let version = decision.version {
            writer.append(routes.statements, routes.versions[version.position].statements)
        } else if let api = decision.api {
            writer.append(routes.apis[api.position].varyLine)
        }
    }

    /// What the answer of a decision says by itself, so that the upstream shall not.
    func states(_ decision: borrowing Decision) -> (version: Bool, deprecation: Bool, sunset: Bool) {
        guard let version = decision.version else { return (false, false, false) }
        let facts = routes.versions[version.position]
        return (true, facts.statesDeprecation, facts.statesSunset)
    }

    /// What a request is counted under.
    func series(of decision: borrowing Decision, at seconds: Int64) -> RequestSeries {
        var series = RequestSeries()
        if let operation = decision.operation {
            series.operation = Int(routes.operationSeries[operation.position])
        } else if let api = decision.api {
            series.operation = routes.apis[api.position].series
        }
        if let version = decision.version {
            series.version = routes.versions[version.position].series
            if let operation = decision.operation {
                series.isDeprecated =
                    routes.snapshot.versions[version.position].isDeprecated(at: seconds)
                    || routes.snapshot.operations[operation.position].isDeprecated
            }
        }
        return series
    }
}

/// The metrics series of one request.
struct RequestSeries {
    var operation = 0
    var version = 0
    /// Whether it asked for a deprecated version or operation.
    var isDeprecated = false
}

/// What is derived from a routing snapshot alone; shared by all views until the next snapshot.
final class RouteView: Sendable {
    /// One API as the phases and the heads need it. A class, because a copy of the struct would count seven references.
    final class API: Sendable {
        let name: String
        let denied: [DeniedPrefix]
        let keyPlaces: [KeyPlace]
        /// Folded names that never pass from the client: fields that we set, fields to remove, and the fields of keys.
        let dropped: [DroppedField]
        /// Lines to set towards the upstream, each with its CRLF.
        let setLines: [UInt8]
        /// `WWW-Authenticate` lines of a 401.
        let challenges: [UInt8]
        /// `Vary: …CRLF`, empty when every caller gets the same answer.
        let varyLine: [UInt8]
        /// Series of a pass-through API, which has no operations.
        let series: Int

        init(_ record: APIRecord, _ snapshot: RoutingSnapshot, _ book: SeriesBook) {
            name = snapshot.string(record.name)
            keyPlaces = record.keyPlaces.positions.map { KeyPlace(snapshot.keyPlaces[$0], snapshot) }
            denied = record.deniedPrefixes.positions.map { DeniedPrefix(snapshot.string(snapshot.slices[$0])) }
            let set = record.setHeaders.positions.map { snapshot.headerFields[$0] }
            var names = set.map { snapshot.bytes($0.name) }
            names += record.removeHeaders.positions.map { snapshot.bytes(snapshot.slices[$0]) }
            names += keyPlaces.filter { $0.kind == .header }.map(\.name)
            dropped = names.map { name in
                DroppedField(hash: name.reduce(FieldNames.hashSeed) { FieldNames.hashStep($0, $1) }, name: name)
            }
            setLines = set.flatMap { field in
                snapshot.bytes(field.name) + Array(": ".utf8) + snapshot.bytes(field.value) + Array("\r\n".utf8)
            }
            challenges = RouteView.challenges(realm: name, keyPlaces)
            varyLine = RouteView.varyLine(record, snapshot, keyPlaces)
            series = book.operations.number([name, "", ""])
        }
    }

    /// A field name to drop, folded.
    struct DroppedField: Sendable {
        let hash: UInt32
        let name: [UInt8]
    }

    /// One version as the answers need it. Without references, so that reading it counts none.
    struct Version: Sendable {
        /// `API-Version`, `Deprecation`, `Sunset`, `Link` and `Vary` lines, in ``RouteView/statements``.
        let statements: Range<Int>
        let statesDeprecation: Bool
        let statesSunset: Bool
        let series: Int

        fileprivate init(
            _ record: VersionRecord,
            _ snapshot: RoutingSnapshot,
            _ book: SeriesBook,
            varyLine: [UInt8],
            into statements: inout [UInt8]
        ) {
            let name = snapshot.string(record.name)
            var text = "API-Version: \(name)\r\n"
            let deprecation = snapshot.string(record.deprecationField)
            let sunset = snapshot.string(record.sunsetField)
            let link = snapshot.string(record.linkField)
            if !deprecation.isEmpty { text += "Deprecation: \(deprecation)\r\n" }
            if !sunset.isEmpty { text += "Sunset: \(sunset)\r\n" }
            if !link.isEmpty { text += "Link: \(link)\r\n" }
            let start = statements.count
            statements += Array(text.utf8) + varyLine
            self.statements = start..<statements.count
            statesDeprecation = !deprecation.isEmpty
            statesSunset = !sunset.isEmpty
            series = book.versions.number([snapshot.string(snapshot.apis[record.api.position].name), name])
        }
    }

    let snapshot: RoutingSnapshot
    let apis: [API]
    let versions: [Version]
    /// The bytes of ``Version/statements``, of all versions.
    let statements: [UInt8]
    /// Series of `gatehouse_http_requests_total` by operation.
    let operationSeries: [Int32]
    /// When the snapshot was activated here, Unix seconds.
    let activatedAt: Int64
    /// Shared upstreams by number; nil for plain ones.
    let upstreams: [SharedUpstream?]
    /// Names of the shared upstreams.
    let sharedNames: Set<String>
    /// The addresses of plain upstreams, whose connections any of them may use.
    let plainTargets: Set<TargetKey>

    /// `upstreams`: nil for a view that nothing is forwarded by.
    init(
        snapshot: RoutingSnapshot,
        series: SeriesBook,
        activatedAt: Int64,
        upstreams shared: [SharedUpstream?]? = nil
    ) {
        let upstreams = shared ?? Array(repeating: nil, count: snapshot.upstreams.count)
        self.upstreams = upstreams
        sharedNames = Set(upstreams.compactMap { $0?.name })
        plainTargets = Self.plainTargets(snapshot, upstreams)
        self.snapshot = snapshot
        self.activatedAt = activatedAt
        let apis = snapshot.apis.map { API($0, snapshot, series) }
        self.apis = apis
        var statements: [UInt8] = []
        versions = snapshot.versions.map { record in
            Version(record, snapshot, series, varyLine: apis[record.api.position].varyLine, into: &statements)
        }
        self.statements = statements
        operationSeries = snapshot.operations.map { operation in
            let version = snapshot.versions[operation.version.position]
            let api = snapshot.apis[version.api.position]
            let labels = [snapshot.string(api.name), snapshot.string(version.name), snapshot.string(operation.id)]
            return Int32(truncatingIfNeeded: series.operations.number(labels))
        }
    }

    private static func plainTargets(_ snapshot: RoutingSnapshot, _ upstreams: [SharedUpstream?]) -> Set<TargetKey> {
        var keys: Set<TargetKey> = []
        for (number, upstream) in snapshot.upstreams.enumerated() where upstreams[number] == nil {
            for position in upstream.targets.positions {
                let target = snapshot.targets[position]
                keys.insert(TargetKey(host: snapshot.string(target.host), port: Int(target.port)))
            }
        }
        return keys
    }

    /// A 401 says where a key is looked for (RFC 9110 §11.6.1). `ApiKey` is no registered scheme, but the one that clients
    /// of such services know.
    fileprivate static func challenges(realm: String, _ places: [KeyPlace]) -> [UInt8] {
        let realm = realm.filter { $0 != "\"" && $0 != "\\" }
        var lines: [String] = []
        for place in places {
            let name = String(decoding: place.name, as: UTF8.self)
            switch place.kind {
            case .bearer: lines.append("Bearer realm=\"\(realm)\"")
            case .basic: lines.append("Basic realm=\"\(realm)\", charset=\"UTF-8\"")
            case .header: lines.append("ApiKey realm=\"\(realm)\", in=\"header\", name=\"\(name)\"")
            case .query: lines.append("ApiKey realm=\"\(realm)\", in=\"query\", name=\"\(name)\"")
            case .cookie: lines.append("ApiKey realm=\"\(realm)\", in=\"cookie\", name=\"\(name)\"")
            case .unsupported: continue
            }
        }
        if lines.isEmpty { lines.append("ApiKey realm=\"\(realm)\", in=\"header\", name=\"Gatehouse-Key\"") }
        return Array(lines.map { "WWW-Authenticate: \($0)\r\n" }.joined().utf8)
    }

    /// What an answer depends on beside its URL: the fields that name a version, and those that show a key where pins or
    /// grants choose the version (RFC 9110 §12.5.5).
    fileprivate static func varyLine(_ record: APIRecord, _ snapshot: RoutingSnapshot, _ places: [KeyPlace]) -> [UInt8]
    {
        guard record.passthrough == nil else { return [] }
        var names: [String] = []
        if record.versionInHeader { names.append(snapshot.string(record.versionHeader)) }
        if record.versionInMediaType { names.append("accept") }
        if record.usesPins || record.access == .plan {
            names.append("gatehouse-key")
            for place in places {
                switch place.kind {
                case .header: names.append(String(decoding: place.name, as: UTF8.self))
                case .bearer, .basic: if !names.contains("authorization") { names.append("authorization") }
                case .cookie: if !names.contains("cookie") { names.append("cookie") }
                case .query, .unsupported: continue
                }
            }
        }
        return names.isEmpty ? [] : Array("Vary: \(names.joined(separator: ", "))\r\n".utf8)
    }
}

/// The label sets of all loops' metrics.
final class SeriesBook: Sendable {
    /// `api`, `version`, `operation`. Number 0 is what belongs to no API.
    let operations = SeriesRegistry(overflow: ["", "", ""], capacity: 200_000)
    /// `api`, `version`.
    let versions = SeriesRegistry(overflow: ["", ""], capacity: 20_000)
    /// `upstream`.
    let upstreams = SeriesRegistry(overflow: [""], capacity: 20_000)
    /// `limit`.
    let limits = SeriesRegistry(overflow: ["other"], capacity: 1_000)
}
