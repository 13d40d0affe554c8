public import CatalogStore

/// Why a use case did not do what it was asked: which problem, what exactly, where, and how to mend it.
///
/// Governance knows no HTTP. The control plane's problem table has a row for each ``Code``; a test there compares the two.
public struct GovernanceError: Error, Sendable, Hashable {
    /// The kind of problem; the raw value is the problem's stable code.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        // Who may
        case unauthenticated
        case forbidden
        // Things and names
        case notFound = "not-found"
        case nameTaken = "name-taken"
        case nameInvalid = "name-invalid"
        case inUse = "in-use"
        case validationFailed = "validation-failed"
        case unknownField = "unknown-field"
        case cursorInvalid = "cursor-invalid"
        case limitReached = "limit-reached"
        case lastAdministrator = "last-administrator"
        case preconditionFailed = "precondition-failed"
        case concurrentChange = "concurrent-change"
        case idempotencyKeyReused = "idempotency-key-reused"
        case idempotencyInProgress = "idempotency-in-progress"
        // Specifications
        case specificationTooLarge = "spec-too-large"
        case unreadableDocument = "unreadable-document"
        case notOpenAPI = "not-openapi"
        case unsupportedOpenAPIVersion = "unsupported-openapi-version"
        case externalReferenceRefused = "external-reference-refused"
        case duplicateSubmission = "duplicate-submission"
        // Policies
        case lintFailed = "lint-failed"
        case policyNotEvaluated = "policy-not-evaluated"
        case rulesetInvalid = "ruleset-invalid"
        case breakingChangeWithoutMajor = "breaking-change-without-major"
        case namedApproverRequired = "named-approver-required"
        case waiverNotPermitted = "waiver-not-permitted"
        // Reviews
        case approvalNotPermitted = "approval-not-permitted"
        case approvalStale = "approval-stale"
        case alreadyDecided = "already-decided"
        case alreadyVoted = "already-voted"
        case notApproved = "not-approved"
        case notInReview = "not-in-review"
        case reasonRequired = "reason-required"
        // Lifecycle
        case illegalTransition = "illegal-transition"
        case datesOutOfOrder = "dates-out-of-order"
        case sunsetBlocked = "sunset-blocked"
        case versionRetiredForGood = "version-retired-for-good"
        // Publishing
        case upstreamRequired = "upstream-required"
        case upstreamNotFound = "upstream-not-found"
        case noVerifierBound = "no-verifier-bound"
        case routeConflict = "route-conflict"
        case routeAlreadyPublished = "route-already-published"
        case generationConflict = "generation-conflict"
        case snapshotRejected = "snapshot-rejected"
        // Consumers
        case planNotOpen = "plan-not-open"
        case planMismatch = "plan-mismatch"
        case subscriptionExists = "subscription-exists"
        case versionDeprecated = "version-deprecated"
        case pinNotGranted = "pin-not-granted"
        case credentialKindUnsupported = "credential-kind-unsupported"
        case rotationInProgress = "rotation-in-progress"
        case manifestInvalid = "manifest-invalid"
        // The database
        case databaseUnavailable = "database-unavailable"
        case auditUnavailable = "audit-unavailable"
        case outcomeUnknown = "outcome-unknown"
        case internalError = "internal-error"
    }

    /// A place that the problem is about.
    public struct Place: Sendable, Hashable {
        /// The file's or the specification's name; nil for the request itself.
        public var source: String?
        /// One-based, as people and editors count; nil where there is none.
        public var line: Int?
        /// One-based.
        public var column: Int?
        /// A JSON Pointer (RFC 6901) into the document or the request's body.
        public var pointer: String?
        /// What is wrong there.
        public var detail: String

        /// Every field as it stands.
        public init(
            _ detail: String,
            source: String? = nil,
            line: Int? = nil,
            column: Int? = nil,
            pointer: String? = nil
        ) {
            self.detail = detail
            self.source = source
            self.line = line
            self.column = column
            self.pointer = pointer
        }
    }

    /// Which problem it is.
    public var code: Code
    /// What is wrong in this case, in one sentence without a final stop; never holds SQL, hosts or secrets.
    public var what: String
    /// One thing to do about it.
    public var mend: String
    /// Where it is, each with what is wrong there.
    public var places: [Place]
    /// What else a program may want to know, such as the number of the revision that a duplicate repeats.
    public var facts: [String: String]
    /// For the log, never for the answer.
    public var cause: String?

    /// Every field as it stands.
    public init(
        _ code: Code,
        _ what: String,
        mend: String,
        places: [Place] = [],
        facts: [String: String] = [:],
        cause: String? = nil
    ) {
        self.code = code
        self.what = what
        self.mend = mend
        self.places = places
        self.facts = facts
        self.cause = cause
    }

    /// A thing that does not exist, or that the actor may not see: the two are not told apart.
    public static func notFound(_ kind: String, _ name: String) -> GovernanceError {
        GovernanceError(.notFound, "no \(kind) `\(name)`", mend: "check the name, and that you may see it")
    }

    /// A field whose value is out of its range.
    public static func invalid(_ pointer: String, _ what: String, mend: String) -> GovernanceError {
        GovernanceError(.validationFailed, what, mend: mend, places: [Place(what, pointer: pointer)])
    }

    /// What the catalog said, in the user's terms.
    public init(_ error: CatalogError) {
        switch error {
        case .refused(let refusal):
            let code = Code(rawValue: refusal.code) ?? .internalError
            self.init(code, refusal.what, mend: refusal.mend, cause: refusal.constraint)
        case .lostRace(let cause):
            self.init(
                .concurrentChange,
                "somebody else changed the same thing at the same moment",
                mend: "look at it again and repeat the act if it is still needed",
                cause: String(describing: cause)
            )
        case .unavailable(let cause):
            self.init(
                .databaseUnavailable,
                "the catalog cannot be reached or written; nothing was changed",
                mend: "try again in a few seconds",
                cause: String(describing: cause)
            )
        case .auditUnavailable(let cause):
            self.init(
                .auditUnavailable,
                "the audit cannot be written, so nothing was changed",
                mend: "try again in a few seconds",
                cause: String(describing: cause)
            )
        case .outcomeUnknown(let cause):
            self.init(
                .outcomeUnknown,
                "the connection to the catalog broke while the change was being committed",
                mend: "repeat the request with the same idempotency key to learn whether it happened",
                cause: String(describing: cause)
            )
        case .unstorableText(let cause):
            self.init(
                .validationFailed,
                "a text holds a character that cannot be stored, such as U+0000",
                mend: "remove it",
                cause: String(describing: cause)
            )
        case .cancelled:
            self.init(.databaseUnavailable, "the request was cancelled; nothing was changed", mend: "send it again")
        case .unexpected(let reason):
            self.init(
                .internalError,
                "an internal error occurred",
                mend: "tell the operator the request's id",
                cause: reason
            )
        }
    }
}
