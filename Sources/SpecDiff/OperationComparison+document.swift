import DocumentTree
import OpenAPIModel

/// What belongs to the document as a whole: named schemas, servers, words about the API.
extension OperationComparison {
    mutating func compareDocument() {
        compareGlobalSecurity()
        compareSecuritySchemes()
        compareNamedSchemas()
        compareServers()
        compareWords()
    }

    /// A schema that has another name now is still there.
    private mutating func compareNamedSchemas() {
        let gone = base.namedSchemas.filter { !revision.componentNames.contains($0.name) }
        guard !gone.isEmpty else { return }
        var new = revision.namedSchemas.filter { !base.componentNames.contains($0.name) }
        for entry in gone {
            let renamed = new.firstIndex { other in
                guard let before = base.schema(at: entry.place), let after = revision.schema(at: other.place) else {
                    return false
                }
                return schemas.equivalence.areEquivalent(before, after)
            }
            if let renamed {
                new.remove(at: renamed)
            } else {
                addComponent("api-schema-removed", entry.name, base: entry.place)
            }
        }
    }

    private mutating func compareServers() {
        let before = base.openAPI.servers.map(\.url)
        let after = revision.openAPI.servers.map(\.url)
        for url in before where !after.contains(url) {
            addServer("api-server-removed", url, base.openAPI.node, isOld: true)
        }
        for url in after where !before.contains(url) {
            addServer("api-server-added", url, revision.openAPI.node, isOld: false)
        }
    }

    private mutating func addServer(_ id: String, _ url: String, _ root: Node, isOld: Bool) {
        var values = ChangeValues()
        values.value = url
        let place = (root["servers"] ?? root["host"] ?? root).id
        addComponent(id, "", section: "info", values, base: isOld ? place : nil, revision: isOld ? nil : place)
    }

    private mutating func compareWords() {
        let fields = ["title", "summary", "description", "contact", "license", "termsOfService"]
        if let before = base.openAPI.node["info"], let after = revision.openAPI.node["info"] {
            collector.describe(fields, (base, before.id), (revision, after.id))
        }
        collector.describe(
            ["tags", "externalDocs"],
            (base, base.document.rootID),
            (revision, revision.document.rootID)
        )
    }
}
