@testable import RoutingTable

/// The trie beside a matcher that compares one template after the other: the same operation, the same captures, the same
/// `Allow`, for every path.
///
/// An input is lines: `METHOD /template` until an empty one, then paths.
enum RoutesCheck {
    /// What one input may ask for, so that none takes long.
    private static let routesMax = 16
    private static let pathsMax = 12
    private static let lineBytesMax = 160
    private static let segmentsMax = 10

    static func fault(in bytes: [UInt8]) -> String? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let border = lines.firstIndex(of: []) ?? lines.endIndex
        var routes: [SlowRoutes.Route] = []
        var shapes: Set<String> = []
        for line in lines[..<border] where routes.count < routesMax && line.count <= lineBytesMax {
            guard let route = SlowRoutes.Route(line), shapes.insert(route.method + " " + route.template.shape).inserted,
                route.template.segments.count <= segmentsMax
            else { continue }
            routes.append(route)
        }
        guard !routes.isEmpty else { return nil }
        let snapshot: RoutingSnapshot
        do throws(InvalidContent) {
            snapshot = try RoutingSnapshot(content: content(routes), generation: 1)
        } catch {
            return "routes that can all be told apart are refused: \(error)"
        }
        for line in lines[border...].dropFirst().prefix(pathsMax) where line.count <= lineBytesMax {
            guard line.first == 0x2F, let path = try? RouteTemplate.canonical(Array(line)) else { continue }
            for method in Set(routes.prefix(1).map(\.method)).union(["GET"]) {
                let mine = answer(snapshot, method, path)
                let theirs = SlowRoutes.answer(routes, method, path)
                guard mine == theirs else {
                    return "\(method) \(String(decoding: path, as: UTF8.self)) is `\(mine)`, one by one `\(theirs)`"
                }
            }
        }
        return nil
    }

    private static func content(_ routes: [SlowRoutes.Route]) -> RoutingContent {
        let operations = routes.enumerated().map { number, route in
            RoutingContent.Operation(id: "\(number)", method: route.method, pathTemplate: route.text)
        }
        let version = RoutingContent.Version(name: "1", major: 1, sortKey: [1], upstream: "u", operations: operations)
        return RoutingContent(
            environment: "live",
            apis: [RoutingContent.API(name: "a", basePath: "/", versions: [version])],
            upstreams: [RoutingContent.Upstream(name: "u", targets: [RoutingContent.Target(host: "h", port: 1)])]
        )
    }

    /// The snapshot's answer as a text: the operation with what was captured, or 405 with `Allow`, or 404.
    private static func answer(_ snapshot: RoutingSnapshot, _ method: String, _ path: [UInt8]) -> String {
        var captures = PathCaptures()
        let version = VersionIndex(rawValue: 0)
        let name = Array(method.utf8)
        switch snapshot.findOperation(
            version: version,
            method: name.span,
            path: path.span,
            from: 0,
            captures: &captures
        ) {
        case .notFound: return "404"
        case .methodNotAllowed:
            let allowed = snapshot.allowedMethods(version: version, path: path.span, from: 0)
            return "405 \(String(decoding: allowed, as: UTF8.self))"
        case .found(let operation):
            let texts = (0..<captures.count).map { String(decoding: path[captures[$0].range], as: UTF8.self) }
            return "\(snapshot.string(snapshot.operations[operation.position].id)) \(texts)"
        }
    }
}

/// Matching without a table.
enum SlowRoutes {
    struct Route {
        let method: String
        let text: String
        let template: RouteTemplate

        /// `METHOD /template`; nil for what could not be routed.
        init?(_ line: some Sequence<UInt8>) {
            let words = line.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
            guard words.count == 2, let text = String(validating: words[1], as: UTF8.self) else { return nil }
            method = String(decoding: words[0], as: UTF8.self)
            guard FieldText.isToken(method), let template = try? RouteTemplate(text) else { return nil }
            self.text = text
            self.template = template
        }
    }

    static func answer(_ routes: [Route], _ method: String, _ path: [UInt8]) -> String {
        let segments = path.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).map(Array.init)
        var best: (number: Int, captures: [[UInt8]])?
        var methods: Set<String> = []
        for (number, route) in routes.enumerated() {
            guard let captures = captures(route.template, segments) else { continue }
            methods.insert(route.method)
            guard route.method == method else { continue }
            if let other = best, !isBetter(route.template, routes[other.number].template) { continue }
            best = (number, captures)
        }
        if let best {
            let texts = best.captures.prefix(RoutingLimits.capturesMax).map { String(decoding: $0, as: UTF8.self) }
            return "\(best.number) \(Array(texts))"
        }
        return methods.isEmpty ? "404" : "405 \(methods.sorted().joined(separator: ", "))"
    }

    private static func captures(_ template: RouteTemplate, _ path: [[UInt8]]) -> [[UInt8]]? {
        guard template.segments.count == path.count else { return nil }
        var captures: [[UInt8]] = []
        for (segment, text) in zip(template.segments, path) {
            guard let found = self.captures(segment.literals[...], text[...]) else { return nil }
            captures += found
        }
        return captures
    }

    /// What the parameters between the literals take, each at least one byte and as little as can be; nil where nothing fits.
    private static func captures(_ literals: ArraySlice<[UInt8]>, _ text: ArraySlice<UInt8>) -> [[UInt8]]? {
        guard let literal = literals.first, text.starts(with: literal) else { return nil }
        let rest = text.dropFirst(literal.count)
        let others = literals.dropFirst()
        if others.isEmpty { return rest.isEmpty ? [] : nil }
        guard !rest.isEmpty else { return nil }
        for count in 1...rest.count {
            if let found = captures(others, rest.dropFirst(count)) { return [Array(rest.prefix(count))] + found }
        }
        return nil
    }

    /// Segment by segment: literal text before a mixed segment before a parameter alone; of mixed ones the one with more literal
    /// text, then the longer beginning, then the order of bytes.
    private static func isBetter(_ left: RouteTemplate, _ right: RouteTemplate) -> Bool {
        for (mine, theirs) in zip(left.segments, right.segments) where mine.literals != theirs.literals {
            let ranks = [mine, theirs].map { $0.parameters.isEmpty ? 0 : $0.literals.joined().isEmpty ? 2 : 1 }
            if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
            let sizes = [mine, theirs].map { $0.literals.joined().count }
            if sizes[0] != sizes[1] { return sizes[0] > sizes[1] }
            let beginnings = [mine, theirs].map { $0.literals[0].count }
            if beginnings[0] != beginnings[1] { return beginnings[0] > beginnings[1] }
            return mine.literals.lexicographicallyPrecedes(theirs.literals) { $0.lexicographicallyPrecedes($1) }
        }
        return false
    }
}
