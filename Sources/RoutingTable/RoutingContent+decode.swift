internal import UpstreamRules

extension RoutingContent {
    /// Reads a body; whether the content can be routed is for `RoutingTables` to say.
    init(body: [UInt8], environment: String, format: Int) throws(SnapshotRejected) {
        var reader = ByteReader(body)
        self.init(environment: environment, isOffline: try reader.flag())
        let upstreamCount = try reader.count(upTo: RoutingLimits.upstreamsMax, "upstreams")
        for _ in 0..<upstreamCount { upstreams.append(try reader.upstream(format: format)) }
        let apiCount = try reader.count(upTo: RoutingLimits.apisMax, "APIs")
        for _ in 0..<apiCount { apis.append(try reader.api()) }
        try reader.finish()
    }
}

extension ByteReader {
    fileprivate mutating func upstream(format: Int) throws(SnapshotRejected) -> RoutingContent.Upstream {
        let name = try text()
        let connect = try integer("a timeout")
        let header = try integer("a timeout")
        let idle = try integer("a timeout")
        let targetCount = try count(upTo: RoutingLimits.targetsPerUpstreamMax, "targets")
        var targets: [RoutingContent.Target] = []
        for _ in 0..<targetCount {
            let scheme = try enumeration(RoutingContent.TargetScheme.self, "target scheme")
            let host = try text()
            let port = try integer("a port")
            let path = try text()
            let weight = try integer("a weight")
            var target = RoutingContent.Target(scheme: scheme, host: host, port: port, path: path, weight: weight)
            if format >= 2 { target.priority = try number(upTo: RoutingLimits.prioritiesMax, "as a priority") }
            targets.append(target)
        }
        return RoutingContent.Upstream(
            name: name,
            targets: targets,
            connectTimeoutMilliseconds: connect,
            headerTimeoutMilliseconds: header,
            idleTimeoutMilliseconds: idle,
            policy: format >= 2 ? try policy() : UpstreamPolicy()
        )
    }

    fileprivate mutating func api() throws(SnapshotRejected) -> RoutingContent.API {
        let name = try text()
        let title = try text()
        let hosts = try texts()
        let basePath = try text()
        let access = try enumeration(RoutingContent.Access.self, "kind of access")
        let security = try enumeration(RoutingContent.SecurityMode.self, "security mode")
        var api = RoutingContent.API(
            name: name,
            title: title,
            hosts: hosts,
            basePath: basePath,
            access: access,
            security: security
        )
        api.versioning = try versioning()
        if try flag() {
            let upstream = try text()
            api.passthrough = RoutingContent.Passthrough(upstream: upstream, deny: try texts())
        }
        let fieldCount = try count(upTo: RoutingLimits.listEntriesMax, "fields")
        for _ in 0..<fieldCount {
            let field = try text()
            api.requestHeaders.set.append(RoutingContent.HeaderField(name: field, value: try text()))
        }
        api.requestHeaders.remove = try texts()
        let versionCount = try count(upTo: RoutingLimits.versionsPerAPIMax, "versions")
        for _ in 0..<versionCount { api.versions.append(try version()) }
        return api
    }

    private mutating func versioning() throws(SnapshotRejected) -> RoutingContent.Versioning {
        var versioning = RoutingContent.Versioning()
        versioning.inPath = try flag()
        versioning.inHeader = try flag()
        versioning.inQuery = try flag()
        versioning.inMediaType = try flag()
        versioning.usesPins = try flag()
        versioning.headerName = try text()
        versioning.queryName = try text()
        versioning.mediaTypeParameter = try text()
        switch try byte() {
        case 0: versioning.default = .latest
        case 1: versioning.default = .none
        case 2: versioning.default = .exact(try text())
        default: throw malformed("there is no such default version")
        }
        return versioning
    }

    private mutating func version() throws(SnapshotRejected) -> RoutingContent.Version {
        let name = try text()
        let major = try optional()
        let sortKeyCount = try count(upTo: RoutingLimits.nameBytesMax, "bytes of a sort key")
        let sortKey = Array(try raw(sortKeyCount))
        var version = RoutingContent.Version(name: name, sortKey: sortKey, upstream: "")
        version.major = major.map { Int($0) }
        version.state = try enumeration(RoutingContent.VersionState.self, "state of a version")
        version.isSuspended = try flag()
        version.deprecatedAt = try optional()
        version.sunsetAt = try optional()
        version.successor = try optionalText()
        version.deprecationLink = try optionalText()
        version.upstream = try text()
        let schemeCount = try count(upTo: RoutingLimits.listEntriesMax, "security schemes")
        for _ in 0..<schemeCount { version.schemes.append(try scheme()) }
        let fileCount = try count(upTo: RoutingLimits.listEntriesMax, "source files")
        var files: [(sha256: Digest32, name: String)] = []
        for _ in 0..<fileCount {
            let digest = try digest()
            files.append((digest, try text()))
        }
        let operationCount = try count(upTo: RoutingLimits.operationsMax, "operations")
        version.operations.reserveCapacity(operationCount)
        for _ in 0..<operationCount { version.operations.append(try operation(files: files)) }
        return version
    }

    private mutating func scheme() throws(SnapshotRejected) -> RoutingContent.SecurityScheme {
        let name = try text()
        let place: RoutingContent.CredentialPlace
        switch try byte() {
        case 0: place = .apiKeyHeader(try text())
        case 1: place = .apiKeyQuery(try text())
        case 2: place = .apiKeyCookie(try text())
        case 3: place = .bearer
        case 4: place = .basic
        case 5: place = .unsupported(try text())
        default: throw malformed("there is no such place of a credential")
        }
        return RoutingContent.SecurityScheme(name: name, place: place)
    }

    private mutating func operation(
        files: [(sha256: Digest32, name: String)]
    ) throws(SnapshotRejected) -> RoutingContent.Operation {
        let id = try text()
        let method = try text()
        let template = try text()
        var operation = RoutingContent.Operation(id: id, method: method, pathTemplate: template)
        operation.isDeprecated = try flag()
        if try flag() { operation.security = try requirement() }
        let file = try number(upTo: files.count, "source files")
        guard file > 0 else { return operation }
        let line = try integer("a line")
        operation.source = RoutingContent.SourcePlace(
            specificationSHA256: files[file - 1].sha256,
            file: files[file - 1].name,
            line: line,
            pointer: try text()
        )
        return operation
    }

    private mutating func requirement() throws(SnapshotRejected) -> [[RoutingContent.SchemeUse]] {
        let alternativeCount = try count(upTo: RoutingLimits.listEntriesMax, "alternatives")
        var alternatives: [[RoutingContent.SchemeUse]] = []
        for _ in 0..<alternativeCount {
            let useCount = try count(upTo: RoutingLimits.listEntriesMax, "schemes of an alternative")
            var uses: [RoutingContent.SchemeUse] = []
            for _ in 0..<useCount {
                let scheme = try text()
                uses.append(RoutingContent.SchemeUse(scheme: scheme, scopes: try texts()))
            }
            alternatives.append(uses)
        }
        return alternatives
    }

    private mutating func optionalText() throws(SnapshotRejected) -> String? {
        try flag() ? try text() : nil
    }

    private mutating func integer(_ what: String) throws(SnapshotRejected) -> Int {
        guard let value = try optional() else { throw malformed("\(what) is missing") }
        return Int(value)
    }
}
