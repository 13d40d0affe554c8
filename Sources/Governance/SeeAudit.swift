public import CatalogStore
import Crypto
public import Lifecycle

/// Whether the audit's chain is whole.
public struct AuditVerification: Sendable, Hashable {
    /// Rows that were checked.
    public var rowCount: Int64
    /// The first row that does not fit: changed, deleted (then the first one missing), or inserted.
    public var firstBadSequence: Int64?
    /// What is wrong with it; nil where the chain is whole.
    public var fault: String?

    /// Whether nothing is wrong.
    public var isIntact: Bool { firstBadSequence == nil }
}

extension Governance {
    /// A page of the audit, the newest first. A role for one team shows that team's rows.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listAudit(
        _ actor: Actor,
        filter: AuditFilter = AuditFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<AuditRow> {
        try actor.requireAnywhere(.readAudit)
        let before = try page.number()
        return try await read(actor) { work in
            let rows = try await work.transaction.audit.list(
                in: actor.organization,
                teams: actor.teams(for: .readAudit),
                filter: filter,
                before: before,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: { String($0.sequence) })
        }
    }

    /// Recomputes the whole chain, here and not in the database that may have been tampered with.
    ///
    /// A chain proves order and content, not that its end was not cut: whoever can rewrite the rows and the kept end of the
    /// chain can shorten it, unless somebody kept the last hash elsewhere and passes it as `anchor`.
    ///
    /// `anchor`: a sequence number and the hash that the row had when somebody noted it.
    /// - Throws: ``GovernanceError``: `forbidden`.
    public func verifyAudit(
        _ actor: Actor,
        anchor: (sequence: Int64, hash: [UInt8])? = nil
    ) async throws(GovernanceError) -> AuditVerification {
        try actor.require(.readAudit, team: nil)
        return try await translated {
            try await catalog.snapshot { transaction in
                try await AuditChain(organization: actor.organization, anchor: anchor).verify(transaction)
            }
        }
    }
}

/// The chain's arithmetic, written a second time on purpose: the first is the trigger `audit_is_chained`.
struct AuditChain: Sendable {
    let organization: OrganizationID
    let anchor: (sequence: Int64, hash: [UInt8])?

    /// Rows that are read at a time.
    private static let pageSize = 1_000

    func verify(_ transaction: Transaction) async throws -> AuditVerification {
        var previous = Self.start(of: organization)
        var sequence: Int64 = 0
        while true {
            let rows = try await transaction.audit.chain(in: organization, after: sequence, limit: Self.pageSize)
            for row in rows {
                let expected = sequence + 1
                guard row.sequence == expected else { return bad(expected, sequence, "the row is missing") }
                if let fault = Self.fault(of: row, after: previous, anchor: anchor) {
                    return bad(expected, sequence, fault)
                }
                previous = row.hash
                sequence = row.sequence
            }
            if rows.count < Self.pageSize { break }
        }
        let head = try await transaction.audit.head(of: organization)
        let end = head?.sequence ?? 0
        if end > sequence { return bad(sequence + 1, sequence, "the row is missing: the chain ended at \(end)") }
        if end < sequence { return bad(end + 1, sequence, "the row was added without its chain") }
        if let head, head.hash != previous { return bad(sequence, sequence, "the chain's kept end has another hash") }
        if let anchor, anchor.sequence > sequence {
            return bad(sequence + 1, sequence, "the row is missing: it was noted before")
        }
        return AuditVerification(rowCount: sequence, firstBadSequence: nil, fault: nil)
    }

    private func bad(_ sequence: Int64, _ count: Int64, _ fault: String) -> AuditVerification {
        AuditVerification(rowCount: count, firstBadSequence: sequence, fault: fault)
    }

    private static func fault(
        of row: AuditRow,
        after previous: [UInt8],
        anchor: (sequence: Int64, hash: [UInt8])?
    ) -> String? {
        if row.previousHash != previous { return "the row does not follow the one before it" }
        if row.hash != hash(of: row) { return "the row was changed" }
        if let anchor, anchor.sequence == row.sequence, anchor.hash != row.hash {
            return "the row is not the one that was noted"
        }
        return nil
    }

    /// What the first row follows: SHA-256 of the organization's identifier as text.
    static func start(of organization: OrganizationID) -> [UInt8] {
        Array(SHA256.hash(data: Array(text(organization.value).utf8)))
    }

    static func hash(of row: AuditRow) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: row.previousHash)
        let fields: [String?] = [
            text(row.organization.value), String(row.sequence), text(row.id.value), String(row.occurredAt.microseconds),
            row.member.map { text($0.value) }, row.actor, row.authentication, row.token.map { text($0.value) },
            row.action,
            row.subjectKind, row.subjectID.map(text), row.subject, row.team.map { text($0.value) }, row.requestID,
            row.address, row.userAgent, row.detail,
        ]
        for field in fields {
            guard let field else {
                hash.update(data: [UInt8(ascii: "-")])
                continue
            }
            hash.update(data: Array("\(field.utf8.count):".utf8) + Array(field.utf8))
        }
        return Array(hash.finalize())
    }

    /// A UUID as PostgreSQL writes it.
    private static func text(_ identifier: UniqueIdentifier) -> String {
        let digits = Array(identifier.hexadecimal)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
