import CatalogStore
import Lifecycle
import Manifest

/// One application of manifests: goes through them in the order in which objects need each other, and remembers what differed.
///
/// Every act goes through the use case that people have, so that rights, constraints and the audit are the same.
struct ManifestRun {
    let work: UnitOfWork
    let manifests: ManifestSet
    /// Definitions that the catalog did not have, by the name of the version's manifest.
    let definitions: [String: SpecificationReading]
    private(set) var changes: [ManifestChange] = []
    /// Environments whose gates have to learn of a change.
    private(set) var environmentsToRoute: Set<String> = []

    init(work: UnitOfWork, manifests: ManifestSet, definitions: [String: SpecificationReading]) {
        self.work = work
        self.manifests = manifests
        self.definitions = definitions
    }

    /// Applies every manifest.
    ///
    /// - Throws: ``GovernanceError`` with the place of the manifest that was refused; ``CatalogError``.
    mutating func apply() async throws {
        // Environments are locked before versions everywhere, so that a publication and this cannot wait for each other.
        if !manifests.versions.isEmpty || !manifests.apis.isEmpty {
            _ = try await work.lockedEnvironment(Environment.standardName)
        }
        try await each(manifests.environments, .environment) { run, item in try await run.apply(item) }
        try await each(manifests.teams, .team) { run, item in try await run.apply(item) }
        // Before what they are about, so that the first submission meets them.
        try await each(manifests.rulesets, .ruleset) { run, item in try await run.apply(item) }
        try await each(manifests.policies, .policy) { run, item in try await run.apply(item) }
        try await each(manifests.upstreams, .upstream) { run, item in try await run.apply(item) }
        try await each(manifests.apis, .api) { run, item in try await run.apply(item) }
        try await each(manifests.versions, .apiVersion) { run, item in try await run.apply(item) }
        // After all versions, because a successor may stand below the version that it succeeds.
        for item in manifests.versions { try await located(item, .apiVersion) { run in try await run.deprecate(item) } }
        try await each(manifests.plans, .plan) { run, item in try await run.apply(item) }
        try await each(manifests.applications, .application) { run, item in try await run.apply(item) }
        try await each(manifests.subscriptions, .subscription) { run, item in try await run.apply(item) }
        try await each(manifests.credentials, .credential) { run, item in try await run.apply(item) }
    }

    /// Makes one routing snapshot for each environment that was touched.
    mutating func route() async throws {
        for name in environmentsToRoute.sorted() {
            let environment = try await work.lockedEnvironment(name)
            _ = try await work.storeRouting(of: environment, cause: "manifests.applied", reason: "")
        }
    }

    /// The gates of these environments have to learn of something.
    mutating func needsRouting(_ names: some Sequence<String>) {
        environmentsToRoute.formUnion(names)
    }

    /// Adds to the change of a version that is in the list already.
    mutating func amend(_ name: String, field: String?, note: String?) {
        guard let index = changes.lastIndex(where: { $0.kind == ManifestKind.apiVersion.rawValue && $0.name == name })
        else { return }
        if let field {
            changes[index].fields.append(field)
            if changes[index].action == .none { changes[index].action = .update }
        }
        if let note { changes[index].note = changes[index].note.map { "\($0); \(note)" } ?? note }
    }

    mutating func record(_ change: ManifestChange) { changes.append(change) }

    private mutating func each<Spec>(
        _ items: [ManifestItem<Spec>],
        _ kind: ManifestKind,
        _ body: (inout ManifestRun, ManifestItem<Spec>) async throws -> ManifestChange
    ) async throws {
        for item in items {
            try await located(item, kind) { run in
                let change = try await body(&run, item)
                run.record(change)
            }
        }
    }

    /// Runs `body`; a refusal is told with the manifest's name and place.
    private mutating func located<Spec>(
        _ item: ManifestItem<Spec>,
        _ kind: ManifestKind,
        _ body: (inout ManifestRun) async throws -> Void
    ) async throws {
        do {
            try await body(&self)
        } catch let error as GovernanceError {
            throw error.located(at: item.place, "\(kind.rawValue) `\(item.name)`")
        } catch let error as CatalogError {
            // What a lost race needs is another run of the transaction, so it stays what it is.
            guard case .refused = error else { throw error }
            throw GovernanceError(error).located(at: item.place, "\(kind.rawValue) `\(item.name)`")
        }
    }
}

extension ManifestChange {
    /// A change of a manifest's object; without fields nothing had to be done.
    init<Spec>(
        _ kind: ManifestKind,
        _ item: ManifestItem<Spec>,
        isNew: Bool,
        fields: [String] = [],
        awaits: Bool = false,
        note: String? = nil
    ) {
        // Of what is new every member is; what awaits a review names them only where they were submitted just now.
        let done: Action = isNew ? .create : fields.isEmpty ? .none : .update
        self.init(
            awaits ? .awaitsReview : done,
            kind.rawValue,
            item.name,
            fields: isNew && !awaits ? [] : fields,
            note: note
        )
    }
}

/// Collects the names of members that differ.
struct Differences {
    private(set) var fields: [String] = []

    var isEmpty: Bool { fields.isEmpty }

    mutating func compare<Value: Equatable>(_ field: String, _ before: Value, _ after: Value) {
        if before != after { fields.append(field) }
    }
}
