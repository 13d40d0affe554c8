public import Governance
import Synchronization
import Telemetry

/// What the control plane counts of itself: the requests it answers, the checks it makes in the background and how many wait,
/// and its connections to the database.
///
/// Written from any task and read by whoever asks for ``text``. Labels are bounded: methods, paths and classes of statuses are those
/// of the API's description.
public final class ControlMetrics: Sendable {
    /// What was asked for.
    struct Series: Hashable, Sendable {
        /// The method's name, or `other`.
        var method: String
        /// The path as the API's description writes it, or `unmatched`.
        var route: String
    }

    /// How a background check ended.
    public enum CheckResult: String, Sendable, CaseIterable {
        /// Its result is stored.
        case done
        /// An outer reason kept it from being made, or from being taken out of the queue; it waits for another try.
        case failed
    }

    /// The connections to the database: open or being opened, idle among them, and callers who wait for one.
    public typealias Connections = (open: Int, idle: Int, waiting: Int)

    private struct State {
        var answers: [Series: [UInt64]] = [:]
        var durations: [String: DurationHistogram.Reading] = [:]
        var checks: [CheckResult: UInt64] = [:]
        var checkDuration = DurationHistogram.Reading()
        var queue: CheckQueue?
    }

    private let state = Mutex(State())
    private let connections: @Sendable () -> Connections

    /// Classes of statuses in the order in which they are counted.
    private static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]

    /// - Parameter connections: reads the state of the pool whenever somebody asks.
    public init(connections: @escaping @Sendable () -> Connections) {
        self.connections = connections
    }

    /// Counts one answer.
    ///
    /// - Parameters:
    ///   - series: what was asked for.
    ///   - status: 100 … 599.
    ///   - duration: from the request's head to the answer's, without what is still streamed.
    func answered(_ series: Series, status: Int, after duration: Duration) {
        state.withLock { state in
            let place = min(max(status / 100 - 1, 0), Self.classes.count - 1)
            state.answers[series, default: Array(repeating: 0, count: Self.classes.count)][place] += 1
            state.durations[series.route, default: DurationHistogram.Reading()].record(duration)
        }
    }

    /// Counts one background check.
    public func checked(_ result: CheckResult, after duration: Duration) {
        state.withLock { state in
            state.checks[result, default: 0] += 1
            state.checkDuration.record(duration)
        }
    }

    /// Notes how long the queue is; nil where the database cannot be asked, which then is left out of the text.
    public func measured(_ queue: CheckQueue?) {
        state.withLock { $0.queue = queue }
    }

    /// All of it in the Prometheus text format.
    public var text: String {
        let state = state.withLock { $0 }
        var out = PrometheusText()
        Self.writeAnswers(state, to: &out)
        Self.writeChecks(state, to: &out)
        let (open, idle, waiting) = connections()
        let name = "gatehouse_control_database_connections"
        out.begin(name, .gauge, help: "Connections to the database.")
        out.sample(name, [("state", "busy")], UInt64(max(0, open - idle)))
        out.sample(name, [("state", "idle")], UInt64(max(0, idle)))
        let queue = "gatehouse_control_database_waiting"
        out.begin(queue, .gauge, help: "Callers who wait for a connection to the database.")
        out.sample(queue, UInt64(max(0, waiting)))
        return out.text
    }

    private static func writeAnswers(_ state: State, to out: inout PrometheusText) {
        let name = "gatehouse_control_requests_total"
        out.begin(name, .counter, help: "Requests to the control plane answered.")
        let order = state.answers.sorted { ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method) }
        for (series, counts) in order {
            for (place, count) in counts.enumerated() where count > 0 {
                let labels = [("method", series.method), ("route", series.route), ("status_class", classes[place])]
                out.sample(name, labels, count)
            }
        }
        let duration = "gatehouse_control_request_duration_seconds"
        out.begin(duration, .histogram, help: "From a request's head to its answer's; gateways wait for news.")
        for (route, reading) in state.durations.sorted(by: { $0.key < $1.key }) {
            out.histogram(duration, [("route", route)], reading)
        }
    }

    private static func writeChecks(_ state: State, to out: inout PrometheusText) {
        out.begin("gatehouse_control_checks_total", .counter, help: "Background checks of documents by this process.")
        for result in CheckResult.allCases {
            out.sample("gatehouse_control_checks_total", [("result", result.rawValue)], state.checks[result] ?? 0)
        }
        out.begin("gatehouse_control_check_duration_seconds", .histogram, help: "Time of a background check.")
        out.histogram("gatehouse_control_check_duration_seconds", [], state.checkDuration)
        // Nothing is said about a queue that cannot be seen.
        guard let queue = state.queue else { return }
        let help = "of the whole queue, the same on every node."
        out.begin("gatehouse_control_checks_waiting", .gauge, help: "Background checks that wait, \(help)")
        out.sample("gatehouse_control_checks_waiting", UInt64(max(0, queue.waiting)))
        out.begin("gatehouse_control_checks_failing", .gauge, help: "Waiting checks that were tried in vain, \(help)")
        out.sample("gatehouse_control_checks_failing", UInt64(max(0, queue.failing)))
        out.begin("gatehouse_control_checks_oldest_seconds", .gauge, help: "How long the oldest check waits, \(help)")
        out.sample("gatehouse_control_checks_oldest_seconds", seconds: queue.longest / .seconds(1))
    }
}
