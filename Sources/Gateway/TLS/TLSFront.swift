internal import Synchronization

/// TLS towards callers: the context in force, and the files that it is made of. A change of the files is taken up without a
/// restart, one certificate at a time; one that is no good is refused, and what was served before is served on.
final class TLSFront: Sendable {
    /// One certificate as metrics show it.
    struct Shown: Hashable, Sendable {
        let name: String
        let notAfter: Int64
    }

    private struct Entry {
        var source: TLSSettings.Certificate
        /// Nil while the files were never any good.
        var identity: TLSIdentity?
        var stamps: [UpstreamFiles.Stamp?]
    }

    private struct Work {
        var entries: [Entry] = []
        var authorities: [UInt8] = []
        var authorityStamp: UpstreamFiles.Stamp?
        /// The last thing said about the folder, so that it is not said every second.
        var folderFault: String?
    }

    private let settings: TLSSettings
    private let files: CertificateFiles
    private let tickets: TLSTickets
    private let work: Mutex<Work>
    private let current: Mutex<(context: TLSServerContext, shown: [Shown])>
    private let taken = Atomic<UInt64>(0)
    private let refused = Atomic<UInt64>(0)
    /// What was found at the start that people should know.
    let notes: [String]

    /// Reads everything. Blocks. `now`: Unix seconds.
    ///
    /// - Throws: `TLSFault` for the first file that is no good: nothing is served half.
    init(_ settings: TLSSettings, now: Int64) throws(TLSFault) {
        self.settings = settings
        files = CertificateFiles(settings: settings)
        tickets = try TLSTickets(now: now)
        var start = Work()
        var notes: [String] = []
        for source in try files.sources() {
            let identity = try CertificateFiles.read(source)
            if let stale = CertificateFiles.staleness(of: identity, at: now) {
                notes.append("TLS: `\(source.chain)` is served although \(stale)")
            }
            start.entries.append(
                Entry(source: source, identity: identity, stamps: CertificateFiles.stamps(source))
            )
        }
        let identities = start.entries.compactMap(\.identity)
        guard !identities.isEmpty else { throw TLSFault(.certificate, "there is no certificate to serve TLS with") }
        if settings.rules.clientCertificates != .off {
            guard let path = settings.clientAuthorities else {
                throw TLSFault(.certificate, "client certificates are asked for, and no authority is named to believe")
            }
            start.authorityStamp = UpstreamFiles.stamp(at: path)
            start.authorities = try CertificateFiles.bytes(of: path)
        }
        let context = try Self.makeContext(settings, identities, start.authorities, tickets)
        current = Mutex((context, Self.shown(identities)))
        work = Mutex(start)
        self.notes = notes
    }

    private static func makeContext(
        _ settings: TLSSettings,
        _ identities: [TLSIdentity],
        _ authorities: [UInt8],
        _ tickets: TLSTickets
    ) throws(TLSFault) -> TLSServerContext {
        do throws(TLSFault) {
            return try TLSServerContext(identities, rules: settings.rules, authorities: authorities, tickets: tickets)
        } catch {
            throw TLSFault(error.reason, "`\(settings.clientAuthorities ?? "")`: \(error)")
        }
    }

    /// By the first name of each; of several with one name the one that ends first.
    private static func shown(_ identities: [TLSIdentity]) -> [Shown] {
        var ends: [String: Int64] = [:]
        for identity in identities {
            let name = identity.names.first ?? ""
            ends[name] = min(ends[name] ?? .max, identity.notAfter)
        }
        return ends.map { Shown(name: $0.key, notAfter: $0.value) }.sorted { $0.name < $1.name }
    }

    /// What new connections speak TLS with.
    var context: TLSServerContext { current.withLock { $0.context } }

    /// The certificates in force.
    var shown: [Shown] { current.withLock { $0.shown } }

    /// How often files were taken up, and refused.
    var loads: (taken: UInt64, refused: UInt64) {
        (taken.load(ordering: .relaxed), refused.load(ordering: .relaxed))
    }

    /// Whether callers are asked for certificates.
    var asksForCertificates: Bool { settings.rules.clientCertificates != .off }

    // MARK: Changes

    /// Looks at the files and takes up what changed; `isForced` reads those too that look the same. Blocks. `now`: Unix
    /// seconds.
    ///
    /// - Returns: what to tell people.
    func refresh(at now: Int64, isForced: Bool = false) -> [String] {
        tickets.rotate(at: now)
        return work.withLock { work in
            var told: [String] = []
            let isChanged = takeCertificates(&work, now, isForced, &told)
            let isOther = takeAuthorities(&work, isForced, &told)
            if isChanged || isOther { replace(work, &told) }
            if isForced { told.append("TLS: the certificate files were read again") }
            return told
        }
    }

    private func takeCertificates(_ work: inout Work, _ now: Int64, _ isForced: Bool, _ told: inout [String]) -> Bool {
        let sources: [TLSSettings.Certificate]
        do throws(TLSFault) {
            sources = try files.sources()
            work.folderFault = nil
        } catch {
            if work.folderFault != error.description { refuse(error.description, &told) }
            work.folderFault = error.description
            return false
        }
        let known = Dictionary(work.entries.map { ($0.source, $0) }) { first, _ in first }
        var isChanged = work.entries.contains { !sources.contains($0.source) }
        work.entries = sources.map { source in
            let stamps = CertificateFiles.stamps(source)
            var entry = known[source] ?? Entry(source: source, stamps: [])
            guard isForced || entry.stamps != stamps else { return entry }
            // A file that is being replaced is read again at the next look, because its stamp changes once more.
            entry.stamps = stamps
            do throws(TLSFault) {
                let identity = try CertificateFiles.read(source)
                if let stale = CertificateFiles.staleness(of: identity, at: now) {
                    throw TLSFault(.certificate, "`\(source.chain)`: \(stale)")
                }
                entry.identity = identity
                isChanged = true
                taken.wrappingAdd(1, ordering: .relaxed)
                if !isForced { told.append("TLS: `\(source.chain)` is served from now on") }
            } catch {
                let kept = entry.identity == nil ? "it is not served" : "the one before is served on"
                refuse("\(error); \(kept)", &told)
            }
            return entry
        }
        return isChanged
    }

    private func takeAuthorities(_ work: inout Work, _ isForced: Bool, _ told: inout [String]) -> Bool {
        guard settings.rules.clientCertificates != .off, let path = settings.clientAuthorities else { return false }
        let stamp = UpstreamFiles.stamp(at: path)
        guard isForced || stamp != work.authorityStamp else { return false }
        work.authorityStamp = stamp
        do throws(TLSFault) {
            let bytes = try CertificateFiles.bytes(of: path)
            guard let identity = work.entries.lazy.compactMap(\.identity).first, bytes != work.authorities else {
                return false
            }
            // Refused now rather than with certificates that change later.
            _ = try Self.makeContext(settings, [identity], bytes, tickets)
            work.authorities = bytes
            taken.wrappingAdd(1, ordering: .relaxed)
            told.append("TLS: the authorities of `\(path)` are believed from now on")
            return true
        } catch {
            refuse("\(error); those before are believed on", &told)
            return false
        }
    }

    private func replace(_ work: Work, _ told: inout [String]) {
        let identities = work.entries.compactMap(\.identity)
        guard !identities.isEmpty else {
            return refuse("there is no certificate left; those before are served on", &told)
        }
        do throws(TLSFault) {
            let context = try Self.makeContext(settings, identities, work.authorities, tickets)
            let shown = Self.shown(identities)
            current.withLock { $0 = (context, shown) }
        } catch {
            refuse("\(error); what was served before is served on", &told)
        }
    }

    private func refuse(_ reason: String, _ told: inout [String]) {
        refused.wrappingAdd(1, ordering: .relaxed)
        told.append("TLS: \(reason)")
    }
}
