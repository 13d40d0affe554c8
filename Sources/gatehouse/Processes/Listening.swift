import NIOCore
import ServiceLifecycle

/// Turns a bind that failed into a sentence that names the address.
enum Listening {
    /// - Parameters:
    ///   - address: as the user wrote it.
    ///   - body: listens there.
    /// - Throws: `Stop` where the address cannot be had, else what `body` throws.
    static func run(at address: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as IOError where error.errnoCode == 98 {
            throw Stop(
                .usage,
                "address in use: somebody already listens on `\(address)`; stop them or choose another port"
            )
        } catch let error as IOError where [13, 99].contains(error.errnoCode) {
            throw Stop(.usage, "cannot listen on `\(address)`: \(error)")
        }
    }
}

/// A server in a service group: its failure to listen names its own address, and its requests that wait hear that it ends.
struct ListeningService: Service {
    /// As the user wrote it.
    let address: String
    let server: any Service
    /// Called when the process is told to end, before requests under way are waited for.
    var onShutdown: @Sendable () -> Void = {}

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await Listening.run(at: address) { try await server.run() }
        } onGracefulShutdown: {
            onShutdown()
        }
    }
}
