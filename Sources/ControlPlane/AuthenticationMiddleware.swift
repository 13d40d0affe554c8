import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails

/// Lets nobody in without a token, but for the few open operations: deny by default, whatever routes are added later.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    /// The operations that answer without a token.
    static let open: Set<String> = ["/", "/livez", "/readyz", "/openapi.json", "/.well-known/api-catalog"]

    let engine: ControlEngine

    func handle(
        _ request: Request,
        context: ControlContext,
        next: (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        if Self.open.contains(request.uri.path), request.method == .get || request.method == .head {
            return try await next(request, context)
        }
        guard let token = Self.bearer(request.headers[.authorization]) else {
            throw Problem(.unauthenticated, detail: "send a token as `Authorization: Bearer …`")
        }
        let governance = try engine.governance()
        var context = context
        context.actor = try await governance.authenticate(token: token)
        context.actor?.requestID = context.requestID
        context.actor?.address = context.peer
        context.actor?.userAgent = request.headers[.userAgent].map { String($0.prefix(200)) }
        return try await next(request, context)
    }

    /// The token of a bearer field (RFC 6750 section 2.1); nil for anything else.
    private static func bearer(_ field: String?) -> String? {
        guard let field, field.utf8.count <= 4096 else { return nil }
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
