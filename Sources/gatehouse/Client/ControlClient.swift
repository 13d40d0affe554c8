import AsyncHTTPClient
import DocumentTree
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The control plane's HTTP API as commands use it: JSON in, JSON out, a problem turned into a `Stop`.
struct ControlClient: Sendable {
    private let base: String
    private let token: String?
    private let timeoutSeconds: Int

    /// - Parameters:
    ///   - base: the control plane's address, `http://host:port`.
    ///   - token: sent as a bearer token; nil asks as nobody.
    ///   - timeoutSeconds: for one answer.
    init(base: String, token: String?, timeoutSeconds: Int) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
        self.timeoutSeconds = timeoutSeconds
    }

    /// One answer of the control plane that is not a failure.
    struct Answer: Sendable {
        let status: Int
        let etag: String?
        let bytes: [UInt8]

        /// The body as JSON.
        func json() throws -> JSONValue {
            do {
                return try JSONValue.read(String(decoding: bytes, as: UTF8.self))
            } catch {
                throw Stop(.remote, "the control plane's answer is no JSON; is this address a Gatehouse control plane?")
            }
        }
    }

    /// What is sent along.
    enum Body: Sendable {
        case none
        case json(JSONValue)
        case mergePatch(JSONValue)
        case bytes([UInt8], type: String)
    }

    func get(_ path: Path) async throws -> Answer { try await send(.GET, path) }
    func delete(_ path: Path) async throws -> Answer { try await send(.DELETE, path) }
    func post(_ path: Path, _ body: JSONValue) async throws -> Answer { try await send(.POST, path, .json(body)) }
    func put(_ path: Path, _ body: JSONValue) async throws -> Answer { try await send(.PUT, path, .json(body)) }

    /// Reads a resource's entity tag and changes the resource under it, so that no other change is lost.
    func patch(_ path: Path, _ body: JSONValue) async throws -> Answer {
        let current = try await get(path)
        return try await send(.PATCH, path, .mergePatch(body), fields: [("If-Match", current.etag ?? "*")])
    }

    /// All items of a listing, page after page.
    func list(_ path: Path) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var page = path.query("limit", "200")
        while true {
            let answer = try await get(page).json()
            items += answer["items"]?.array ?? []
            guard let next = answer["nextCursor"]?.string else { return items }
            page = path.query("limit", "200").query("cursor", next)
        }
    }

    /// - Throws: `Stop` with the exit code that the problem's status and code ask for.
    func send(
        _ method: HTTPMethod,
        _ path: Path,
        _ body: Body = .none,
        fields: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path.text)
        request.method = method
        request.headers.add(name: "User-Agent", value: "gatehouse/\(Release.version)")
        request.headers.add(name: "Accept", value: "application/json, application/problem+json, */*;q=0.1")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in fields { request.headers.replaceOrAdd(name: name, value: value) }
        if method == .POST { request.headers.add(name: "Idempotency-Key", value: UUID().uuidString) }
        switch body {
        case .none:
            break
        case .json(let value):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: value.text()))
        case .mergePatch(let value):
            request.headers.add(name: "Content-Type", value: "application/merge-patch+json")
            request.body = .bytes(ByteBuffer(string: value.text()))
        case .bytes(let bytes, let type):
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        return try await execute(request)
    }

    private func execute(_ request: HTTPClientRequest) async throws -> Answer {
        let status: Int
        let etag: String?
        let bytes: [UInt8]
        do {
            let response = try await HTTPClient.ours.execute(request, timeout: .seconds(Int64(timeoutSeconds)))
            status = Int(response.status.code)
            etag = response.headers.first(name: "ETag")
            bytes = Array(buffer: try await response.body.collect(upTo: Self.answerBytesMax))
        } catch {
            throw Stop(
                .remote,
                """
                cannot reach the control plane at \(base): \(error)
                Is it running? `gatehouse up` starts one; --server or GATEHOUSE_URL names another.
                """
            )
        }
        guard status < 400 else { throw ProblemText(status: status, body: bytes, hasToken: token != nil).stop }
        return Answer(status: status, etag: etag, bytes: bytes)
    }

    /// No answer of ours is larger: a signed snapshot of the largest supported catalog.
    static let answerBytesMax = 512 << 20
}

/// A path under `/v1` with its query, every part percent-encoded.
struct Path: Sendable {
    let text: String

    /// - Parameter segments: joined with `/`, each encoded on its own so that a name cannot change the path.
    init(_ segments: String...) {
        text = "/v1/" + segments.map(Self.encode).joined(separator: "/")
    }

    private init(text: String) {
        self.text = text
    }

    /// The path with one more query parameter; nil and empty values add nothing.
    func query(_ name: String, _ value: String?) -> Path {
        guard let value, !value.isEmpty else { return self }
        return Path(text: text + (text.contains("?") ? "&" : "?") + name + "=" + Self.encode(value))
    }

    private static func encode(_ text: String) -> String {
        var unreserved = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        unreserved.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}

extension HTTPClient {
    /// The client of this process. A connection that is refused is told at once: who waits for a server that starts says so.
    static let ours: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
