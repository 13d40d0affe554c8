/// What went wrong between this program and PostgreSQL, with everything the server told about it.
///
/// `kind` says what a caller can do; `sqlState`, `constraint`, `table` and `column` say what the database objected to,
/// so that a store maps a constraint's name to a domain error. No message ever contains a password.
public struct PostgresError: Error, Hashable, Sendable {
    /// What a caller can do about it.
    public enum Kind: Hashable, Sendable {
        /// libpq is not installed, or not in a version that can be used.
        case clientLibraryMissing
        /// The connection string cannot be read.
        case invalidConnectionString
        /// No connection could be made: nothing listens, wrong credentials, TLS refused, server starting.
        case connectionFailed
        /// The connection ended while in use. The statement may or may not have taken effect if it was not in a
        /// transaction; a transaction is rolled back. The next use gets a new connection.
        case connectionLost
        /// The connection ended between `COMMIT` and its answer: only the database knows whether it took effect.
        case commitOutcomeUnknown
        /// Every connection was busy for the whole wait limit, or too many callers were waiting already.
        case poolExhausted
        /// The pool was closed.
        case poolClosed
        /// The calling task was cancelled; the statement was cancelled on the server too.
        case cancelled
        /// The deadline of this call, or the server's `statement_timeout`, passed.
        case timedOut
        /// The server refused the statement; see `sqlState`.
        case server
        /// No SQL file has this name.
        case unknownStatement
        /// A parameter cannot be sent, for example a text with U+0000.
        case invalidParameter
        /// A column is missing, is null, or has another type than asked for.
        case decoding
        /// A query returned another number of rows than its caller insists on.
        case unexpectedRowCount
        /// `COMMIT` answered `ROLLBACK`, because a statement of the transaction had failed.
        case transactionRolledBack
    }

    /// What a caller can do about it.
    public var kind: Kind
    /// One line for a log; starts with a lowercase letter unless the server wrote it.
    public var message: String
    /// The server's code, if the server said anything.
    public var sqlState: SQLState?
    /// Name of the constraint that said no.
    public var constraint: String?
    /// Schema of the table concerned.
    public var schema: String?
    /// Table concerned.
    public var table: String?
    /// Column concerned.
    public var column: String?
    /// Data type concerned.
    public var dataType: String?
    /// The server's DETAIL. Contains values of the row: for the log, not for an answer.
    public var detail: String?
    /// The server's HINT.
    public var hint: String?
    /// Place in the SQL text where the server points to: characters, starting at 1.
    public var position: Int?
    /// Name of the statement (`SQLLibrary`) that failed, if it has one.
    public var statementName: String?

    /// An error with nothing but a kind and a message.
    public init(_ kind: Kind, _ message: String, sqlState: SQLState? = nil) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
    }

    /// Whether running the whole transaction again may succeed: serialization failure or deadlock.
    public var isRetryable: Bool {
        sqlState == .serializationFailure || sqlState == .deadlockDetected
    }

    /// Whether the database is away or overloaded rather than of another opinion: answer 503 and try later.
    public var isUnavailability: Bool {
        switch kind {
        case .connectionFailed, .connectionLost, .poolExhausted, .poolClosed, .timedOut, .commitOutcomeUnknown: true
        case .server:
            sqlState.map { ["53", "58"].contains($0.conditionClass) || $0 == .readOnlyTransaction } ?? false
        default: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// Message, code and names in one line.
    public var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState.rawValue))" }
        if let constraint { text += " constraint `\(constraint)`" }
        if let table { text += " table `\(table)`" }
        if let column { text += " column `\(column)`" }
        if let statementName { text += " in statement `\(statementName)`" }
        if let detail { text += ": \(detail)" }
        return text
    }
}

/// An error that has a `PostgresError` as its cause.
///
/// A store that wraps database errors conforms its error to this, so that a transaction which failed with a
/// serialization failure is still run again.
public protocol PostgresErrorCarrying: Error {
    /// The cause, if the database was the cause.
    var postgresError: PostgresError? { get }
}

extension PostgresError: PostgresErrorCarrying {
    /// Itself.
    public var postgresError: PostgresError? { self }
}
