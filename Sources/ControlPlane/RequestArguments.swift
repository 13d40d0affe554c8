import Crypto
import DocumentTree
import Governance
import Hummingbird
import Lifecycle
import NIOCore
import ProblemDetails

/// What a route takes from its request, read strictly.
struct RequestArguments: Sendable {
    let request: Request
    let context: ControlContext

    /// Who acts.
    ///
    /// - Throws: `unauthenticated`: a route that is not open but was reached without a token; the middleware forbids it.
    var actor: Actor {
        get throws(Problem) {
            guard let actor = context.actor else { throw Problem(.unauthenticated) }
            return actor
        }
    }

    /// A part of the path, percent-decoded.
    func path(_ name: String) throws(Problem) -> String {
        guard let text = context.parameters.get(name), !text.isEmpty else {
            throw Problem(.malformedParameter, detail: "the path's `\(name)` is empty")
        }
        return text
    }

    /// A positive number in the path.
    func pathNumber(_ name: String) throws(Problem) -> Int {
        let text = try path(name)
        guard let number = Int(text), number > 0 else {
            throw Problem(.malformedParameter, detail: "`\(text)` is no \(name); expected a number from 1 up")
        }
        return number
    }

    /// A query parameter; nil where absent or empty.
    func query(_ name: String) -> String? {
        request.uri.queryParameters[Substring(name)].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A number in the query within a range.
    func queryNumber(_ name: String, _ range: ClosedRange<Int>, default value: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .malformedParameter,
                detail:
                    "`\(name)=\(text)` is out of range; expected a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// A truth value in the query.
    func queryFlag(_ name: String) throws(Problem) -> Bool {
        switch query(name) {
        case nil, "false": return false
        case "true": return true
        case let text?: throw Problem(.malformedParameter, detail: "`\(name)=\(text)`: expected true or false")
        }
    }

    /// How many items a page holds.
    var pageSize: Int {
        get throws(Problem) { try queryNumber("limit", 1...ControlLimits.pageMax, default: ControlLimits.pageDefault) }
    }

    /// The bytes of the body.
    func bytes(max: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await request.body.collect(upTo: max))
        } catch is NIOTooManyBytesError {
            throw Problem(.specTooLarge, detail: "the body is over the limit of \(max) bytes")
        }
    }

    /// Reads the body as JSON with `read`, which names every member it knows.
    func body<Value>(_ read: (inout BodyReader) throws -> Value) async throws -> (value: Value, actor: Actor) {
        try expectMediaType(["application/json", "application/merge-patch+json"])
        let bytes = try await bytes(max: ControlLimits.bodyBytesMax)
        let document = try BodyReader.parse(bytes)
        var reader = BodyReader(document.root)
        let value = try read(&reader)
        try reader.finish()
        return (value, try keyed(bytes))
    }

    /// The actor with the request's idempotency key, where it has one; the digest covers method, target and body.
    func keyed(_ body: [UInt8]) throws(Problem) -> Actor {
        var actor = try actor
        guard let key = request.headers[.idempotencyKey] else { return actor }
        guard (1...200).contains(key.utf8.count) else {
            throw Problem(.malformedParameter, detail: "an Idempotency-Key has 1 to 200 bytes")
        }
        var digest = SHA256()
        digest.update(data: Array("\(request.method.rawValue) \(request.uri.string)\n".utf8))
        digest.update(data: body)
        actor.idempotency = IdempotencyKey(key: key, fingerprint: Array(digest.finalize()))
        return actor
    }

    /// The entity tag that a change builds on.
    ///
    /// - Throws: `precondition-required` where there is none.
    func ifMatch() throws(Problem) -> String {
        guard let field = request.headers[.ifMatch], !field.isEmpty else {
            throw Problem(.preconditionRequired, detail: "send the `ETag` of what you read as `If-Match`")
        }
        return field == "*" ? field : field.filter { $0 != "\"" }
    }

    private func expectMediaType(_ types: [String]) throws(Problem) {
        let field = request.headers[.contentType] ?? "application/json"
        let type = field.split(separator: ";").first.map { $0.trimmingCharacters() } ?? ""
        guard types.contains(type.lowercased()) else {
            throw Problem(.unsupportedMediaType, detail: "`\(type)` is not taken here; send \(types[0])")
        }
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate func trimmingCharacters() -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: blank).reversed().drop(while: blank).reversed())
    }
}
