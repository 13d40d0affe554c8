import CatalogStore
public import Lifecycle

/// A waiver as somebody asks for it.
public struct WaiverDraft: Sendable, Hashable {
    /// The API's name.
    public var api: String
    /// The rule's name, as findings show it.
    public var rule: String
    /// Where it may be broken.
    public var place: Waiver.Place
    /// Why.
    public var reason: String
    /// The first moment at which it no longer holds.
    public var expiresAt: Moment

    /// Every field as it stands.
    public init(api: String, rule: String, place: Waiver.Place, reason: String, expiresAt: Moment) {
        self.api = api
        self.rule = rule
        self.place = place
        self.reason = reason
        self.expiresAt = expiresAt
    }
}

extension Governance {
    /// Asks for leave to break a rule at one place of an API until a day. It counts once another person has granted it.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `reason-required`, `dates-out-of-order`, `validation-failed`,
    ///   `limit-reached`.
    public func requestWaiver(_ actor: Actor, _ draft: WaiverDraft) async throws(GovernanceError) -> Waiver {
        try await change(actor) { work in
            let api = try await work.fullAPI(draft.api, isLocking: true)
            try actor.require(.requestWaiver, team: api.team)
            guard let member = actor.member else {
                throw GovernanceError(.forbidden, "a waiver is asked for by a member", mend: "use a member's token")
            }
            try work.requireReason(draft.reason, for: "a waiver")
            let count = try await work.transaction.waivers.openCount(for: api.id, at: work.now)
            guard count < Waiver.openPerAPIMax else {
                throw GovernanceError(
                    .limitReached,
                    "`\(api.name)` has \(count) waivers that are pending or in force, and no more are taken",
                    mend: "mend what the old ones cover, and revoke them"
                )
            }
            let id = WaiverID.make(at: work.now)
            try await work.transaction.waivers.insert(
                id,
                for: api.id,
                rule: draft.rule,
                at: draft.place,
                reason: draft.reason,
                requestedBy: member,
                expiresAt: draft.expiresAt,
                in: actor.organization,
                at: work.now
            )
            let waiver = try await work.waiver(id)
            try await work.report("waiver.requested", work.subject(of: waiver), UnitOfWork.detail(of: waiver))
            return waiver
        }
    }

    /// Grants or refuses a waiver. Who asked for it does not decide, neither by own hand nor through a machine; the database
    /// guards it.
    ///
    /// `comment`: required for a refusal.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `waiver-not-permitted`, `already-decided`, `reason-required`,
    ///   `illegal-transition` for one that is over.
    public func decideWaiver(
        _ actor: Actor,
        _ id: WaiverID,
        isGranted: Bool,
        comment: String = ""
    ) async throws(GovernanceError) -> Waiver {
        try await change(actor) { work in
            let waiver = try await work.waiver(id, isLocking: true)
            try actor.require(.decideWaiver, team: waiver.team)
            guard let member = actor.member else {
                throw GovernanceError(.waiverNotPermitted, "only a member decides", mend: "use a member's token")
            }
            switch waiver.state(at: work.now) {
            case .pending, .granted, .refused: break
            case .expired, .revoked:
                throw GovernanceError(
                    .illegalTransition,
                    "the waiver is \(waiver.state(at: work.now).rawValue)",
                    mend: "ask for another one"
                )
            }
            try await work.transaction.waivers.decide(
                id,
                isGranted: isGranted,
                by: member,
                comment: comment,
                at: work.now
            )
            let decided = try await work.waiver(id)
            var detail = UnitOfWork.detail(of: decided)
            detail["comment"] = .text(comment)
            try await work.report(
                isGranted ? "waiver.granted" : "waiver.refused",
                work.subject(of: decided),
                detail
            )
            return decided
        }
    }

    /// Takes a waiver back before its time, or withdraws one that nobody decided yet; both sides may.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `reason-required`, `illegal-transition`.
    public func revokeWaiver(_ actor: Actor, _ id: WaiverID, reason: String) async throws(GovernanceError) -> Waiver {
        try await change(actor) { work in
            let waiver = try await work.waiver(id, isLocking: true)
            if !actor.may(.decideWaiver, team: waiver.team) { try actor.require(.requestWaiver, team: waiver.team) }
            guard let member = actor.member else {
                throw GovernanceError(.forbidden, "a waiver is taken back by a member", mend: "use a member's token")
            }
            try work.requireReason(reason, for: "taking a waiver back")
            let state = waiver.state(at: work.now)
            guard state == .pending || state == .granted else {
                throw GovernanceError(
                    .illegalTransition,
                    "the waiver is \(state.rawValue) already",
                    mend: "nothing is left to do"
                )
            }
            try await work.transaction.waivers.revoke(id, by: member, reason: reason, at: work.now)
            let revoked = try await work.waiver(id)
            var detail = UnitOfWork.detail(of: revoked)
            detail["revocationReason"] = .text(reason)
            try await work.report("waiver.revoked", work.subject(of: revoked), detail)
            return revoked
        }
    }

    /// A waiver.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showWaiver(_ actor: Actor, _ id: WaiverID) async throws(GovernanceError) -> Waiver {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in try await work.waiver(id) }
    }

    /// A page of waivers, or of one API's, the newest first. `state` narrows each page to those that stand so at this moment.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listWaivers(
        _ actor: Actor,
        api: String? = nil,
        state: Waiver.State? = nil,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Waiver> {
        try actor.requireAnywhere(.readCatalog)
        let before = try page.after(WaiverID.self)
        return try await read(actor) { work in
            let rows = try await work.transaction.waivers.list(
                in: actor.organization,
                teams: actor.teams(for: .readCatalog),
                api: api,
                before: before,
                limit: page.rowCount
            )
            var waivers = Page(surplus: rows, for: page, by: \.id)
            if let state { waivers.items = waivers.items.filter { $0.state(at: work.now) == state } }
            return waivers
        }
    }

    /// The present moment, by which waivers stand where they stand.
    public var now: Moment { clock.now }
}

extension UnitOfWork {
    /// A waiver of an API that the actor may see.
    func waiver(_ id: WaiverID, isLocking: Bool = false) async throws -> Waiver {
        let teams = actor.teams(for: .readCatalog)
        let store = transaction.waivers
        guard let waiver = try await store.find(id, in: actor.organization, teams: teams, isLocking: isLocking) else {
            throw GovernanceError.notFound("waiver", id.description)
        }
        return waiver
    }

    func subject(of waiver: Waiver) -> AuditEvent.Subject {
        AuditEvent.Subject("waiver", id: waiver.id.value, name: "\(waiver.api) \(waiver.rule)", team: waiver.team)
    }

    static func detail(of waiver: Waiver) -> AuditDetail {
        var detail: AuditDetail = [
            "api": .text(waiver.api), "rule": .text(waiver.rule), "reason": .text(waiver.reason),
            "expiresAt": .text(waiver.expiresAt.rfc3339),
        ]
        switch waiver.place {
        case .pointer(let pointer): detail["pointer"] = .text(pointer)
        case .fingerprint(let fingerprint): detail["fingerprint"] = .text(fingerprint)
        }
        return detail
    }
}
