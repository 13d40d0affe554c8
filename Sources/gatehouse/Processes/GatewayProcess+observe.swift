import Foundation
import Gateway
import Logging
import Telemetry
import UnixSignals

extension GatewayProcess {
    /// Runs `body` while SIGUSR1 opens the access log anew and spans are exported; then exports what is left.
    func observed(_ body: () async throws -> Void) async throws {
        for warning in export.warnings { logger.warning("\(warning)") }
        let exporter = TraceExporter(export, server: server, logger: logger)
        let left = try await withThrowingTaskGroup(of: SpanBatch?.self) { group in
            group.addTask {
                await reopenOnSignal()
                return nil
            }
            if let exporter { group.addTask { await exporter.run() } }
            // Also when `body` fails.
            defer { group.cancelAll() }
            try await body()
            group.cancelAll()
            var left: SpanBatch?
            for try await batch in group { left = batch ?? left }
            return left
        }
        await exporter?.finish(left)
    }

    /// As nginx and others do: after the file was renamed, SIGUSR1 makes the next line go to a new one.
    private func reopenOnSignal() async {
        for await _ in await UnixSignalsSequence(trapping: .sigusr1) {
            server.reopenAccessLog()
            logger.info("the access log is opened anew")
        }
    }

    /// Until ``observed(_:)`` runs, the signal must not end the process, as it does where nobody asked for it.
    static func ignoreReopeningSignal() { signal(SIGUSR1, SIG_IGN) }
}
