import CatalogStore
import DocumentTree
public import Lifecycle
import Manifest
import RoutingTable
import Synchronization

extension Governance {
    /// What keeps objects that manifests made; `--prune` removes only those.
    public static let manifestKeeper = "manifests"

    /// Brings the catalog to what manifests say, in one transaction: everything or nothing. Applied twice, the second time
    /// changes nothing. A manifest submits, it never approves: a definition is submitted and waits for its review, and
    /// `state: published` publishes what is approved already; a subscription under a manual plan waits for its decision.
    ///
    /// - Parameters:
    ///   - actor: who applies; each act needs the right that it needs by hand.
    ///   - bytes: YAML with any number of documents, or JSON. Definitions are written inline.
    ///   - name: what messages call the text.
    ///   - prunes: whether plans, applications, subscriptions and credentials that manifests made and that are not among
    ///     these go. Versions and APIs never go this way: leaving has gates of its own.
    ///   - isDryRun: does all of it and takes it back, so that the answer is exactly what would happen.
    /// - Returns: what was done, or would be.
    /// - Throws: ``GovernanceError`` `manifest-invalid` with every place, or what the first act that was refused says, with the
    ///   place of its manifest.
    public func applyManifests(
        _ actor: Actor,
        _ bytes: [UInt8],
        name: String = "manifests",
        prunes: Bool = false,
        isDryRun: Bool = false
    ) async throws(GovernanceError) -> ManifestPlan {
        try actor.requireAnywhere(.applyManifests)
        let reading = ManifestReader.read(bytes, name: name)
        try Self.refuse(reading.findings)
        let manifests = reading.manifests
        let definitions = try await definitions(of: manifests, for: actor)
        // A dry run ends by an error, so that the transaction is rolled back; the plan leaves by this door.
        let outcome = Mutex<ManifestPlan?>(nil)
        do throws(GovernanceError) {
            return try await change(actor, mayChangeNothing: true, recordsRefusals: !isDryRun) { work in
                var run = ManifestRun(work: work, manifests: manifests, definitions: definitions)
                try await run.apply()
                if prunes { try await run.prune() }
                try await run.route()
                let plan = ManifestPlan(isDryRun: isDryRun, changes: run.changes)
                guard !isDryRun else {
                    outcome.withLock { $0 = plan }
                    throw Self.onlyAsked
                }
                return plan
            }
        } catch {
            guard error == Self.onlyAsked, let plan = outcome.withLock({ $0 }) else { throw error }
            return plan
        }
    }

    private static let onlyAsked = GovernanceError(.internalError, "a dry run changes nothing", mend: "apply it")

    /// Everything that the reader found wrong, at once.
    private static func refuse(_ findings: [Finding]) throws(GovernanceError) {
        let errors = findings.filter { $0.severity == .error }
        guard let first = errors.first else { return }
        throw GovernanceError(
            .manifestInvalid,
            errors.count == 1 ? first.message : "\(errors.count) places in the manifests are wrong",
            mend: first.help ?? "correct each place in `errors`; nothing was changed",
            places: errors.map { GovernanceError.Place($0, source: $0.source) }
        )
    }

    /// Reads, judges and lints the definitions that the catalog does not have yet, before the transaction: no connection
    /// waits for a large document, and an unchanged one is not read at all.
    private func definitions(
        of manifests: ManifestSet,
        for actor: Actor
    ) async throws(GovernanceError) -> [String: SpecificationReading] {
        var readings: [String: SpecificationReading] = [:]
        for item in manifests.versions {
            guard let definition = try ManifestDefinition(item) else { continue }
            let isKnown = try await read(actor) { work in
                try await ManifestRun.newestRevision(item, work)?.specificationSHA256 == definition.sha256
            }
            guard !isKnown else { continue }
            let reading = try definition.reading(clock)
            try await makeChecks(actor, of: reading, forAPI: item.spec.api.name)
            try await makeComparison(actor, of: reading, forAPI: item.spec.api.name, version: item.spec.version)
            readings[item.name] = reading
        }
        return readings
    }
}

/// The document of a version's manifest.
struct ManifestDefinition: Sendable {
    let bytes: [UInt8]
    let sha256: [UInt8]
    let fileName: String
    let place: ManifestPlace?

    /// Nil where the manifest has none.
    ///
    /// - Throws: ``GovernanceError`` `manifest-invalid` for a file: only the caller has it.
    init?(_ item: ManifestItem<APIVersionSpec>) throws(GovernanceError) {
        switch item.spec.definition {
        case nil: return nil
        case .file(let reference):
            let what = "`definition.file` names `\(reference.name)`, a file that only the sender has"
            throw GovernanceError(
                .manifestInvalid,
                what,
                mend: "send it as `definition.inline`, as `gatehouse apply` does",
                places: [GovernanceError.Place(what, at: reference.place ?? item.place)]
            )
        case .inline(let definition):
            bytes = Array(definition.value.text(pretty: true).utf8)
            sha256 = Digest32.sha256(of: bytes).bytes
            fileName = "\(item.spec.api.name)-\(item.spec.version).json"
            place = definition.place ?? item.place
        }
    }

    /// - Throws: ``GovernanceError``, with the manifest's place, where the document is not taken.
    func reading(_ clock: any Clock) throws(GovernanceError) -> SpecificationReading {
        do throws(GovernanceError) {
            return try SpecificationReading(bytes, fileName: fileName, clock: clock)
        } catch {
            throw error.located(at: place, "the definition")
        }
    }
}

extension GovernanceError {
    /// The same problem, told of a manifest: `what` names it, and a place without a source gets the manifest's.
    func located(at place: ManifestPlace?, _ subject: String) -> GovernanceError {
        var error = self
        // What is nobody's fault in a manifest is told as it is.
        guard ![.databaseUnavailable, .outcomeUnknown, .concurrentChange, .internalError].contains(code) else {
            return self
        }
        error.what = "\(subject): \(what)"
        if error.places.isEmpty { error.places = [Place(what)] }
        error.places = error.places.map { known in
            guard known.source == nil else { return known }
            var here = Place(known.detail, at: place)
            if let inner = known.pointer, let outer = here.pointer { here.pointer = "\(outer)/spec\(inner)" }
            return here
        }
        return error
    }
}

extension GovernanceError.Place {
    /// Where something stands in the manifests.
    init(_ detail: String, at place: ManifestPlace?) {
        guard let place else {
            self.init(detail)
            return
        }
        self.init(
            Finding(
                code: "manifest",
                severity: .error,
                message: detail,
                source: place.source,
                range: place.range,
                path: place.path
            ),
            source: place.source
        )
    }
}
