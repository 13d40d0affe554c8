internal import DocumentTree

/// Reads the `spec` of one kind and files the manifest, unless something in it is wrong.
struct SpecReader {
    let kind: ManifestKind
    /// Nil when the metadata was wrong already.
    let metadata: ManifestMetadata?
    let place: ManifestPlace

    func read(_ reader: inout FieldReader, into manifests: inout ManifestSet) {
        switch kind {
        case .environment: file(&reader, into: &manifests.environments, needsSpec: false, Self.environment)
        case .team: file(&reader, into: &manifests.teams, needsSpec: false, Self.team)
        case .upstream: file(&reader, into: &manifests.upstreams, Self.upstream)
        case .api: file(&reader, into: &manifests.apis, needsSpec: false, Self.api)
        case .apiVersion: file(&reader, into: &manifests.versions, Self.apiVersion)
        case .plan: file(&reader, into: &manifests.plans, Self.plan)
        case .application: file(&reader, into: &manifests.applications, needsSpec: false, Self.application)
        case .subscription: file(&reader, into: &manifests.subscriptions, Self.subscription)
        case .credential: file(&reader, into: &manifests.credentials, Self.credential)
        case .ruleset: file(&reader, into: &manifests.rulesets, Self.ruleset)
        case .policy: file(&reader, into: &manifests.policies, Self.policy)
        case .certificate, .authProvider: break
        }
        // The object exists all the same: references to it are not what is wrong.
        if let metadata, !manifests.contains(kind, metadata.name) { manifests.note(faulty: kind, metadata.name) }
    }

    private func file<Spec>(
        _ reader: inout FieldReader,
        into items: inout [ManifestItem<Spec>],
        needsSpec: Bool = true,
        _ body: (inout FieldReader) -> Spec?
    ) {
        let faultsBefore = reader.findings.count
        var spec: Spec?
        if let node = reader.value("spec") {
            var nested = FieldReader(node, name: "\(kind.rawValue).spec")
            spec = body(&nested)
            for finding in nested.finish() { reader.note(finding) }
        } else if needsSpec {
            reader.missing("spec")
        } else {
            // Everything in it has a default: read an empty one.
            var nested = FieldReader(reader.node, name: "\(kind.rawValue).spec", ignoringFields: true)
            spec = body(&nested)
        }
        guard let spec, let metadata, reader.findings.count == faultsBefore else { return }
        items.append(ManifestItem(metadata: metadata, spec: spec, place: place))
    }

    private static func environment(_ reader: inout FieldReader) -> EnvironmentSpec? {
        EnvironmentSpec(rank: reader.integer("rank", in: 0...1_000))
    }

    private static func team(_ reader: inout FieldReader) -> TeamSpec? {
        TeamSpec(title: reader.text("title"))
    }

    private static func application(_ reader: inout FieldReader) -> ApplicationSpec? {
        let team = reader.reference("team")
        return ApplicationSpec(team: team, title: reader.text("title"))
    }

    private static func plan(_ reader: inout FieldReader) -> PlanSpec? {
        let api = reader.requiredReference("api")
        let title = reader.text("title")
        let approval = reader.enumeration("approval", PlanSpec.Approval.self) ?? .manual
        let operations = reader.texts("operations")
        let limits = reader.list("limits", limit) ?? []
        guard let api else { return nil }
        return PlanSpec(api: api, title: title, approval: approval, operations: operations, limits: limits)
    }

    private static func limit(_ reader: inout FieldReader) -> LimitSpec? {
        let name = required(&reader, "name") { $0.text("name") }
        let kind = required(&reader, "kind") { $0.enumeration("kind", LimitSpec.Kind.self) }
        let amount = required(&reader, "amount") { $0.integer("amount", in: 1...1_000_000_000_000) }
        let window = required(&reader, "window") { $0.text("window") }
        let algorithm = reader.enumeration("algorithm", LimitSpec.Algorithm.self)
        let burst = reader.integer("burst", in: 0...1_000_000_000_000)
        let align = reader.enumeration("align", LimitSpec.Alignment.self)
        if let window, let node = reader.value("window") {
            let duration = ISODuration(window)
            if duration == nil || (duration?.milliseconds == 0 && duration?.months == 0) {
                reader.invalid(
                    node,
                    "`\(reader.name).window` is `\(window)`, expected an ISO 8601 duration such as `PT1S` or `P1M`"
                )
            }
        }
        guard let name, let kind, let amount, let window else { return nil }
        return LimitSpec(
            name: name,
            kind: kind,
            amount: amount,
            window: window,
            algorithm: algorithm,
            burst: burst,
            align: align,
            place: ManifestPlace(reader.node)
        )
    }

    private static func subscription(_ reader: inout FieldReader) -> SubscriptionSpec? {
        let application = reader.requiredReference("application")
        let plan = reader.requiredReference("plan")
        let environment = reader.reference("environment")
        let major = reader.integer("major", in: 0...Int(Int32.max))
        let pin = subscriptionPin(&reader)
        let state = reader.enumeration("state", SubscriptionSpec.State.self) ?? .accepted
        let startsAt = reader.time("startsAt")
        let endsAt = reader.time("endsAt")
        let comment = reader.text("comment")
        guard let application, let plan else { return nil }
        return SubscriptionSpec(
            application: application,
            plan: plan,
            environment: environment,
            major: major,
            pin: pin,
            state: state,
            startsAt: startsAt,
            endsAt: endsAt,
            comment: comment
        )
    }

    /// `pin: 1.2.0`, or a mapping for more.
    private static func subscriptionPin(_ reader: inout FieldReader) -> PinSpec? {
        guard let node = reader.value("pin") else { return nil }
        guard node.isMapping else { return reader.looseText("pin").map { PinSpec(version: $0) } }
        return reader.nested("pin") { pin(&$0, hasAPI: false) } ?? nil
    }

    private static func pin(_ reader: inout FieldReader, hasAPI: Bool) -> PinSpec? {
        let api = hasAPI ? reader.requiredReference("api") : nil
        let version = required(&reader, "version") { $0.looseText("version") }
        let mode = reader.enumeration("mode", PinSpec.Mode.self) ?? .soft
        let expiresAt = reader.time("expiresAt")
        guard let version, !hasAPI || api != nil else { return nil }
        return PinSpec(api: api, version: version, mode: mode, expiresAt: expiresAt)
    }

    private static func credential(_ reader: inout FieldReader) -> CredentialSpec? {
        let application = reader.requiredReference("application")
        let environment = reader.reference("environment")
        let kind = reader.enumeration("kind", CredentialSpec.Kind.self) ?? .apiKey
        let sha256: String?? = reader.nested("secret") { reader in
            guard let text = required(&reader, "sha256", { $0.text("sha256") }), let node = reader.value("sha256")
            else { return nil }
            let digits = text.lowercased()
            guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) else {
                reader.invalid(
                    node,
                    "`\(reader.name).sha256` is not 64 hexadecimal digits, the SHA-256 of the whole key"
                )
                return nil
            }
            return digits
        }
        if reader.value("secret") == nil { reader.missing("secret") }
        let start = reader.text("start")
        let note = reader.text("note")
        let startsAt = reader.time("startsAt")
        let expiresAt = reader.time("expiresAt")
        let pins = reader.list("pins") { pin(&$0, hasAPI: true) } ?? []
        guard let application, let sha256 = sha256 ?? nil else { return nil }
        return CredentialSpec(
            application: application,
            environment: environment,
            kind: kind,
            sha256: sha256,
            start: start,
            note: note,
            startsAt: startsAt,
            expiresAt: expiresAt,
            pins: pins
        )
    }

    static func required<Value>(
        _ reader: inout FieldReader,
        _ key: String,
        _ body: (inout FieldReader) -> Value?
    ) -> Value? {
        if reader.value(key) == nil { reader.missing(key) }
        return body(&reader)
    }
}
