public import CatalogStore
import DocumentTree
public import Lifecycle
import SpecDiff

/// What changes from one revision to another.
public struct VersionComparison: Sendable, Hashable, Codable {
    /// The older one; nil where there was nothing to compare with.
    public var base: ComparedRevision?
    /// The newer one.
    public var revision: ComparedRevision
    /// Whether the names of the two versions tell callers that they may break.
    public var isMajorStep: Bool
    /// What changes; nil where there was nothing to compare with.
    public var comparison: Comparison?
}

extension Governance {
    /// What changes in a revision: against the published revision of the greatest version up to its own, or against any other
    /// version, written `1.0.0` (its published revision, else its newest) or `1.0.0@3`.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `validation-failed`.
    public func compareVersions(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int,
        base: String? = nil
    ) async throws(GovernanceError) -> VersionComparison {
        let pair = try await read(actor) { work -> (base: ComparedRevision?, revision: ComparedRevision) in
            let api = try await work.fullAPI(api)
            let version = try await work.version(version, of: api)
            let newer = ComparedRevision(
                try await work.revision(revision, of: version),
                version: version.version,
                major: version.major
            )
            guard let base else { return (try await work.base(of: version), newer) }
            return (try await work.base(named: base, of: api), newer)
        }
        return try await compare(actor, pair.base, pair.revision)
    }

    /// Compares two revisions; the result is stored, whoever asks first.
    func compare(
        _ actor: Actor,
        _ base: ComparedRevision?,
        _ revision: ComparedRevision
    ) async throws(GovernanceError) -> VersionComparison {
        guard let base else {
            return VersionComparison(base: nil, revision: revision, isMajorStep: false, comparison: nil)
        }
        let comparison = try await read(actor) { work in
            try await work.compare(
                AssessedDocument(base, in: work),
                AssessedDocument(revision, in: work)
            )
        }
        let isMajorStep = VersionName(revision.version).isMajorStep(from: VersionName(base.version))
        return VersionComparison(base: base, revision: revision, isMajorStep: isMajorStep, comparison: comparison)
    }

    /// Makes the comparison that a submission will ask for before its transaction.
    func makeComparison(
        _ actor: Actor,
        of reading: SpecificationReading,
        forAPI name: String,
        version: String?
    ) async throws(GovernanceError) {
        guard let text = version ?? reading.version else { return }
        let needed = try await read(actor) { work -> (ComparisonStore.Key, [UInt8], String)? in
            let teams = actor.teams(for: .readCatalog)
            guard let api = try await work.transaction.apis.find(name, in: actor.organization, teams: teams),
                let base = try await work.base(notAfter: VersionName(text), of: api)
            else { return nil }
            let key = UnitOfWork.key(base.sha256, reading.content.sha256)
            guard work.checks.comparison(key) == nil,
                try await work.transaction.comparisons.find(key, in: actor.organization) == nil,
                let content = try await work.transaction.specifications.load(
                    base.specification,
                    in: actor.organization
                )
            else { return nil }
            return (key, content.bytes, base.fileName)
        }
        guard let (key, bytes, fileName) = needed else { return }
        let base = AssessedDocument.parse(bytes, fileName)
        checks.keep(DocumentComparison.run(base, .success(reading.document), at: clock.now), as: key)
    }
}

extension UnitOfWork {
    /// The published revision of the greatest version up to this one: what callers have today.
    func base(of version: APIVersion) async throws -> ComparedRevision? {
        try await transaction.comparisons.published(
            notAfter: version.sortKey,
            of: version.api,
            in: actor.organization
        )
    }

    fileprivate func base(notAfter name: VersionName, of api: API) async throws -> ComparedRevision? {
        try await transaction.comparisons.published(notAfter: name.sortKey, of: api.id, in: actor.organization)
    }

    /// `1.0.0` or `1.0.0@3`.
    fileprivate func base(named text: String, of api: API) async throws -> ComparedRevision {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let version = try await version(parts[0], of: api)
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else {
                throw GovernanceError.invalid(
                    "",
                    "`\(text)` is no base: after `@` stands the number of a revision",
                    mend: "write for instance `1.0.0` or `1.0.0@3`"
                )
            }
            let revision = try await revision(number, of: version)
            return ComparedRevision(revision, version: version.version, major: version.major)
        }
        return try await compared(version, isPublishedOnly: false)
    }

    /// The revision that a version is compared by.
    func compared(_ version: APIVersion, isPublishedOnly: Bool) async throws -> ComparedRevision {
        let found = try await transaction.comparisons.revision(
            of: version.id,
            isPublishedOnly: isPublishedOnly,
            in: actor.organization
        )
        guard let found else {
            throw GovernanceError.notFound(
                isPublishedOnly ? "published revision" : "revision",
                "\(version.apiName) \(version.version)"
            )
        }
        return found
    }

    /// The stored comparison of two documents, else one made now and stored.
    func compare(_ base: AssessedDocument, _ revision: AssessedDocument) async throws -> Comparison {
        let key = Self.key(base.sha256, revision.sha256)
        if let known = try await transaction.comparisons.find(key, in: actor.organization) { return known }
        var comparison: Comparison
        if let kept = checks.comparison(key) {
            comparison = kept
        } else {
            comparison = DocumentComparison.run(try await base.read(), try await revision.read(), at: now)
            checks.keep(comparison, as: key)
        }
        // Kept results have no row yet: each row has an identifier of its own.
        comparison.id = .make(at: now)
        return try await transaction.comparisons.store(comparison, for: key, in: actor.organization)
    }

    static func key(_ base: [UInt8], _ revision: [UInt8]) -> ComparisonStore.Key {
        ComparisonStore.Key(baseSHA256: base, revisionSHA256: revision, engine: DocumentDiff.engineVersion)
    }
}

extension AssessedDocument {
    /// The document of a revision that is compared.
    init(_ revision: ComparedRevision, in work: UnitOfWork) {
        self.init(revision.specification, sha256: revision.sha256, fileName: revision.fileName, in: work)
    }
}
