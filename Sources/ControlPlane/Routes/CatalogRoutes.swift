import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// `/v1/apis` and `/v1/apis/{api}`.
struct CatalogRoutes {
    func add(to routes: RouteBuilder) {
        routes.get("/v1/apis") { governance, arguments in
            let page = try await governance.listAPIs(
                arguments.actor,
                filter: try Self.filter(arguments),
                arguments.page
            )
            return Answer.page(page.items.map { JSONValue($0) }, next: page.next, request: arguments.request)
        }
        routes.post("/v1/apis") { governance, arguments in
            let (draft, actor) = try await arguments.body { body in
                let name = body.string("name")
                return APIDraft(
                    name: name,
                    team: body.string("team"),
                    title: body.optionalString("title"),
                    visibility: body.optionalWord("visibility", as: API.Visibility.self) ?? .internal,
                    settings: APISettingsReader.read(&body, over: APISettings(basePath: "/" + name)),
                    labels: APISettingsReader.labels(&body) ?? [:]
                )
            }
            return Self.answer(try await governance.createAPI(actor, draft), status: .created)
        }
        routes.get("/v1/apis/{api}") { governance, arguments in
            Self.answer(try await governance.showAPI(arguments.actor, arguments.path("api")))
        }
        routes.patch("/v1/apis/{api}") { governance, arguments in
            let edition = try arguments.edition()
            let name = try arguments.path("api")
            // A merge patch changes members of the settings, so it is laid over those that the caller saw; the edition guards
            // that nobody changed them in between.
            let current = try await governance.showAPI(arguments.actor, name)
            let (change, actor) = try await arguments.body { body in
                APIChange(
                    team: body.optionalString("team"),
                    title: body.optionalString("title"),
                    visibility: body.optionalWord("visibility", as: API.Visibility.self),
                    settings: APISettingsReader.read(&body, over: current.settings),
                    labels: APISettingsReader.labels(&body),
                    edition: edition ?? current.edition
                )
            }
            return Self.answer(try await governance.updateAPI(actor, name, change))
        }
    }

    private static func answer(_ api: API, status: HTTPResponse.Status = .ok) -> Response {
        Answer.json(JSONValue(api), status: status, etag: String(api.edition))
    }

    private static func filter(_ arguments: RequestArguments) throws(Problem) -> APIFilter {
        var filter = APIFilter(team: arguments.query("team"), words: arguments.query("q"))
        if let label = arguments.query("label") {
            let pair = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, !pair[0].isEmpty else {
                throw Problem(.malformedParameter, detail: "`label=\(label)`: write it as key=value")
            }
            filter.labelKey = pair[0]
            filter.labelValue = pair[1]
        }
        return filter
    }
}

/// Reads an API's runtime settings out of a body, over those there are.
enum APISettingsReader {
    static func read(_ body: inout BodyReader, over base: APISettings) -> APISettings {
        var settings = base
        if let path = body.optionalString("basePath") { settings.basePath = path }
        if let hosts = body.optionalStrings("hosts") { settings.hosts = hosts }
        if let access = body.optionalWord("access", as: APISettings.Access.self) { settings.access = access }
        if let security = body.optionalWord("security", as: APISettings.Security.self) { settings.security = security }
        if let node = body.member("versioning"), !node.isNull {
            var part = BodyReader(node, pointer: "/versioning")
            versioning(&part, &settings.versioning)
            body.absorb(part)
        }
        if let node = body.member("requestHeaders"), !node.isNull {
            var part = BodyReader(node, pointer: "/requestHeaders")
            if let set = texts(&part, "set") { settings.requestHeaders.set = set }
            if let remove = part.optionalStrings("remove") { settings.requestHeaders.remove = remove }
            body.absorb(part)
        }
        passthrough(&body, &settings)
        return settings
    }

    /// `key: value` pairs; nil where absent or null.
    static func labels(_ body: inout BodyReader) -> [String: String]? {
        texts(&body, "labels")
    }

    private static func versioning(_ part: inout BodyReader, _ versioning: inout APISettings.Versioning) {
        if let places = part.optionalStrings("in") {
            versioning.places = places.compactMap { text in
                guard let place = APISettings.Versioning.Place(rawValue: text) else {
                    part.violate("in", "`\(text)`: expected path, header, query, media-type or pin")
                    return nil
                }
                return place
            }
        }
        if let header = part.optionalString("header") { versioning.header = header }
        if let query = part.optionalString("query") { versioning.query = query }
        if let standard = part.optionalString("default") { versioning.standard = standard }
    }

    private static func passthrough(_ body: inout BodyReader, _ settings: inout APISettings) {
        let isWanted = body.optionalBoolean("passthrough")
        let upstream = body.optionalString("upstream")
        let deny = body.optionalStrings("deny")
        if isWanted == false {
            settings.passthrough = nil
            return
        }
        var current = settings.passthrough
        if isWanted == true, current == nil {
            guard let upstream else {
                return body.violate("upstream", "is missing; a passthrough API needs the URL that it passes to")
            }
            current = APISettings.Passthrough(upstream: upstream)
        }
        guard var changed = current else {
            if upstream != nil {
                body.violate("upstream", "only a passthrough API has one; versions get theirs when they are submitted")
            }
            if deny != nil { body.violate("deny", "only a passthrough API can refuse paths") }
            return
        }
        if let upstream { changed.upstream = upstream }
        if let deny { changed.deny = deny }
        settings.passthrough = changed
    }

    private static func texts(_ body: inout BodyReader, _ name: String) -> [String: String]? {
        guard let node = body.member(name), !node.isNull else { return nil }
        guard node.isMapping else {
            body.violate(name, "expected an object of strings")
            return nil
        }
        var result: [String: String] = [:]
        for (key, value) in node.entries {
            guard let text = value.string else {
                body.violate("\(name)/\(key)", "expected a string")
                continue
            }
            result[key] = text
        }
        return result
    }
}
