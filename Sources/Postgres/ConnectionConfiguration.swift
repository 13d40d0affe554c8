/// How connections are made and how long anything may take.
public struct ConnectionConfiguration: Sendable {
    /// Where the database is.
    public var connectionString: ConnectionString
    /// What `pg_stat_activity` shows, unless the connection string says otherwise.
    public var applicationName = "gatehouse"
    /// Longest time to reach one host; with several hosts each gets this much.
    public var connectTimeout = Duration.seconds(5)
    /// `statement_timeout` of the session.
    public var statementTimeout = Duration.seconds(30)
    /// `lock_timeout` of the session.
    public var lockTimeout = Duration.seconds(10)
    /// `idle_in_transaction_session_timeout` of the session.
    public var idleInTransactionTimeout = Duration.seconds(60)
    /// How long past `statementTimeout` an answer is awaited before the statement is cancelled from here, for servers
    /// and networks that no longer answer at all.
    public var answerGrace = Duration.seconds(5)
    /// How long a cancelled statement may take to end before the connection is given up.
    public var cancelGrace = Duration.seconds(5)
    /// `search_path` of the session; empty leaves the role's own.
    public var searchPath: [String] = []
    /// Further settings of the session, for example `["synchronous_commit": "off"]`.
    public var settings: [String: String] = [:]
    /// Prepared statements kept by one connection.
    public var preparedStatementsMax = 256

    /// Defaults for everything but the place.
    public init(_ connectionString: ConnectionString) {
        self.connectionString = connectionString
    }

    /// Session settings as `set_config` takes them.
    var sessionSettings: [(name: String, value: String)] {
        var settings = [
            ("statement_timeout", statementTimeout.milliseconds),
            ("lock_timeout", lockTimeout.milliseconds),
            ("idle_in_transaction_session_timeout", idleInTransactionTimeout.milliseconds),
        ].map { (name: $0.0, value: String($0.1)) }
        if !searchPath.isEmpty {
            let path = searchPath.map { Statement.quoted(identifier: $0) }.joined(separator: ", ")
            settings.append((name: "search_path", value: path))
        }
        return settings + self.settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// Whether only a server that takes writes will do.
    var wantsPrimary: Bool {
        ["read-write", "primary"].contains(connectionString.effectiveValues["target_session_attrs"] ?? "")
    }

    /// Keywords for libpq. What the connection string gives wins over the defaults here.
    var libpqValues: [String: String] {
        let defaults = [
            "fallback_application_name": applicationName,
            // A peer that vanished without a word is noticed within a minute.
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
        ]
        var values = defaults.merging(connectionString.values) { _, given in given }
        // Rows are decoded as UTF-8, whatever the database stores.
        values["client_encoding"] = "UTF8"
        return values
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that a positive duration never becomes zero ("no limit").
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
