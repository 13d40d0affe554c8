public import CatalogStore
public import Lifecycle

/// A specification as somebody hands it in.
public struct SpecificationDraft: Sendable, Hashable {
    /// The API's name; one that is new is made.
    public var api: String
    /// Nil for the document's `info.version`; a version that is new is made.
    public var version: String?
    /// The document as it is, YAML or JSON.
    public var bytes: [UInt8]
    /// What messages call the document.
    public var fileName: String
    /// Why it changes.
    public var message: String
    /// The team of an API that is new; nil for the actor's only one, else the one called `default`.
    public var team: String?
    /// What it runs against; nil leaves that to the publication, once.
    public var upstream: UpstreamDraft?

    /// Every field as it stands.
    public init(
        api: String,
        version: String? = nil,
        bytes: [UInt8],
        fileName: String = "openapi.yaml",
        message: String = "",
        team: String? = nil,
        upstream: UpstreamDraft? = nil
    ) {
        self.api = api
        self.version = version
        self.bytes = bytes
        self.fileName = fileName
        self.message = message
        self.team = team
        self.upstream = upstream
    }
}

/// What a submission led to.
public struct Submission: Sendable, Hashable, Codable {
    /// The API.
    public var api: String
    /// The version.
    public var version: String
    /// The revision.
    public var revision: Revision
    /// Whether the API is new.
    public var createdAPI: Bool
    /// Whether the version is new.
    public var createdVersion: Bool
    /// The lint report.
    public var report: LintRecord
    /// In the order of the document.
    public var findings: [LintFinding]
    /// Numbers of older revisions that lost their review or approval by this one.
    public var voidedRevisions: [Int]
    /// What the policies for the API say about it.
    public var policies: [PolicyAssessment]
    /// What changes for callers against what is published; nil where there is nothing to compare with.
    public var comparison: VersionComparison?
    /// What became of the approval that the version had; nil where it had none.
    public var approval: ApprovalFate?
}

extension Governance {
    /// Takes a specification for review: reads, judges and lints it, makes API and version where they are new, stores a
    /// revision with its report, and takes back what older revisions had reached. Policies for the API are asked: what one of
    /// them blocks is refused, and the refusal is written down.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `spec-too-large`, `unreadable-document`, `not-openapi`,
    ///   `unsupported-openapi-version`, `external-reference-refused`, `validation-failed`, `name-invalid`,
    ///   `duplicate-submission` (with `revision` among its facts), `version-retired-for-good`, `lint-failed`,
    ///   `policy-not-evaluated`, `breaking-change-without-major`.
    public func submitSpecification(
        _ actor: Actor,
        _ draft: SpecificationDraft
    ) async throws(GovernanceError) -> Submission {
        try actor.requireAnywhere(.submitSpecification)
        let reading = try SpecificationReading(draft.bytes, fileName: draft.fileName, clock: clock)
        try await makeChecks(actor, of: reading, forAPI: draft.api)
        try await makeComparison(actor, of: reading, forAPI: draft.api, version: draft.version)
        return try await change(actor) { work in try await work.submitSpecification(draft, reading) }
    }
}

extension Governance {
    /// Makes the checks that the policies for an API will ask for.
    func makeChecks(
        _ actor: Actor,
        of reading: SpecificationReading,
        forAPI name: String
    ) async throws(GovernanceError) {
        let labels: @Sendable (UnitOfWork) async throws -> [String: String] = { work in
            let teams = actor.teams(for: .readCatalog)
            return try await work.transaction.apis.find(name, in: actor.organization, teams: teams)?.labels ?? [:]
        }
        try await makeChecks(actor, for: labels, of: reading.content.sha256) { () throws(GovernanceError) in
            .success(reading.document)
        }
    }
}

extension UnitOfWork {
    func submitSpecification(_ draft: SpecificationDraft, _ reading: SpecificationReading) async throws -> Submission {
        guard let submitter = actor.member else {
            throw GovernanceError(
                .forbidden,
                "a specification is submitted by a member, so that somebody else can approve it",
                mend: "use a member's token"
            )
        }
        let (api, createdAPI) = try await apiForSubmission(draft, reading)
        try actor.require(.submitSpecification, team: api.team)
        let (version, createdVersion) = try await versionForSubmission(draft, reading, of: api)
        let approved = try await approvedRevision(of: version)
        let upstream = try await upstream(of: draft, api: api, version: version, approved: approved)
        let settings = try api.settings.sha256
        let manifest = ReleaseManifest(
            specification: reading.content.canonicalSHA256,
            settings: settings,
            upstream: upstream?.sha256
        ).sha256
        try await refuseDuplicate(of: reading, manifest: manifest, version: version)
        let document = AssessedDocument(reading.document, sha256: reading.content.sha256)
        let policies = try await assess(document, of: api, at: .submit, version: version)
        try enforce(
            policies,
            "specification.refused",
            on: AuditEvent.Subject(
                "api",
                id: createdAPI ? nil : api.id.value,
                name: "\(api.name) \(version.version)",
                team: api.team
            ),
            document
        )
        let specification = try await transaction.specifications.store(reading.content, in: actor.organization, at: now)
        let number = try await transaction.versions.nextRevisionNumber(of: version.id)
        let id = RevisionID.make(at: now)
        try await transaction.revisions.insert(
            Revision(
                id: id,
                version: version.id,
                number: number,
                specification: specification,
                specificationSHA256: reading.content.sha256,
                canonicalSHA256: reading.content.canonicalSHA256,
                openAPIVersion: reading.content.openAPIVersion,
                operationCount: reading.content.operationCount,
                fileName: draft.fileName,
                message: draft.message,
                upstream: upstream?.id,
                upstreamTargets: upstream?.targets ?? [],
                manifestSHA256: manifest,
                submittedBy: submitter,
                submittedAt: now,
                authors: [submitter] + actor.onBehalfOf,
                authorNames: [],
                reviewState: .inReview,
                decidedAt: nil,
                lint: nil
            ),
            settingsSHA256: settings,
            in: actor.organization
        )
        let report = try await store(reading, of: id)
        try await record(
            policies,
            subject: "\(api.name) \(version.version)",
            contentSHA256: reading.content.sha256,
            revision: id
        )
        var fate: ApprovalFate?
        if let approved {
            let submitted = try await revision(number, of: version)
            fate = try await carryApproval(from: approved, to: submitted, of: version, document)
        }
        let voided = try await transaction.revisions.voidOlder(than: number, of: version.id)
        let revision = try await revision(number, of: version)
        let comparison = try await comparison(of: revision, document, version)
        audit(
            "specification.submitted",
            subject(of: revision, of: version),
            [
                "sha256": .text(Hexadecimal.text(reading.content.sha256)),
                "manifest": .text(Hexadecimal.text(manifest)),
                "message": .text(draft.message), "lint": .text(reading.counts.result.rawValue),
                "voided": .list(voided.map { "#\($0)" }), "policies": Self.summary(policies),
            ]
        )
        try await announce(
            "version.submitted",
            "\(api.name) \(version.version)",
            ["api": .text(api.name), "version": .text(version.version), "revision": .number(Int64(number))]
        )
        return Submission(
            api: api.name,
            version: version.version,
            revision: revision,
            createdAPI: createdAPI,
            createdVersion: createdVersion,
            report: report,
            findings: reading.findings,
            voidedRevisions: voided,
            policies: policies,
            comparison: comparison,
            approval: fate
        )
    }

    private func apiForSubmission(
        _ draft: SpecificationDraft,
        _ reading: SpecificationReading
    ) async throws -> (API, isNew: Bool) {
        let teams = actor.teams(for: .readCatalog)
        if let api = try await transaction.apis.lock(draft.api, in: actor.organization, teams: teams) {
            return (api, false)
        }
        let team = try await teamForNewAPI(draft.team)
        let title = reading.title.map { String($0.prefix(200)) }
        let api = try await createAPI(
            APIDraft(name: draft.api, team: team.name, title: title.flatMap { $0.isEmpty ? nil : $0 })
        )
        return (api, true)
    }

    /// The team that is named; else the only one that the actor may make APIs for; else the one called `default`.
    func teamForNewAPI(_ name: String?) async throws -> Team {
        if let name { return try await team(name) }
        let organization = actor.organization
        if let own = actor.teams(for: .createAPI), own.count == 1, let id = own.first,
            let team = try await transaction.people.team(id, in: organization)
        {
            return team
        }
        if let team = try await transaction.people.team(named: Self.standardTeamName, in: organization),
            actor.may(.createAPI, team: team.id)
        {
            return team
        }
        throw GovernanceError.invalid(
            "/team",
            "the API is new, and no team is named for it",
            mend: "name the team that owns it"
        )
    }

    /// The team that the first start makes.
    static let standardTeamName = "default"

    private func versionForSubmission(
        _ draft: SpecificationDraft,
        _ reading: SpecificationReading,
        of api: API
    ) async throws -> (APIVersion, isNew: Bool) {
        guard let name = draft.version ?? reading.version, !name.isEmpty else {
            throw GovernanceError.invalid(
                "/info/version",
                "the document states no `info.version`, and no version was named",
                mend: "add `info.version`, or name one with `--api-version`"
            )
        }
        let isNew = try await transaction.versions.insert(
            .make(at: now),
            VersionName(name),
            of: api.id,
            in: actor.organization,
            at: now
        )
        let version = try await version(name, of: api, isLocking: true)
        guard version.retiredAt == nil else {
            throw GovernanceError(
                .versionRetiredForGood,
                "`\(api.name) \(name)` is retired for good",
                mend: "submit it as another version"
            )
        }
        if isNew { audit("version.created", subject(of: version)) }
        return (version, isNew)
    }

    /// What callers have today against what was submitted.
    private func comparison(
        of revision: Revision,
        _ document: AssessedDocument,
        _ version: APIVersion
    ) async throws -> VersionComparison? {
        guard let base = try await base(of: version), base.sha256 != document.sha256 else { return nil }
        return VersionComparison(
            base: base,
            revision: ComparedRevision(revision, version: version.version, major: version.major),
            isMajorStep: VersionName(version.version).isMajorStep(from: VersionName(base.version)),
            comparison: try await compare(AssessedDocument(base, in: self), document)
        )
    }

    /// The upstream that is named; where none is, a revision goes on with the one that was approved, so that mending a word does
    /// not take it away.
    private func upstream(
        of draft: SpecificationDraft,
        api: API,
        version: APIVersion,
        approved: Revision?
    ) async throws -> Upstream? {
        guard let upstream = draft.upstream else {
            guard let id = approved?.upstream else { return nil }
            return try await transaction.upstreams.get(id, in: actor.organization)
        }
        return try await self.upstream(upstream, standardName: "\(api.name)-\(version.version)", team: api.team)
    }

    private func refuseDuplicate(
        of reading: SpecificationReading,
        manifest: [UInt8],
        version: APIVersion
    ) async throws {
        let duplicate = try await transaction.revisions.openDuplicate(
            of: version.id,
            canonicalSHA256: reading.content.canonicalSHA256,
            manifestSHA256: manifest,
            in: actor.organization
        )
        guard let duplicate else { return }
        throw GovernanceError(
            .duplicateSubmission,
            "revision #\(duplicate.number) of `\(version.apiName) \(version.version)` says the same and is "
                + (duplicate.reviewState == .approved ? "approved" : "in review"),
            mend: "go on with revision #\(duplicate.number)",
            facts: ["revision": String(duplicate.number), "reviewState": duplicate.reviewState.rawValue]
        )
    }

    private func store(_ reading: SpecificationReading, of revision: RevisionID) async throws -> LintRecord {
        let report = LintRecord(
            id: .make(at: now),
            ruleset: SpecificationReading.rulesetName,
            counts: reading.counts,
            startedAt: reading.startedAt,
            finishedAt: reading.finishedAt,
            failure: reading.failure
        )
        try await transaction.lint.insert(report, reading.findings, of: revision, in: actor.organization)
        try await keep(reading.unit, of: revision)
        return report
    }
}
