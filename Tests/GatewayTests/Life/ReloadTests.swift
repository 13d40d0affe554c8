import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("Publishing under load", .serialized)
struct ReloadTests {
    /// Publishes and requests between two of them; `GATEHOUSE_RELOAD_REQUESTS` asks for more (500 make half a million).
    private static let publishes = 1_000
    private static let requestsBetween =
        ProcessInfo.processInfo.environment["GATEHOUSE_RELOAD_REQUESTS"].flatMap { Int($0) } ?? 3

    /// The generation is written into three places of a table: what the answer states, a field for the upstream, and the
    /// upstream's own path.
    private func content(_ generation: Int, port: Int) -> RoutingContent {
        var content = Sample.orders(port: port) { api in
            for index in api.versions.indices where api.versions[index].name == "1.2.0" {
                api.versions[index].name = "1.2.\(generation)"
            }
            api.requestHeaders = .init(set: [.init(name: "X-Generation", value: "1.2.\(generation)")])
        }
        content.upstreams[0].targets[0].path = "/base/1.2.\(generation)"
        content.upstreams[0].headerTimeoutMilliseconds = 30_000
        return content
    }

    @Test(
        "1,000 publishes: no request fails, no connection closes without an answer, none is served by two tables",
        .timeLimit(.minutes(30))
    )
    func publishes() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(content(1, port: upstream.port), Sample.rights()) { $0.loops = 2 }
        let callers = Callers(
            port: gateway.port,
            keeping: 8,
            fresh: 2,
            request: "GET /orders/v1/items HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Sample.key("gold"))\r\n\r\n"
        ) { response in
            guard let stated = response.field("api-version") else { return "no version" }
            let field = RawResponse(head: response.body).field("x-generation")
            let isOne = field == stated && response.body.hasPrefix("GET /base/\(stated)/items ")
            if !isOne { return "two tables: \(stated), \(field ?? ""), \(response.body.prefix(40))" }
            return response.field("connection") == nil ? nil : "closed"
        }
        var longest = Duration.zero
        let clock = ContinuousClock()
        for generation in 2...Self.publishes + 1 {
            let bytes = try RoutingSnapshot.encode(
                content(generation, port: upstream.port),
                generation: UInt64(generation),
                signer: nil
            )
            let start = clock.now
            try gateway.server.activate(routingBytes: bytes)
            longest = max(longest, clock.now - start)
            #expect(await callers.serve(Self.requestsBetween))
        }
        await callers.stop()
        print(
            "figure: \(Self.publishes) publishes, \(callers.served.value) requests, faults \(callers.faultsFound), longest swap \(longest)"
        )
        #expect(callers.faultsFound == [:])
        #expect(gateway.server.status.generation == UInt64(Self.publishes) + 1)
        await gateway.stop()
    }
}
