import CatalogStore
import Lifecycle

/// Which major line a request for a subscription is for, and whether it may be granted: nobody is newly admitted to a line
/// whose versions are all deprecated (domain.md section 0.7).
extension UnitOfWork {
    /// The line, nil for every version of the API, and the version that is pinned.
    typealias MajorChoice = (major: Int?, pin: APIVersionID?)

    /// - Throws: ``GovernanceError`` `version-deprecated`, `pin-not-granted`, `not-found`, `validation-failed`;
    ///   ``CatalogError``.
    func majorLine(
        of api: SubscribableStore.API,
        for draft: SubscriptionDraft,
        in environment: EnvironmentID,
        isPinPublished: Bool
    ) async throws -> MajorChoice {
        let versions = try await transaction.subscribables.versions(of: api.id, in: environment)
        if let pin = draft.pin {
            return try pinned(pin, draft.scope, versions, of: api, isPinPublished: isPinPublished)
        }
        switch draft.scope {
        case .major(let major):
            let line = versions.filter { $0.major == major }
            guard !line.isEmpty else { throw unknown(major, versions, of: api) }
            return (try admitting(line, of: api).major, nil)
        case .latest:
            if versions.isEmpty {
                // An API without a specification has no versions: its one subscription is to all of it.
                guard api.isPassthrough else { throw nothing(in: api) }
                return (nil, nil)
            }
            let live = versions.filter(\.isPublished)
            return (try admitting(live.isEmpty ? versions : live, of: api).major, nil)
        }
    }

    private func pinned(
        _ pin: String,
        _ scope: SubscriptionDraft.Scope,
        _ versions: [SubscribableStore.Version],
        of api: SubscribableStore.API,
        isPinPublished: Bool
    ) throws(GovernanceError) -> MajorChoice {
        let version = try pinnable(pin, versions, of: api, isPublished: isPinPublished)
        if case .major(let major) = scope, version.major != major {
            throw pinNotGranted("version `\(pin)` is not of major \(major)", pointer: "/pin")
        }
        return (try admitting([version], of: api).major, version.id)
    }

    /// The version of a pin.
    ///
    /// - Throws: ``GovernanceError`` `pin-not-granted`, with the nearest name where there is one.
    func pinnable(
        _ name: String,
        _ versions: [SubscribableStore.Version],
        of api: SubscribableStore.API,
        isPublished: Bool
    ) throws(GovernanceError) -> SubscribableStore.Version {
        guard let version = versions.first(where: { $0.name == name }) else {
            let nearest = NearestName.of(name, among: versions.map(\.name)).map { "; did you mean `\($0)`?" } ?? ""
            throw pinNotGranted(
                "`\(api.name)` has no version `\(name)` that is not retired\(nearest)",
                pointer: "/version"
            )
        }
        guard version.isPublished || !isPublished else {
            throw pinNotGranted("version `\(name)` of `\(api.name)` is not published", pointer: "/version")
        }
        return version
    }

    func pinNotGranted(_ what: String, pointer: String) -> GovernanceError {
        GovernanceError(
            .pinNotGranted,
            what,
            mend: "pin to a published version of the subscribed major",
            places: [.init(what, pointer: pointer)]
        )
    }

    /// The first version, latest first, that takes new subscriptions.
    private func admitting(
        _ line: [SubscribableStore.Version],
        of api: SubscribableStore.API
    ) throws(GovernanceError) -> SubscribableStore.Version {
        if let version = line.first(where: { !$0.isDeprecated(at: now) }) { return version }
        let names = line.map { "`\($0.name)`" }.joined(separator: ", ")
        let successor = line.lazy.compactMap(\.successor).first
        throw GovernanceError(
            .versionDeprecated,
            "\(names) of `\(api.name)` \(line.count == 1 ? "is" : "are") deprecated and takes no new subscriptions",
            mend: successor.map { "subscribe to its successor `\($0)`" }
                ?? "subscribe to a version that is not deprecated",
            facts: successor.map { ["successor": $0] } ?? [:]
        )
    }

    private func unknown(
        _ major: Int,
        _ versions: [SubscribableStore.Version],
        of api: SubscribableStore.API
    ) -> GovernanceError {
        let majors = Set(versions.compactMap(\.major)).sorted().map(String.init).joined(separator: ", ")
        return .invalid(
            "/major",
            "`\(api.name)` has no version of major \(major)",
            mend: majors.isEmpty ? "leave `major` out" : "use one of \(majors)"
        )
    }

    private func nothing(in api: SubscribableStore.API) -> GovernanceError {
        GovernanceError(
            .notFound,
            "`\(api.name)` has no version to subscribe to yet",
            mend: "wait until its team has submitted a specification"
        )
    }
}
