import Foundation
import Glibc

/// Where a process of ours keeps what must survive it: the private database, the signing key, the administrator's token,
/// the last good snapshots and the quota ledger.
struct DataDirectory: Sendable {
    let url: URL

    /// `--data-dir`, else `$GATEHOUSE_HOME`, else `/var/lib/gatehouse` for root, else `$XDG_DATA_HOME/gatehouse`, else
    /// `~/.local/share/gatehouse`.
    init(option: String?, environment: [String: String] = ProcessInfo.processInfo.environment) {
        if let given = option ?? environment["GATEHOUSE_HOME"], !given.isEmpty {
            url = URL(filePath: given)
        } else if getuid() == 0 {
            url = URL(filePath: "/var/lib/gatehouse")
        } else if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            url = URL(filePath: data).appending(path: "gatehouse")
        } else {
            url = FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share/gatehouse")
        }
    }

    var administratorToken: URL { url.appending(path: "admin.token") }
    var signingKey: URL { url.appending(path: "signing.key") }
    var publicKey: URL { url.appending(path: "signing.pub") }
    var database: URL { url.appending(path: "postgres") }
    var gateway: URL { url.appending(path: "gateway") }

    /// Makes the folder, readable by its owner alone but passable for the database's own user.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                at: url,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o711]
            )
        } catch {
            throw Stop(
                .usage,
                "cannot make the data directory `\(url.path)`: \(error.localizedDescription); name another with --data-dir"
            )
        }
    }

    /// Writes a secret that only the owner may read. Never leaves half a file: written beside and renamed.
    func writeSecret(_ text: String, to file: URL) throws {
        let beside = file.appendingPathExtension("new")
        unlink(beside.path)
        let descriptor = open(beside.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Stop(.usage, "cannot write `\(file.path)`: \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        guard rename(beside.path, file.path) == 0 else {
            throw Stop(.usage, "cannot write `\(file.path)`: \(String(cString: strerror(errno)))")
        }
    }

    /// The text of a secret file without its line end, or nil where there is no such file.
    func readSecret(_ file: URL) throws -> String? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            let text = try String(contentsOf: file, encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw Stop(.usage, "cannot read `\(file.path)`: \(error.localizedDescription)")
        }
    }
}
