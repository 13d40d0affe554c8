import CatalogStore
public import Lifecycle

/// What became of the approval that the version had when another revision was submitted.
public struct ApprovalFate: Sendable, Hashable, Codable {
    /// The number of the revision that was approved.
    public var revision: Int
    /// Whether the approval holds for the new revision too.
    public var isCarried: Bool
    /// Why not, in a sentence without a final stop; nil where it is carried.
    public var reason: String?
    /// Edits of words, examples and links: what an approval survives.
    public var documentationEdits: [DocumentationChange]
    /// Changes of what callers see: what voids an approval.
    public var semanticChanges: [SpecificationChange]
}

extension UnitOfWork {
    /// The newest revision of a version that is approved; nil where there is none.
    func approvedRevision(of version: APIVersion) async throws -> Revision? {
        guard version.lastRevisionNumber > 0 else { return nil }
        return try await transaction.revisions.list(of: version.id, in: actor.organization, before: nil, limit: 100)
            .first { $0.reviewState == .approved }
    }

    /// Carries the approval of `approved` over to the revision that was just submitted, where only documentation differs; else
    /// says what differs more.
    ///
    /// The database looks at all of it again before it takes the approval.
    func carryApproval(
        from approved: Revision,
        to revision: Revision,
        of version: APIVersion,
        _ document: AssessedDocument
    ) async throws -> ApprovalFate {
        let old = AssessedDocument(
            approved.specification,
            sha256: approved.specificationSHA256,
            fileName: approved.fileName,
            in: self
        )
        var fate = ApprovalFate(
            revision: approved.number,
            isCarried: false,
            reason: nil,
            documentationEdits: [],
            semanticChanges: []
        )
        guard approved.specificationSHA256 != revision.specificationSHA256 else {
            fate.reason = "the settings or the upstream are others"
            return fate
        }
        let comparison = try await compare(old, document)
        fate.documentationEdits = comparison.documentationEdits
        fate.semanticChanges = comparison.changes
        if let reason = try await obstacle(to: approved, revision, comparison) {
            fate.reason = reason
            return fate
        }
        try await transaction.comparisons.carryApproval(
            from: approved,
            to: revision,
            by: comparison,
            in: actor.organization,
            at: now
        )
        try await transaction.revisions.approve(
            revision.manifestSHA256,
            of: revision.id,
            carriedFrom: nil,
            reason: "only documentation differs from #\(approved.number)",
            in: actor.organization,
            at: now
        )
        try await transaction.revisions.setReviewState(.approved, of: revision.id, decidedAt: now)
        fate.isCarried = true
        audit(
            "approval.carried",
            subject(of: revision, of: version),
            [
                "from": .text("#\(approved.number)"), "manifest": .text(Hexadecimal.text(revision.manifestSHA256)),
                "edits": .list(comparison.documentationEdits.map { $0.revision?.pointer ?? $0.base?.pointer ?? "" }),
            ]
        )
        return fate
    }

    private func obstacle(
        to approved: Revision,
        _ revision: Revision,
        _ comparison: Comparison
    ) async throws -> String? {
        if let failure = comparison.failure { return "the documents could not be compared: \(failure)" }
        guard comparison.isOnlyDocumentation else {
            let changes = comparison.changes.count
            return changes > 0
                ? "\(changes) \(changes == 1 ? "change" : "changes") of what callers see"
                : "something differs that is no documentation"
        }
        guard approved.upstream == revision.upstream else { return "the upstream is another" }
        guard try await transaction.revisions.isApproved(approved.manifestSHA256, of: approved.id) else {
            return "the approval of #\(approved.number) was for another manifest"
        }
        return nil
    }
}
