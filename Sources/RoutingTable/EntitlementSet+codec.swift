extension EntitlementSet {
    /// Writes entitlements as a base artifact: equal content gives an equal body, whatever the order it comes in.
    ///
    /// - Throws: `InvalidContent` for content that no gateway could load.
    public static func encode(
        _ content: EntitlementContent,
        sequence: UInt64,
        signer: SigningKey?
    ) throws(InvalidContent) -> [UInt8] {
        _ = try EntitlementSet(content: content, sequence: sequence)
        return try Artifact.encode(
            .entitlements,
            environment: content.environment,
            number: sequence,
            body: try content.encodedBody(),
            signer: signer
        )
    }

    /// Reads and checks a base artifact. Any bytes are answered, never trapped on.
    ///
    /// - Throws: `SnapshotRejected` with the reason.
    public static func decode(_ bytes: [UInt8], trust: SnapshotTrust) throws(SnapshotRejected) -> EntitlementSet {
        let artifact = try Artifact.decode(bytes, kind: .entitlements, trust: trust)
        return EntitlementSet(
            environment: artifact.environment,
            sequence: artifact.number,
            isVerified: artifact.isVerified,
            base: try table(fromBody: artifact.body)
        )
    }

    /// Writes this set, both levels, as a base artifact: what a gateway keeps on disk.
    public func encoded(signer: SigningKey?) throws(InvalidContent) -> [UInt8] {
        try Self.encode(content(), sequence: sequence, signer: signer)
    }

    /// Reads a body record by record straight into columns, so that a million keys are never held twice.
    static func table(fromBody body: [UInt8]) throws(SnapshotRejected) -> EntitlementTable {
        var reader = ByteReader(body)
        var builder = EntitlementTableBuilder()
        let applicationCount = try reader.count(upTo: RoutingLimits.applicationsMax, "applications")
        for _ in 0..<applicationCount {
            let application = try reader.application()
            try accept { () throws(InvalidContent) in try builder.add(application) }
        }
        let credentialCount = try reader.count(upTo: RoutingLimits.credentialsMax, "credentials")
        builder.reserve(credentials: credentialCount)
        for _ in 0..<credentialCount {
            let credential = try reader.credential()
            try accept { () throws(InvalidContent) in try builder.add(credential) }
        }
        let terms = try reader.termsList()
        var rows: [UInt32] = []
        for entry in terms {
            rows.append(try accept { () throws(InvalidContent) in try builder.add(entry, at: "plan `\(entry.plan)`") })
        }
        let subscriptionCount = try reader.count(upTo: RoutingLimits.subscriptionsMax, "subscriptions")
        for _ in 0..<subscriptionCount {
            let (subscription, row) = try reader.subscription(terms: terms)
            try accept { () throws(InvalidContent) in try builder.add(subscription, terms: rows[row]) }
        }
        try reader.finish()
        return try accept { () throws(InvalidContent) in try EntitlementTable(builder) }
    }

    private static func accept<Value>(
        _ body: () throws(InvalidContent) -> Value
    ) throws(SnapshotRejected) -> Value {
        do throws(InvalidContent) {
            return try body()
        } catch {
            throw .invalid(error)
        }
    }
}

extension EntitlementContent {
    /// The body of a base artifact, in order of ids.
    func encodedBody() throws(InvalidContent) -> [UInt8] {
        var writer = ByteWriter()
        writer.count(applications.count)
        for application in applications.sorted(by: { $0.id < $1.id }) { try writer.application(application) }
        writer.count(credentials.count)
        for credential in credentials.sorted(by: { $0.id < $1.id }) { try writer.credential(credential) }
        let ordered = subscriptions.sorted { $0.id < $1.id }
        let terms = try TermsTable(ordered)
        terms.write(to: &writer)
        writer.count(ordered.count)
        for subscription in ordered { try writer.subscription(subscription, terms: terms) }
        return writer.bytes
    }
}

extension EntitlementDelta {
    /// Writes the delta as an artifact.
    ///
    /// - Throws: `InvalidContent` for content that no gateway could load.
    public func encode(signer: SigningKey?) throws(InvalidContent) -> [UInt8] {
        guard toSequence > fromSequence else {
            throw InvalidContent("the delta", "it must lead forwards, not from \(fromSequence) to \(toSequence)")
        }
        guard changes.count <= RoutingLimits.changesPerDeltaMax else {
            throw InvalidContent(
                "the delta",
                "\(changes.count) changes are more than \(RoutingLimits.changesPerDeltaMax)"
            )
        }
        return try Artifact.encode(
            .entitlementDelta,
            environment: environment,
            number: toSequence,
            previous: fromSequence,
            body: try encodedBody(),
            signer: signer
        )
    }

    /// The body of a delta's artifact.
    func encodedBody() throws(InvalidContent) -> [UInt8] {
        var writer = ByteWriter()
        var subscriptions: [EntitlementContent.Subscription] = []
        for case .putSubscription(let subscription) in changes { subscriptions.append(subscription) }
        let terms = try TermsTable(subscriptions)
        terms.write(to: &writer)
        writer.count(changes.count)
        for change in changes { try writer.change(change, terms: terms) }
        return writer.bytes
    }

    /// Reads and checks a delta. Any bytes are answered, never trapped on.
    ///
    /// - Throws: `SnapshotRejected` with the reason.
    public static func decode(_ bytes: [UInt8], trust: SnapshotTrust) throws(SnapshotRejected) -> EntitlementDelta {
        let artifact = try Artifact.decode(bytes, kind: .entitlementDelta, trust: trust)
        return EntitlementDelta(
            environment: artifact.environment,
            fromSequence: artifact.previous,
            toSequence: artifact.number,
            changes: try changes(fromBody: artifact.body)
        )
    }

    static func changes(fromBody body: [UInt8]) throws(SnapshotRejected) -> [Change] {
        var reader = ByteReader(body)
        let terms = try reader.termsList()
        let count = try reader.count(upTo: RoutingLimits.changesPerDeltaMax, "changes")
        var changes: [Change] = []
        changes.reserveCapacity(count)
        for _ in 0..<count { changes.append(try reader.change(terms: terms)) }
        try reader.finish()
        return changes
    }
}
