/// Which operations somebody means: `GET /pets/{id}`, `/pets/{id}` for all methods, or an operationId.
///
/// Paths are compared without the names of their parameters, which callers never see.
public struct OperationPattern: Hashable, Sendable {
    /// The method in capitals; nil for any, and with an id.
    public let method: String?
    /// The path template, the names in its braces left out; nil with an id.
    public let path: String?
    /// The operationId; nil with a path.
    public let operationID: String?

    /// Reads a text; what is neither a path nor a method and a path is an operationId.
    public init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        if text.hasPrefix("/") {
            (method, path, operationID) = (nil, Self.shape(text), nil)
        } else if parts.count == 2, parts[1].hasPrefix("/") {
            (method, path, operationID) = (parts[0].uppercased(), Self.shape(parts[1]), nil)
        } else {
            (method, path, operationID) = (nil, nil, text)
        }
    }

    /// An operation by its method, in any case, and its path template.
    public init(method: String, path: String) {
        self.method = method.uppercased()
        self.path = Self.shape(path)
        operationID = nil
    }

    /// Whether a site is of such an operation; a change of a whole path is one of each of its methods.
    public func matches(_ site: ChangeSite) -> Bool {
        if let operationID { return site.operationID == operationID }
        guard let path, !site.path.isEmpty, path == Self.shape(site.path) else { return false }
        return method == nil || site.method.isEmpty || method == site.method
    }

    private static func shape(_ path: some StringProtocol) -> String {
        var result = ""
        var isInside = false
        for character in path {
            if character == "}" { isInside = false }
            if !isInside { result.append(character) }
            if character == "{" { isInside = true }
        }
        return result
    }
}
