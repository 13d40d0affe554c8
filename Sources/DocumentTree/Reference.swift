/// What a `$ref` says, read but not followed.
public enum Reference: Hashable, Sendable {
    /// A place in the same document: `#/components/schemas/Order`, `#`, or nothing at all.
    case local(JSONPointer)
    /// A name that a schema of the same document gave itself by `$anchor`: `#order`.
    case anchor(String)
    /// Another document, as written: a file, a URL, anything with a scheme.
    case external(String)
    /// Nothing that RFC 6901 knows: a broken escape or percent-encoding.
    case malformed(String)

    /// Reads the value of a `$ref`.
    public init(_ text: String) {
        if text.isEmpty {
            self = .local(.root)
        } else if text.utf8.first != UInt8(ascii: "#") {
            self = .external(text)
        } else if let pointer = JSONPointer(fragment: text) {
            self = .local(pointer)
        } else if let name = percentDecoded(text.dropFirst()), name.utf8.first != UInt8(ascii: "/") {
            self = .anchor(name)
        } else {
            self = .malformed(text)
        }
    }
}

/// Where a chain of references leads.
public enum Resolution: Sendable {
    /// To this node, which is no reference itself; for a node that is none, the node.
    case node(Node)
    /// Nowhere, for the reason given: `invalid-ref` or `external-reference-refused`.
    case failed(Finding)

    /// The node, where there is one.
    public var node: Node? {
        if case .node(let node) = self { node } else { nil }
    }
    /// The reason, where there is no node.
    public var finding: Finding? {
        if case .failed(let finding) = self { finding } else { nil }
    }
}

/// The codes of findings about references.
public enum ReferenceCode {
    /// A reference to nothing, in a ring, to the whole document, or that is no reference (Spectral's name).
    public static let invalid = "invalid-ref"
    /// A reference to another file or URL: it is never opened because a document says so.
    public static let externalRefused = "external-reference-refused"
}
