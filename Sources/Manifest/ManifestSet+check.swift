public import DocumentTree

/// What only shows when all manifests are together: names that stand twice, and references to nothing.
extension ManifestSet {
    /// Names of one kind that stand twice, and versions of one API that do.
    public func duplicates() -> [Finding] {
        var findings: [Finding] = []
        Self.duplicates(environments, .environment, &findings)
        Self.duplicates(teams, .team, &findings)
        Self.duplicates(upstreams, .upstream, &findings)
        Self.duplicates(apis, .api, &findings)
        Self.duplicates(versions, .apiVersion, &findings)
        Self.duplicates(plans, .plan, &findings)
        Self.duplicates(applications, .application, &findings)
        Self.duplicates(subscriptions, .subscription, &findings)
        Self.duplicates(credentials, .credential, &findings)
        Self.duplicates(rulesets, .ruleset, &findings)
        Self.duplicates(policies, .policy, &findings)
        var known: [[String]: ManifestItem<APIVersionSpec>] = [:]
        for version in versions {
            let key = [version.spec.api.name, version.spec.version]
            if let first = known[key], let place = version.place, first.name != version.name {
                findings.append(
                    place.finding(
                        code: ManifestCode.duplicate,
                        message:
                            "version `\(key[1])` of Api `\(key[0])` is already described by \(Self.text(first, .apiVersion))",
                        help: "remove one of the two"
                    )
                )
            }
            known[key] = known[key] ?? version
        }
        return findings.sorted(by: Finding.precedes)
    }

    /// References to objects that are neither here nor known elsewhere.
    ///
    /// - Parameter exists: whether an object is known elsewhere, for example in the catalog; for files alone, never.
    /// - Returns: one finding for each, in the order of the texts.
    public func danglingReferences(
        exists: (ManifestKind, String) -> Bool = { _, _ in false }
    ) -> [Finding] {
        var findings: [Finding] = []
        for (reference, kind) in references() {
            let names = names(of: kind)
            if names.contains(reference.name) || isFaulty(kind, reference.name) || exists(kind, reference.name) {
                continue
            }
            guard let place = reference.place else { continue }
            findings.append(
                place.finding(
                    code: ManifestCode.danglingReference,
                    message: "there is no \(kind.rawValue) `\(reference.name)`",
                    help: NearestName.suggestion(for: reference.name, among: names)
                )
            )
        }
        return findings.sorted(by: Finding.precedes)
    }

    /// Every reference with the kind it must lead to. `live` is an environment that always exists.
    private func references() -> [(ManifestReference, ManifestKind)] {
        var list: [(ManifestReference?, ManifestKind)] = []
        for api in apis { list += [(api.spec.team, .team), (api.spec.upstream, .upstream)] }
        for version in versions { list += [(version.spec.api, .api), (version.spec.upstream, .upstream)] }
        for plan in plans { list.append((plan.spec.api, .api)) }
        for application in applications { list.append((application.spec.team, .team)) }
        for subscription in subscriptions {
            list += [(subscription.spec.application, .application), (subscription.spec.plan, .plan)]
            list.append((subscription.spec.environment, .environment))
        }
        for credential in credentials {
            list += [(credential.spec.application, .application), (credential.spec.environment, .environment)]
            list += credential.spec.pins.map { ($0.api, .api) }
        }
        // Teams are people's business: files without any `Team` may still say who owns what.
        let checksTeams = !teams.isEmpty
        return list.compactMap { reference, kind in
            guard let reference else { return nil }
            if kind == .environment, reference.name == Self.standardEnvironment { return nil }
            return kind == .team && !checksTeams ? nil : (reference, kind)
        }
    }

    /// The environment that needs no manifest.
    public static let standardEnvironment = "live"

    private static func duplicates<Spec>(
        _ items: [ManifestItem<Spec>],
        _ kind: ManifestKind,
        _ findings: inout [Finding]
    ) {
        var first: [String: ManifestItem<Spec>] = [:]
        for item in items {
            if let earlier = first[item.name], let place = item.place {
                findings.append(
                    place.finding(
                        code: ManifestCode.duplicate,
                        message: "\(kind.rawValue) `\(item.name)` is there twice, first at \(position(of: earlier))",
                        help: "remove or rename one of the two"
                    )
                )
            }
            first[item.name] = first[item.name] ?? item
        }
    }

    private static func text<Spec>(_ item: ManifestItem<Spec>, _ kind: ManifestKind) -> String {
        "\(kind.rawValue) `\(item.name)` at \(position(of: item))"
    }

    private static func position<Spec>(of item: ManifestItem<Spec>) -> String {
        guard let place = item.place else { return "another place" }
        return "\(place.source):\(place.range.start.line + 1):\(place.range.start.character + 1)"
    }
}
