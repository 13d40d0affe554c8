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
        // Where no route matches, the router notes a word of its own or nothing.
        let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "unmatched"
        let series = ControlMetrics.Series(method: method, route: route)
        metrics.answered(series, status: response.status.code, after: .now - start)
        return response
    }
}
