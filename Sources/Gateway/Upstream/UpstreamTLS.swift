internal import Synchronization
internal import UpstreamRules

/// What an upstream's `https` targets are spoken to with. Files are read when the upstream appears and when one of them
/// changes; content that is no good leaves the last good one in force.
final class UpstreamTLS: Sendable {
    /// What one state of the files gave.
    final class Context: Sendable {
        /// Grows with every load; connections of older ones are not used again.
        let generation: UInt64
        let tls: TLSClientContext

        fileprivate init(_ tls: TLSClientContext, generation: UInt64) {
            self.tls = tls
            self.generation = generation
        }
    }

    private struct State {
        var context: Context?
        var stamps: [UpstreamFiles.Stamp?] = []
        var fault: String?
    }

    private let settings: TLS
    private let files: UpstreamFiles
    private let upstream: String
    private let state = Mutex(State())
    private let loaded = Atomic<UInt64>(0)

    init(_ settings: TLS, files: UpstreamFiles, upstream: String) {
        self.settings = settings
        self.files = files
        self.upstream = upstream
        _ = refresh()
    }

    /// Number of the context in force.
    @inline(__always)
    var generation: UInt64 { loaded.load(ordering: .relaxed) }

    /// The context in force; nil while no state of the files was any good.
    var context: Context? { state.withLock { $0.context } }

    /// What is wrong with the files as they are now; nil when nothing is.
    var fault: String? { state.withLock { $0.fault } }

    private var names: [String] { [settings.authorities, settings.certificate, settings.key].filter { !$0.isEmpty } }

    /// Looks at the files and loads them when one changed. Blocks.
    ///
    /// - Returns: what to tell people, where there is anything new.
    func refresh() -> String? {
        let stamps = names.map { files.stamp($0) }
        return state.withLock { state in
            // A file that is being replaced is read again at the next look, because its stamp changes once more.
            guard state.context == nil && state.fault == nil || state.stamps != stamps else { return nil }
            let isFirst = state.stamps.isEmpty && state.fault == nil
            state.stamps = stamps
            do {
                let made = try makeContext()
                let number = loaded.load(ordering: .relaxed) + 1
                state.context = Context(made, generation: number)
                state.fault = nil
                loaded.store(number, ordering: .releasing)
                return isFirst ? nil : "upstream `\(upstream)`: the TLS files were read again"
            } catch {
                let kept = state.context == nil ? "it has none" : "the last good ones stay in force"
                state.fault = "\(error)"
                return "upstream `\(upstream)`: the TLS files cannot be used, \(kept): \(error)"
            }
        }
    }

    private func makeContext() throws -> TLSClientContext {
        var authorities: [UInt8]?
        if !settings.authorities.isEmpty {
            authorities = try files.read(settings.authorities, bytesMax: UpstreamFiles.pemBytesMax)
        }
        var identity: TLSIdentity?
        if !settings.certificate.isEmpty {
            let chain = try files.read(settings.certificate, bytesMax: UpstreamFiles.pemBytesMax)
            let key = try files.read(settings.key, bytesMax: UpstreamFiles.pemBytesMax)
            do throws(TLSFault) {
                identity = try TLSIdentity(chain: chain, key: key)
            } catch {
                throw UpstreamFiles.Fault(description: "`\(settings.certificate)` with `\(settings.key)`: \(error)")
            }
        }
        do throws(TLSFault) {
            return try TLSClientContext(verifies: settings.verifies, authorities: authorities, identity: identity)
        } catch {
            throw UpstreamFiles.Fault(description: "`\(settings.authorities)`: \(error)")
        }
    }
}
