import DocumentTree

/// The columns of every resource the control plane lists, in one place.
enum Resources {
    static let api = Listing(
        name: "name",
        [
            ("NAME", "name"), ("TITLE", "title"), ("TEAM", "team"), ("BASE PATH", "basePath"), ("ACCESS", "access"),
            ("SECURITY", "security"),
        ]
    )
    static let version = Listing(
        name: "version",
        [
            ("API", "api"), ("VERSION", "version"), ("STATE", "state"), ("REVISION", "latestRevision"),
            ("DEPRECATED", "deprecatedAt"),
            ("SUNSET", "sunsetAt"), ("SUCCESSOR", "successor"),
        ]
    )
    static let revision = Listing(
        name: "revision",
        [
            ("API", "api"), ("VERSION", "version"), ("REVISION", "revision"), ("REVIEW", "reviewState"),
            ("AUTHORS", "authors"),
            ("ERRORS", "errorCount"), ("WARNINGS", "warningCount"), ("UPSTREAM", "upstream"), ("MESSAGE", "message"),
        ]
    )
    static let release = Listing(
        name: "environment",
        [
            ("ENVIRONMENT", "environment"), ("REVISION", "revision"), ("STATE", "state"), ("SUSPENDED", "suspended"),
            ("UPSTREAM", "upstream"),
        ]
    )
    static let vote = Listing(
        name: "id",
        [("VOTER", "voter"), ("DECISION", "decision"), ("AT", "createdAt"), ("COMMENT", "comment")]
    )
    static let plan = Listing(
        name: "name",
        [
            ("NAME", "name"), ("API", "api"), ("APPROVAL", "approval"), ("OPERATIONS", "operations"),
            ("LIMITS", "limits"),
        ]
    )
    static let application = Listing(
        name: "name",
        [("NAME", "name"), ("TEAM", "team"), ("TITLE", "title"), ("ARCHIVED", "archivedAt")]
    )
    static let credential = Listing(
        name: "id",
        [
            ("ID", "id"), ("STARTS WITH", "start"), ("NOTE", "note"), ("CREATED", "createdAt"),
            ("EXPIRES", "expiresAt"),
            ("GRACE UNTIL", "graceUntil"), ("REVOKED", "revokedAt"),
        ]
    )
    static let subscription = Listing(
        name: "id",
        [
            ("ID", "id"), ("APPLICATION", "application"), ("API", "api"), ("PLAN", "plan"), ("MAJOR", "major"),
            ("STATE", "state"),
            ("PIN", "pin.version"), ("REQUESTED BY", "requestedBy"),
        ]
    )
    static let team = Listing(name: "name", [("NAME", "name"), ("TITLE", "title"), ("CREATED", "createdAt")])
    static let member = Listing(
        name: "name",
        [("NAME", "name"), ("KIND", "kind"), ("ROLES", "roles"), ("DISABLED", "disabled")]
    )
    static let token = Listing(
        name: "id",
        [
            ("ID", "id"), ("MEMBER", "member"), ("STARTS WITH", "start"), ("NOTE", "note"), ("EXPIRES", "expiresAt"),
            ("REVOKED", "revokedAt"),
        ]
    )
    static let snapshot = Listing(
        name: "generation",
        [
            ("GENERATION", "generation"), ("ACTIVE", "active"), ("APIS", "apiCount"), ("VERSIONS", "versionCount"),
            ("OPERATIONS", "operationCount"), ("BYTES", "bytes"), ("BY", "createdBy"), ("AT", "createdAt"),
            ("REASON", "reason"),
        ]
    )
    static let gateway = Listing(
        name: "name",
        [
            ("NAME", "name"), ("GENERATION", "generation"), ("SEQUENCE", "sequence"), ("LIVE", "live"),
            ("LAST SEEN", "lastSeenAt"),
        ]
    )
    static let audit = Listing(
        name: "sequence",
        [
            ("NUMBER", "sequence"), ("AT", "at"), ("ACTOR", "actor"), ("ACTION", "action"), ("KIND", "subjectKind"),
            ("SUBJECT", "subject"),
        ]
    )
}
