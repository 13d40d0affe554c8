internal import DocumentTree

extension SpecReader {
    static func api(_ reader: inout FieldReader) -> APISpec? {
        var spec = APISpec()
        spec.title = reader.text("title")
        spec.team = reader.reference("team")
        spec.visibility = reader.enumeration("visibility", APISpec.Visibility.self) ?? spec.visibility
        spec.basePath = reader.text("basePath")
        spec.hosts = reader.texts("hosts") ?? []
        spec.access = reader.enumeration("access", APISpec.Access.self) ?? spec.access
        spec.security = reader.enumeration("security", APISpec.Security.self) ?? spec.security
        spec.versioning = reader.nested("versioning", versioning) ?? spec.versioning
        _ = reader.nested("requestHeaders") { reader in
            spec.requestHeaders.set = reader.textMap("set")
            spec.requestHeaders.remove = reader.texts("remove") ?? []
        }
        spec.isPassthrough = reader.boolean("passthrough") ?? false
        spec.upstream = reader.reference("upstream")
        spec.deny = reader.texts("deny") ?? []
        checkPath(spec.basePath, "basePath", &reader)
        checkPassthrough(spec, &reader)
        return spec
    }

    private static func checkPath(_ path: String?, _ key: String, _ reader: inout FieldReader) {
        guard let path, let node = reader.value(key) else { return }
        guard path.hasPrefix("/"), path == "/" || !path.hasSuffix("/") else {
            return reader.invalid(
                node,
                "`\(reader.name).\(key)` is `\(path)`, expected a path such as `/orders` without a slash at its end"
            )
        }
    }

    private static func checkPassthrough(_ spec: APISpec, _ reader: inout FieldReader) {
        if spec.isPassthrough {
            if spec.upstream == nil {
                reader.missing("upstream", help: "a pass-through API names where its requests go")
            }
            for (prefix, node) in zip(spec.deny, reader.value("deny").map { Array($0.elements) } ?? [])
            where !prefix.hasPrefix("/") {
                reader.invalid(node, "`\(prefix)` is no path prefix, expected one such as `/admin`")
            }
            return
        }
        for key in ["upstream", "deny"] {
            guard let node = reader.value(key), !(key == "deny" && spec.deny.isEmpty) else { continue }
            reader.invalid(
                node,
                "`\(reader.name).\(key)` is only for an API with `passthrough: true`",
                help: key == "upstream" ? "name the upstream in the ApiVersion" : nil
            )
        }
    }

    private static func versioning(_ reader: inout FieldReader) -> VersioningSpec {
        var spec = VersioningSpec()
        if let node = reader.value("in") {
            if node.isSequence {
                spec.places = node.elements.compactMap { element in
                    reader.enumeration(element, label: "an element of `\(reader.name).in`", VersioningSpec.Place.self)
                }
            } else {
                _ = reader.texts("in")
            }
        }
        spec.header = reader.text("header") ?? spec.header
        spec.query = reader.text("query") ?? spec.query
        spec.mediaTypeParameter = reader.text("mediaTypeParameter") ?? spec.mediaTypeParameter
        spec.standard = reader.looseText("default") ?? spec.standard
        return spec
    }

    static func apiVersion(_ reader: inout FieldReader) -> APIVersionSpec? {
        let api = reader.requiredReference("api")
        let version = required(&reader, "version") { $0.looseText("version") }
        let upstream = reader.reference("upstream")
        let state = reader.enumeration("state", APIVersionSpec.State.self) ?? .published
        let message = reader.text("message")
        let definition = definition(&reader)
        let deprecation = reader.nested("deprecation", deprecation)
        if state != .retired {
            if reader.value("definition") == nil {
                reader.missing("definition", help: "write `definition: {file: NAME}`")
            }
        }
        guard let api, let version else { return nil }
        return APIVersionSpec(
            api: api,
            version: version,
            definition: definition,
            upstream: upstream,
            state: state,
            deprecation: deprecation,
            message: message
        )
    }

    static func definition(_ reader: inout FieldReader) -> APIVersionSpec.Definition? {
        reader.nested("definition") { reader in
            let file = reader.reference("file")
            let inline = reader.value("inline")
            switch (file, inline) {
            case (let file?, nil):
                if let node = reader.value("file"), file.name.isEmpty {
                    reader.invalid(node, "`\(reader.name).file` is empty")
                }
                return .file(file)
            case (nil, let inline?):
                guard inline.isMapping else {
                    reader.invalid(inline, "`\(reader.name).inline` is no mapping, expected an OpenAPI document")
                    return nil
                }
                return .inline(InlineDefinition(JSONValue(inline), place: ManifestPlace(inline)))
            case (.some, let inline?):
                reader.invalid(inline, "`\(reader.name)` has both `file` and `inline`, expected one of them")
                return nil
            case (nil, nil):
                if !reader.has("file") || reader.value("file") == nil { reader.missing("file") }
                return nil
            }
        } ?? nil
    }

    private static func deprecation(_ reader: inout FieldReader) -> DeprecationSpec {
        var spec = DeprecationSpec()
        spec.deprecatedAt = reader.time("deprecatedAt")
        spec.sunsetAt = reader.time("sunsetAt")
        spec.successor = reader.looseText("successor")
        spec.link = reader.text("link")
        spec.reason = reader.text("reason")
        if let start = spec.deprecatedAt, let end = spec.sunsetAt, end < start, let node = reader.value("sunsetAt") {
            // RFC 9745 §4: the sunset must not be earlier than the deprecation.
            reader.invalid(node, "`\(reader.name).sunsetAt` lies before `deprecatedAt`")
        }
        return spec
    }
}
