public import DocumentTree

/// `spec` of an `ApiVersion`.
public struct APIVersionSpec: Hashable, Sendable {
    /// What is wanted: nothing live yet, served, out of service for the moment, or a tombstone.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case draft
        case published
        case suspended
        case retired
    }

    /// The OpenAPI document.
    public enum Definition: Hashable, Sendable {
        /// A file by its name relative to the manifest's folder; the caller loads it.
        case file(ManifestReference)
        /// The document itself, inside the manifest.
        case inline(InlineDefinition)
    }

    public var api: ManifestReference
    public var version: String
    /// Nil for a retired version, which needs none.
    public var definition: Definition?
    public var upstream: ManifestReference?
    public var state: State
    public var deprecation: DeprecationSpec?
    /// Text for reviewers.
    public var message: String?

    public init(
        api: ManifestReference,
        version: String,
        definition: Definition?,
        upstream: ManifestReference? = nil,
        state: State = .published,
        deprecation: DeprecationSpec? = nil,
        message: String? = nil
    ) {
        self.api = api
        self.version = version
        self.definition = definition
        self.upstream = upstream
        self.state = state
        self.deprecation = deprecation
        self.message = message
    }
}

/// A document written inside a manifest.
public struct InlineDefinition: Hashable, Sendable {
    /// The document as a value; what its bytes are made of.
    public var value: JSONValue
    /// Where it stands, when it was read.
    public var place: ManifestPlace?

    public init(_ value: JSONValue, place: ManifestPlace? = nil) {
        self.value = value
        self.place = place
    }

    public static func == (left: InlineDefinition, right: InlineDefinition) -> Bool { left.value == right.value }

    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// `spec.deprecation` of an `ApiVersion`. Times are seconds since the Unix epoch.
public struct DeprecationSpec: Hashable, Sendable {
    /// Nil: from the moment it is applied.
    public var deprecatedAt: Int64?
    public var sunsetAt: Int64?
    /// Name of the version to move to.
    public var successor: String?
    /// Where it is explained.
    public var link: String?
    public var reason: String?

    public init(
        deprecatedAt: Int64? = nil,
        sunsetAt: Int64? = nil,
        successor: String? = nil,
        link: String? = nil,
        reason: String? = nil
    ) {
        self.deprecatedAt = deprecatedAt
        self.sunsetAt = sunsetAt
        self.successor = successor
        self.link = link
        self.reason = reason
    }
}
