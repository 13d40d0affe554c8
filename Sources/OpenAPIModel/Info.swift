public import DocumentTree

/// What a document says about itself (Info Object).
public struct Info: Sendable {
    /// The object; nil where the document has none.
    public let node: Node?

    /// The API's name.
    public var title: String? { node?["title"]?.scalarText }
    /// The version of the document as it is written.
    public var version: String? { node?["version"]?.scalarText }
    /// One line about the API (from 3.1 on).
    public var summary: String? { node?["summary"]?.string }
    /// CommonMark about the API.
    public var description: String? { node?["description"]?.string }
    /// Address of the terms of use.
    public var termsOfService: String? { node?["termsOfService"]?.string }
    /// Whom to ask: name, address, mail.
    public var contact: (name: String?, url: String?, email: String?)? {
        guard let contact = node?["contact"] else { return nil }
        return (contact["name"]?.string, contact["url"]?.string, contact["email"]?.string)
    }
    /// The licence: its name, SPDX identifier, address.
    public var license: (name: String?, identifier: String?, url: String?)? {
        guard let license = node?["license"] else { return nil }
        return (license["name"]?.string, license["identifier"]?.string, license["url"]?.string)
    }
}

/// A tag that operations may carry (Tag Object).
public struct Tag: Sendable {
    /// The tag's name.
    public let name: String
    /// The object.
    public let node: Node
    /// CommonMark about the tag.
    public var description: String? { node["description"]?.string }

    init?(_ node: Node) {
        guard let name = node["name"]?.scalarText else { return nil }
        self.name = name
        self.node = node
    }
}

/// An address at which a document says its API is served (Server Object).
public struct Server: Sendable {
    /// The address as written, variables in braces included.
    public let url: String
    /// Where it stands: the Server Object, or the root of a 2.0 document.
    public let node: Node
    /// CommonMark about the server.
    public var description: String? { node["description"]?.string }

    /// The address with each variable replaced by its default.
    public var resolvedURL: String {
        guard let variables = node["variables"] else { return url }
        var result = url
        for (name, variable) in variables.entries {
            guard let value = variable["default"]?.scalarText else { continue }
            result = result.replacing("{\(name)}", with: value)
        }
        return result
    }

    static func all(of node: Node, in model: Model) -> [Server] {
        if model.version == .v2_0 { return swaggerServers(node) }
        return node["servers"]?.elements.compactMap { server in
            server["url"]?.string.map { Server(url: $0, node: server) }
        } ?? []
    }

    /// 2.0 has no servers: `schemes` × `host` + `basePath`.
    private static func swaggerServers(_ root: Node) -> [Server] {
        let base = root["basePath"]?.string ?? "/"
        guard let host = root["host"]?.string else {
            return root["basePath"] == nil ? [] : [Server(url: base, node: root)]
        }
        let schemes = root["schemes"]?.elements.compactMap(\.string) ?? []
        return (schemes.isEmpty ? ["https"] : schemes).map { Server(url: "\($0)://\(host)\(base)", node: root) }
    }
}
