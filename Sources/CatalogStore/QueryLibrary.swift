import Assets
public import Postgres

/// The statements of `sql/queries`, by name: `api/find` is the file `sql/queries/api/find.sql`.
public enum QueryLibrary {
    /// Every statement with what its header promises.
    ///
    /// - Throws: `SQLLibrary.Unreadable` where a header cannot be read, which a test rules out.
    public static func library() throws(SQLLibrary.Unreadable) -> SQLLibrary { try read.get() }

    /// The statement of this name.
    ///
    /// - Throws: ``CatalogError/unexpected(reason:)`` where there is no such file, which a test rules out.
    static func statement(_ name: String) throws(CatalogError) -> Statement {
        let library: SQLLibrary
        do throws(SQLLibrary.Unreadable) {
            library = try self.library()
        } catch {
            throw CatalogError.unexpected(reason: error.description)
        }
        do throws(PostgresError) {
            return try library.statement(name)
        } catch {
            throw CatalogError(error)
        }
    }

    private static let read = Result { () throws(SQLLibrary.Unreadable) -> SQLLibrary in
        var files: [String: String] = [:]
        for path in Assets.names(under: "sql/queries/") { files[path] = Assets.text(path) }
        return try SQLLibrary(files: files)
    }
}
