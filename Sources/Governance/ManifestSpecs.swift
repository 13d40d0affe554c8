import CatalogStore
import Lifecycle
import Manifest

/// The catalog's values as the specs of manifests.

extension UpstreamSpec {
    init(_ upstream: Upstream) {
        self.init(
            targets: upstream.targets.map { target in
                let host = target.host.contains(":") ? "[\(target.host)]" : target.host
                let url = "\(target.scheme)://\(host):\(target.port)\(target.path)"
                return TargetSpec(url: ManifestReference(url), weight: target.weight, priority: target.priority)
            },
            connectTimeoutMilliseconds: upstream.connectTimeoutMilliseconds,
            headerTimeoutMilliseconds: upstream.headerTimeoutMilliseconds,
            idleTimeoutMilliseconds: upstream.idleTimeoutMilliseconds,
            policy: upstream.policy
        )
    }
}

extension APISpec {
    init(_ api: API) {
        let settings = api.settings
        self.init(
            title: api.title == api.name ? nil : api.title,
            team: ManifestReference(api.teamName),
            visibility: Visibility(rawValue: api.visibility.rawValue) ?? .internal,
            basePath: settings.basePath == "/" + api.name ? nil : settings.basePath,
            hosts: settings.hosts,
            access: Access(rawValue: settings.access.rawValue) ?? .plan,
            security: Security(rawValue: settings.security.rawValue) ?? .verify,
            versioning: VersioningSpec(
                places: settings.versioning.places.compactMap { VersioningSpec.Place(rawValue: $0.rawValue) },
                header: settings.versioning.header,
                query: settings.versioning.query,
                mediaTypeParameter: settings.versioning.mediaTypeParameter,
                standard: settings.versioning.standard
            ),
            requestHeaders: RequestHeadersSpec(
                set: settings.requestHeaders.set,
                remove: settings.requestHeaders.remove
            ),
            isPassthrough: settings.passthrough != nil,
            upstream: settings.passthrough.map { ManifestReference($0.upstream) },
            deny: settings.passthrough?.deny ?? []
        )
    }
}

extension DeprecationSpec {
    /// Nil for a version that is not deprecated.
    init?(_ version: APIVersion) {
        guard let deprecatedAt = version.dates.deprecatedAt else { return nil }
        self.init(
            deprecatedAt: deprecatedAt.unixSeconds,
            sunsetAt: version.dates.sunsetAt?.unixSeconds,
            successor: version.successor,
            link: version.deprecationLink,
            reason: version.deprecationReason
        )
    }
}

extension PlanSpec {
    init(_ plan: Plan) {
        self.init(
            api: ManifestReference(plan.api),
            title: plan.title == plan.name ? nil : plan.title,
            approval: plan.approval == .automatic ? .automatic : .manual,
            operations: plan.operations,
            limits: plan.limits.map { LimitSpec($0) }
        )
    }
}

extension LimitSpec {
    fileprivate init(_ limit: PlanLimit) {
        self.init(
            name: limit.name,
            kind: limit.kind == .rate ? .rate : .quota,
            amount: Int(clamping: limit.amount),
            window: limit.window.text,
            algorithm: limit.algorithm == .gcra ? .gcra : .fixed,
            burst: limit.algorithm == .gcra ? Int(clamping: limit.burst) : nil,
            align: limit.alignment == .calendar ? .calendar : nil
        )
    }
}

extension SubscriptionSpec {
    init(_ subscription: Subscription) {
        let environment = subscription.environment
        self.init(
            application: ManifestReference(subscription.application),
            plan: ManifestReference(subscription.plan),
            environment: environment == Environment.standardName ? nil : ManifestReference(environment),
            major: subscription.major,
            pin: subscription.pin.map { PinSpec($0, namesAPI: false) },
            state: subscription.life.pausedBy.contains(.consumer) ? .paused : .accepted,
            startsAt: subscription.startsAt?.unixSeconds,
            endsAt: subscription.endsAt?.unixSeconds,
            comment: subscription.comment.isEmpty ? nil : subscription.comment
        )
    }
}

extension PinSpec {
    init(_ pin: VersionPin, namesAPI: Bool) {
        self.init(
            api: namesAPI ? ManifestReference(pin.api) : nil,
            version: pin.version,
            mode: pin.mode == .hard ? .hard : .soft,
            expiresAt: pin.expiresAt?.unixSeconds
        )
    }
}

extension CredentialSpec {
    init(_ credential: CredentialStore.Kept, pins: [VersionPin]) {
        let environment = credential.environment
        self.init(
            application: ManifestReference(credential.application),
            environment: environment == Environment.standardName ? nil : ManifestReference(environment),
            sha256: Hexadecimal.text(credential.sha256),
            start: credential.start.isEmpty ? nil : credential.start,
            note: credential.note.isEmpty ? nil : credential.note,
            startsAt: credential.startsAt?.unixSeconds,
            expiresAt: credential.expiresAt?.unixSeconds,
            pins: pins.map { PinSpec($0, namesAPI: true) }
        )
    }
}
