// Problems that the control plane answers with. Columns as in `ProblemCatalogue+gateway.swift`.

extension ProblemCatalogue {
    /// The HTTP layer of the control plane.
    static func requestRow(for code: ProblemCode) -> Row? {
        switch code {
        case .malformedBody:
            Row("malformed-body", 400, "The request body cannot be read")
                .advice("Caller: send well-formed JSON in UTF-8.")
        case .malformedParameter:
            Row("malformed-parameter", 400, "A parameter cannot be read")
                .advice("Caller: correct the parameter named in `errors`.")
        case .unauthenticated:
            Row("unauthenticated", 401, "A token is needed")
                .advice("Caller: send a token that is in force as a Bearer token.")
        case .forbidden:
            Row("forbidden", 403, "The token may not do this")
                .advice("Caller: ask an administrator for the role named in `detail`.")
        case .notFound:
            Row("not-found", 404, "There is no such resource")
                .advice("Caller: check the name; what one may not see is also reported as missing.")
        case .resourceGone:
            Row("resource-gone", 410, "The resource is gone")
                .advice("Caller: list what is there; this one does not come back.")
        case .notAcceptable:
            Row("not-acceptable", 406, "None of the accepted media types is offered")
                .advice("Caller: accept `application/json`.")
        case .unsupportedMediaType:
            Row("unsupported-media-type", 415, "The media type of the body is not taken here")
                .advice("Caller: send one of the media types in the Accept field of the answer.")
        case .unknownField:
            Row("unknown-field", 422, "The body has a field that is not known")
                .advice("Caller: correct the name at the place in `errors`; nothing was changed.")
        case .validationFailed:
            Row("validation-failed", 422, "The body breaks a rule")
                .advice("Caller: correct each place in `errors`; nothing was changed.")
        case .preconditionFailed:
            Row("precondition-failed", 412, "The resource was changed in the meantime")
                .advice("Caller: read it again and decide anew with the new ETag.")
        case .preconditionRequired:
            Row("precondition-required", 428, "The change needs If-Match")
                .advice("Caller: send the ETag of what you saw in If-Match.")
        case .idempotencyKeyRequired:
            Row("idempotency-key-required", 400, "The request needs an Idempotency-Key")
                .advice("Caller: send a new random key with each new act and the same one with each repetition.")
        case .idempotencyKeyReused:
            Row("idempotency-key-reused", 422, "The Idempotency-Key belongs to another request")
                .advice("Caller: make a new key for a new request.")
        case .idempotencyInProgress:
            Row(
                "idempotency-in-progress",
                409,
                "The first request with this Idempotency-Key is still running",
                retry: true
            )
            .advice("Caller: try again in a moment with the same key.")
        case .cursorInvalid:
            Row("cursor-invalid", 400, "The cursor is not one of ours")
                .advice("Caller: start again without a cursor.")
        case .tooManyRequests:
            Row("too-many-requests", 429, "Too many requests", retry: true)
                .advice("Caller: wait as long as Retry-After says.")
        case .databaseUnavailable:
            Row("database-unavailable", 503, "The database cannot be reached", fault: .gatehouse, retry: true)
                .advice(
                    "Caller: try again as Retry-After says; operator: bring the database back, gateways go on serving."
                )
        case .outcomeUnknown:
            Row("outcome-unknown", 503, "It is not known whether the change was made", fault: .gatehouse, retry: true)
                .advice("Caller: repeat with the same Idempotency-Key; it is carried out at most once.")
        case .auditUnavailable:
            Row(
                "audit-unavailable",
                503,
                "The change cannot be audited, so it was not made",
                fault: .gatehouse,
                retry: true
            )
            .advice("Operator: make room for the audit log; Caller: try again.")
        case .internalError:
            Row("internal-error", 500, "Something failed inside Gatehouse", fault: .gatehouse, retry: true)
                .advice("Operator: look up the request id in the log; Caller: try again once.")
        default: nil
        }
    }

    /// From a submitted specification to its retirement.
    static func governanceRow(for code: ProblemCode) -> Row? {
        switch code {
        case .specTooLarge:
            Row("spec-too-large", 413, "The specification is too large")
                .advice("Author: split the API; operator: raise the limit on documents.")
        case .unreadableDocument:
            Row("unreadable-document", 422, "The document is neither YAML nor JSON")
                .advice("Author: correct the places in `errors`.")
        case .notOpenAPI:
            Row("not-openapi", 422, "The document is not an OpenAPI document")
                .advice("Author: state `openapi` or `swagger` with the version at the top.")
        case .unsupportedOpenAPIVersion:
            Row("unsupported-openapi-version", 422, "The OpenAPI version is not supported")
                .advice("Author: use 2.0, 3.0, 3.1 or 3.2.")
        case .externalReferenceRefused:
            Row("external-reference-refused", 422, "The document refers to another file or address")
                .advice("Author: bundle the specification into one document.")
        case .duplicateSubmission:
            Row("duplicate-submission", 409, "The same specification was submitted before")
                .advice("Author: nothing to do; the earlier revision is named in `detail`.")
        case .lintFailed:
            Row("lint-failed", 422, "The specification breaks rules that block")
                .advice("Author: correct each place in `errors` and submit again, or ask for a waiver.")
        case .rulesetInvalid:
            Row("ruleset-invalid", 422, "The ruleset cannot be used")
                .advice("Governance team: correct the places in `errors`.")
        case .breakingChangeWithoutMajor:
            Row("breaking-change-without-major", 422, "The change breaks callers without a new major version")
                .advice("Author: raise the major version or take the change back.")
        case .policyNotEvaluated:
            Row("policy-not-evaluated", 422, "A check that a policy asks for could not be carried out")
                .advice(
                    "Author: submit again; Governance team: mend the ruleset named in `errors`, a check that fails never passes."
                )
        case .namedApproverRequired:
            Row(
                "named-approver-required",
                409,
                "The change breaks callers and lacks the approval that the policy names"
            )
            .advice("Author: have it approved by one of the people named in `detail`, or raise the major version.")
        case .waiverNotPermitted:
            Row("waiver-not-permitted", 403, "This person may not decide on the waiver")
                .advice("Author: have the waiver decided by another person who holds the role of an approver.")
        case .approvalNotPermitted:
            Row("approval-not-permitted", 403, "This person may not decide here")
                .advice("Author: ask somebody who did not write the revision and holds the role of an approver.")
        case .approvalStale:
            Row("approval-stale", 409, "What was reviewed is not what stands there now")
                .advice("Reviewer: look at the newest revision and decide on that.")
        case .alreadyDecided:
            Row("already-decided", 409, "The decision has been taken")
                .advice("Reviewer: nothing to do; the decision is named in `detail`.")
        case .alreadyVoted:
            Row("already-voted", 409, "This person has voted")
                .advice("Reviewer: withdraw the vote first.")
        case .notApproved:
            Row("not-approved", 409, "The revision is not approved")
                .advice("Author: get the approvals that are missing, then publish.")
        case .notInReview:
            Row("not-in-review", 409, "The revision is not in review")
                .advice("Author: submit it for review.")
        case .reasonRequired:
            Row("reason-required", 422, "The act needs a reason")
                .advice("Caller: say why; it goes into the audit log.")
        case .illegalTransition:
            Row("illegal-transition", 409, "The state does not allow this step")
                .advice("Caller: see in `detail` which steps are open from here.")
        case .datesOutOfOrder:
            Row("dates-out-of-order", 422, "The dates are out of order")
                .advice(
                    "Caller: announcement, deprecation and sunset follow one another, with the notice that the policy asks for."
                )
        case .sunsetBlocked:
            Row("sunset-blocked", 409, "Applications still use the version")
                .advice("API owner: ask the applications named in `errors` to move, or override with a reason.")
        case .versionRetiredForGood:
            Row("version-retired-for-good", 409, "A retired version cannot come back")
                .advice("API owner: make a new version.")
        case .upstreamRequired:
            Row("upstream-required", 422, "The version has no upstream")
                .advice("API owner: name an upstream to publish with.")
        case .upstreamNotFound:
            Row("upstream-not-found", 422, "There is no such upstream")
                .advice("API owner: make the upstream first or correct its name.")
        case .noVerifierBound:
            Row("no-verifier-bound", 422, "A security scheme has no verifier")
                .advice(
                    "API owner: bind a verifier to the scheme named in `errors`, or delegate security to the upstream."
                )
        case .routeConflict:
            Row("route-conflict", 409, "Two specifications claim the same route")
                .advice("API owner: change base path or host of one of the two named in `errors`.")
        case .routeAlreadyPublished:
            Row("route-already-published", 409, "The version is published in this environment")
                .advice("API owner: retire the release first or publish another version.")
        case .generationConflict:
            Row("generation-conflict", 409, "Another snapshot was made at the same time", retry: true)
                .advice("Caller: try again; the newer state is taken along.")
        case .snapshotRejected:
            Row("snapshot-rejected", 422, "The snapshot was refused")
                .advice("Operator: see `detail`; gateways keep the last good one.")
        case .publishTimeout:
            Row(
                "publish-timeout",
                504,
                "Not every gateway has reported the new snapshot in time",
                fault: .gatehouse,
                retry: true
            )
            .advice("Operator: see which gateways lag; the publication stands.")
        default: nil
        }
    }

    /// Plans, subscriptions, keys, names and manifests.
    static func consumerRow(for code: ProblemCode) -> Row? {
        switch code {
        case .planNotOpen:
            Row("plan-not-open", 409, "The plan takes no subscriptions")
                .advice("Application owner: choose a published plan.")
        case .planMismatch:
            Row("plan-mismatch", 422, "The plan does not belong to this API")
                .advice("Application owner: choose a plan of the API.")
        case .subscriptionExists:
            Row("subscription-exists", 409, "The application is subscribed already")
                .advice("Application owner: change or close the subscription named in `detail`.")
        case .versionDeprecated:
            Row("version-deprecated", 409, "A deprecated version takes no new subscriptions")
                .advice("Application owner: subscribe to the successor.")
        case .pinNotGranted:
            Row("pin-not-granted", 422, "The pin names a version that is not granted")
                .advice("Application owner: pin to a published version of the subscribed major.")
        case .credentialKindUnsupported:
            Row("credential-kind-unsupported", 422, "This kind of credential cannot be made here")
                .advice("Application owner: make an API key.")
        case .rotationInProgress:
            Row("rotation-in-progress", 409, "The key is being rotated")
                .advice("Application owner: revoke the old key first.")
        case .nameTaken:
            Row("name-taken", 409, "The name is taken")
                .advice("Caller: choose another name or change what is there.")
        case .nameInvalid:
            Row("name-invalid", 422, "The name has a form that is not allowed")
                .advice("Caller: use lowercase letters, digits and hyphens, starting with a letter.")
        case .inUse:
            Row("in-use", 409, "Something still depends on it")
                .advice("Caller: remove what `errors` names first.")
        case .manifestInvalid:
            Row("manifest-invalid", 422, "A manifest cannot be applied")
                .advice("Author: correct each place in `errors`; nothing was changed.")
        case .lastAdministrator:
            Row("last-administrator", 409, "Nobody would be left to administer")
                .advice("Administrator: give somebody else the role first.")
        case .concurrentChange:
            Row("concurrent-change", 409, "Somebody else changed this at the same time", retry: true)
                .advice("Caller: read it again and repeat.")
        case .limitReached:
            Row("limit-reached", 409, "The greatest number allowed is reached")
                .advice("Caller: remove one first; operator: raise the limit named in `detail`.")
        default: nil
        }
    }
}
