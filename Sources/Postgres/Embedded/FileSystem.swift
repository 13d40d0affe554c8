import Glibc

/// The few file operations the embedded server needs, each with an error that names the path.
enum FileSystem {
    static func failure(_ operation: String, _ path: String) -> EmbeddedServerFailure {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// Of the name itself, not of what a symbolic link points to.
    static func linkStatus(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    /// An absolute path without `.`, `..`, doubled or trailing slashes; symbolic links stay.
    static func absolute(_ path: String) -> String {
        var text = path
        if !path.hasPrefix("/") {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let working = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? ""
            text = working + "/" + path
        }
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// With every symbolic link followed; nil if something on the way is missing.
    static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// `/a/b/c` → `/`, `/a`, `/a/b`, `/a/b/c`.
    static func ancestors(of path: String) -> [String] {
        var ancestors = ["/"]
        var current = ""
        for part in path.split(separator: "/") {
            current += "/" + part
            ancestors.append(current)
        }
        return ancestors
    }

    /// Makes a folder and what is missing above it.
    static func makeDirectories(_ path: String, mode: mode_t) throws(EmbeddedServerFailure) {
        for folder in ancestors(of: path).dropFirst() {
            guard mkdir(folder, mode) != 0 else {
                // The file creation mask of the process must not lock the database's user out.
                guard chmod(folder, mode) == 0 else { throw failure("set the permissions of", folder) }
                continue
            }
            guard errno == EEXIST || errno == EISDIR, let status = status(folder), isDirectory(status) else {
                if errno == EEXIST { errno = ENOTDIR }
                throw failure("create the folder", folder)
            }
        }
    }

    /// Makes `path` a folder that only `account` may enter.
    static func makePrivateDirectory(_ path: String, for account: ServerAccount) throws(EmbeddedServerFailure) {
        if mkdir(path, 0o700) != 0 {
            guard errno == EEXIST else { throw failure("create the folder", path) }
            guard let status = linkStatus(path), isDirectory(status) else {
                errno = ENOTDIR
                throw failure("use the folder", path)
            }
        }
        if geteuid() == 0 {
            guard lchown(path, account.userID, account.groupID) == 0 else { throw failure("change the owner of", path) }
        }
        guard chmod(path, 0o700) == 0 else { throw failure("set the permissions of", path) }
    }

    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The first `bytesMax` bytes of a file as text; nil if it cannot be read.
    static func text(of path: String, bytesMax: Int = 65_536) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        var count = 0
        while count < bytesMax {
            let got = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: count), bytesMax - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Removes a file or a folder with everything in it, following no symbolic link. What is missing is fine.
    static func remove(_ path: String) throws(EmbeddedServerFailure) {
        guard let status = linkStatus(path) else { return }
        if isDirectory(status) {
            for name in names(in: path) { try remove(path + "/" + name) }
            guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove the folder", path) }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
        }
    }

    /// Makes the names in a folder durable.
    static func synchronize(folder: String) throws(EmbeddedServerFailure) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synchronize", folder) }
    }
}
