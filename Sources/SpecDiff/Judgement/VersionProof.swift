import DocumentTree
public import OpenAPIModel

/// Whether the version that a document declares tells the truth about what changed since another one.
public struct VersionProof: Hashable, Sendable {
    /// `info.version` of the older document; nil where it has none.
    public let base: String?
    /// `info.version` of the newer document; nil where it has none.
    public let revision: String?
    /// How far the one is from the other.
    public let step: VersionStep
    /// The smallest step that tells the truth.
    public let requiredBump: VersionBump
    /// What is wrong with the declared version; nil where it tells the truth.
    ///
    /// Its checks are those of oasdiff, at the weight of a proof that fails: `api-version-not-bumped` where the version
    /// is the same or says less than it should, `api-major-version-not-bumped` where callers may break and it was
    /// raised by less than that, `api-version-decreased`; and our own
    /// `api-version-not-comparable`, a warning, where there is something to tell and no way to judge.
    public let finding: Change?

    /// The checks that a proof speaks with.
    public static let checks: Set<String> = [
        "api-major-version-not-bumped", "api-version-not-bumped", "api-version-decreased", "api-version-not-comparable",
    ]

    /// Weighs the declared versions of two documents against what changed between them.
    public init(base: OpenAPIDocument, revision: OpenAPIDocument, report: DiffReport) {
        let places = (base: Self.place(base), revision: Self.place(revision))
        self.init(base: base.version, revision: revision.version, report: report, places)
    }

    init(
        base: String?,
        revision: String?,
        report: DiffReport,
        _ places: (base: ChangePlace?, revision: ChangePlace?) = (nil, nil)
    ) {
        self.base = base
        self.revision = revision
        // What earlier checks said of the version is not what the version is weighed against.
        let changes = report.changes.filter { !Self.checks.contains($0.id) }
        requiredBump = report.requiredBump
        let old = base.flatMap { DeclaredVersion($0) }
        let new = revision.flatMap { DeclaredVersion($0) }
        if let old, let new { step = VersionStep(from: old, to: new) } else { step = .incomparable }
        let words = VersionWords(base: base, revision: revision, old: old, new: new, required: requiredBump)
        finding = words.complaint(about: step, changes).map { complaint in
            Change(
                id: complaint.id,
                level: complaint.level,
                text: complaint.text,
                arguments: [base ?? "", revision ?? ""],
                comment: complaint.comment,
                sites: [ChangeSite(section: "info", level: complaint.level)],
                base: places.base,
                revision: places.revision,
                fingerprint: Self.fingerprint([complaint.id, base ?? "", revision ?? ""])
            )
        }
    }

    /// The report with the proof's finding in the place of what earlier checks said of the version.
    ///
    /// - Parameters:
    ///   - report: what changed.
    ///   - levels: levels that replace those of the proof, by check; nil as a value leaves its finding out.
    /// - Returns: the report, whose ``DiffReport/requiredBump`` stays: a version is no reason to raise itself.
    public func added(to report: DiffReport, levels: [String: ChangeLevel?] = [:]) -> DiffReport {
        var result = report
        result.changes.removeAll { Self.checks.contains($0.id) }
        guard var finding else { return result }
        if let level = levels[finding.id] {
            guard let level else { return result }
            finding.level = level
            finding.sites = finding.sites.map { site in
                var site = site
                site.level = level
                return site
            }
        }
        result.changes = (result.changes + [finding]).sorted(by: Change.precedes)
        return result
    }

    /// The proof in one sentence, for people.
    public var summary: String {
        let asked =
            requiredBump == .none ? "nothing asks for a step" : "the changes ask for a \(requiredBump.name) step"
        let versions = "`\(base ?? "none")` → `\(revision ?? "none")`"
        return switch step {
        case .unchanged: "version \(versions): unchanged; \(asked)"
        case .raised(let admitted): "version \(versions): admits to \(admitted.name) changes; \(asked)"
        case .fromPreRelease: "version \(versions): the base is a pre-release, which promises nothing; \(asked)"
        case .decreased: "version \(versions): went back; \(asked)"
        case .incomparable: "version \(versions): cannot be compared; \(asked)"
        }
    }

    private static func place(_ document: OpenAPIDocument) -> ChangePlace? {
        guard let node = document.node["info"]?["version"] ?? document.node["info"] else { return nil }
        return ChangePlace(source: node.document.source.name, range: node.range, path: node.path)
    }

    /// FNV-1a of 64 bits over the parts, a zero byte after each.
    private static func fingerprint(_ parts: [String]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in Array(part.utf8) + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
