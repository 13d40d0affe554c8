import DocumentTree
import OpenAPIModel

/// Bodies of requests, and answers.
extension OperationComparison {
    // MARK: Requests

    mutating func compareRequestBodies(_ look: OperationLook) {
        let before = look.before.requestBody
        let after = look.after.requestBody
        if look.isReversed {
            // What the API sends is read by callers, as an answer is.
            compareSent(before?.content ?? [], after?.content ?? [], "", look, before?.node, after?.node)
            return
        }
        switch (before, after) {
        case (nil, nil): return
        case (nil, let new?):
            let id = new.isRequired ? "request-body-added-required" : "request-body-added-optional"
            collector.add(id, site: look.site, base: look.before.node.id, revision: new.node.id)
        case (let old?, nil):
            collector.add("request-body-removed", site: look.site, base: old.node.id, revision: look.after.node.id)
        case (let old?, let new?):
            collector.describe(["description"], (base, old.node.id), (revision, new.node.id))
            if old.isRequired != new.isRequired {
                collector.add(
                    new.isRequired ? "request-body-became-required" : "request-body-became-optional",
                    site: look.site,
                    base: (old.node["required"] ?? old.node).id,
                    revision: (new.node["required"] ?? new.node).id
                )
            }
            compareReceived(old.content, new.content, look, old.node, new.node)
        }
    }

    /// Compares what callers send.
    private mutating func compareReceived(
        _ before: [MediaType],
        _ after: [MediaType],
        _ look: OperationLook,
        _ old: Node,
        _ new: Node
    ) {
        let match = MediaTypeMatch(before, after)
        for media in match.added { addMedia("request-body-media-type-added", media, look, base: old.id) }
        for media in match.removed { addMedia("request-body-media-type-removed", media, look, revision: new.id) }
        for (media, other) in match.matched {
            describe(media, other)
            let (oldSchema, newSchema) = (schema(base, media), schema(revision, other))
            if oldSchema == nil, newSchema != nil {
                addMedia("request-body-media-type-schema-added", other, look, base: media.node.id)
            } else if oldSchema != nil, newSchema == nil {
                addMedia("request-body-media-type-schema-removed", media, look, revision: other.node.id)
            } else if let oldSchema, let newSchema {
                addRoot(schemas.pair(oldSchema, newSchema), .requestBody, media, ChangeValues(), look)
            }
        }
    }

    private mutating func describe(_ media: MediaType, _ other: MediaType) {
        // Of 2.0, the node is the parameter's or the response's, whose words are compared there.
        guard base.openAPI.specificationVersion != .v2_0, revision.openAPI.specificationVersion != .v2_0 else { return }
        collector.describe(["example", "examples"], (base, media.node.id), (revision, other.node.id))
    }

    private mutating func addMedia(
        _ id: String,
        _ media: MediaType,
        _ look: OperationLook,
        status: String = "",
        base: NodeID? = nil,
        revision: NodeID? = nil
    ) {
        var values = ChangeValues()
        values.media = media.type
        values.status = status
        // Exactly one of the places is given: the other is the media type's own.
        collector.add(
            id,
            values,
            site: look.site,
            base: base ?? media.node.id,
            revision: base == nil ? revision : media.node.id
        )
    }

    private func schema(_ side: DiffSide, _ media: MediaType) -> SchemaID? {
        let fields = media.formFieldPlaces
        guard fields.isEmpty else {
            let named = fields.compactMap { field in
                field["name"]?.scalarText.map {
                    (name: $0, node: field.id, isRequired: field["required"]?.boolean ?? false)
                }
            }
            return side.schema(ofForm: named, at: fields[0].id)
        }
        return media.schemaPlace.flatMap { side.schema(at: $0.id) }
    }

    private mutating func addRoot(
        _ pair: Int32?,
        _ carrier: FactContext.Carrier,
        _ media: MediaType?,
        _ values: ChangeValues,
        _ look: OperationLook
    ) {
        guard let pair else { return }
        var context = FactContext(
            carrier: carrier,
            isRoot: true,
            isStronglyTyped: media?.isTyped ?? false,
            sunsetDays: look.sunsetDays
        )
        context.today = options.today
        context.isReversed = look.isReversed
        var values = values
        values.media = media?.type ?? ""
        collector.addRoot(ChangeCollector.Root(site: look.site, context: context, values: values, pair: pair))
    }

    // MARK: Responses

    mutating func compareResponses(_ look: OperationLook) {
        let before = look.before.responses
        let after = look.after.responses
        for (status, response) in before {
            guard let other = after.first(where: { $0.status == status })?.response else {
                addStatus("removed", status, look, base: response.node.id, revision: look.after.node.id)
                continue
            }
            collector.describe(["description", "summary"], (base, response.node.id), (revision, other.node.id))
            compareHeaders(response, other, status, look)
            if look.isReversed {
                compareReceived(response.content, other.content, look, response.node, other.node)
            } else {
                compareSent(response.content, other.content, status, look, response.node, other.node)
            }
        }
        for (status, response) in after where !before.contains(where: { $0.status == status }) {
            addStatus("added", status, look, base: look.before.node.id, revision: response.node.id)
        }
    }

    private mutating func addStatus(
        _ action: String,
        _ status: String,
        _ look: OperationLook,
        base: NodeID,
        revision: NodeID
    ) {
        // `2XX` is a class; `default` is what no other status describes, success or not.
        let isSuccess = status.hasPrefix("2")
        guard status.utf8.count == 3, status.utf8.first.map({ (0x31...0x35).contains($0) }) ?? false else { return }
        var values = ChangeValues()
        values.status = status
        values.value = status
        collector.add(
            "response-\(isSuccess ? "success" : "non-success")-status-\(action)",
            values,
            site: look.site,
            base: base,
            revision: revision
        )
    }

    /// Compares what callers receive.
    private mutating func compareSent(
        _ before: [MediaType],
        _ after: [MediaType],
        _ status: String,
        _ look: OperationLook,
        _ old: Node?,
        _ new: Node?
    ) {
        let match = MediaTypeMatch(before, after)
        for media in match.removed {
            addMedia("response-media-type-removed", media, look, status: status, revision: (new ?? look.after.node).id)
        }
        for media in match.added {
            addMedia("response-media-type-added", media, look, status: status, base: (old ?? look.before.node).id)
        }
        for (media, other) in match.matched {
            compareNames(media, other, status, look)
            describe(media, other)
            let (oldSchema, newSchema) = (schema(base, media), schema(revision, other))
            if oldSchema == nil, newSchema != nil {
                addMedia("response-body-media-type-schema-added", other, look, status: status, base: media.node.id)
            } else if oldSchema != nil, newSchema == nil {
                addMedia(
                    "response-body-media-type-schema-removed",
                    media,
                    look,
                    status: status,
                    revision: other.node.id
                )
            } else if let oldSchema, let newSchema {
                var values = ChangeValues()
                values.status = status
                addRoot(schemas.pair(oldSchema, newSchema), .responseBody, media, values, look)
            }
        }
    }

    private mutating func compareNames(_ old: MediaType, _ new: MediaType, _ status: String, _ look: OperationLook) {
        guard old.type != new.type, let before = MediaTypeName(old.type), let after = MediaTypeName(new.type) else {
            return
        }
        var values = ChangeValues()
        values.from = old.type
        values.to = new.type
        values.status = status
        let ending =
            before.parameters != after.parameters
            ? "changed" : before.contains(after) ? "specialized" : "generalized"
        collector.add(
            "response-media-type-name-" + ending,
            values,
            site: look.site,
            base: old.node.id,
            revision: new.node.id
        )
    }

    // MARK: Headers

    private mutating func compareHeaders(_ old: Response, _ new: Response, _ status: String, _ look: OperationLook) {
        let before = old.headers
        let after = new.headers
        guard !before.isEmpty || !after.isEmpty, !look.isReversed else { return }
        for header in before {
            var values = ChangeValues()
            values.name = header.name
            values.status = status
            guard let other = after.first(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                collector.add(
                    header.isRequired ? "required-response-header-removed" : "optional-response-header-removed",
                    values,
                    site: look.site,
                    base: header.node.id,
                    revision: new.node.id
                )
                continue
            }
            compare(header, other, values, look)
        }
        for header in after where !before.contains(where: { $0.name.lowercased() == header.name.lowercased() }) {
            var values = ChangeValues()
            values.name = header.name
            values.status = status
            collector.add(
                "response-header-added",
                values,
                site: look.site,
                base: old.node.id,
                revision: header.node.id
            )
        }
    }

    private mutating func compare(_ old: Header, _ new: Header, _ values: ChangeValues, _ look: OperationLook) {
        collector.describe(["description", "example", "examples"], (base, old.node.id), (revision, new.node.id))
        if old.isRequired, !new.isRequired {
            collector.add(
                "response-header-became-optional",
                values,
                site: look.site,
                base: (old.node["required"] ?? old.node).id,
                revision: (new.node["required"] ?? new.node).id
            )
        }
        guard let before = old.schemaPlace, let after = new.schemaPlace else { return }
        let oldSchema =
            before.id == old.node.id ? base.schema(ofParameter: before.id) : base.schema(at: before.id)
        let newSchema =
            after.id == new.node.id ? revision.schema(ofParameter: after.id) : revision.schema(at: after.id)
        guard let oldSchema, let newSchema else { return }
        addRoot(schemas.pair(oldSchema, newSchema), .responseHeader, nil, values, look)
    }
}
