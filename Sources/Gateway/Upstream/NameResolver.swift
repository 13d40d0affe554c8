internal import NIOPosix

/// Looks up names on threads of its own: `getaddrinfo` blocks.
final class NameResolver: Sendable {
    private let threads = NIOThreadPool(numberOfThreads: 2)

    func start() { threads.start() }

    /// Calls back with the addresses of `host`, from another thread.
    func resolve(
        _ host: String,
        port: Int,
        _ done: @escaping @Sendable (Result<[SocketAddress], ResolutionFailure>) -> Void
    ) {
        threads.submit { state in
            guard case .active = state else {
                return done(.failure(ResolutionFailure(reason: "the gateway is stopping")))
            }
            do throws(ResolutionFailure) {
                done(.success(try SocketAddress.resolve(host, port: port, forListening: false)))
            } catch {
                done(.failure(error))
            }
        }
    }

    /// Ends the threads; look-ups that wait are answered with a failure.
    func stop() async {
        // Nobody is left who could act on a failure to stop threads.
        try? await threads.shutdownGracefully()
    }
}
