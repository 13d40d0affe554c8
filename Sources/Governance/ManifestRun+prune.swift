import CatalogStore
import Lifecycle
import Manifest

/// Removes what manifests made and no longer name. What people made stays, and so do versions and APIs: leaving has gates of
/// its own that nobody passes by deleting a line.
extension ManifestRun {
    /// Prunes in the reverse of the order in which objects need each other.
    ///
    /// - Throws: ``GovernanceError``; ``CatalogError``.
    mutating func prune() async throws {
        let organization = work.actor.organization
        let keeper = Governance.manifestKeeper
        let teams = work.actor.teams(for: .manageCredentials)
        for kept in try await work.transaction.credentials.kept(by: keeper, in: organization, teams: teams) {
            guard let name = kept.name, !manifests.contains(.credential, name) else { continue }
            _ = try await work.revokeCredential(kept.id, of: kept.application, reason: "its manifest is gone")
            record(ManifestChange(.delete, ManifestKind.credential.rawValue, name, note: "revoked"))
        }
        let consumers = work.actor.teams(for: .requestSubscription)
        let subscriptions = work.transaction.subscriptions
        for kept in try await subscriptions.managed(by: keeper, in: organization, consumerTeams: consumers) {
            guard let name = kept.name, !manifests.contains(.subscription, name) else { continue }
            let closed = try await work.closeSubscription(kept.id, reason: "its manifest is gone")
            record(ManifestChange(.delete, ManifestKind.subscription.rawValue, name, note: closed.state.rawValue))
        }
        try await pruneApplications()
        try await prunePlans()
        try await prunePolicies()
    }

    private mutating func pruneApplications() async throws {
        var after: ApplicationID?
        while true {
            let page = try await work.transaction.applications.list(
                in: work.actor.organization,
                teams: work.actor.teams(for: .manageApplications),
                team: nil,
                isWithArchived: false,
                after: after,
                limit: Self.pageSize
            )
            for application in page where application.managedBy == Governance.manifestKeeper {
                guard !manifests.contains(.application, application.name) else { continue }
                _ = try await work.archiveApplication(application.name, reason: "its manifest is gone")
                record(ManifestChange(.delete, ManifestKind.application.rawValue, application.name, note: "archived"))
            }
            guard page.count == Self.pageSize, let last = page.last else { return }
            after = last.id
        }
    }

    private mutating func prunePlans() async throws {
        var after: PlanID?
        while true {
            let page = try await work.transaction.plans.list(
                in: work.actor.organization,
                teams: work.actor.teams(for: .readCatalog),
                api: nil,
                after: after,
                limit: Self.pageSize
            )
            for plan in page where plan.managedBy == Governance.manifestKeeper {
                guard !manifests.contains(.plan, plan.name), work.actor.may(.managePlans, team: plan.teamID) else {
                    continue
                }
                if try await work.transaction.plans.subscriptionCount(of: plan.id) > 0 {
                    let note = "kept: subscriptions name it"
                    record(ManifestChange(.none, ManifestKind.plan.rawValue, plan.name, note: note))
                } else {
                    _ = try await work.deletePlan(plan.name)
                    record(ManifestChange(.delete, ManifestKind.plan.rawValue, plan.name))
                }
            }
            guard page.count == Self.pageSize, let last = page.last else { return }
            after = last.id
        }
    }

    private static let pageSize = 500
}
