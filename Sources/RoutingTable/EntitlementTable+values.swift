/// Rows back into plain values: for merging levels, for exporting, and for people.
extension EntitlementTable {
    func applicationValue(_ row: Int) -> EntitlementContent.Application {
        EntitlementContent.Application(id: applications[row].id, name: string(applications[row].name))
    }

    func credentialValue(_ row: Int) -> EntitlementContent.Credential {
        let record = credentials[row]
        return EntitlementContent.Credential(
            id: record.id,
            sha256: digests[row],
            applicationID: applications[Int(record.application)].id,
            start: string(record.start),
            startsAt: record.startsAt == .min ? nil : record.startsAt,
            expiresAt: record.expiresAt == .max ? nil : record.expiresAt,
            pins: record.pins.positions.map(pinValue)
        )
    }

    func subscriptionValue(_ row: Int, application: RecordID) -> EntitlementContent.Subscription {
        let record = subscriptions[row]
        let terms = terms[Int(record.terms)]
        return EntitlementContent.Subscription(
            id: record.id,
            applicationID: application,
            api: apiNames[Int(terms.api)],
            major: record.major.map { Int($0) },
            plan: string(terms.plan),
            state: record.state,
            operations: terms.operations.map { $0.positions.map { string(slices[$0]) } },
            startsAt: record.startsAt == .min ? nil : record.startsAt,
            endsAt: record.endsAt == .max ? nil : record.endsAt,
            pins: record.pins.positions.map(pinValue),
            limits: terms.limits.positions.map { limits[$0] }
        )
    }

    private func pinValue(_ row: Int) -> EntitlementContent.Pin {
        let record = pins[row]
        let target = pinTargets[Int(record.target)]
        return EntitlementContent.Pin(
            api: apiNames[Int(target.api)],
            version: target.version,
            isHard: record.isHard,
            expiresAt: record.expiresAt == .max ? nil : record.expiresAt
        )
    }
}
