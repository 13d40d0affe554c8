import Synchronization

/// Numbers label sets, so that a loop counts by a small integer and the names are looked at only when somebody reads.
///
/// A number is never given back: a counter keeps its value over snapshot swaps, as Prometheus expects.
public final class SeriesRegistry: Sendable {
    private struct State {
        var numbers: [[String]: Int] = [:]
        var labels: [[String]] = []
    }

    private let state = Mutex(State())
    private let overflow: [String]
    /// Label sets that are kept apart at most; later ones share number 0.
    public let capacity: Int

    /// Makes a registry whose number 0 is `overflow`.
    ///
    /// - Parameters:
    ///   - overflow: the label values of what cannot be told apart (no route, or too many series).
    ///   - capacity: how many label sets are told apart, 1 or more.
    public init(overflow: [String], capacity: Int) {
        precondition(capacity >= 1, "a registry holds at least its overflow series")
        self.overflow = overflow
        self.capacity = capacity
        state.withLock {
            $0.numbers[overflow] = 0
            $0.labels.append(overflow)
        }
    }

    /// The number of a label set; the same one for ever.
    public func number(_ labels: [String]) -> Int {
        state.withLock { state in
            if let number = state.numbers[labels] { return number }
            guard state.labels.count < capacity else { return 0 }
            let number = state.labels.count
            state.numbers[labels] = number
            state.labels.append(labels)
            return number
        }
    }

    /// All label sets, by number.
    public var all: [[String]] { state.withLock { $0.labels } }
}
