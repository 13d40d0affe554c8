/// One step that brings a database from one shape to the next: a file `NNNN_verb_noun.sql`.
public struct Migration: Hashable, Sendable {
    /// The number that begins the name, from 1 without gaps.
    public let number: Int
    /// File name, for example `0003_add_version_pin.sql`.
    public let name: String
    /// SQL statements, run as one transaction.
    public let text: String

    /// Takes name and text of a file; folders before the name are left out.
    ///
    /// - Throws: `MigrationFailure.badName`.
    public init(name path: String, text: String) throws(MigrationFailure) {
        let name = String(path.split(separator: "/").last ?? "")
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        let isWord = { (word: Substring) in
            !word.isEmpty && word.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
        }
        guard name.hasSuffix(".sql"), words.count >= 3, words[0].utf8.count == 4,
            words[0].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(words[0]), number > 0,
            words.dropLast().dropFirst().allSatisfy(isWord), let last = words.last, isWord(last.dropLast(4))
        else { throw MigrationFailure.badName(name) }
        self.number = number
        self.name = name
        self.text = text
    }
}

/// Why a database was not migrated. Nothing of a failed migration stays.
public enum MigrationFailure: Error, Sendable, CustomStringConvertible {
    /// A file is not called `NNNN_verb_noun.sql`.
    case badName(String)
    /// Two files have one number.
    case duplicateNumber(String, String)
    /// No file has the number that comes next.
    case gap(missing: Int, before: String)
    /// The file was changed after it was applied.
    case changed(String)
    /// The database has a migration that this program does not have.
    case unknown(String)
    /// A file is new and its number is below one that was applied.
    case outOfOrder(String, after: String)
    /// Another program migrates the same database, for longer than the wait limit.
    case locked(waited: Duration)
    /// A migration ended its own transaction.
    case endedTransaction(String)
    /// The database refused a migration, at this line and column (from 1) of the file where it says so.
    case refused(String, line: Int?, column: Int?, PostgresError)
    /// The connection failed.
    case database(PostgresError)

    /// What happened, and what to do about it.
    public var description: String {
        switch self {
        case .badName(let name): "`\(name)` is no name for a migration; write `0001_create_tables.sql`"
        case .duplicateNumber(let first, let second): "migrations `\(first)` and `\(second)` have the same number"
        case .gap(let missing, let name): "migration number \(missing) is missing before `\(name)`"
        case .changed(let name):
            "migration `\(name)` was changed after it was applied to this database; restore the file and put the change "
                + "into a new migration"
        case .unknown(let name):
            "the database has migration `\(name)`, which this program does not know; run the newer program that applied it"
        case .outOfOrder(let name, let after):
            "migration `\(name)` is new, but `\(after)` was already applied; give it the next free number"
        case .locked(let waited): "another program is migrating this database and did not end within \(waited)"
        case .endedTransaction(let name): "migration `\(name)` holds BEGIN, COMMIT or ROLLBACK; leave them out"
        case .refused(let name, let line?, let column?, let error): "\(name):\(line):\(column): \(error)"
        case .refused(let name, _, _, let error): "\(name): \(error)"
        case .database(let error): "the database cannot be migrated: \(error)"
        }
    }
}

extension MigrationFailure: PostgresErrorCarrying {
    /// The database's own words, if it was the database.
    public var postgresError: PostgresError? {
        switch self {
        case .refused(_, _, _, let error), .database(let error): error
        default: nil
        }
    }
}
