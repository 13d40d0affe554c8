internal import UpstreamRules

extension RoutingContent {
    /// The body of a routing snapshot: the content in canonical order. It says what is meant, not how tables lie, so that
    /// no table that is out of bounds or runs in a circle can be written down at all.
    func encodedBody() throws(InvalidContent) -> [UInt8] {
        let content = canonical()
        let format = bodyFormat
        var writer = ByteWriter()
        writer.flag(content.isOffline)
        writer.count(content.upstreams.count)
        for upstream in content.upstreams { try writer.upstream(upstream, format: format) }
        writer.count(content.apis.count)
        for api in content.apis { try writer.api(api) }
        return writer.bytes
    }
}

extension RoutingContent {
    /// The oldest format that can say all of it: a gateway of an earlier release goes on taking snapshots that ask for
    /// nothing it does not know. 1: as first released. 2: upstreams have a policy, targets a priority.
    var bodyFormat: Int {
        let isPlain = upstreams.allSatisfy { upstream in
            upstream.policy == UpstreamPolicy() && upstream.targets.allSatisfy { $0.priority == 0 }
        }
        return isPlain ? 1 : 2
    }
}

extension ByteWriter {
    fileprivate mutating func upstream(
        _ upstream: RoutingContent.Upstream,
        format: Int
    ) throws(InvalidContent) {
        try text(upstream.name)
        optional(Int64(upstream.connectTimeoutMilliseconds))
        optional(Int64(upstream.headerTimeoutMilliseconds))
        optional(Int64(upstream.idleTimeoutMilliseconds))
        count(upstream.targets.count)
        for target in upstream.targets {
            byte(target.scheme.rawValue)
            try text(target.host)
            optional(Int64(target.port))
            try text(target.path)
            optional(Int64(target.weight))
            if format >= 2 { count(target.priority) }
        }
        if format >= 2 { try policy(upstream.policy) }
    }

    fileprivate mutating func api(_ api: RoutingContent.API) throws(InvalidContent) {
        try text(api.name)
        try text(api.title)
        try texts(api.hosts)
        try text(api.basePath)
        byte(api.access.rawValue)
        byte(api.security.rawValue)
        try versioning(api.versioning)
        flag(api.passthrough != nil)
        if let passthrough = api.passthrough {
            try text(passthrough.upstream)
            try texts(passthrough.deny)
        }
        count(api.requestHeaders.set.count)
        for field in api.requestHeaders.set {
            try text(field.name)
            try text(field.value)
        }
        try texts(api.requestHeaders.remove)
        count(api.versions.count)
        for version in api.versions { try self.version(version) }
    }

    private mutating func versioning(_ versioning: RoutingContent.Versioning) throws(InvalidContent) {
        flag(versioning.inPath)
        flag(versioning.inHeader)
        flag(versioning.inQuery)
        flag(versioning.inMediaType)
        flag(versioning.usesPins)
        try text(versioning.headerName)
        try text(versioning.queryName)
        try text(versioning.mediaTypeParameter)
        switch versioning.default {
        case .latest: byte(0)
        case .none: byte(1)
        case .exact(let name):
            byte(2)
            try text(name)
        }
    }

    private mutating func version(_ version: RoutingContent.Version) throws(InvalidContent) {
        try text(version.name)
        optional(version.major.map { Int64($0) })
        guard version.sortKey.count <= RoutingLimits.nameBytesMax else {
            throw InvalidContent(
                "version `\(version.name)`",
                "the sort key is longer than \(RoutingLimits.nameBytesMax) bytes"
            )
        }
        count(version.sortKey.count)
        raw(version.sortKey)
        byte(version.state.rawValue)
        flag(version.isSuspended)
        optional(version.deprecatedAt)
        optional(version.sunsetAt)
        try optionalText(version.successor)
        try optionalText(version.deprecationLink)
        try text(version.upstream)
        count(version.schemes.count)
        for scheme in version.schemes { try self.scheme(scheme) }
        // A version's operations come from one file, seldom more: named once, then by number.
        var files: [SourceFile] = []
        var numbers: [SourceFile: Int] = [:]
        for operation in version.operations {
            guard let source = operation.source else { continue }
            let file = SourceFile(sha256: source.specificationSHA256, name: source.file)
            if numbers[file] == nil {
                files.append(file)
                numbers[file] = files.count
            }
        }
        count(files.count)
        for file in files {
            digest(file.sha256)
            try text(file.name)
        }
        count(version.operations.count)
        for operation in version.operations { try self.operation(operation, files: numbers) }
    }

    private mutating func scheme(_ scheme: RoutingContent.SecurityScheme) throws(InvalidContent) {
        try text(scheme.name)
        switch scheme.place {
        case .apiKeyHeader(let name):
            byte(0)
            try text(name)
        case .apiKeyQuery(let name):
            byte(1)
            try text(name)
        case .apiKeyCookie(let name):
            byte(2)
            try text(name)
        case .bearer: byte(3)
        case .basic: byte(4)
        case .unsupported(let kind):
            byte(5)
            try text(kind)
        }
    }

    private mutating func operation(
        _ operation: RoutingContent.Operation,
        files: [SourceFile: Int]
    ) throws(InvalidContent) {
        try text(operation.id)
        try text(operation.method)
        try text(operation.pathTemplate)
        flag(operation.isDeprecated)
        flag(operation.security != nil)
        if let security = operation.security {
            count(security.count)
            for alternative in security {
                count(alternative.count)
                for use in alternative {
                    try text(use.scheme)
                    try texts(use.scopes)
                }
            }
        }
        guard let source = operation.source,
            let file = files[SourceFile(sha256: source.specificationSHA256, name: source.file)]
        else {
            count(0)
            return
        }
        count(file)
        optional(Int64(source.line))
        try text(source.pointer)
    }

    private mutating func optionalText(_ value: String?) throws(InvalidContent) {
        flag(value != nil)
        if let value { try text(value) }
    }
}

private struct SourceFile: Hashable {
    var sha256: Digest32
    var name: String
}
