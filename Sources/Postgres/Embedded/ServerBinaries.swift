import Glibc

/// Where `initdb` and `postgres` are.
struct ServerBinaries: Equatable {
    let initdb: String
    let postgres: String
    /// Major version, for example `15`.
    let version: String

    /// Where to look.
    struct Search: Hashable, Sendable {
        /// A list of folders separated by `:`.
        var path: String
        /// A folder with one folder a version that has `bin` in it, as Debian installs it.
        var installations = "/usr/lib/postgresql"
    }

    /// Finds the binaries for new data, or those of the version that made the data.
    ///
    /// What `PATH` names comes first; then Debian's installations, newest first, which are not on `PATH`.
    /// - Throws: `.noBinaries`, `.versionMismatch`.
    static func find(
        _ search: Search,
        dataVersion: String?,
        dataDirectory: String
    ) throws(EmbeddedServerFailure) -> ServerBinaries {
        var installed: [String] = []
        for candidate in candidates(search) {
            guard let version = version(of: candidate.postgres) else { continue }
            if dataVersion == nil || dataVersion == version {
                return ServerBinaries(initdb: candidate.initdb, postgres: candidate.postgres, version: version)
            }
            installed.append(version)
        }
        guard let dataVersion, !installed.isEmpty else {
            throw .noBinaries(searched: "`PATH` (\(search.path)) nor in `\(search.installations)/*/bin`")
        }
        throw .versionMismatch(dataDirectory: dataDirectory, made: dataVersion, installed: installed)
    }

    private static func candidates(_ search: Search) -> [(initdb: String, postgres: String)] {
        var candidates: [(initdb: String, postgres: String)] = []
        let folders = search.path.split(separator: ":").map(String.init)
        if let initdb = executable("initdb", in: folders), let postgres = executable("postgres", in: folders) {
            candidates.append((initdb, postgres))
        }
        let versions = FileSystem.names(in: search.installations)
            .compactMap { name in Double(name).map { (name: name, number: $0) } }
            .sorted { $0.number > $1.number }
        for version in versions {
            let folder = ["\(search.installations)/\(version.name)/bin"]
            if let initdb = executable("initdb", in: folder), let postgres = executable("postgres", in: folder),
                !candidates.contains(where: { $0.postgres == postgres })
            {
                candidates.append((initdb, postgres))
            }
        }
        return candidates
    }

    /// The first executable of this name with links followed: PostgreSQL's programs look for each other in the folder
    /// they really lie in.
    private static func executable(_ name: String, in folders: [String]) -> String? {
        for folder in folders where folder.hasPrefix("/") {
            let path = folder + "/" + name
            if access(path, X_OK) == 0, let resolved = FileSystem.resolved(path) { return resolved }
        }
        return nil
    }

    /// Asks `postgres --version`: `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`.
    private static func version(of postgres: String) -> String? {
        var command = ServerCommand(path: postgres, arguments: ["--version"])
        command.timeout = .seconds(10)
        guard let result = try? command.run(), result.status == 0 else {
            // A program that cannot even tell its version is no candidate.
            return nil
        }
        guard let number = result.output.split(separator: " ").first(where: { $0.first?.isNumber == true }) else {
            return nil
        }
        return String(number.prefix { $0.isNumber })
    }
}
