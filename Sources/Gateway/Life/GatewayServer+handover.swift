internal import NIOCore
internal import Synchronization

// What a gateway does while another process takes its place; who asks for it in which order says `HandoverPoint`.

extension GatewayServer {
    /// What a successor is given, by the words of the conversation.
    var socketsToPass: [(word: String, descriptor: Int32)] {
        running.withLock { $0.passed } + (core.ledger.map { [(word: HandoverWord.ledger, descriptor: $0.file)] } ?? [])
    }

    /// Keeps no artifacts on disk for the moment: a successor reads what is there.
    func holdStore() { store?.hold() }

    /// Keeps artifacts again, those that came meanwhile first.
    func releaseStore() { store?.release() }

    /// Accepts no more; what connects waits in the sockets. Returns when every loop has stopped.
    func pauseAccepting() async { await holdListening(true) }

    /// Accepts again.
    func resumeAccepting() async { await holdListening(false) }

    private func holdListening(_ isHeld: Bool) async {
        for loop in running.withLock({ $0.loops }) {
            await withCheckedContinuation { continuation in
                loop.reactor.execute {
                    loop.holdListening(isHeld)
                    continuation.resume()
                }
            }
        }
        // Two who wait at one socket are both woken for one connection, and NIO takes it for an error to come second.
        // Fails only for a channel that is closed, which accepts nothing anyway.
        try? await running.withLock { $0.operations }?.setOption(ChannelOptions.autoRead, value: !isHeld).get()
    }

    /// A successor serves: what is left to do is to finish.
    func noteHandedOver() {
        core.ledger?.handOn()
        running.withLock { $0.isHandedOver = true }
    }

    /// Whether a successor has taken the sockets.
    public var isHandedOver: Bool { running.withLock { $0.isHandedOver } }
}
