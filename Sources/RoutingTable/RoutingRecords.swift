public import UpstreamRules

/// An API as the gate reads it: integers, flags and slices of the arena.
public struct APIRecord: Sendable {
    public var name: ByteSlice
    public var title: ByteSlice
    /// As in `RoutingContent.API.basePath`.
    public var basePath: ByteSlice
    public var access: RoutingContent.Access
    public var security: RoutingContent.SecurityMode
    public var versionInPath: Bool
    public var versionInHeader: Bool
    public var versionInQuery: Bool
    public var versionInMediaType: Bool
    public var usesPins: Bool
    /// Lower case, for comparing; empty unless `versionInHeader`.
    public var versionHeader: ByteSlice
    /// Exact; empty unless `versionInQuery`.
    public var versionQuery: ByteSlice
    /// Lower case; empty unless `versionInMediaType`.
    public var versionMediaTypeParameter: ByteSlice
    public var defaultVersion: DefaultVersion
    /// Rows of `versions`, the greatest sort key first.
    public var versions: TableRange
    /// Rows of `operations`: those of all versions, version after version.
    public var operations: TableRange
    /// Set for a pass-through API, which has no versions.
    public var passthrough: UpstreamIndex?
    /// Rows of `slices`: path prefixes a pass-through API refuses, canonical.
    public var deniedPrefixes: TableRange
    /// Rows of `headerFields` to set towards the upstream.
    public var setHeaders: TableRange
    /// Rows of `slices`: names of fields to drop, lower case.
    public var removeHeaders: TableRange
    /// Rows of `keyPlaces`: where the schemes of its live versions look for a key (without `Gatehouse-Key`, which always
    /// counts). Distinct, in order of kind and name. Empty when `security` is `delegate`.
    public var keyPlaces: TableRange

    /// What a request gets that names no version and has no pin.
    public enum DefaultVersion: Hashable, Sendable {
        case latest
        case exact(VersionIndex)
        case none
    }
}

/// A version as the gate reads it.
public struct VersionRecord: Sendable {
    public var api: APIIndex
    public var name: ByteSlice
    public var major: Int32?
    public var state: RoutingContent.VersionState
    public var isSuspended: Bool
    /// Unix seconds.
    public var deprecatedAt: Int64?
    /// Unix seconds.
    public var sunsetAt: Int64?
    /// Name of the successor, empty when there is none.
    public var successor: ByteSlice
    /// Value of the `Deprecation` field (RFC 9745), for example `@1767225600`; empty when there is none.
    public var deprecationField: ByteSlice
    /// Value of the `Sunset` field (RFC 8594), an HTTP date; empty when there is none.
    public var sunsetField: ByteSlice
    /// Value of the `Link` field with `deprecation` and `successor-version`; empty when there is neither.
    public var linkField: ByteSlice
    /// Nil only for a retired version.
    public var upstream: UpstreamIndex?
    /// Rows of `schemes`.
    public var schemes: TableRange
    /// Rows of `operations`.
    public var operations: TableRange
    /// Its trie's root; meaningless outside this module.
    var root: UInt32

    /// Whether the version is deprecated at `now` (Unix seconds).
    public func isDeprecated(at now: Int64) -> Bool {
        guard let deprecatedAt else { return false }
        return deprecatedAt <= now
    }

    /// Whether callers are answered 410 at `now`: retired, or past its sunset.
    public func isGone(at now: Int64) -> Bool {
        if state == .retired { return true }
        guard let sunsetAt else { return false }
        return sunsetAt <= now
    }
}

/// An operation as the gate reads it.
public struct OperationRecord: Sendable {
    public var version: VersionIndex
    /// Label in metrics and the name plans use.
    public var id: ByteSlice
    public var method: ByteSlice
    public var pathTemplate: ByteSlice
    /// False when the specification declares no security anywhere.
    public var declaresSecurity: Bool
    /// True when the effective security explicitly lets anonymous callers in.
    public var permitsAnonymous: Bool
    public var isDeprecated: Bool
    /// Rows of `alternatives`: any one suffices. Empty ones are left out, see `permitsAnonymous`.
    public var alternatives: TableRange
    /// Rows of `slices`: names of the path parameters in order of appearance.
    public var parameters: TableRange
}

/// One alternative of a requirement: all its uses must hold.
public struct AlternativeRecord: Sendable {
    /// Rows of `uses`.
    public var uses: TableRange
}

/// A scheme that must be satisfied, with its scopes.
public struct UseRecord: Sendable {
    public var scheme: SchemeIndex
    /// Rows of `slices`.
    public var scopes: TableRange
}

/// A security scheme of a version.
public struct SchemeRecord: Sendable {
    public var name: ByteSlice
    public var place: KeyPlaceRecord
}

/// Where a request may show a key.
public struct KeyPlaceRecord: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable {
        /// A header field; its name is lower case.
        case header = 0
        /// A query parameter.
        case query = 1
        /// A cookie.
        case cookie = 2
        /// `Authorization: Bearer`.
        case bearer = 3
        /// The password of `Authorization: Basic`.
        case basic = 4
        /// No verifier is bound: never satisfied. The name is the scheme's kind.
        case unsupported = 5
    }

    public var kind: Kind
    public var name: ByteSlice
}

/// A field to set, name and value.
public struct HeaderFieldRecord: Sendable {
    public var name: ByteSlice
    public var value: ByteSlice
}

/// An upstream as the gate reads it.
public struct UpstreamRecord: Sendable {
    public var name: ByteSlice
    /// Rows of `targets`; at least one.
    public var targets: TableRange
    public var connectTimeoutMilliseconds: UInt32
    public var headerTimeoutMilliseconds: UInt32
    public var idleTimeoutMilliseconds: UInt32
    public var policy: UpstreamPolicy
}

/// An address of an upstream.
public struct TargetRecord: Sendable {
    public var scheme: RoutingContent.TargetScheme
    public var host: ByteSlice
    public var port: UInt16
    /// Put before the rest of the path; empty, or `/…` without a slash at its end.
    public var path: ByteSlice
    public var weight: UInt32
    public var priority: UInt8
    /// Value of the `Host` field: the port is left out where it is the scheme's own, IPv6 is bracketed.
    public var authority: ByteSlice
}

/// Where an operation is written.
struct SourceRecord: Sendable {
    var file: ByteSlice
    var pointer: ByteSlice
    var line: UInt32
    /// Row of `specifications`, plus one; 0 when the place is unknown.
    var specification: UInt32
}
