import Testing

@testable import ControlPlane

@Suite("ChangeSignal")
struct ChangeSignalTests {
    /// Longer than any test may take: who waits so long was not woken.
    private static let long = Duration.seconds(3_600)

    @Test("a change wakes who waits for it, and who comes late does not wait", .timeLimit(.minutes(1)))
    func changes() async {
        let signal = ChangeSignal()
        let seen = signal.count
        async let woken: Void = signal.wait(after: seen, timeout: Self.long)
        signal.fire()
        await woken
        #expect(signal.count == seen + 1)
        await signal.wait(after: seen, timeout: Self.long)
        #expect(!signal.isOver)
    }

    @Test("the end wakes all, and nobody waits after it", .timeLimit(.minutes(1)))
    func end() async {
        let signal = ChangeSignal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { await signal.wait(after: signal.count, timeout: Self.long) } }
            group.addTask { signal.end() }
            await group.waitForAll()
        }
        #expect(signal.isOver)
        await signal.wait(after: signal.count, timeout: Self.long)
    }

    @Test("who is cancelled does not wait, and neither does who gave a time that is over", .timeLimit(.minutes(1)))
    func ends() async {
        let signal = ChangeSignal()
        let task = Task { await signal.wait(after: signal.count, timeout: Self.long) }
        task.cancel()
        await task.value
        await signal.wait(after: signal.count, timeout: .milliseconds(1))
        #expect(!signal.isOver)
    }
}
