/// The program's SQL by name, with what each file's header promises.
///
/// A file is one statement under comment lines (`conventions`, SQL):
/// ```sql
/// -- Finds the open subscription of an application.
/// -- params: application_id uuid, api text, major int8?
/// -- returns: id uuid, plan text, closed_at timestamptz?
/// -- uses index: subscription_open_once
/// SELECT …
/// ```
/// A `?` after a type means "may be NULL"; `none` stands for no parameters or no rows; a line may be given several times.
/// `SQLLibrary.verify(on:)` compares the promises with a real database.
public struct SQLLibrary: Sendable {
    /// A parameter or a column as a header names it.
    public struct Column: Hashable, Sendable {
        /// Name; of a parameter only for the reader.
        public let name: String
        /// Type in any spelling that PostgreSQL reads.
        public let type: String
        /// Whether it may be NULL.
        public let isNullable: Bool
    }

    /// One file.
    public struct Entry: Sendable {
        /// For example `api_version/insert`.
        public let name: String
        /// What connections run.
        public let statement: Statement
        /// Promised parameters; nil without a `params` line.
        public let parameters: [Column]?
        /// Promised columns; nil without a `returns` line.
        public let columns: [Column]?
        /// Indexes the plan is to use on a large table.
        public let indexes: [String]
    }

    /// Files that cannot be read.
    public struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence a file.
        public let problems: [String]
        /// All of them in one line.
        public var description: String { problems.joined(separator: "; ") }
    }

    private let entriesByName: [String: Entry]

    /// Reads every file.
    ///
    /// - Parameter files: Path to text. `sql/queries/` before and `.sql` after a name are left out of it.
    /// - Throws: `Unreadable` naming every file whose header cannot be read.
    public init(files: [String: String]) throws(Unreadable) {
        var entries: [String: Entry] = [:]
        var problems: [String] = []
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let name = Self.name(of: path)
            var header = Header()
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard let problem = header.read(line) else { continue }
                problems.append("`\(path)` line \(index + 1): \(problem)")
            }
            if !header.hasStatement { problems.append("`\(path)`: no statement") }
            if entries[name] != nil { problems.append("`\(path)`: a second file called `\(name)`") }
            entries[name] = Entry(
                name: name,
                statement: Statement(unsafeSQL: text, name: name),
                parameters: header.parameters,
                columns: header.columns,
                indexes: header.indexes
            )
        }
        guard problems.isEmpty else { throw Unreadable(problems: problems) }
        entriesByName = entries
    }

    /// Every file in order of names.
    public var entries: [Entry] { entriesByName.values.sorted { $0.name < $1.name } }

    /// The file called `name`, if there is one.
    public func entry(_ name: String) -> Entry? { entriesByName[name] }

    /// The statement called `name`, for example `api_version/insert`.
    ///
    /// - Throws: `PostgresError` of kind `.unknownStatement`.
    public func statement(_ name: String) throws(PostgresError) -> Statement {
        guard let entry = entriesByName[name] else {
            throw PostgresError(.unknownStatement, "no SQL file is called `\(name)`")
        }
        return entry.statement
    }

    private static func name(of path: String) -> String {
        var name = path[...]
        if name.hasPrefix("sql/queries/") { name = name.dropFirst("sql/queries/".count) }
        if name.hasSuffix(".sql") { name = name.dropLast(4) }
        return String(name)
    }
}

/// The comment lines of a file, read one after another.
private struct Header {
    var parameters: [SQLLibrary.Column]?
    var columns: [SQLLibrary.Column]?
    var indexes: [String] = []
    var hasStatement = false

    /// Reads a line.
    ///
    /// - Returns: What is wrong with it, if anything is.
    mutating func read(_ line: Substring) -> String? {
        let trimmed = line.trimmed
        guard trimmed.hasPrefix("--") else {
            if !trimmed.isEmpty { hasStatement = true }
            return nil
        }
        // Comments below the first line of SQL promise nothing.
        guard !hasStatement else { return nil }
        let comment = trimmed.dropFirst(2).trimmed
        if comment.hasPrefix("params:") { return append(comment.dropFirst(7), to: &parameters) }
        if comment.hasPrefix("returns:") { return append(comment.dropFirst(8), to: &columns) }
        if comment.hasPrefix("uses index:") {
            indexes += comment.dropFirst(11).split(separator: ",").map { String($0.trimmed) }
        }
        return nil
    }

    private func append(_ list: Substring, to columns: inout [SQLLibrary.Column]?) -> String? {
        var read = columns ?? []
        defer { columns = read }
        let text = list.trimmed
        if ["none", "nothing"].contains(text) { return nil }
        for item in Self.split(text) {
            let item = item.trimmed
            guard let space = item.firstIndex(where: \.isWhitespace) else {
                return "`\(item)` is no `name type` pair; separate pairs by commas and write `none` for nothing"
            }
            let name = item[..<space]
            if let number = name.hasPrefix("$") ? Int(name.dropFirst()) : nil, number != read.count + 1 {
                return "`\(name)` stands at place \(read.count + 1)"
            }
            var type = item[space...].trimmed
            let isNullable = type.hasSuffix("?")
            if isNullable { type = type.dropLast().trimmed }
            guard !type.isEmpty else { return "`\(item)` has no type" }
            read.append(SQLLibrary.Column(name: String(name), type: String(type), isNullable: isNullable))
        }
        return nil
    }

    /// Splits at commas outside of parentheses, so that `numeric(10, 2)` stays whole.
    private static func split(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        parts.append(text[start...])
        return parts
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without white space at both ends.
    var trimmed: Substring {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...last]
    }
}
