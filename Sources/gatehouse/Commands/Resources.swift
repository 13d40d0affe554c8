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
    static let ruleset = Listing(
        name: "name",
        [
            ("NAME", "name"), ("REVISION", "revision"), ("RULES", "ruleCount"), ("BUILT IN", "builtIn"),
            ("UPDATED", "updatedAt"), ("TITLE", "title"),
        ]
    )
    static let rulesetRevision = Listing(
        name: "revision",
        [
            ("REVISION", "revision"), ("RULES", "ruleCount"), ("BY", "createdBy"), ("AT", "createdAt"),
            ("MESSAGE", "message"),
        ]
    )
    static let policy = Listing(
        name: "name",
        [
            ("NAME", "name"), ("MODE", "mode"), ("REVISION", "revision"), ("RULESETS", "rulesets"),
            ("LABELS", "selector.matchLabels"), ("SUBMIT", "stages.submit"), ("PUBLISH", "stages.publish"),
            ("BREAKING", "breakingChanges.action"),
        ]
    )
    static let assessment = Listing(
        name: "policy",
        [
            ("POLICY", "policy"), ("REVISION", "policyRevision"), ("STAGE", "stage"), ("MODE", "mode"),
            ("OUTCOME", "outcome"), ("ACTION", "action"), ("EFFECT", "effect"),
        ]
    )
    static let evaluation = Listing(
        name: "api",
        [
            ("API", "api"), ("VERSION", "version"), ("REVISION", "revision"), ("PUBLISHED", "published"),
            ("CHANGE", "change"), ("BEFORE", "before.outcome"), ("AFTER", "after.outcome"),
            ("BLOCKING", "after.blockingCount"),
        ]
    )
    static let waiver = Listing(
        name: "id",
        [
            ("ID", "id"), ("API", "api"), ("RULE", "rule"), ("POINTER", "pointer"), ("FINGERPRINT", "fingerprint"),
            ("STATE", "state"), ("UNTIL", "expiresAt"), ("REQUESTED BY", "requestedBy"), ("DECIDED BY", "decidedBy"),
            ("REASON", "reason"),
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
