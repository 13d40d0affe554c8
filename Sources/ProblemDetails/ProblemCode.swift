/// The key of a problem type: a small number that the data plane can carry and index tables with.
///
/// The raw value is the position in the catalogue of this build and is never stored or sent; what travels is
/// ``ProblemType/slug``. A case without a catalogue row stops the program at its first problem, and a test before that.
public enum ProblemCode: UInt8, CaseIterable, Sendable {
    // Reading the request (gateway, phases 2 and 3)
    case malformedRequest
    case requestTimeout
    case lengthRequired
    case bodyTooLarge
    case uriTooLong
    case headerTooLarge
    case expectationFailed
    case upgradeRefused
    case unsupportedTransferCoding
    case httpVersionNotSupported
    case methodNotImplemented
    case misdirectedRequest
    case pathRefused

    // Finding the API, the version and the operation
    case noSuchAPI
    case deniedPath
    case unknownVersion
    case versionMalformed
    case versionPinned
    case versionNotGranted
    case versionSunset
    case versionRetired
    case versionSuspended
    case noSuchOperation
    case methodNotAllowed

    // Who calls, and what was granted
    case credentialMissing
    case credentialMalformed
    case credentialInvalid
    case credentialRevoked
    case credentialExpired
    case credentialNotYetValid
    case credentialAmbiguous
    case schemeUnsupported
    case subscriptionMissing
    case subscriptionPaused
    case subscriptionExpired
    case subscriptionNotStarted
    case operationNotGranted
    case entitlementsStale

    // Limits
    case rateLimitExceeded
    case quotaExceeded
    case quotaStoreUnavailable
    case overloaded
    case shuttingDown

    // Forwarding
    case upstreamUnreachable
    case upstreamInvalidResponse
    case upstreamConnectionLost
    case upstreamTimeout
    case upstreamConnectTimeout
    case upstreamUnavailable
    case upstreamBusy
    case upstreamTLSFailed
    case noUpstream
    case noSnapshot

    // Control plane: the HTTP layer
    case malformedBody
    case malformedParameter
    case unauthenticated
    case forbidden
    case notFound
    case resourceGone
    case notAcceptable
    case unsupportedMediaType
    case unknownField
    case validationFailed
    case preconditionFailed
    case preconditionRequired
    case idempotencyKeyRequired
    case idempotencyKeyReused
    case idempotencyInProgress
    case cursorInvalid
    case tooManyRequests
    case databaseUnavailable
    case outcomeUnknown
    case auditUnavailable
    case internalError

    // Control plane: specifications
    case specTooLarge
    case unreadableDocument
    case notOpenAPI
    case unsupportedOpenAPIVersion
    case externalReferenceRefused
    case duplicateSubmission
    case lintFailed
    case rulesetInvalid
    case breakingChangeWithoutMajor
    case policyNotEvaluated
    case namedApproverRequired
    case waiverNotPermitted

    // Control plane: lifecycle
    case approvalNotPermitted
    case approvalStale
    case alreadyDecided
    case alreadyVoted
    case notApproved
    case notInReview
    case reasonRequired
    case illegalTransition
    case datesOutOfOrder
    case sunsetBlocked
    case versionRetiredForGood

    // Control plane: publishing
    case upstreamRequired
    case upstreamNotFound
    case noVerifierBound
    case routeConflict
    case routeAlreadyPublished
    case generationConflict
    case snapshotRejected
    case publishTimeout

    // Control plane: consumers
    case planNotOpen
    case planMismatch
    case subscriptionExists
    case versionDeprecated
    case pinNotGranted
    case credentialKindUnsupported
    case rotationInProgress

    // Control plane: names and manifests
    case nameTaken
    case nameInvalid
    case inUse
    case manifestInvalid
    case lastAdministrator
    case concurrentChange
    case limitReached
}
