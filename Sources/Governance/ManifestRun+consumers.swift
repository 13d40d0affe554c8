import CatalogStore
import Lifecycle
import Manifest

/// Plans, applications and credentials. What people made is taken over where a manifest names it, and says so.
extension ManifestRun {
    mutating func apply(_ item: ManifestItem<PlanSpec>) async throws -> ManifestChange {
        let organization = work.actor.organization
        let limits = item.spec.limits.map { LimitDraft($0) }
        let approval: Plan.Approval = item.spec.approval == .automatic ? .automatic : .manual
        let teams = work.actor.teams(for: .readCatalog)
        guard let before = try await work.transaction.plans.find(item.name, in: organization, teams: teams) else {
            _ = try await work.createPlan(
                PlanDraft(
                    name: item.name,
                    api: item.spec.api.name,
                    title: item.spec.title,
                    approval: approval,
                    operations: item.spec.operations,
                    limits: limits,
                    managedBy: Governance.manifestKeeper
                )
            )
            return ManifestChange(.plan, item, isNew: true)
        }
        guard before.api == item.spec.api.name else {
            throw GovernanceError.invalid(
                "/api",
                "the plan belongs to `\(before.api)`; a plan stays with its API",
                mend: "give the plan of `\(item.spec.api.name)` another name"
            )
        }
        let after = try await work.updatePlan(
            item.name,
            PlanChange(
                title: item.spec.title ?? item.name,
                approval: approval,
                operations: item.spec.operations.map { .listed($0) } ?? .all,
                limits: limits
            ),
            ifEdition: nil,
            managedBy: .some(Governance.manifestKeeper)
        )
        var differences = Differences()
        differences.compare("title", before.title, after.title)
        differences.compare("approval", before.approval, after.approval)
        differences.compare("operations", before.operations, after.operations)
        differences.compare("limits", before.limits, after.limits)
        differences.compare("managed-by", before.managedBy, after.managedBy)
        return ManifestChange(.plan, item, isNew: false, fields: differences.fields)
    }

    mutating func apply(_ item: ManifestItem<ApplicationSpec>) async throws -> ManifestChange {
        let organization = work.actor.organization
        let teams = work.actor.teams(for: .readApplications)
        let found = try await work.transaction.applications.find(item.name, in: organization, teams: teams)
        guard let before = found, before.archivedAt == nil else {
            guard let team = item.spec.team?.name else {
                throw GovernanceError.invalid(
                    "/team",
                    "the application is new, and no team is named for it",
                    mend: "add `team`"
                )
            }
            _ = try await work.registerApplication(
                ApplicationDraft(
                    name: item.name,
                    team: team,
                    title: item.spec.title,
                    managedBy: Governance.manifestKeeper
                )
            )
            return ManifestChange(.application, item, isNew: true)
        }
        if let team = item.spec.team?.name, team != before.team {
            throw GovernanceError.invalid(
                "/team",
                "the application belongs to `\(before.team)`; an application stays with its team",
                mend: "register one of another name for `\(team)`"
            )
        }
        var differences = Differences()
        differences.compare("title", before.title, item.spec.title ?? item.name)
        differences.compare("managed-by", before.managedBy, Governance.manifestKeeper)
        guard !differences.isEmpty else { return ManifestChange(.application, item, isNew: false) }
        let held = try await work.application(item.name, for: .manageApplications)
        try await work.transaction.applications.update(
            held.id,
            title: item.spec.title ?? item.name,
            managedBy: Governance.manifestKeeper,
            at: work.now
        )
        try await work.report(
            "application.updated",
            AuditEvent.Subject("application", id: held.id.value, name: held.name, team: held.teamID),
            ["fields": .list(differences.fields)]
        )
        return ManifestChange(.application, item, isNew: false, fields: differences.fields)
    }

    mutating func apply(_ item: ManifestItem<CredentialSpec>) async throws -> ManifestChange {
        let spec = item.spec
        guard let sha256 = Hexadecimal.bytes(spec.sha256) else {
            throw GovernanceError.invalid(
                "/secret/sha256",
                "this is no SHA-256",
                mend: "give its 64 hexadecimal digits"
            )
        }
        let draft = CredentialDraft(
            application: spec.application.name,
            environment: spec.environment?.name ?? Environment.standardName,
            note: spec.note ?? "",
            startsAt: spec.startsAt.map { Moment(unixSeconds: $0) },
            expiresAt: spec.expiresAt.map { Moment(unixSeconds: $0) },
            imported: sha256,
            importedStart: spec.start ?? "",
            name: item.name,
            managedBy: Governance.manifestKeeper
        )
        let environment = try await work.environment(draft.environment)
        let teams = work.actor.teams(for: .readApplications)
        let key = try await work.transaction.credentials.findKey(
            sha256,
            in: environment,
            of: work.actor.organization,
            teams: teams
        )
        if let key, let revokedAt = key.revokedAt {
            return ManifestChange(
                .credential,
                item,
                isNew: false,
                note: "this key was revoked at \(revokedAt) and stays revoked; give another one"
            )
        }
        if let key, key.application == draft.application { return try await update(item, key.id, draft) }
        return try await replace(item, with: draft, teams: teams)
    }

    /// The key is known: note, dates and pins may differ.
    private func update(
        _ item: ManifestItem<CredentialSpec>,
        _ id: CredentialID,
        _ draft: CredentialDraft
    ) async throws -> ManifestChange {
        let before = try await work.credential(id, of: draft.application, for: .manageCredentials)
        var differences = Differences()
        differences.compare("note", before.note, draft.note)
        differences.compare("startsAt", before.startsAt, draft.startsAt)
        differences.compare("expiresAt", before.expiresAt, draft.expiresAt)
        differences.compare("managed-by", before.managedBy, Governance.manifestKeeper)
        if !differences.isEmpty {
            try await work.transaction.credentials.update(
                id,
                note: draft.note,
                startsAt: draft.startsAt,
                expiresAt: draft.expiresAt,
                managedBy: Governance.manifestKeeper
            )
            try await work.report(
                "credential.updated",
                work.subject(of: before),
                ["fields": .list(differences.fields), "expiresAt": .init(draft.expiresAt?.description)]
            )
        }
        let pinned = try await setPins(item, id, before.pins)
        return ManifestChange(.credential, item, isNew: false, fields: differences.fields + (pinned ? ["pins"] : []))
    }

    /// The key is new. One that had its name is revoked: the manifest says which key is valid.
    private func replace(
        _ item: ManifestItem<CredentialSpec>,
        with draft: CredentialDraft,
        teams: Set<TeamID>?
    ) async throws -> ManifestChange {
        let old = try await work.transaction.credentials.findNamed(item.name, in: work.actor.organization, teams: teams)
        if let old = old?.credential {
            _ = try await work.revokeCredential(old.id, of: old.application, reason: "its manifest names another key")
        }
        let issued = try await work.issueCredential(draft)
        _ = try await setPins(item, issued.credential.id, [])
        return ManifestChange(.credential, item, isNew: old == nil, fields: ["secret"])
    }

    private func setPins(
        _ item: ManifestItem<CredentialSpec>,
        _ id: CredentialID,
        _ before: [VersionPin]
    ) async throws -> Bool {
        let application = item.spec.application.name
        var wanted: [String: VersionPin] = [:]
        for pin in item.spec.pins {
            guard let api = pin.api?.name else {
                throw GovernanceError.invalid("/pins", "a credential's pin names its API", mend: "add `api` to the pin")
            }
            wanted[api] = VersionPin(pin, api: api)
        }
        var hasChanged = false
        for pin in before where wanted[pin.api] == nil {
            _ = try await work.unpinCredential(id, of: application, from: pin.api)
            hasChanged = true
        }
        for (api, pin) in wanted.sorted(by: { $0.key < $1.key }) where !before.contains(pin) {
            _ = try await work.pinCredential(id, of: application, to: api, PinDraft(pin), isPublished: false)
            hasChanged = true
        }
        return hasChanged
    }
}

extension VersionPin {
    init(_ spec: PinSpec, api: String) {
        self.init(
            api: api,
            version: spec.version,
            mode: spec.mode == .hard ? .hard : .soft,
            expiresAt: spec.expiresAt.map { Moment(unixSeconds: $0) }
        )
    }
}

extension PinDraft {
    init(_ pin: VersionPin) {
        self.init(version: pin.version, mode: pin.mode, expiresAt: pin.expiresAt, reason: "by manifest")
    }
}

extension LimitDraft {
    fileprivate init(_ spec: LimitSpec) {
        self.init(
            name: spec.name,
            kind: spec.kind.rawValue,
            amount: Int64(clamping: spec.amount),
            window: spec.window,
            align: spec.align?.rawValue,
            algorithm: spec.algorithm?.rawValue,
            burst: spec.burst.map { Int64(clamping: $0) }
        )
    }
}
