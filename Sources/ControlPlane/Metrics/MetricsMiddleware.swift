import HTTPTypes
import Hummingbird

/// Counts every answer, refusals included, under the path of the API's description that it was asked by.
struct MetricsMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    let metrics: ControlMetrics

    /// What is counted by name; anybody can send any other.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    func handle(
        _ request: Request,
        context: ControlContext,
        next: (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        let series = ControlMetrics.Series(method: method, route: context.endpointPath ?? "unmatched")
        metrics.answered(series, status: response.status.code, after: .now - start)
        return response
    }
}
