import DocumentTree
import Lifecycle
import Manifest
import RoutingTable

/// Applications, credentials and subscriptions of manifests as entitlements.
struct OfflineEntitlements {
    private(set) var content: EntitlementContent
    private(set) var findings: [Finding] = []

    private let input: CompilationInput
    private var limits: [String: [EntitlementContent.Limit]] = [:]

    init(manifests: ManifestSet, environment: String, input: CompilationInput) {
        self.input = input
        content = EntitlementContent(environment: environment)
        content.applications = manifests.applications.map {
            EntitlementContent.Application(id: Self.id("application", $0.name), name: $0.name)
        }
        for plan in manifests.plans {
            check(plan)
            limits[plan.name] = limits(of: plan)
        }
        addCredentials(manifests.credentials, environment)
        let plans = Dictionary(manifests.plans.map { ($0.name, $0.spec) }, uniquingKeysWith: { first, _ in first })
        for item in manifests.subscriptions where (item.spec.environment?.name ?? Self.standard) == environment {
            // What is still to be decided grants nothing; a plan that is missing was a dangling reference.
            guard item.spec.state != .pending, let plan = plans[item.spec.plan.name] else { continue }
            add(item, plan)
        }
    }

    private static let standard = ManifestSet.standardEnvironment

    /// Sixteen bytes that are always the same for a kind and name.
    static func id(_ kind: String, _ name: String) -> RecordID {
        let digest = Digest32.sha256(of: Array("gatehouse manifest \(kind) \(name)".utf8))
        return RecordID(digest.bytes.prefix(16)) ?? RecordID(high: 0, low: 0)
    }

    private mutating func addCredentials(_ items: [ManifestItem<CredentialSpec>], _ environment: String) {
        var owners: [Digest32: String] = [:]
        for item in items where (item.spec.environment?.name ?? Self.standard) == environment {
            guard let digest = Digest32(hexadecimal: item.spec.sha256) else {
                note(item.place, CompilationCode.repeatedKey, "credential `\(item.name)` has no SHA-256 of 64 digits")
                continue
            }
            if let other = owners[digest] {
                note(
                    item.place,
                    CompilationCode.repeatedKey,
                    "credentials `\(other)` and `\(item.name)` have the same key"
                )
                continue
            }
            owners[digest] = item.name
            for pin in item.spec.pins { check(pin, api: pin.api?.name ?? "", place: pin.api?.place ?? item.place) }
            content.credentials.append(
                EntitlementContent.Credential(
                    id: Self.id("credential", item.name),
                    sha256: digest,
                    applicationID: Self.id("application", item.spec.application.name),
                    start: item.spec.start ?? "",
                    startsAt: item.spec.startsAt,
                    expiresAt: item.spec.expiresAt,
                    pins: item.spec.pins.map { Self.pin($0, api: $0.api?.name ?? "") }
                )
            )
        }
    }

    private mutating func add(_ item: ManifestItem<SubscriptionSpec>, _ plan: PlanSpec) {
        let spec = item.spec
        if let pin = spec.pin { check(pin, api: plan.api.name, place: item.place) }
        content.subscriptions.append(
            EntitlementContent.Subscription(
                id: Self.id("subscription", item.name),
                applicationID: Self.id("application", spec.application.name),
                api: plan.api.name,
                major: spec.major,
                plan: spec.plan.name,
                state: spec.state == .paused ? .paused : .accepted,
                operations: plan.operations,
                startsAt: spec.startsAt,
                endsAt: spec.endsAt,
                pins: spec.pin.map { [Self.pin($0, api: plan.api.name)] } ?? [],
                limits: limits[spec.plan.name] ?? []
            )
        )
    }

    private static func pin(_ pin: PinSpec, api: String) -> EntitlementContent.Pin {
        EntitlementContent.Pin(api: api, version: pin.version, isHard: pin.mode == .hard, expiresAt: pin.expiresAt)
    }

    /// A pin to a version that no file describes would be without effect, or lock its holder out.
    private mutating func check(_ pin: PinSpec, api: String, place: ManifestPlace?) {
        guard let target = input.apis.first(where: { $0.name == api }) else { return }
        guard !target.versions.contains(where: { $0.label.name == pin.version }) else { return }
        note(
            place,
            CompilationCode.unknownVersion,
            "the pin names version `\(pin.version)`, which api `\(api)` does not have"
        )
    }

    private mutating func check(_ plan: ManifestItem<PlanSpec>) {
        guard let operations = plan.spec.operations,
            let api = input.apis.first(where: { $0.name == plan.spec.api.name }),
            api.settings.passthrough == nil
        else { return }
        let known = Set(api.versions.flatMap { $0.unit?.operations.map(\.id) ?? [] })
        // Without any document at hand nothing can be said.
        guard !known.isEmpty else { return }
        for operation in operations where !known.contains(operation) {
            note(
                plan.place,
                CompilationCode.unknownOperation,
                "plan `\(plan.name)` grants operation `\(operation)`, which no version of api `\(api.name)` has"
            )
        }
    }

    private mutating func limits(of plan: ManifestItem<PlanSpec>) -> [EntitlementContent.Limit] {
        var limits: [EntitlementContent.Limit] = []
        for spec in plan.spec.limits {
            do throws(InvalidLimit) {
                limits.append(EntitlementContent.Limit(try PlanLimit(spec)))
            } catch {
                for fault in error.faults {
                    note(
                        spec.place ?? plan.place,
                        CompilationCode.invalidLimit,
                        "limit `\(spec.name)` of plan `\(plan.name)`: \(fault.message)"
                    )
                }
            }
        }
        return limits
    }

    private mutating func note(_ place: ManifestPlace?, _ code: String, _ message: String) {
        findings.append(
            place?.finding(code: code, message: message) ?? .about("manifests", code: code, message: message)
        )
    }
}

extension PlanLimit {
    /// A limit as a manifest states it.
    ///
    /// - Throws: `InvalidLimit` with every fault.
    init(_ spec: LimitSpec) throws(InvalidLimit) {
        let algorithm: Algorithm?
        switch spec.algorithm {
        case .gcra: algorithm = .gcra
        case .fixed: algorithm = .fixedWindow
        case nil: algorithm = nil
        }
        try self.init(
            name: spec.name,
            kind: spec.kind == .rate ? .rate : .quota,
            amount: UInt64(max(0, spec.amount)),
            window: spec.window,
            alignment: spec.align == .calendar ? .calendar : nil,
            algorithm: algorithm,
            burst: spec.burst.map { UInt64(max(0, $0)) }
        )
    }
}

extension EntitlementContent.Limit {
    /// A checked limit of a plan as the gate counts it.
    init(_ limit: PlanLimit) {
        let window: EntitlementContent.LimitWindow
        if limit.alignment == .calendar, let unit = limit.window.calendarUnit {
            window = .calendar(EntitlementContent.CalendarUnit(unit))
        } else {
            // A checked limit without alignment has a fixed window.
            window = .seconds(limit.window.fixedSeconds ?? limit.window.approximateSeconds)
        }
        self.init(
            name: limit.name,
            kind: limit.kind == .rate ? .rate : .quota,
            amount: limit.amount,
            window: window,
            algorithm: limit.algorithm == .gcra ? .gcra : .fixedWindow,
            burst: limit.burst
        )
    }
}

extension EntitlementContent.CalendarUnit {
    fileprivate init(_ unit: Lifecycle.LimitWindow.CalendarUnit) {
        switch unit {
        case .minute: self = .minute
        case .hour: self = .hour
        case .day: self = .day
        case .week: self = .week
        case .month: self = .month
        case .year: self = .year
        }
    }
}
