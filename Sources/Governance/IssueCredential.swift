import CatalogStore
import Crypto
public import Lifecycle
import RoutingTable

/// A key as somebody asks for it.
public struct CredentialDraft: Sendable, Hashable {
    /// The name of the application.
    public var application: String
    /// The name of the environment.
    public var environment: String
    /// Free text of the owner, at most 200 characters.
    public var note: String
    /// Before this moment the gate refuses the key.
    public var startsAt: Moment?
    /// From this moment on it is refused; nil: never.
    public var expiresAt: Moment?
    /// SHA-256 of a key that was made elsewhere, 32 bytes; nil makes a key.
    public var imported: [UInt8]?
    /// The first characters of an imported key, for people.
    public var importedStart: String
    /// The name in manifests.
    public var name: String?
    /// What keeps the credential; nil for people.
    public var managedBy: String?

    /// A draft; without `imported` a key is made.
    public init(
        application: String,
        environment: String = "live",
        note: String = "",
        startsAt: Moment? = nil,
        expiresAt: Moment? = nil,
        imported: [UInt8]? = nil,
        importedStart: String = "",
        name: String? = nil,
        managedBy: String? = nil
    ) {
        self.application = application
        self.environment = environment
        self.note = note
        self.startsAt = startsAt
        self.expiresAt = expiresAt
        self.imported = imported
        self.importedStart = importedStart
        self.name = name
        self.managedBy = managedBy
    }
}

/// A credential and, this once, its key.
public struct IssuedCredential: Sendable, Codable {
    /// The credential as it is listed.
    public var credential: Credential
    /// The whole key. Without text when it was imported, or when a retry gets the first result again: a key is shown once.
    public var key: Secret

    /// A credential with its key.
    public init(credential: Credential, key: Secret) {
        self.credential = credential
        self.key = key
    }
}

extension Governance {
    /// Makes a key for an application, or takes the hash of one that was made elsewhere. Only SHA-256 and the first
    /// characters are kept.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition` where the application is archived,
    ///   `limit-reached`, `name-taken`, `validation-failed`.
    public func issueCredential(
        _ actor: Actor,
        _ draft: CredentialDraft
    ) async throws(GovernanceError) -> IssuedCredential {
        try await change(actor) { work in try await work.issueCredential(draft) }
    }

    /// A page of an application's credentials, newest first, revoked ones included.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listCredentials(
        _ actor: Actor,
        of application: String,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Credential> {
        let before = try page.after(CredentialID.self)
        return try await read(actor) { work in
            let owner = try await work.application(application)
            let rows = try await work.transaction.credentials.list(of: owner.id, before: before, limit: page.rowCount)
            return Page(surplus: rows, for: page, by: \.id)
        }
    }
}

extension UnitOfWork {
    func issueCredential(_ draft: CredentialDraft) async throws -> IssuedCredential {
        try require(draft.note, at: "/note", isAtMost: Credential.noteCharactersMax)
        let application = try await application(draft.application, for: .manageCredentials)
        let environment = try await environment(draft.environment)
        try await requireRoom(in: application)
        let made = draft.imported == nil ? Self.makeKey(for: draft.environment) : nil
        let id = try await insertCredential(
            draft,
            application.id,
            environment,
            sha256: made?.sha256 ?? draft.imported ?? [],
            start: made?.start ?? draft.importedStart
        )
        let credential = try await credential(id, of: draft.application, for: .manageCredentials)
        try await report(
            "credential.created",
            subject(of: credential),
            [
                "environment": .text(draft.environment), "start": .text(credential.start),
                "isImported": .truth(credential.isImported), "expiresAt": .init(draft.expiresAt?.description),
                "note": .text(draft.note),
            ]
        )
        return IssuedCredential(credential: credential, key: Secret(made?.text))
    }

    func subject(of credential: Credential) -> AuditEvent.Subject {
        AuditEvent.Subject(
            "credential",
            id: credential.id.value,
            name: "\(credential.application) \(credential.name ?? credential.start)",
            team: credential.teamID
        )
    }

    typealias MadeKey = (text: String, start: String, sha256: [UInt8])

    /// A key from the system's generator. It leaves this process in one answer and nowhere else.
    static func makeKey(for environment: String) -> MadeKey {
        var generator = SystemRandomNumberGenerator()
        let text = APIKeyFormat.make(environment: APIKeyFormat.label(for: environment), using: &generator)
        guard let start = APIKeyFormat.start(of: text) else {
            preconditionFailure("a key that was just made is well formed")
        }
        return (text, start, Array(SHA256.hash(data: Array(text.utf8))))
    }

    func insertCredential(
        _ draft: CredentialDraft,
        _ application: ApplicationID,
        _ environment: EnvironmentID,
        sha256: [UInt8],
        start: String
    ) async throws -> CredentialID {
        let id = CredentialID.make(at: now)
        try await transaction.credentials.insert(
            CredentialStore.New(
                id: id,
                application: application,
                environment: environment,
                name: draft.name,
                start: start,
                isImported: draft.imported != nil,
                sha256: sha256,
                note: draft.note,
                managedBy: draft.managedBy,
                createdBy: actor.member,
                startsAt: draft.startsAt,
                expiresAt: draft.expiresAt
            ),
            in: actor.organization,
            at: now
        )
        return id
    }

    /// - Throws: ``GovernanceError`` `limit-reached`; ``CatalogError``.
    func requireRoom(in application: Application) async throws {
        let count = try await transaction.credentials.usableCount(of: application.id, at: now)
        guard count >= Credential.perApplicationMax else { return }
        throw GovernanceError(
            .limitReached,
            "`\(application.name)` has \(count) keys, the most that one application may have",
            mend: "revoke keys that are not used"
        )
    }
}
