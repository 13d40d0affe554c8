public import Postgres

/// Why the catalog did not do what it was asked.
///
/// Everything that PostgreSQL says arrives here once; Governance turns it into what a user is told.
public enum CatalogError: Error, Sendable {
    /// A named constraint said no.
    case refused(Refusal)
    /// Somebody else changed the same rows at the same time, or holds them for too long; trying again is safe.
    case lostRace(PostgresError)
    /// The database cannot be reached, has no slot free, is read-only or has no room left; nothing was changed.
    case unavailable(PostgresError)
    /// As ``unavailable(_:)``, while the audit was being written: what cannot be audited does not happen.
    case auditUnavailable(PostgresError)
    /// The connection broke while the transaction was being committed: it happened or it did not.
    case outcomeUnknown(PostgresError)
    /// A text that PostgreSQL cannot hold, such as one with U+0000.
    case unstorableText(PostgresError)
    /// The caller went away; the statement was cancelled on the server.
    case cancelled
    /// A fault of ours: a query and its reader disagree, or SQL failed in a way that no input may cause.
    case unexpected(reason: String)
}

/// What a constraint's name means to a user.
public struct Refusal: Sendable, Hashable {
    /// The constraint's name in SQL.
    public var constraint: String
    /// The problem's code, as in the problem catalogue of the control plane.
    public var code: String
    /// What is wrong, in one sentence without a final stop.
    public var what: String
    /// What to do about it.
    public var mend: String

    /// Every field as it stands.
    public init(_ constraint: String, _ code: String, _ what: String, mend: String) {
        self.constraint = constraint
        self.code = code
        self.what = what
        self.mend = mend
    }
}

extension CatalogError {
    /// Sorts a driver's error.
    public init(_ error: PostgresError) {
        switch error.kind {
        case .commitOutcomeUnknown: self = .outcomeUnknown(error)
        case .cancelled: self = .cancelled
        case .invalidParameter: self = .unstorableText(error)
        case _ where error.isUnavailability: self = .unavailable(error)
        case .server: self = Self.sorted(error)
        default: self = .unexpected(reason: error.description)
        }
    }

    private static func sorted(_ error: PostgresError) -> CatalogError {
        if error.isRetryable || error.sqlState == .lockNotAvailable { return .lostRace(error) }
        if let constraint = error.constraint, let refusal = ConstraintMapping.refusal(for: constraint) {
            return .refused(refusal)
        }
        switch error.sqlState?.rawValue {
        // untranslatable_character and character_not_in_repertoire: U+0000 in text or in `\u0000` of jsonb.
        case "22P05", "22021": return .unstorableText(error)
        case "57P01", "57P02", "57P03": return .unavailable(error)
        default: return .unexpected(reason: error.description)
        }
    }
}

extension CatalogError: PostgresErrorCarrying {
    /// Lets the pool run a transaction again that lost a race by serialization or deadlock.
    public var postgresError: PostgresError? {
        switch self {
        case .lostRace(let error), .unavailable(let error), .auditUnavailable(let error), .outcomeUnknown(let error),
            .unstorableText(let error):
            error
        case .refused, .cancelled, .unexpected: nil
        }
    }
}
