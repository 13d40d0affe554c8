import CLibPQ
import Glibc

/// Where a database is: a URI `postgresql://user@host:port/name?sslmode=…` or `host=… dbname=…` pairs (libpq manual,
/// section 34.1.1), read once. What it leaves open libpq takes from the `PG*` environment variables, the service file
/// and the password file.
///
/// It never shows a password: neither `description` nor an error about it.
public struct ConnectionString: Hashable, Sendable {
    /// Keywords of libpq that were given, with their values.
    private(set) var values: [String: String]

    /// Reads a URI or keyword-value pairs; an empty text leaves everything to the environment.
    ///
    /// - Throws: `PostgresError` of kind `.invalidConnectionString`, without any part of the text that could be a secret, or
    ///   `.clientLibraryMissing`.
    public init(_ text: String) throws(PostgresError) {
        // Without a scheme, an `=` or an empty text libpq would take the whole as a database name; a person who pasted
        // half of a URI is helped more by an error.
        let trimmed = text.drop { $0.isWhitespace }
        guard trimmed.isEmpty || trimmed.contains("=") || Self.isURI(text) else {
            throw PostgresError(.invalidConnectionString, Self.expectation)
        }
        guard !text.unicodeScalars.contains("\0") else {
            throw PostgresError(.invalidConnectionString, "the connection string holds U+0000")
        }
        try ClientLibrary.load()
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            let problem = message.map { String(cString: $0) } ?? ""
            PQfreemem(message)
            throw PostgresError(.invalidConnectionString, "\(Self.expectation): \(Self.withoutQuoted(problem))")
        }
        defer { PQconninfoFree(options) }
        values = Self.values(of: options)
        try check(isURI: Self.isURI(text))
    }

    /// Keywords and values as libpq knows them, for example `["host": "/run/postgresql", "dbname": "catalog"]`.
    public init(values: [String: String]) {
        self.values = values
    }

    /// The value of one of libpq's keywords, if it was given.
    public subscript(keyword: String) -> String? {
        get { values[keyword] }
        set { values[keyword] = newValue }
    }

    /// The same server with another database.
    public func database(_ name: String) -> ConnectionString {
        var copy = self
        copy["dbname"] = name
        return copy
    }

    /// The values that are in force: given ones, then those of the environment and libpq's defaults.
    var effectiveValues: [String: String] {
        // Without the library nothing can be connected to, and the one who tries is told so.
        guard clibpq_load() == nil, let defaults = PQconndefaults() else { return values }
        defer { PQconninfoFree(defaults) }
        return Self.values(of: defaults).merging(values) { _, given in given }
    }

    /// Secrets that must not stand in any message.
    var secrets: [String] {
        let effective = effectiveValues
        return ["password", "sslpassword"].compactMap { effective[$0] }.filter { !$0.isEmpty }
    }

    /// `text` with every secret replaced.
    func scrubbed(_ text: String) -> String {
        secrets.reduce(text) { $0.replacingAll($1, with: "***") }
    }

    private static let expectation =
        "not a connection string; write `postgresql://user@host:5432/database` or `host=… dbname=… user=…`"

    private static func isURI(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }

    /// What libpq quotes may be a piece of a password that was not escaped.
    private static func withoutQuoted(_ problem: String) -> String {
        let line = problem.prefix { $0 != "\n" }
        guard let first = line.firstIndex(of: "\""), let last = line.lastIndex(of: "\""), first < last else {
            return String(line)
        }
        return line[..<first] + "`…`" + line[line.index(after: last)...]
    }

    private static func values(of options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }

    /// A `/`, `@`, `:` or `#` that was not escaped in a password moves pieces of it into other fields, which messages
    /// would show. Such strings are refused before anything is shown.
    private func check(isURI: Bool) throws(PostgresError) {
        for port in (values["port"] ?? "").split(separator: ",") {
            guard let number = UInt16(port), number > 0 else {
                throw PostgresError(
                    .invalidConnectionString,
                    "the port is no number from 1 to 65535; escape `/`, `@`, `:` and `#` of a password as `%2F`, `%40`, "
                        + "`%3A` and `%23`"
                )
            }
        }
        if isURI, (values["dbname"] ?? "").contains("@") || (values["host"] ?? "").contains("@") {
            throw PostgresError(
                .invalidConnectionString,
                "an `@` stands after the host; escape `/`, `@`, `:` and `#` of a password as `%2F`, `%40`, `%3A` and `%23`"
            )
        }
    }
}

extension ConnectionString: CustomStringConvertible, CustomDebugStringConvertible {
    /// What is in force, with the password masked: `host=/run/postgresql port=5432 dbname=catalog user=gatehouse`.
    public var redacted: String {
        let effective = effectiveValues
        var parts: [String] = []
        for keyword in ["host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "target_session_attrs"] {
            guard let value = effective[keyword], !value.isEmpty else { continue }
            parts.append("\(keyword)=\(value)")
        }
        if !secrets.isEmpty { parts.append("password=***") }
        return scrubbed(parts.joined(separator: " "))
    }

    /// The redacted form.
    public var description: String { redacted }

    /// The redacted form, so that a debugger or `dump` shows no secret either.
    public var debugDescription: String { redacted }
}

extension ConnectionString: CustomReflectable {
    /// Nothing but the redacted form.
    public var customMirror: Mirror { Mirror(self, children: ["redacted": redacted]) }
}

extension String {
    /// Every occurrence of `part` replaced.
    func replacingAll(_ part: String, with replacement: String) -> String {
        guard !part.isEmpty else { return self }
        let part = Array(part.utf8)
        let source = Array(utf8)
        var output: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == part[0], source[index...].starts(with: part) {
                output.append(contentsOf: replacement.utf8)
                index += part.count
            } else {
                output.append(source[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
