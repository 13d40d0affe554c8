import AsyncHTTPClient
import DocumentTree
import Foundation
import Gateway
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RoutingTable
import ServiceLifecycle

/// Pulls routing and entitlements from a control plane elsewhere and reports back. While the control plane is away the gateway
/// serves what it has; the age of that knowledge is in `/readyz?verbose` and in the metrics.
struct RemoteFeed: Service {
    let server: GatewayServer
    let address: String
    let token: String
    let environment: String
    let logger: Logger

    /// How long the control plane may hold a request back for a change, in seconds.
    static let waitSeconds = 30
    /// No artifact is larger.
    static let artifactBytesMax = 512 << 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await forever("routing", pullRouting) }
                group.addTask { await forever("entitlements", pullEntitlements) }
                group.addTask { await forever("report", report) }
                await group.waitForAll()
            }
        }
    }

    /// Repeats one act; after a failure it waits, longer each time and never in step with other gateways.
    private func forever(_ what: String, _ act: @Sendable () async throws -> Void) async {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await act()
                if failures > 0 { logger.notice("\(what): the control plane answers again") }
                failures = 0
            } catch {
                // The end of the process ends what is under way.
                guard !Task.isCancelled else { return }
                failures += 1
                if failures == 1 { logger.warning("\(what): \(Self.sentence(of: error)); trying again") }
                let most = min(0.1 * pow(2, Double(failures)), 5)
                // Only the end of the process cuts the sleep short, and the loop sees it.
                try? await Task.sleep(for: .seconds(Double.random(in: most / 2...most)))
            }
        }
    }

    private static func sentence(of error: any Error) -> String {
        switch error {
        case let stop as Stop: stop.text
        case let refused as ActivationRefused: "what the control plane sent is refused: \(refused)"
        default: "the control plane cannot be asked: \(error)"
        }
    }

    private func pullRouting() async throws {
        var fields: [(String, String)] = []
        if let generation = server.status.generation { fields.append(("If-None-Match", "\"\(generation)\"")) }
        let answer = try await send(.GET, "routing?wait=\(fields.isEmpty ? 0 : Self.waitSeconds)", fields: fields)
        guard answer.status == 200 else { return server.confirmRouting() }
        try server.activate(routingBytes: answer.bytes)
    }

    private func pullEntitlements() async throws {
        let sequence = server.status.sequence ?? 0
        let answer = try await send(.GET, "entitlements?after=\(sequence)&wait=\(sequence == 0 ? 0 : Self.waitSeconds)")
        guard answer.status == 200 else { return server.confirmEntitlements() }
        try server.apply(entitlementBytes: answer.bytes)
        // A catalog in which nobody was ever granted anything answers 0 with its base, at once: not asked again at once.
        if server.status.sequence == 0 { try await Task.sleep(for: .seconds(1)) }
    }

    private func report() async throws {
        let status = server.status
        let denials = server.drainDenials().suffix(1_000).map { denial in JSONValue(denial) }
        let body = JSONValue.object([
            ("name", .string(GatewayReports.name)), ("version", .string(Release.version)),
            ("generation", status.generation.map { .integer(Int64(clamping: $0)) } ?? .null),
            ("sequence", .integer(Int64(clamping: status.sequence ?? 0))), ("denials", .array(denials)),
        ])
        _ = try await send(.POST, "gateways", body: body)
        try await Task.sleep(for: .seconds(1))
    }

    /// The sentence of a problem (RFC 9457), or the start of what else came.
    private static func detail(of bytes: [UInt8]) -> String {
        let problem = try? Document.read(bytes, name: "answer")
        return problem?.root["detail"]?.scalarText ?? String(decoding: bytes.prefix(300), as: UTF8.self)
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        fields: [(String, String)] = [],
        body: JSONValue? = nil
    ) async throws -> (status: Int, bytes: [UInt8]) {
        var request = HTTPClientRequest(url: "\(address)/v1/environments/\(environment)/\(path)")
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        for (name, value) in fields { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text()))
        }
        let response = try await HTTPClient.ours.execute(request, timeout: .seconds(Int64(Self.waitSeconds + 30)))
        let bytes = Array(buffer: try await response.body.collect(upTo: Self.artifactBytesMax))
        let status = Int(response.status.code)
        guard status < 400 else {
            guard status != 401 else {
                throw Stop(.remote, "the control plane does not know the token of --control-token-file")
            }
            throw Stop(.remote, "the control plane answers \(status): \(Self.detail(of: bytes))")
        }
        return (status, bytes)
    }
}

extension JSONValue {
    /// A refusal as the control plane takes it (schema `Denial`).
    init(_ denial: Denial) {
        func named(_ text: String) -> JSONValue { text.isEmpty ? .null : .string(text) }
        let moment = Date(timeIntervalSince1970: Double(denial.time)).formatted(.iso8601)
        let place = denial.source.map { source in
            JSONValue.object([
                ("file", .string(source.file)), ("line", .integer(Int64(source.line))),
                ("pointer", .string(source.pointer)),
                ("sha256", .string(source.specificationSHA256.hexadecimal)),
            ])
        }
        self = .object([
            ("requestId", .string(denial.requestID)), ("at", .string(moment)),
            ("status", .integer(Int64(denial.status))),
            ("code", .string(denial.code)), ("method", .string(denial.method)), ("path", .string(denial.path)),
            ("api", named(denial.api)), ("version", named(denial.version)), ("operation", named(denial.operation)),
            ("application", named(denial.application)), ("credential", named(denial.credentialStart)),
            ("plan", named(denial.plan)), ("limit", denial.limits.first.map(JSONValue.string) ?? .null),
            ("detail", .string(denial.detail)), ("generation", .integer(Int64(clamping: denial.generation))),
            ("specification", place ?? .null),
        ])
    }
}
