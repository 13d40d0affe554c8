import UnixSignals

/// SIGHUP: read the files again, as other servers do.
enum Hangup {
    /// Runs `body`, and `action` whenever the signal comes meanwhile.
    static func calling(
        _ action: @escaping @Sendable () -> Void,
        while body: @escaping @Sendable () async throws -> Void
    )
        async throws
    {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { action() } }
            defer { group.cancelAll() }
            try await body()
        }
    }
}
