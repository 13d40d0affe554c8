public import DocumentTree

/// One manifest: who it is about and what is wanted of it.
public struct ManifestItem<Spec: Hashable & Sendable>: Hashable, Sendable {
    public var metadata: ManifestMetadata
    public var spec: Spec
    /// Where it stands; nothing for one that a program made. Not part of equality.
    public var place: ManifestPlace?

    public init(metadata: ManifestMetadata, spec: Spec, place: ManifestPlace? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.place = place
    }

    /// `metadata.name`, unique within the kind.
    public var name: String { metadata.name }

    public static func == (left: ManifestItem, right: ManifestItem) -> Bool {
        left.metadata == right.metadata && left.spec == right.spec
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(metadata)
        hasher.combine(spec)
    }
}

/// `metadata` of a manifest.
public struct ManifestMetadata: Hashable, Sendable {
    public var name: String
    public var labels: [String: String]
    public var annotations: [String: String]

    public init(name: String, labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
    }
}

/// Where something stands in the manifests, for findings that are made later.
public struct ManifestPlace: Hashable, Sendable {
    /// Name of the text.
    public var source: String
    public var range: SourceRange
    public var path: [PathSegment]

    public init(source: String, range: SourceRange, path: [PathSegment]) {
        self.source = source
        self.range = range
        self.path = path
    }

    /// The place of a node.
    public init(_ node: Node) {
        self.init(source: node.document.source.name, range: node.range, path: node.path)
    }

    /// A finding about this place.
    public func finding(code: String, message: String, help: String? = nil) -> Finding {
        Finding(code: code, severity: .error, message: message, help: help, source: source, range: range, path: path)
    }
}

/// The name of another object, with the place where it is written. Two are equal when they name the same.
public struct ManifestReference: Hashable, Sendable, ExpressibleByStringLiteral {
    public var name: String
    public var place: ManifestPlace?

    public init(_ name: String, place: ManifestPlace? = nil) {
        self.name = name
        self.place = place
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public static func == (left: ManifestReference, right: ManifestReference) -> Bool { left.name == right.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
