internal import Glibc

/// The few file operations of the gateway, without Foundation. None of them is ever called on an event loop while
/// requests are served, except at start.
enum Disk {
    /// What went wrong: the call, the path and the reason as the system says it.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let call: String
        let path: String
        let code: Int32

        var description: String { "\(call) \(path): \(Disk.text(of: code))" }
    }

    /// The whole of a file.
    static func read(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure(call: "read", path: path, code: errno)
            }
            if count == 0 { return bytes }
            bytes += block[..<count]
            guard bytes.count <= bytesMax else { throw Failure(call: "read", path: path, code: EFBIG) }
        }
    }

    /// Replaces a file as a whole: written beside it, synced, renamed over it, and the folder synced, so that a crash at
    /// any moment leaves the old or the new content and nothing between.
    static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(call: "open", path: temporary, code: errno) }
        do throws(Failure) {
            try write(bytes, to: descriptor, path: temporary)
            guard fsync(descriptor) == 0 else { throw Failure(call: "fsync", path: temporary, code: errno) }
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw Failure(call: "close", path: temporary, code: errno) }
        try move(temporary, to: path)
    }

    /// Appends to a file, which is made when it is not there, and syncs it.
    static func append(_ path: String, _ bytes: [UInt8]) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path: path)
        guard fdatasync(descriptor) == 0 else { throw Failure(call: "fdatasync", path: path, code: errno) }
    }

    /// Renames a file and syncs its folder.
    static func move(_ path: String, to target: String) throws(Failure) {
        guard unsafe rename(path, target) == 0 else { throw Failure(call: "rename", path: path, code: errno) }
        let folder = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
        let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(call: "open", path: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(call: "fsync", path: folder, code: errno) }
    }

    /// When a file was last changed, Unix seconds.
    static func changedAt(_ path: String) throws(Failure) -> Int64 {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { throw Failure(call: "stat", path: path, code: errno) }
        return Int64(facts.st_mtim.tv_sec)
    }

    /// Makes now the time of a file's last change.
    static func touch(_ path: String) throws(Failure) {
        guard unsafe utimensat(AT_FDCWD, path, nil, 0) == 0 else {
            throw Failure(call: "utimensat", path: path, code: errno)
        }
    }

    /// Whether something is there.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Makes a folder and those above it; no error when it is there.
    static func makeFolder(_ path: String) throws(Failure) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            let made = unsafe mkdir(prefix, 0o700)
            guard made == 0 || errno == EEXIST else { throw Failure(call: "mkdir", path: prefix, code: errno) }
        }
    }

    /// Writes everything to an open descriptor, for logs as well as files.
    static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure(call: "write", path: path, code: errno)
            }
            written += count
        }
    }

    /// The system's text for an error number.
    static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
