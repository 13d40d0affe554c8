import DocumentTree
import OpenAPIModel

/// Security requirements: of an operation, and of the document as a whole.
extension OperationComparison {
    mutating func compareSecurity(_ look: OperationLook) {
        let before = look.before.declaresSecurity ? look.before.security ?? [] : []
        let after = look.after.declaresSecurity ? look.after.security ?? [] : []
        guard before != after else { return }
        let changes = SecurityChanges(before, after)
        // An empty requirement only says that what else is asked for may be left out.
        for requirement in changes.added where !requirement.schemes.isEmpty {
            addValue("api-security-added", requirement.text, look, "security")
        }
        for requirement in changes.removed where !requirement.schemes.isEmpty {
            addValue("api-security-removed", requirement.text, look, "security")
        }
        for scope in changes.scopes {
            let id = scope.isAdded ? "api-security-scope-added" : "api-security-scope-removed"
            addValue(id, scope.scope, look, "security", name: scope.scheme)
        }
    }

    mutating func compareGlobalSecurity() {
        let before = base.openAPI.defaultSecurity ?? []
        let after = revision.openAPI.defaultSecurity ?? []
        guard before != after else { return }
        let changes = SecurityChanges(before, after)
        for requirement in changes.added { addGlobal("api-global-security-added", requirement.text) }
        for requirement in changes.removed { addGlobal("api-global-security-removed", requirement.text) }
        for scope in changes.scopes {
            addGlobal(
                scope.isAdded ? "api-global-security-scope-added" : "api-global-security-scope-removed",
                scope.scope,
                scope.scheme
            )
        }
    }

    private mutating func addGlobal(_ id: String, _ value: String, _ name: String = "") {
        var values = ChangeValues()
        values.value = value
        addComponent(
            id,
            name,
            section: "security",
            values,
            base: (base.openAPI.node["security"] ?? base.openAPI.node).id,
            revision: (revision.openAPI.node["security"] ?? revision.openAPI.node).id
        )
    }

    // MARK: Schemes

    mutating func compareSecuritySchemes() {
        let before = base.openAPI.securitySchemes
        let after = revision.openAPI.securitySchemes
        for scheme in after where !before.contains(where: { $0.name == scheme.name }) {
            addComponent("api-security-component-added", scheme.name, revision: scheme.node.id)
        }
        for scheme in before {
            guard let other = after.first(where: { $0.name == scheme.name }) else {
                addComponent("api-security-component-removed", scheme.name, base: scheme.node.id)
                continue
            }
            compare(scheme, other)
        }
    }

    private mutating func compare(_ before: SecurityScheme, _ after: SecurityScheme) {
        let oldType = before.node["type"]?.string ?? ""
        let newType = after.node["type"]?.string ?? ""
        // What 2.0 calls `basic` is one of the `http` schemes ever since.
        if oldType != newType, before.kind != after.kind {
            addScheme("api-security-component-type-changed", before, after, from: oldType, to: newType)
        }
        let oldFlows = OAuthFlow.all(of: before.node)
        let newFlows = OAuthFlow.all(of: after.node)
        for flow in oldFlows {
            guard let other = newFlows.first(where: { $0.name == flow.name }) else { continue }
            if flow.authorizationURL != other.authorizationURL {
                let id = "api-security-component-oauth-url-changed"
                addScheme(id, before, after, from: flow.authorizationURL, to: other.authorizationURL)
            }
            if flow.tokenURL != other.tokenURL {
                let id = "api-security-component-oauth-token-url-changed"
                addScheme(id, before, after, from: flow.tokenURL, to: other.tokenURL)
            }
            compareScopes(flow, other, before, after)
        }
    }

    private mutating func compareScopes(
        _ flow: OAuthFlow,
        _ other: OAuthFlow,
        _ before: SecurityScheme,
        _ after: SecurityScheme
    ) {
        let id = "api-security-component-oauth-scope-"
        for scope in other.scopes where !flow.scopes.contains(where: { $0.name == scope.name }) {
            addScheme(id + "added", before, after, value: scope.name)
        }
        for scope in flow.scopes {
            guard let match = other.scopes.first(where: { $0.name == scope.name }) else {
                addScheme(id + "removed", before, after, value: scope.name)
                continue
            }
            if match.text != scope.text {
                addScheme(id + "changed", before, after, from: scope.text, to: match.text, key: scope.name)
            }
        }
    }

    private mutating func addScheme(
        _ id: String,
        _ before: SecurityScheme,
        _ after: SecurityScheme,
        from: String = "",
        to: String = "",
        value: String = "",
        key: String = ""
    ) {
        var values = ChangeValues()
        values.from = from
        values.to = to
        values.value = value
        values.key = key
        addComponent(id, before.name, values, base: before.node.id, revision: after.node.id)
    }
}

/// An OAuth 2.0 flow; of 2.0, the one that the scheme is.
private struct OAuthFlow {
    let name: String
    let authorizationURL: String
    let tokenURL: String
    let scopes: [(name: String, text: String)]

    static func all(of scheme: Node) -> [OAuthFlow] {
        if let flow = scheme["flow"]?.string {
            let names = ["application": "clientCredentials", "accessCode": "authorizationCode"]
            return [OAuthFlow(names[flow] ?? flow, scheme)]
        }
        return scheme["flows"]?.entries.filter { !$0.key.hasPrefix("x-") }.map { OAuthFlow($0.key, $0.value) } ?? []
    }

    private init(_ name: String, _ node: Node) {
        self.name = name
        authorizationURL = node["authorizationUrl"]?.string ?? ""
        tokenURL = node["tokenUrl"]?.string ?? ""
        scopes = node["scopes"]?.entries.map { ($0.key, $0.value.scalarText ?? "") } ?? []
    }
}

/// How two lists of alternatives differ: those with the same schemes belong together.
struct SecurityChanges {
    private(set) var added: [SecurityRequirement] = []
    private(set) var removed: [SecurityRequirement] = []
    private(set) var scopes: [(scheme: String, scope: String, isAdded: Bool)] = []

    init(_ before: [SecurityRequirement], _ after: [SecurityRequirement]) {
        added = after
        for requirement in before {
            if let index = added.firstIndex(where: { $0.isSame(as: requirement) }) {
                added.remove(at: index)
            } else {
                removed.append(requirement)
            }
        }
        for requirement in removed {
            let old = removed.filter { $0.names == requirement.names }
            let new = added.filter { $0.names == requirement.names }
            guard old.count == 1, new.count == 1 else { continue }
            addScopes(requirement, new[0])
            removed.removeAll { $0.names == requirement.names }
            added.removeAll { $0.names == requirement.names }
        }
    }

    private mutating func addScopes(_ before: SecurityRequirement, _ after: SecurityRequirement) {
        for scheme in before.schemes {
            guard let other = after.schemes.first(where: { $0.name == scheme.name }) else { continue }
            for scope in other.scopes where !scheme.scopes.contains(scope) { scopes.append((scheme.name, scope, true)) }
            for scope in scheme.scopes where !other.scopes.contains(scope) {
                scopes.append((scheme.name, scope, false))
            }
        }
    }
}

extension SecurityRequirement {
    fileprivate var names: Set<String> { Set(schemes.map(\.name)) }

    fileprivate func isSame(as other: SecurityRequirement) -> Bool {
        names == other.names
            && schemes.allSatisfy { scheme in
                other.schemes.contains { $0.name == scheme.name && Set($0.scopes) == Set(scheme.scopes) }
            }
    }

    /// The schemes with their scopes, as `OAuth: [read, write] AND Key`.
    fileprivate var text: String {
        if schemes.isEmpty { return "{}" }
        return schemes.sorted { $0.name < $1.name }.map { scheme in
            scheme.scopes.isEmpty ? scheme.name : "\(scheme.name): [\(scheme.scopes.sorted().joined(separator: ", "))]"
        }.joined(separator: " AND ")
    }
}
