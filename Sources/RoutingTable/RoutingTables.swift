internal import UpstreamRules

/// The rows of a snapshot while they are put together. Checks all content on the way: what comes out can be looked up
/// without a trap.
struct RoutingTables {
    let environment: String
    let isOffline: Bool
    var arena = ByteArena()
    var apis: [APIRecord] = []
    var versions: [VersionRecord] = []
    var operations: [OperationRecord] = []
    var alternatives: [AlternativeRecord] = []
    var uses: [UseRecord] = []
    var schemes: [SchemeRecord] = []
    var keyPlaces: [KeyPlaceRecord] = []
    var upstreams: [UpstreamRecord] = []
    var targets: [TargetRecord] = []
    var headerFields: [HeaderFieldRecord] = []
    var slices: [ByteSlice] = []
    var sources: [SourceRecord] = []
    var specifications: [Digest32] = []
    var hosts = HostTable()
    var trie = RouteTrie()

    private var trieBuilder = RouteTrieBuilder()
    private var hostBuilder = HostTableBuilder()
    private var upstreamNumbers: [String: UInt32] = [:]
    private var specificationNumbers: [Digest32: UInt32] = [:]

    /// Builds the tables.
    ///
    /// - Throws: the first fault, in canonical order.
    init(_ content: RoutingContent) throws(InvalidContent) {
        let content = content.canonical()
        environment = content.environment
        isOffline = content.isOffline
        try Self.check(environment: environment)
        try Self.limit("the content", "APIs", content.apis.count, RoutingLimits.apisMax)
        try Self.limit("the content", "upstreams", content.upstreams.count, RoutingLimits.upstreamsMax)
        for upstream in content.upstreams { try add(upstream) }
        for api in content.apis { try add(api, number: UInt32(apis.count)) }
        let built = trieBuilder.build(arena: &arena)
        trie = built.trie
        for row in versions.indices where versions[row].root != RouteTrie.none {
            versions[row].root = built.roots[Int(versions[row].root)]
        }
        hosts = hostBuilder.build(arena: &arena)
        if !sources.contains(where: { $0.specification > 0 }) { sources = [] }
        try Self.limit("the content", "bytes of text", arena.bytes.count, RoutingLimits.bodyBytesMax)
    }

    /// Checks that an environment's name can stand in an artifact's header.
    static func check(environment: String) throws(InvalidContent) {
        guard !environment.isEmpty, environment.utf8.count <= RoutingLimits.environmentBytesMax else {
            throw InvalidContent(
                "environment `\(environment)`",
                "a name has 1 to \(RoutingLimits.environmentBytesMax) bytes"
            )
        }
    }

    static func limit(_ place: String, _ what: String, _ count: Int, _ most: Int) throws(InvalidContent) {
        guard count <= most else { throw InvalidContent(place, "\(count) \(what) are more than the limit of \(most)") }
    }

    mutating func addSlices(_ texts: [String]) -> TableRange {
        let first = UInt32(slices.count)
        for text in texts { slices.append(arena.add(text)) }
        return TableRange(first: first, count: UInt32(texts.count))
    }

    func upstream(_ name: String, at place: String) throws(InvalidContent) -> UpstreamIndex {
        guard let number = upstreamNumbers[name] else {
            throw InvalidContent(place, "there is no upstream `\(name)`")
        }
        return UpstreamIndex(rawValue: number)
    }

    private mutating func add(_ upstream: RoutingContent.Upstream) throws(InvalidContent) {
        let place = "upstream `\(upstream.name)`"
        guard !upstream.name.isEmpty else { throw InvalidContent(place, "a name is not empty") }
        guard upstreamNumbers.updateValue(UInt32(upstreams.count), forKey: upstream.name) == nil else {
            throw InvalidContent(place, "the name is there twice")
        }
        guard !upstream.targets.isEmpty else { throw InvalidContent(place, "an upstream has at least one target") }
        try Self.limit(place, "targets", upstream.targets.count, RoutingLimits.targetsPerUpstreamMax)
        guard upstream.targets.contains(where: { $0.weight > 0 }) else {
            throw InvalidContent(place, "at least one target has a weight above 0")
        }
        if let fault = upstream.policy.fault { throw InvalidContent(place, "it \(fault)") }
        let first = UInt32(targets.count)
        for target in upstream.targets { targets.append(try record(target, at: place)) }
        upstreams.append(
            UpstreamRecord(
                name: arena.add(upstream.name),
                targets: TableRange(first: first, count: UInt32(upstream.targets.count)),
                connectTimeoutMilliseconds: try timeout(upstream.connectTimeoutMilliseconds, at: place),
                headerTimeoutMilliseconds: try timeout(upstream.headerTimeoutMilliseconds, at: place),
                idleTimeoutMilliseconds: try timeout(upstream.idleTimeoutMilliseconds, at: place),
                policy: upstream.policy
            )
        )
    }

    private mutating func record(_ target: RoutingContent.Target, at place: String) throws(InvalidContent)
        -> TargetRecord
    {
        guard let port = UInt16(exactly: target.port), port > 0 else {
            throw InvalidContent(place, "port \(target.port) is not between 1 and 65535")
        }
        guard let weight = UInt32(exactly: target.weight), weight <= 1_000_000 else {
            throw InvalidContent(place, "weight \(target.weight) is not between 0 and 1000000")
        }
        guard let priority = UInt8(exactly: target.priority), priority <= RoutingLimits.prioritiesMax else {
            throw InvalidContent(
                place,
                "priority \(target.priority) is not between 0 and \(RoutingLimits.prioritiesMax)"
            )
        }
        guard Self.isHost(target.host) else { throw InvalidContent(place, "`\(target.host)` is no host") }
        guard target.path.isEmpty || Self.isPathPrefix(target.path) else {
            throw InvalidContent(place, "path `\(target.path)` must begin with a slash and not end with one")
        }
        let host = target.host.utf8.contains(UInt8(ascii: ":")) ? "[\(target.host)]" : target.host
        let isUsualPort = port == (target.scheme == .http ? 80 : 443)
        return TargetRecord(
            scheme: target.scheme,
            host: arena.add(target.host),
            port: port,
            path: arena.add(target.path),
            weight: weight,
            priority: priority,
            authority: arena.add(isUsualPort ? host : "\(host):\(port)")
        )
    }

    private func timeout(_ milliseconds: Int, at place: String) throws(InvalidContent) -> UInt32 {
        guard (1...86_400_000).contains(milliseconds) else {
            throw InvalidContent(place, "a timeout of \(milliseconds) ms is not between 1 ms and a day")
        }
        return UInt32(milliseconds)
    }

    /// Adds an API and everything below it.
    private mutating func add(_ api: RoutingContent.API, number: UInt32) throws(InvalidContent) {
        let place = "api `\(api.name)`"
        guard !api.name.isEmpty else { throw InvalidContent(place, "a name is not empty") }
        if let last = apis.last, arena.bytes[last.name.range].elementsEqual(api.name.utf8) {
            throw InvalidContent(place, "the name is there twice")
        }
        let basePath = try Self.canonicalBasePath(api.basePath, at: place)
        try Self.limit(place, "hosts", api.hosts.count, RoutingLimits.hostsPerAPIMax)
        for host in api.hosts.isEmpty ? ["*"] : api.hosts {
            guard host == "*" || Self.isHostPattern(host) else {
                throw InvalidContent(place, "`\(host)` is no host; expected `api.example.com` or `*.example.com`")
            }
            if let other = hostBuilder.insert(host: host, basePath: basePath, api: number) {
                let name = String(decoding: arena.bytes[apis[Int(other)].name.range], as: UTF8.self)
                throw InvalidContent(place, "base path `\(basePath)` is already that of api `\(name)`")
            }
        }
        guard api.passthrough == nil || api.versions.isEmpty else {
            throw InvalidContent(place, "an API is either passed through or has versions")
        }
        let firstVersion = UInt32(versions.count)
        let firstOperation = UInt32(operations.count)
        var record = try header(of: api, basePath: basePath, at: place)
        try Self.limit(place, "versions", api.versions.count, RoutingLimits.versionsPerAPIMax)
        var names: Set<String> = []
        for version in api.versions {
            guard names.insert(version.name).inserted else {
                throw InvalidContent(place, "version `\(version.name)` is there twice")
            }
            try add(version, of: api, number: APIIndex(rawValue: number), basePath: basePath)
        }
        record.versions = TableRange(first: firstVersion, count: UInt32(versions.count) - firstVersion)
        record.operations = TableRange(first: firstOperation, count: UInt32(operations.count) - firstOperation)
        record.keyPlaces = addKeyPlaces(of: record)
        if case .exact(let name) = api.versioning.default {
            guard let row = api.versions.firstIndex(where: { $0.name == name }) else {
                throw InvalidContent(place, "the default version `\(name)` does not exist")
            }
            record.defaultVersion = .exact(VersionIndex(rawValue: firstVersion + UInt32(row)))
        }
        apis.append(record)
    }

    private mutating func header(
        of api: RoutingContent.API,
        basePath: String,
        at place: String
    ) throws(InvalidContent) -> APIRecord {
        let versioning = api.versioning
        if versioning.inHeader, !FieldText.isToken(versioning.headerName) {
            throw InvalidContent(place, "`\(versioning.headerName)` is no field name")
        }
        if versioning.inQuery, versioning.queryName.isEmpty { throw InvalidContent(place, "the query name is empty") }
        if versioning.inMediaType, !FieldText.isToken(versioning.mediaTypeParameter) {
            throw InvalidContent(place, "`\(versioning.mediaTypeParameter)` is no parameter name")
        }
        let passthrough: UpstreamIndex? =
            if let name = api.passthrough?.upstream { try upstream(name, at: place) } else { nil }
        var denied: [String] = []
        for prefix in api.passthrough?.deny ?? [] { denied.append(try Self.canonicalDeny(prefix, at: place)) }
        return APIRecord(
            name: arena.add(api.name),
            title: arena.add(api.title),
            basePath: arena.add(basePath),
            access: api.access,
            security: api.security,
            versionInPath: versioning.inPath,
            versionInHeader: versioning.inHeader,
            versionInQuery: versioning.inQuery,
            versionInMediaType: versioning.inMediaType,
            usesPins: versioning.usesPins,
            versionHeader: versioning.inHeader ? arena.add(versioning.headerName.lowercased()) : .empty,
            versionQuery: versioning.inQuery ? arena.add(versioning.queryName) : .empty,
            versionMediaTypeParameter: versioning.inMediaType
                ? arena.add(versioning.mediaTypeParameter.lowercased()) : .empty,
            defaultVersion: versioning.default == .latest ? .latest : .none,
            versions: .empty,
            operations: .empty,
            passthrough: passthrough,
            deniedPrefixes: addSlices(denied),
            setHeaders: try addHeaders(api.requestHeaders.set, at: place),
            removeHeaders: addSlices(try Self.removableNames(api.requestHeaders.remove, at: place)),
            keyPlaces: .empty
        )
    }

    private mutating func addHeaders(
        _ fields: [RoutingContent.HeaderField],
        at place: String
    ) throws(InvalidContent) -> TableRange {
        let first = UInt32(headerFields.count)
        var names: Set<String> = []
        for field in fields {
            guard FieldText.isToken(field.name) else { throw InvalidContent(place, "`\(field.name)` is no field name") }
            guard FieldText.isValue(field.value) else {
                throw InvalidContent(place, "the value of field `\(field.name)` is not visible ASCII text")
            }
            let lower = field.name.lowercased()
            guard !FieldText.ownedByTheGateway.contains(lower) else {
                throw InvalidContent(place, "field `\(field.name)` is made by the gateway itself and cannot be set")
            }
            guard names.insert(lower).inserted else {
                throw InvalidContent(place, "field `\(field.name)` is set twice")
            }
            headerFields.append(HeaderFieldRecord(name: arena.add(field.name), value: arena.add(field.value)))
        }
        return TableRange(first: first, count: UInt32(fields.count))
    }

    private static func removableNames(_ names: [String], at place: String) throws(InvalidContent) -> [String] {
        for name in names {
            guard FieldText.isToken(name) else { throw InvalidContent(place, "`\(name)` is no field name") }
            guard !FieldText.ownedByTheGateway.contains(name.lowercased()) else {
                throw InvalidContent(place, "field `\(name)` is made by the gateway itself and cannot be removed")
            }
        }
        return names
    }

    /// Where callers of an API may show a key, as its live versions' schemes say.
    private mutating func addKeyPlaces(of api: APIRecord) -> TableRange {
        guard api.security == .verify else { return .empty }
        var places: Set<KeyPlaceRecord> = []
        for row in api.versions.positions where versions[row].state == .published {
            for scheme in versions[row].schemes.positions where schemes[scheme].place.kind != .unsupported {
                places.insert(schemes[scheme].place)
            }
        }
        let bytes = arena.bytes
        let sorted = places.sorted { left, right in
            if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
            return bytes[left.name.range].lexicographicallyPrecedes(bytes[right.name.range])
        }
        let first = UInt32(keyPlaces.count)
        keyPlaces += sorted
        return TableRange(first: first, count: UInt32(sorted.count))
    }

    mutating func addRoot() -> UInt32 { trieBuilder.addRoot() }

    mutating func insert(
        _ template: RouteTemplate,
        method: String,
        operation: UInt32,
        root: UInt32
    ) -> String? {
        trieBuilder.insert(template, method: method, operation: operation, root: root, arena: &arena)
    }

    /// The number of a specification, plus one.
    mutating func specification(_ digest: Digest32) -> UInt32 {
        if let number = specificationNumbers[digest] { return number + 1 }
        let number = UInt32(specifications.count)
        specifications.append(digest)
        specificationNumbers[digest] = number
        return number + 1
    }
}
