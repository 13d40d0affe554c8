import CatalogStore
public import Lifecycle

/// A pin as somebody asks for it.
public struct PinDraft: Sendable, Hashable {
    /// The exact name of the version.
    public var version: String
    /// Soft or hard.
    public var mode: VersionPin.Mode
    /// From this moment on it counts no more; nil for good.
    public var expiresAt: Moment?
    /// Why, for the audit.
    public var reason: String

    /// A draft; its pin is soft and for good unless said otherwise.
    public init(version: String, mode: VersionPin.Mode = .soft, expiresAt: Moment? = nil, reason: String = "") {
        self.version = version
        self.mode = mode
        self.expiresAt = expiresAt
        self.reason = reason
    }
}

extension Governance {
    /// Holds a subscription to a version of its API; an earlier pin gives way.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition` where it is over, `pin-not-granted`,
    ///   `validation-failed`.
    public func pinSubscription(
        _ actor: Actor,
        _ id: SubscriptionID,
        _ pin: PinDraft
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.pinSubscription(id, pin, isPublished: true)
        }
    }

    /// Takes a subscription's pin away.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func unpinSubscription(_ actor: Actor, _ id: SubscriptionID) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in try await work.unpinSubscription(id) }
    }

    /// Holds a key to a version of an API that its application may call; an earlier pin to that API gives way.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition` where the key is revoked,
    ///   `pin-not-granted`, `validation-failed`.
    public func pinCredential(
        _ actor: Actor,
        application: String,
        _ id: CredentialID,
        api: String,
        _ pin: PinDraft
    ) async throws(GovernanceError) -> Credential {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.pinCredential(id, of: application, to: api, pin, isPublished: true)
        }
    }

    /// Takes a key's pin to an API away.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func unpinCredential(
        _ actor: Actor,
        application: String,
        _ id: CredentialID,
        api: String
    ) async throws(GovernanceError) -> Credential {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.unpinCredential(id, of: application, from: api)
        }
    }
}

extension UnitOfWork {
    /// `isPublished` says whether the version has to be live; manifests are applied before that.
    func pinSubscription(_ id: SubscriptionID, _ pin: PinDraft, isPublished: Bool) async throws -> Subscription {
        let current = try await subscription(id, isLocking: true)
        try requirePin(on: current)
        guard current.state.isOpen else {
            throw GovernanceError(
                .illegalTransition,
                "the subscription is \(current.state.rawValue)",
                mend: "ask for a new subscription"
            )
        }
        // By its identifier the API is the subscription's own; by its name it might be one the consumer no longer sees.
        let api = SubscribableStore.API(of: current)
        let versions = try await transaction.subscribables.versions(of: current.apiID, in: current.environmentID)
        let version = try pinnable(pin.version, versions, of: api, isPublished: isPublished)
        if let major = current.major, version.major != major {
            throw pinNotGranted("the subscription is to major \(major), not to `\(pin.version)`", pointer: "/version")
        }
        try check(pin)
        guard current.pin != VersionPin(pin, api: current.api) else { return current }
        try await transaction.pins.put(
            .subscription(id),
            to: version.id,
            of: current.apiID,
            mode: pin.mode,
            expiresAt: pin.expiresAt,
            reason: pin.reason,
            by: actor,
            at: now
        )
        try await report("subscription.pinned", subject(of: current), Self.detail(of: pin))
        return try await subscription(id)
    }

    func unpinSubscription(_ id: SubscriptionID) async throws -> Subscription {
        let current = try await subscription(id, isLocking: true)
        try requirePin(on: current)
        guard try await transaction.pins.remove(.subscription(id), of: current.apiID) else { return current }
        try await report("subscription.unpinned", subject(of: current), ["version": .init(current.pin?.version)])
        return try await subscription(id)
    }

    /// `isPublished` says whether the version has to be live; manifests are applied before that.
    func pinCredential(
        _ id: CredentialID,
        of application: String,
        to name: String,
        _ pin: PinDraft,
        isPublished: Bool
    ) async throws -> Credential {
        let current = try await credential(id, of: application, for: .pinVersion)
        guard current.revokedAt == nil else {
            throw GovernanceError(.illegalTransition, "the key is revoked", mend: "make a new key")
        }
        let api = try await api(name)
        let versions = try await transaction.subscribables.versions(of: api.id, in: current.environmentID)
        let version = try pinnable(pin.version, versions, of: api, isPublished: isPublished)
        if !api.isOpen { try await requireGrant(of: version, of: api, to: current) }
        try check(pin)
        guard !current.pins.contains(VersionPin(pin, api: api.name)) else { return current }
        try await transaction.pins.put(
            .credential(id),
            to: version.id,
            of: api.id,
            mode: pin.mode,
            expiresAt: pin.expiresAt,
            reason: pin.reason,
            by: actor,
            at: now
        )
        var detail = Self.detail(of: pin)
        detail["api"] = .text(api.name)
        try await report("credential.pinned", subject(of: current), detail)
        return try await credential(id, of: application, for: .pinVersion)
    }

    func unpinCredential(_ id: CredentialID, of application: String, from name: String) async throws -> Credential {
        let current = try await credential(id, of: application, for: .pinVersion)
        let api = try await api(name)
        guard try await transaction.pins.remove(.credential(id), of: api.id) else { return current }
        try await report("credential.unpinned", subject(of: current), ["api": .text(api.name)])
        return try await credential(id, of: application, for: .pinVersion)
    }

    /// Either side may pin: the consumer to be left in peace, the provider to keep somebody working.
    private func requirePin(on subscription: Subscription) throws(GovernanceError) {
        guard !actor.may(.pinVersion, team: subscription.providerTeamID) else { return }
        try actor.require(.pinVersion, team: subscription.consumerTeamID)
    }

    /// Stops a pin to what the application was not granted.
    private func requireGrant(
        of version: SubscribableStore.Version,
        of api: SubscribableStore.API,
        to credential: Credential
    ) async throws {
        for major in [version.major, nil] {
            let open = try await transaction.subscriptions.findOpen(
                application: credential.applicationID,
                api: api.id,
                environment: credential.environmentID,
                major: major
            )
            if let open, open.state != .pending { return }
        }
        throw pinNotGranted(
            "`\(credential.application)` has no subscription to `\(api.name)` that grants `\(version.name)`",
            pointer: "/version"
        )
    }

    private func check(_ pin: PinDraft) throws(GovernanceError) {
        try require(pin.reason, at: "/reason", isAtMost: Subscription.commentCharactersMax)
        guard let expiresAt = pin.expiresAt, expiresAt <= now else { return }
        throw .invalid("/expiresAt", "the pin would be over from the start", mend: "give a later date")
    }

    private static func detail(of pin: PinDraft) -> AuditDetail {
        [
            "version": .text(pin.version), "mode": .text(pin.mode.rawValue),
            "expiresAt": .init(pin.expiresAt?.description), "reason": .text(pin.reason),
        ]
    }
}

extension VersionPin {
    fileprivate init(_ draft: PinDraft, api: String) {
        self.init(api: api, version: draft.version, mode: draft.mode, expiresAt: draft.expiresAt)
    }
}
