import DocumentTree
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
public import OpenAPIModel

/// Serves a document's examples, or values made from its schemas, so that an API can be called before it is built.
///
/// With a recorder every request is handed on as it came, for tests that look at what a gateway forwards.
public struct MockServer: Sendable {
    /// The largest request body that is read, in bytes.
    public static let bodyBytesMax = 64 << 20

    private let document: OpenAPIDocument
    private let router: MockRouter
    private let record: (@Sendable (RecordedRequest) -> Void)?

    /// - Parameters:
    ///   - document: the description to serve.
    ///   - record: called with every request before it is answered; nil records nothing.
    public init(_ document: OpenAPIDocument, record: (@Sendable (RecordedRequest) -> Void)? = nil) {
        self.document = document
        router = MockRouter(document)
        self.record = record
    }

    /// An application that listens on an address; run it in a service group.
    ///
    /// - Parameters:
    ///   - host: an address of this machine.
    ///   - port: 0 picks any; `onListening` says which.
    ///   - logger: for the server's own messages.
    ///   - onListening: called once with the bound port.
    /// - Returns: the application; a port in use is thrown by its `run()`.
    public func application(
        host: String,
        port: Int,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await answer(request) },
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.bodyBytesMax)
        record?(RecordedRequest(request, body: Array(buffer: body)))
        switch router.match(method: request.method.rawValue, path: request.uri.path) {
        case .nothing:
            return problem(.notFound, "the document has no path that matches `\(request.uri.path)`")
        case .otherMethods(let methods):
            var response = problem(.methodNotAllowed, "`\(request.uri.path)` has \(methods.joined(separator: ", "))")
            response.headers[.allow] = methods.joined(separator: ", ")
            return response
        case .operation(let operation):
            return render(MockAnswer(for: operation, in: document, wish: wish(of: request)))
        }
    }

    private func render(_ answer: MockAnswer) -> Response {
        var fields = HTTPFields()
        for field in answer.fields {
            guard let name = HTTPField.Name(field.name) else { continue }
            fields.append(HTTPField(name: name, value: field.value))
        }
        if let type = answer.contentType { fields[.contentType] = type }
        return Response(
            status: .init(code: answer.status),
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    private func wish(of request: Request) -> MockAnswer.Wish {
        var wish = MockAnswer.Wish()
        for part in (HTTPField.Name("Prefer").flatMap { request.headers[$0] } ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "code": wish.status = Int(pair[1])
            case "example": wish.example = String(pair[1])
            default: break
            }
        }
        wish.accepts = (request.headers[.accept] ?? "").split(separator: ",").compactMap { entry in
            entry.split(separator: ";").first.map { String($0.drop { $0 == " " }) }
        }
        return wish
    }

    private func problem(_ status: HTTPResponse.Status, _ detail: String) -> Response {
        let body = JSONValue.object([
            ("type", "about:blank"), ("title", .string(status.reasonPhrase)), ("status", .integer(Int64(status.code))),
            ("detail", .string(detail)),
        ])
        return Response(
            status: status,
            headers: [.contentType: "application/problem+json"],
            body: .init(byteBuffer: ByteBuffer(string: body.text()))
        )
    }
}
