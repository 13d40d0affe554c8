import Governance
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ProblemDetails

/// The only place where errors become HTTP: every failure leaves as `application/problem+json` (RFC 9457) with a stable
/// `code`; what is not for the outside (SQL, hosts, causes) goes to the log with the request's id.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    let logger: Logger

    func handle(
        _ request: Request,
        context: ControlContext,
        next: (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return answer(problem, request, context)
        } catch let error as GovernanceError {
            log(error, request, context)
            return answer(Self.problem(for: error), request, context)
        } catch let error as HTTPError {
            return answer(Self.problem(for: error), request, context)
        } catch {
            logger.error(
                "unexpected failure",
                metadata: ["request_id": "\(context.requestID)", "path": "\(request.uri.path)", "error": "\(error)"]
            )
            return answer(Problem(.internalError, detail: "see the log under this request's id"), request, context)
        }
    }

    /// Renders a problem; `instance` is the request's path.
    static func response(_ problem: Problem, path: String) -> Response {
        var problem = problem
        if problem.instance == nil { problem.instance = path }
        var fields: HTTPFields = [.contentType: ProblemType.mediaType, .cacheControl: "no-store"]
        switch problem.status {
        case 401: fields[.wwwAuthenticate] = "Bearer realm=\"gatehouse\""
        case 429, 503: fields[.retryAfter] = "2"
        default: break
        }
        return Response(
            status: .init(code: problem.status),
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: problem.json))
        )
    }

    private func answer(_ problem: Problem, _ request: Request, _ context: ControlContext) -> Response {
        var response = Self.response(problem, path: request.uri.path)
        response.headers[.requestID] = context.requestID
        return response
    }

    private func log(_ error: GovernanceError, _ request: Request, _ context: ControlContext) {
        guard let cause = error.cause else { return }
        let level: Logger.Level = error.code == .internalError ? .error : .info
        logger.log(
            level: level,
            "\(error.code.rawValue): \(error.what)",
            metadata: ["request_id": "\(context.requestID)", "path": "\(request.uri.path)", "cause": "\(cause)"]
        )
    }

    /// A use case's refusal: its code is the problem's code.
    static func problem(for error: GovernanceError) -> Problem {
        let code = ProblemCatalogue.type(slug: error.code.rawValue)?.code ?? .internalError
        let errors = error.places.map { place in
            FieldViolation(
                pointer: place.pointer ?? "",
                detail: place.detail,
                line: place.line,
                file: place.source
            )
        }
        let facts = error.facts.sorted { $0.key < $1.key }.map { Problem.Extension($0.key, .string($0.value)) }
        return Problem(code, detail: "\(error.what); \(error.mend)", errors: errors, extensions: facts)
    }

    /// What the router or the body's collection refuses.
    private static func problem(for error: HTTPError) -> Problem {
        switch error.status.code {
        case 404: Problem(.notFound, detail: "there is no such path; /openapi.json lists those there are")
        case 405:
            Problem(.methodNotAllowed, detail: "this path has no such method; /openapi.json lists those there are")
        case 413: Problem(.specTooLarge, detail: "the body is over the limit of \(ControlLimits.bodyBytesMax) bytes")
        case 400: Problem(.malformedParameter, detail: error.body ?? "a parameter cannot be read")
        default: Problem(.malformedBody, detail: error.body ?? "the request cannot be read")
        }
    }
}
