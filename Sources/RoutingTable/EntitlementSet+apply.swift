/// Why a delta is not taken; the set in use stays, and the gateway asks for a new base.
public enum DeltaRejected: Error, Hashable, Sendable, CustomStringConvertible {
    case otherEnvironment(found: String, expected: String)
    /// It does not begin where the set ends.
    case gap(from: UInt64, current: UInt64)
    /// It does not lead forwards.
    case backwards(from: UInt64, to: UInt64)
    case invalid(InvalidContent)

    public var description: String {
        switch self {
        case .otherEnvironment(let found, let expected):
            "the delta is for environment `\(found)`, the entitlements for `\(expected)`"
        case .gap(let from, let current): "the delta begins at sequence \(from), the entitlements end at \(current)"
        case .backwards(let from, let to): "the delta leads from sequence \(from) to \(to)"
        case .invalid(let content): "\(content)"
        }
    }
}

extension EntitlementSet {
    /// The set after a delta. This one stays as it is.
    ///
    /// Costs as much as the overlay is large, whatever the base: when ``wantsMerge`` says that it has grown, ``merged()`` makes
    /// a new base, which takes long and is best done beside. Never call either on an event loop.
    ///
    /// - Parameters:
    ///   - delta: must begin at this set's `sequence`.
    ///   - isVerified: whether the delta's signature was checked.
    /// - Returns: the next set.
    /// - Throws: `DeltaRejected`.
    public func applying(_ delta: EntitlementDelta, isVerified: Bool = false) throws(DeltaRejected) -> EntitlementSet {
        guard delta.environment == environment else {
            throw .otherEnvironment(found: delta.environment, expected: environment)
        }
        guard delta.fromSequence == sequence else { throw .gap(from: delta.fromSequence, current: sequence) }
        guard delta.toSequence > delta.fromSequence else {
            throw .backwards(from: delta.fromSequence, to: delta.toSequence)
        }
        var changes = self.changes
        var touched = EntitlementChanges.Touched()
        for change in delta.changes { changes.apply(change, base: base, touched: &touched) }
        do throws(InvalidContent) {
            return try rebuilt(
                changes,
                touched,
                sequence: delta.toSequence,
                isVerified: self.isVerified && isVerified
            )
        } catch {
            throw .invalid(error)
        }
    }

    /// The content as plain values, in order of ids.
    public func content() -> EntitlementContent {
        var content = EntitlementContent(environment: environment)
        for table in [base, overlay].compactMap({ $0 }) {
            let isBase = table === base
            for row in table.applications.indices where !isBase || !Self.isSet(deadApplications, row) {
                let record = table.applications[row]
                if record.isPresent { content.applications.append(table.applicationValue(row)) }
                content.subscriptions += record.subscriptions.positions.map {
                    table.subscriptionValue($0, application: record.id)
                }
            }
            for row in table.credentials.indices where !isBase || !Self.isSet(deadCredentials, row) {
                content.credentials.append(table.credentialValue(row))
            }
        }
        content.applications.sort { $0.id < $1.id }
        content.credentials.sort { $0.id < $1.id }
        content.subscriptions.sort { $0.id < $1.id }
        return content
    }

    /// Whether the overlay has grown so large that steps get slow.
    public var wantsMerge: Bool {
        changes.count > max(RoutingLimits.overlayRecordsMin, (base.credentials.count + base.subscriptions.count) / 64)
    }

    private func rebuilt(
        _ changes: EntitlementChanges,
        _ touched: EntitlementChanges.Touched,
        sequence: UInt64,
        isVerified: Bool
    ) throws(InvalidContent) -> EntitlementSet {
        var builder = EntitlementTableBuilder()
        for account in changes.accounts.values {
            if let application = account.application { try builder.add(application) }
            for subscription in account.subscriptions.values { try builder.add(subscription) }
        }
        for credential in changes.credentials.values {
            if let credential { try builder.add(credential) }
        }
        let overlay = try EntitlementTable(builder)
        // What was touched once stays dead in the base, so only the rows of this step are looked for.
        let deadCredentials = bits(
            deadCredentials,
            base.credentials.count,
            touched.credentials.compactMap { base.credential(id: $0) }
        )
        let deadApplications = bits(
            deadApplications,
            base.applications.count,
            touched.applications.compactMap { base.application(id: $0) }
        )
        for (row, digest) in overlay.digests.enumerated() {
            guard let other = base.credential(digest), !Self.isSet(deadCredentials, other) else { continue }
            throw InvalidContent("credential \(overlay.credentials[row].id)", "another credential has the same key")
        }
        return EntitlementSet(
            environment: environment,
            sequence: sequence,
            isVerified: isVerified,
            base: base,
            overlay: overlay,
            changes: changes,
            deadCredentials: deadCredentials,
            deadApplications: deadApplications
        )
    }

    /// The same content in one level. Takes as long as building a base does, and as much memory beside this one.
    ///
    /// - Throws: `InvalidContent`, which content that was accepted never gives.
    public func merged() throws(InvalidContent) -> EntitlementSet {
        let flat = try EntitlementSet(content: content(), sequence: sequence)
        return EntitlementSet(environment: environment, sequence: sequence, isVerified: isVerified, base: flat.base)
    }

    private func bits(_ words: [UInt64], _ count: Int, _ rows: [Int]) -> [UInt64] {
        var words = words.isEmpty ? [UInt64](repeating: 0, count: (count + 63) / 64) : words
        for row in rows { words[row >> 6] |= 1 << UInt64(row & 63) }
        return words
    }
}
