import AsyncHTTPClient
import DocumentTree
import Foundation
import Gateway
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Telemetry

/// Sends spans to a collector over OTLP/HTTP in batches, away from the loops. A collector that is slow or gone costs spans,
/// which are counted, and nothing else.
struct TraceExporter: Sendable {
    let settings: TraceExportSettings
    let endpoint: String
    let server: GatewayServer
    let logger: Logger

    /// How long the end of the process may wait for the collector.
    static let lastWordMilliseconds = 5_000
    /// Steps in which is looked whether a batch is full, in milliseconds.
    private static let stepMilliseconds = 100
    /// No answer of a collector is longer.
    private static let answerBytesMax = 1 << 20

    init?(_ settings: TraceExportSettings, server: GatewayServer, logger: Logger) {
        guard let endpoint = settings.endpoint else { return nil }
        self.settings = settings
        self.endpoint = endpoint
        self.server = server
        self.logger = logger
    }

    /// Exports until it is cancelled.
    ///
    /// - Returns: the batch that was under way then.
    func run() async -> SpanBatch? {
        while await isTime() {
            repeat {
                let batch = server.takeSpans(settings.batchMax)
                guard batch.count > 0 else { break }
                guard await deliver(batch, withinMilliseconds: settings.exportMilliseconds) else { return batch }
            } while server.waitingSpanCount >= settings.batchMax
        }
        return nil
    }

    /// Exports what is left, for a few seconds at most.
    func finish(_ started: SpanBatch?) async {
        let end = Self.now() + Int64(Self.lastWordMilliseconds)
        var next = started ?? server.takeSpans(settings.batchMax)
        while next.count > 0 {
            let left = Int(end - Self.now())
            guard left > 0, await deliver(next, withinMilliseconds: left) else {
                return server.noteSpans(exported: 0, failed: next.count + server.waitingSpanCount)
            }
            next = server.takeSpans(settings.batchMax)
        }
    }

    /// Waits until a batch is full or the oldest span has waited long enough; false when the task was cancelled.
    private func isTime() async -> Bool {
        var waited = 0
        while waited < settings.delayMilliseconds, server.waitingSpanCount < settings.batchMax {
            let step = min(Self.stepMilliseconds, settings.delayMilliseconds - waited)
            guard (try? await Task.sleep(for: .milliseconds(step))) != nil else { return false }
            waited += step
        }
        return !Task.isCancelled
    }

    /// Sends a batch until it arrived or is given up; false when the task was cancelled meanwhile.
    private func deliver(_ batch: SpanBatch, withinMilliseconds: Int) async -> Bool {
        let body = batch.request(resource: settings.resource, version: Release.version)
        let end = Self.now() + Int64(withinMilliseconds)
        var retry = ExportRetry(endsAt: end)
        while true {
            let timeout = max(1, min(settings.timeoutMilliseconds, Int(end - Self.now())))
            let answer = await post(body, timeoutMilliseconds: timeout)
            guard !Task.isCancelled else { return false }
            let random = Double.random(in: 0..<1)
            switch retry.judge(status: answer.status, retryAfter: answer.retryAfter, now: Self.now(), random: random) {
            case .done:
                if answer.rejected > 0 {
                    logger.warning("the collector refused \(answer.rejected) spans: \(answer.text)")
                }
                let refused = min(answer.rejected, batch.count)
                server.noteSpans(exported: batch.count - refused, failed: refused)
                return true
            case .giveUp:
                logger.warning("\(batch.count) spans are lost: the collector says \(answer.text)")
                server.noteSpans(exported: 0, failed: batch.count)
                return true
            case .again(let milliseconds):
                logger.info("the collector is asked again in \(milliseconds) ms: \(answer.text)")
                guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return false }
            }
        }
    }

    private struct CollectorAnswer {
        var status: Int?
        var retryAfter: String?
        var rejected = 0
        var text: String
    }

    private func post(_ body: [UInt8], timeoutMilliseconds: Int) async -> CollectorAnswer {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "gatehouse/\(Release.version)")
        for pair in settings.headers { request.headers.replaceOrAdd(name: pair.key, value: pair.value) }
        request.body = .bytes(body)
        do {
            let response = try await HTTPClient.ours.execute(
                request,
                timeout: .milliseconds(Int64(timeoutMilliseconds))
            )
            let content = Data(buffer: try await response.body.collect(upTo: Self.answerBytesMax))
            var answer = CollectorAnswer(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "Retry-After"),
                text: "\(response.status.code)"
            )
            readPartialSuccess(content, into: &answer)
            return answer
        } catch {
            return CollectorAnswer(text: "\(error)")
        }
    }

    /// `ExportTracePartialSuccess`: taken, but for some.
    private func readPartialSuccess(_ content: Data, into answer: inout CollectorAnswer) {
        do throws(UnreadableDocument) {
            let document = try Document.read(Array(content), name: "answer")
            guard let part = document.root["partialSuccess"] else { return }
            answer.rejected = part["rejectedSpans"]?.scalarText.flatMap { Int($0) } ?? 0
            if let message = part["errorMessage"]?.scalarText { answer.text += " \(message)" }
        } catch {
            // Collectors may answer with nothing, or with a text: the status says enough.
            return
        }
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
