/// A five-character SQLSTATE as PostgreSQL reports it (PostgreSQL manual, appendix A).
///
/// A value of its own rather than a string, so that code compares with a named constant.
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The five characters, for example `23505`.
    public let rawValue: String

    /// Wraps the characters as they came from the server.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The five characters.
    public var description: String { rawValue }

    /// The first two characters, the class of the condition: `23` is every integrity violation.
    public var conditionClass: String { String(rawValue.prefix(2)) }

    /// A value is missing in a column that must have one.
    public static let notNullViolation = SQLState(rawValue: "23502")
    /// A row refers to a row that is not there, or a row still referred to was removed.
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    /// A second row with the same unique key.
    public static let uniqueViolation = SQLState(rawValue: "23505")
    /// A CHECK said no.
    public static let checkViolation = SQLState(rawValue: "23514")
    /// An EXCLUDE constraint said no.
    public static let exclusionViolation = SQLState(rawValue: "23P01")
    /// Two serializable transactions got in each other's way; the transaction may be run again.
    public static let serializationFailure = SQLState(rawValue: "40001")
    /// Two transactions waited for each other; the transaction may be run again.
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    /// A statement was sent in a transaction that had already failed.
    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    /// A write in a read-only transaction or on a standby.
    public static let readOnlyTransaction = SQLState(rawValue: "25006")
    /// `lock_timeout` passed, or NOWAIT met a lock.
    public static let lockNotAvailable = SQLState(rawValue: "55P03")
    /// The statement was cancelled, by request or by `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")
    /// The server is being shut down, or an administrator ended this session.
    public static let adminShutdown = SQLState(rawValue: "57P01")
    /// The server stopped because another session crashed.
    public static let crashShutdown = SQLState(rawValue: "57P02")
    /// The server is starting up, shutting down or in recovery.
    public static let cannotConnectNow = SQLState(rawValue: "57P03")
    /// All connection slots of the server are taken.
    public static let tooManyConnections = SQLState(rawValue: "53300")
    /// No space is left on the server's disk.
    public static let diskFull = SQLState(rawValue: "53100")
    /// The database does not exist.
    public static let undefinedDatabase = SQLState(rawValue: "3D000")
    /// The table does not exist.
    public static let undefinedTable = SQLState(rawValue: "42P01")
    /// The text is no SQL.
    public static let syntaxError = SQLState(rawValue: "42601")
    /// A prepared statement of this name does not exist in the session.
    public static let undefinedPreparedStatement = SQLState(rawValue: "26000")
    /// Among others: the plan of a prepared statement would now return other columns.
    public static let featureNotSupported = SQLState(rawValue: "0A000")
    /// Raised by `RAISE EXCEPTION` in a function without a code of its own.
    public static let raiseException = SQLState(rawValue: "P0001")
    /// The password was wrong.
    public static let invalidPassword = SQLState(rawValue: "28P01")
}
