public import DocumentTree
public import RoutingTable

/// What compiling gave.
public struct Compilation: Hashable, Sendable {
    /// Nil when `findings` holds an error.
    public let content: RoutingContent?
    /// Errors, and what is worth knowing, in the order of sources and lines.
    public let findings: [Finding]
    /// The conflicts among the errors, with both sides' places.
    public let conflicts: [RouteConflict]
}

/// From approved versions to what a gateway routes, or findings. Deterministic: the order of the input means nothing.
///
/// The passes, in order: operations were collected when the units were made; then versions are selected, upstreams and
/// security bound, conflicts looked for, and the content is emitted. Every pass sees the whole input, so that one compile
/// tells everything that is wrong.
public enum Compiler {
    /// Compiles one environment.
    public static func compile(_ input: CompilationInput) -> Compilation {
        var input = input
        input.apis.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var findings: [Finding] = []
        findings += input.apis.flatMap { $0.versions.flatMap { $0.unit?.findings ?? [] } }
        findings += SelectVersions(input: input).run()
        findings += BindUpstreams(input: input).run()
        findings += BindSecurity(input: input).run()
        let conflicts = ResolveConflicts(input: input).conflicts()
        findings += conflicts.map(\.finding)
        let content = Emit(input: input).run()
        if !findings.contains(where: { $0.severity == .error }) {
            // The last word is the routing table's own: what no pass thought of is a finding too, not a failed publish.
            do throws(InvalidContent) {
                _ = try RoutingSnapshot(content: content, generation: 0)
            } catch {
                findings.append(.about(error.place, code: CompilationCode.unroutable, message: error.description))
            }
        }
        findings = Set(findings).sorted(by: Finding.precedesTotally)
        let isRefused = findings.contains { $0.severity == .error }
        return Compilation(content: isRefused ? nil : content, findings: findings, conflicts: conflicts)
    }
}

extension Finding {
    /// A finding about something that stands in no text, such as an API's settings in the catalog.
    static func about(
        _ source: String,
        code: String,
        severity: Severity = .error,
        message: String,
        help: String? = nil
    ) -> Finding {
        Finding(code: code, severity: severity, message: message, help: help, source: source, range: .start)
    }

    /// A finding about an operation, at its place in its document.
    static func about(
        _ operation: RoutingContent.Operation,
        of api: String,
        code: String,
        message: String,
        help: String?
    ) -> Finding {
        guard let place = operation.source else {
            return about("api `\(api)`", code: code, message: message, help: help)
        }
        let start = Position(line: max(0, place.line - 1), character: 0)
        let path = JSONPointer(place.pointer)?.tokens.map { PathSegment.key($0) } ?? []
        return Finding(
            code: code,
            severity: .error,
            message: message,
            help: help,
            source: place.file,
            range: SourceRange(start: start, end: start),
            path: path
        )
    }

    /// The order of reports, and the message where that leaves a tie.
    static func precedesTotally(_ left: Finding, _ right: Finding) -> Bool {
        if precedes(left, right) { return true }
        return !precedes(right, left) && left.message < right.message
    }
}

extension RoutingContent.Operation {
    /// The operation with its place, for messages.
    var claim: String {
        let route = "`\(method) \(pathTemplate)`"
        guard let source else { return route }
        return "\(route) at \(source.file):\(source.line) (\(source.pointer))"
    }
}
