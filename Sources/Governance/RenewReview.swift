import CatalogStore
public import Lifecycle

extension Governance {
    /// Puts an approved or waiting revision up for votes again, under the API's present settings and, where one is given,
    /// another upstream. Whoever renews it chose what runs and so may not approve it.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`, `upstream-not-found`.
    public func renewReview(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int,
        upstream: UpstreamDraft? = nil
    ) async throws(GovernanceError) -> Revision {
        try await change(actor) { work in
            try await work.renewReview(api: api, version: version, revision: revision, upstream: upstream)
        }
    }
}

extension UnitOfWork {
    func renewReview(
        api name: String,
        version versionName: String,
        revision number: Int,
        upstream draft: UpstreamDraft?
    ) async throws -> Revision {
        let api = try await fullAPI(name)
        try actor.require(.submitSpecification, team: api.team)
        guard let member = actor.member else {
            throw GovernanceError(.forbidden, "a review is renewed by a member", mend: "use a member's token")
        }
        let version = try await version(versionName, of: api, isLocking: true)
        let revision = try await revision(number, of: version, isLocking: true)
        let isNewest = number == version.lastRevisionNumber
        let isReopenable: Bool
        switch revision.reviewState {
        case .approved: isReopenable = revision.reviewState.after(.reopen) != nil
        case .draft, .changesRequested: isReopenable = isNewest && revision.reviewState.after(.submit) != nil
        case .inReview: isReopenable = isNewest
        case .rejected: isReopenable = false
        }
        guard isReopenable else {
            throw GovernanceError(
                .illegalTransition,
                "revision #\(number) is \(revision.reviewState.rawValue)" + (isNewest ? "" : " and not the newest one"),
                mend: "submit a new revision"
            )
        }
        var upstreamID = revision.upstream
        var upstreamDigest: [UInt8]?
        if let draft {
            let upstream = try await upstream(draft, standardName: "\(api.name)-\(version.version)", team: api.team)
            upstreamID = upstream.id
            upstreamDigest = upstream.sha256
        } else if let id = revision.upstream {
            upstreamDigest = try await transaction.upstreams.get(id, in: actor.organization)?.sha256
        }
        let settings = try api.settings.sha256
        let manifest = ReleaseManifest(
            specification: revision.canonicalSHA256,
            settings: settings,
            upstream: upstreamDigest
        ).sha256
        guard
            manifest != revision.manifestSHA256 || revision.reviewState == .draft
                || revision.reviewState == .changesRequested
        else {
            throw GovernanceError(
                .alreadyDecided,
                "nothing that the approval covers was changed",
                mend: "the review stands as it is"
            )
        }
        // What was approved before is not what is asked for now; a release goes on standing on its own approval.
        try await transaction.revisions.voidApprovals(of: revision.id)
        try await transaction.revisions.reopen(
            revision.id,
            upstream: upstreamID,
            settingsSHA256: settings,
            manifestSHA256: manifest
        )
        try await transaction.revisions.add(authors: [member], to: revision.id, in: actor.organization)
        audit(
            "review.renewed",
            subject(of: revision, of: version),
            ["from": .text(Hexadecimal.text(revision.manifestSHA256)), "manifest": .text(Hexadecimal.text(manifest))]
        )
        return try await self.revision(number, of: version)
    }
}
