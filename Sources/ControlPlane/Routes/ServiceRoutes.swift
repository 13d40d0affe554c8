import Assets
import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import NIOCore
import ProblemDetails

/// What answers without a token: health, the API's description, and where to find it.
struct ServiceRoutes {
    let engine: ControlEngine

    /// - Throws: a sentence where the binary's own description cannot be read; a test keeps that from happening.
    func add(to routes: RouteBuilder) throws {
        let description = try Self.description()
        let engine = engine
        routes.router.get("/") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(
                    byteBuffer: ByteBuffer(
                        string: """
                            Gatehouse control plane.
                            This release has no console yet. The API is described at /openapi.json; `gatehouse --help` lists the commands.

                            """
                    )
                )
            )
        }
        routes.router.get("/livez") { _, _ in Answer.json(["status": "pass"]) }
        routes.router.get("/readyz") { _, _ in
            _ = try await engine.governance().standardOrganization()
            return Answer.json(["status": "pass"])
        }
        routes.router.get("/openapi.json") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "max-age=300"],
                body: .init(byteBuffer: ByteBuffer(string: description))
            )
        }
        routes.router.get("/.well-known/api-catalog") { _, _ in
            var response = Answer.json(Self.linkset(of: try await engine.governance().listPublicAPIs()))
            response.headers[.contentType] =
                #"application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727""#
            return response
        }
    }

    /// RFC 9264: one item for each public API, where the gateway serves it.
    private static func linkset(of apis: [API]) -> JSONValue {
        let items = apis.map { api in
            JSONValue.object([("href", .string(api.settings.basePath)), ("title", .string(api.title))])
        }
        return .object([
            ("linkset", .array([.object([("anchor", "/.well-known/api-catalog"), ("item", .array(items))])]))
        ])
    }

    /// `specs/gatehouse.yaml` as JSON text.
    static func description() throws -> String {
        guard let source = Assets.text("specs/gatehouse.yaml") else { throw MissingAsset(name: "specs/gatehouse.yaml") }
        return JSONValue(try Document.read(Array(source.utf8), name: "gatehouse.yaml").root).text()
    }
}

/// The binary lacks a text that belongs inside it.
struct MissingAsset: Error, CustomStringConvertible {
    let name: String
    var description: String { "the binary holds no `\(name)`; build it from a whole checkout" }
}
