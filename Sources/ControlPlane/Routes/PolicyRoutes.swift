import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/rulesets` and `/v1/policies`.
struct PolicyRoutes {
    func add(to routes: RouteBuilder) {
        addRulesets(to: routes)
        routes.get("/v1/policies") { governance, arguments in
            let page = try await governance.listPolicies(arguments.actor, arguments.page)
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.get("/v1/policies/{policy}") { governance, arguments in
            Self.answer(try await governance.showPolicy(arguments.actor, arguments.path("policy")))
        }
        routes.put("/v1/policies/{policy}") { governance, arguments in
            let name = try arguments.path("policy")
            let edition = try arguments.optionalEdition()
            let (draft, actor) = try await arguments.body { body in Self.draft(&body, name: name) }
            let outcome = try await governance.setPolicy(actor, draft, ifEdition: edition)
            return Self.answer(outcome.policy, status: outcome.isNew ? .created : .ok)
        }
        routes.delete("/v1/policies/{policy}") { governance, arguments in
            _ = try await governance.deletePolicy(arguments.keyed([]), arguments.path("policy"))
            return Answer.nothing
        }
        routes.get("/v1/policies/{policy}/evaluation") { governance, arguments in
            let change = try arguments.queryWord("change", as: PolicyEvaluationItem.Change.self)
            let evaluation = try await governance.evaluatePolicy(
                arguments.actor,
                arguments.path("policy"),
                change: change,
                arguments.page
            )
            return Answer.json(JSONValue(evaluation))
        }
        routes.get("/v1/apis/{api}/versions/{version}/revisions/{revision}/policies") { governance, arguments in
            let (api, version) = try arguments.version()
            let number = try arguments.pathNumber("revision")
            let actor = try arguments.actor
            let revision = try await governance.showRevision(actor, api: api, version: version, revision: number)
            let assessments = try await governance.showAssessments(
                actor,
                api: api,
                version: version,
                revision: number
            )
            return Answer.json(
                .object([("items", .array(assessments.map { JSONValue($0, source: revision.fileName) }))])
            )
        }
    }

    private func addRulesets(to routes: RouteBuilder) {
        routes.get("/v1/rulesets") { governance, arguments in
            let page = try await governance.listRulesets(arguments.actor, arguments.page)
            // What comes with the program stands first, on the first page.
            let builtIn = arguments.query("cursor") == nil ? Governance.builtInRulesets.map { JSONValue($0) } : []
            let items = builtIn + page.items.map { JSONValue($0) }
            return Answer.page(items, next: page.next, request: arguments.request)
        }
        let one: RouterPath = "/v1/rulesets/{ruleset}"
        routes.get(one) { governance, arguments in
            let ruleset = try await governance.showRuleset(arguments.actor, arguments.path("ruleset"))
            return Answer.json(JSONValue(ruleset), etag: String(ruleset.newest.number))
        }
        routes.put(one) { governance, arguments in
            let bytes = try await arguments.bytes(max: ControlLimits.documentBytesMax)
            let outcome = try await governance.storeRuleset(
                arguments.keyed(bytes),
                RulesetDraft(
                    name: arguments.path("ruleset"),
                    bytes: bytes,
                    title: arguments.query("title"),
                    message: arguments.query("message") ?? ""
                )
            )
            return Answer.json(
                JSONValue(outcome.ruleset),
                status: outcome.isNew ? .created : .ok,
                etag: String(outcome.ruleset.newest.number)
            )
        }
        routes.delete(one) { governance, arguments in
            _ = try await governance.deleteRuleset(arguments.keyed([]), arguments.path("ruleset"))
            return Answer.nothing
        }
        routes.get("/v1/rulesets/{ruleset}/revisions") { governance, arguments in
            let page = try await governance.listRulesetRevisions(
                arguments.actor,
                arguments.path("ruleset"),
                arguments.page
            )
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.get("/v1/rulesets/{ruleset}/revisions/{revision}/text") { governance, arguments in
            let bytes = try await governance.showRulesetText(
                arguments.actor,
                arguments.path("ruleset"),
                revision: arguments.pathNumber("revision")
            )
            return Answer.bytes(bytes)
        }
    }

    private static func answer(_ policy: Policy, status: HTTPResponse.Status = .ok) -> Response {
        Answer.json(JSONValue(policy), status: status, etag: String(policy.revision))
    }

    /// A whole policy: what is left out is as usual, not as it was.
    private static func draft(_ body: inout BodyReader, name: String) -> PolicyDraft {
        var draft = PolicyDraft(
            name: name,
            title: body.optionalString("title"),
            description: body.optionalString("description") ?? "",
            mode: body.optionalWord("mode", as: PolicyMode.self) ?? .observe,
            rulesets: rulesets(&body)
        )
        body.part("selector") { draft.selector = selector(&$0) }
        body.part("stages") { stages in
            stages.part("submit") { draft.stages.submit = actions(&$0) }
            stages.part("publish") { draft.stages.publish = actions(&$0) }
        }
        body.part("breakingChanges") { rule in
            draft.breakingChanges.action = rule.optionalWord("action", as: BreakingChangeRule.Action.self) ?? .allow
            draft.breakingChanges.approvers = rule.optionalStrings("approvers") ?? []
        }
        return draft
    }

    private static func rulesets(_ body: inout BodyReader) -> [PolicyRuleset] {
        var rulesets: [PolicyRuleset] = []
        body.parts("rulesets") { part in
            rulesets.append(PolicyRuleset(part.string("name"), revision: part.optionalInteger("revision")))
        }
        return rulesets
    }

    private static func selector(_ body: inout BodyReader) -> LabelSelector {
        var selector = LabelSelector(matchLabels: body.optionalTexts("matchLabels") ?? [:])
        body.parts("matchExpressions") { part in
            let comparison = part.optionalWord("operator", as: LabelSelector.Comparison.self)
            if comparison == nil, !part.has("operator") {
                part.violate("operator", "is missing; expected In, NotIn, Exists or DoesNotExist")
            }
            let key = part.string("key")
            let values = part.optionalStrings("values") ?? []
            selector.matchExpressions.append(.init(key, comparison ?? .exists, values))
        }
        return selector
    }

    private static func actions(_ body: inout BodyReader) -> SeverityActions {
        let usual = SeverityActions()
        return SeverityActions(
            error: body.optionalWord("error", as: PolicyAction.self) ?? usual.error,
            warn: body.optionalWord("warn", as: PolicyAction.self) ?? usual.warn,
            info: body.optionalWord("info", as: PolicyAction.self) ?? usual.info,
            hint: body.optionalWord("hint", as: PolicyAction.self) ?? usual.hint
        )
    }
}

extension BodyReader {
    /// Reads an object inside the body; absent or null reads nothing.
    mutating func part(_ name: String, _ read: (inout BodyReader) -> Void) {
        guard let node = member(name), !node.isNull else { return }
        var part = BodyReader(node, pointer: place(of: name))
        read(&part)
        absorb(part)
    }

    /// Reads each object of a list inside the body; absent or null reads nothing.
    mutating func parts(_ name: String, _ read: (inout BodyReader) -> Void) {
        guard let node = member(name), !node.isNull else { return }
        guard node.isSequence else { return violate(name, "expected a list") }
        for (index, element) in node.elements.enumerated() {
            var part = BodyReader(element, pointer: "\(place(of: name))/\(index)")
            read(&part)
            absorb(part)
        }
    }

    /// A mapping of strings; nil where it is absent or null.
    mutating func optionalTexts(_ name: String) -> [String: String]? {
        guard let node = member(name), !node.isNull else { return nil }
        guard node.isMapping else {
            violate(name, "expected an object of strings")
            return nil
        }
        var texts: [String: String] = [:]
        for (key, value) in node.entries {
            guard let text = value.string else {
                violate("\(name)/\(key)", "expected a string")
                continue
            }
            texts[key] = text
        }
        return texts
    }
}

extension RequestArguments {
    /// The edition that a replacement builds on; nil where the client names none.
    func optionalEdition() throws(Problem) -> Int64? {
        request.headers[.ifMatch] == nil ? nil : try edition()
    }
}
