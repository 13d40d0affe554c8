import HTTPTypes
import Hummingbird

/// Gives every request an id and every answer the field that names it.
struct RequestIDMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    func handle(
        _ request: Request,
        context: ControlContext,
        next: (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let given = RequestID.accepted(request.headers[.requestID]) { context.requestID = given }
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }
}

extension HTTPField.Name {
    static let requestID = Self(name: "X-Request-Id")
    static let idempotencyKey = Self(name: "Idempotency-Key")
    static let link = Self(name: "Link")

    /// - Parameter name: a token that is known to be one.
    private init(name: String) {
        guard let made = Self(name) else { preconditionFailure("`\(name)` is a token (RFC 9110 section 5.6.2)") }
        self = made
    }
}
