public import DocumentTree

/// An OpenAPI document as typed views over its tree: every view knows the node it stands for, and so its place in the
/// text.
///
/// Versions 2.0, 3.0, 3.1 and 3.2 look alike: a body parameter of 2.0 is a ``RequestBody``, `consumes` and `produces`
/// are media types, `basic` is HTTP Basic. Operations are collected when the view is made, all else is read where it
/// is asked for. References are followed within the document; one that leads nowhere makes its view absent and is a
/// finding.
public struct OpenAPIDocument: Sendable {
    /// The specification's version.
    public let specificationVersion: SpecificationVersion
    /// The path items in the order of the document.
    public let pathItems: [PathItem]
    /// The operations in the order of the document: by path, then by place in the path item. Webhooks and callbacks
    /// are not among them: nobody calls those here.
    public let operations: [Operation]
    /// The schemes that operations may require, in the order of the document.
    public let securitySchemes: [SecurityScheme]
    /// What making the views brought up: path items and schemes that cannot be understood, templates that cannot be
    /// routed.
    public let findings: [Finding]

    let model: Model

    /// Makes the views of a document.
    ///
    /// - Throws: ``UnsupportedDocument`` where the document is not OpenAPI, or of a version that is not read.
    ///   Anything else that is wrong is a finding.
    public init(_ document: Document) throws(UnsupportedDocument) {
        let version = try SpecificationVersion.detect(in: document)
        let model = Model(document, version)
        self.model = model
        specificationVersion = version
        var findings: [Finding] = []
        securitySchemes = SecurityScheme.all(in: model, &findings)
        pathItems = PathItem.all(in: model, &findings)
        operations = Operation.all(of: pathItems)
        self.findings = findings
    }

    /// The tree below the views.
    public var document: Document { model.document }
    /// The root.
    public var node: Node { model.root }
    /// Follows references of this document.
    public var resolver: ReferenceResolver { model.resolver }

    /// `info`.
    public var info: Info { Info(node: model.root["info"]) }
    /// `info.title`.
    public var title: String? { info.title }
    /// `info.version` as it is written: `1.10` stays `1.10` where YAML sees a number.
    public var version: String? { info.version }

    /// Tags with their descriptions, in the order of the document.
    public var tags: [Tag] { model.root["tags"]?.elements.compactMap(Tag.init) ?? [] }

    /// Where the document says that its API is served; of 2.0, made of `schemes`, `host` and `basePath`.
    ///
    /// For people only: nothing is ever routed to these addresses by itself.
    public var servers: [Server] { Server.all(of: model.root, in: model) }

    /// Webhooks by name (from 3.1 on): requests the API makes, not ones it answers.
    public var webhooks: [(name: String, pathItem: PathItem)] {
        guard model.version >= .v3_1, let webhooks = model.root["webhooks"] else { return [] }
        return webhooks.entries.compactMap { name, node in
            PathItem(webhook: name, node, model).map { (name, $0) }
        }
    }

    /// The requirement that holds for operations that have none of their own, see ``Operation/security``.
    public var defaultSecurity: [SecurityRequirement]? { model.defaultSecurity }

    /// The scheme of a name.
    public func securityScheme(_ name: String) -> SecurityScheme? {
        securitySchemes.first { $0.name == name }
    }

    /// The schemas that have names: `components.schemas`, or `definitions` of 2.0.
    public var schemas: [(name: String, schema: SchemaObject)] {
        let node = model.version == .v2_0 ? model.root["definitions"] : model.root["components"]?["schemas"]
        return node?.entries.compactMap { name, node in SchemaObject(node, model).map { (name, $0) } } ?? []
    }

    /// The view of a schema that stands anywhere in the document; nil where its reference leads nowhere.
    public func schema(at node: Node) -> SchemaObject? { SchemaObject(node, model) }

    /// The operation with an id.
    public func operation(id: String) -> Operation? { operations.first { $0.operationID == id } }

    /// The operation of a method and a path template as written.
    public func operation(_ method: String, _ path: String) -> Operation? {
        operations.first { $0.method == method && $0.pathTemplate.text == path }
    }
}
