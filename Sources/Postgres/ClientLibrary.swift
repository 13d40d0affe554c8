import CLibPQ

/// libpq, which is loaded when a database is first spoken of: commands without one start without it.
enum ClientLibrary {
    /// Loads libpq where that has not happened; blocks for some milliseconds then.
    ///
    /// - Throws: `PostgresError` of kind `.clientLibraryMissing`, naming the package to install.
    static func load() throws(PostgresError) {
        guard let problem = clibpq_load() else { return }
        throw PostgresError(
            .clientLibraryMissing,
            "PostgreSQL's client library cannot be loaded, install Debian's package `libpq5`: \(String(cString: problem))"
        )
    }
}
