import DocumentTree
import OpenAPIModel

/// Compares what two documents offer: paths, their operations, webhooks.
struct OperationComparison {
    let base: DiffSide
    let revision: DiffSide
    let schemas: SchemaComparison
    let options: DiffOptions
    var collector = ChangeCollector()

    init(_ base: DiffSide, _ revision: DiffSide, _ options: DiffOptions) {
        self.base = base
        self.revision = revision
        self.options = options
        schemas = SchemaComparison(base, revision, options.limits)
    }

    mutating func run() {
        let paths = PathMatch(base.openAPI.pathItems, revision.openAPI.pathItems)
        for item in paths.removed {
            for operation in item.operations { addRemoved(operation, path: item.path, isPath: true) }
        }
        for item in paths.added {
            for operation in item.operations { addAdded(operation, path: item.path) }
        }
        for match in paths.matched { compare(match, path: match.base.path, isReversed: false, depth: 0) }
        compareWebhooks()
    }

    // MARK: Path items

    mutating func compare(_ match: PathMatch.Matched, path: String, isReversed: Bool, depth: Int) {
        let after = match.revision.operations
        for operation in match.base.operations {
            if let other = after.first(where: { $0.method == operation.method }) {
                compare(operation, other, match, path: path, isReversed: isReversed, depth: depth)
            } else if isReversed {
                addReversed("webhook-operation-removed", operation, path, isOld: true)
            } else {
                addRemoved(operation, path: path, isPath: false)
            }
        }
        let before = match.base.operations
        for operation in after where !before.contains(where: { $0.method == operation.method }) {
            if isReversed {
                addReversed("webhook-operation-added", operation, path, isOld: false)
            } else {
                addAdded(operation, path: path)
            }
        }
        collector.describe(["summary", "description"], (base, match.base.node.id), (revision, match.revision.node.id))
    }

    private mutating func addReversed(_ id: String, _ operation: Operation, _ path: String, isOld: Bool) {
        let site = collector.addSite(OperationSite(operation, path: path, isReversed: true))
        var values = ChangeValues()
        values.name = path
        values.value = operation.method
        let node = operation.node.id
        collector.add(id, values, site: site, base: isOld ? node : nil, revision: isOld ? nil : node)
    }

    private mutating func addAdded(_ operation: Operation, path: String) {
        let site = collector.addSite(OperationSite(operation, path: path, isReversed: false))
        collector.add("endpoint-added", site: site, base: nil, revision: operation.node.id)
    }

    private mutating func addRemoved(_ operation: Operation, path: String, isPath: Bool) {
        let site = collector.addSite(OperationSite(operation, path: path, isReversed: false))
        let node = operation.node
        guard let stability = stability(of: node, site, isBase: true) else { return }
        if stability < options.leastStability { return }
        let prefix = isPath ? "api-path-removed-" : "api-removed-"
        guard operation.isDeprecated else {
            collector.add(prefix + "without-deprecation", site: site, base: node.id, revision: nil)
            return
        }
        var values = ChangeValues()
        switch SchemaLook.sunset(base, node["x-sunset"]?.id) {
        case .missing: collector.add(prefix + "with-deprecation", site: site, base: node.id, revision: nil)
        case .unreadable(let text):
            values.value = text
            collector.add("api-path-sunset-parse", values, site: site, base: node.id, revision: nil)
        case .date(let date):
            // After its sunset an operation may go without a word.
            if let today = options.today, date <= today { return }
            values.value = date.description
            collector.add(prefix + "before-sunset", values, site: site, base: node.id, revision: nil)
        }
    }

    // MARK: Webhooks

    private mutating func compareWebhooks() {
        let before = base.openAPI.webhooks
        let after = revision.openAPI.webhooks
        for webhook in before where !after.contains(where: { $0.name == webhook.name }) {
            addComponent("webhook-removed", webhook.name, base: webhook.pathItem.place.id)
        }
        for webhook in after where !before.contains(where: { $0.name == webhook.name }) {
            addComponent("webhook-added", webhook.name, revision: webhook.pathItem.place.id)
        }
        for webhook in before {
            guard let other = after.first(where: { $0.name == webhook.name }) else { continue }
            let match = PathMatch.Matched(base: webhook.pathItem, revision: other.pathItem, renamed: [:])
            compare(match, path: "webhook:" + webhook.name, isReversed: true, depth: 0)
        }
    }

    mutating func addComponent(
        _ id: String,
        _ name: String,
        section: String = "components",
        _ values: ChangeValues = ChangeValues(),
        base: NodeID? = nil,
        revision: NodeID? = nil
    ) {
        let site = collector.addSite(
            OperationSite(section: section, method: "", path: "", operationID: nil, isReversed: false)
        )
        var values = values
        values.name = name
        collector.add(id, values, site: site, base: base, revision: revision)
    }

    // MARK: Operations

    private mutating func compare(
        _ before: Operation,
        _ after: Operation,
        _ match: PathMatch.Matched,
        path: String,
        isReversed: Bool,
        depth: Int
    ) {
        let site = collector.addSite(
            OperationSite(after, path: path, isReversed: isReversed, otherID: before.operationID)
        )
        let isIncluded = compareStability(before, after, site)
        guard isIncluded else { return }
        let look = OperationLook(
            before: before,
            after: after,
            renamed: match.renamed,
            site: site,
            isReversed: isReversed,
            sunsetDays: sunsetDays(after.node)
        )
        collector.describe(
            ["summary", "description", "externalDocs"],
            (base, before.node.id),
            (revision, after.node.id)
        )
        compareIdentity(look)
        compareLifecycle(look)
        compareSecurity(look)
        compareParameters(look)
        compareRequestBodies(look)
        compareResponses(look)
        compareCallbacks(look, depth: depth, path: path)
    }

    private mutating func compareCallbacks(_ look: OperationLook, depth: Int, path: String) {
        let before = look.before.callbacks
        let after = look.after.callbacks
        guard !before.isEmpty || !after.isEmpty else { return }
        guard depth < options.limits.callbackDepthMax else { return }
        for callback in before {
            var values = ChangeValues()
            values.name = callback.name
            guard let other = after.first(where: { $0.name == callback.name }) else {
                collector.add("callback-removed", values, site: look.site, base: callback.node.id, revision: nil)
                continue
            }
            for request in callback.requests {
                guard let partner = other.requests.first(where: { $0.expression == request.expression }) else {
                    continue
                }
                let match = PathMatch.Matched(base: request.pathItem, revision: partner.pathItem, renamed: [:])
                let name = "\(path) callback:\(callback.name)"
                compare(match, path: name, isReversed: !look.isReversed, depth: depth + 1)
            }
        }
        for callback in after where !before.contains(where: { $0.name == callback.name }) {
            var values = ChangeValues()
            values.name = callback.name
            collector.add("callback-added", values, site: look.site, base: nil, revision: callback.node.id)
        }
    }
}

/// Two operations that belong together.
struct OperationLook {
    let before: Operation
    let after: Operation
    /// Names of the path's parameters in the base, with those in the revision, where they differ.
    let renamed: [String: String]
    let site: Int32
    let isReversed: Bool
    let sunsetDays: Int?
}

extension OperationSite {
    init(_ operation: Operation, path: String, isReversed: Bool, otherID: String? = nil) {
        self.init(
            section: "paths",
            method: operation.method,
            path: path,
            operationID: operation.operationID ?? otherID,
            isReversed: isReversed
        )
    }
}
