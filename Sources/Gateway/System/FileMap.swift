internal import CPoll
internal import Glibc

/// A file of fixed size mapped into memory for as long as this object lives, locked against other processes.
@safe
final class FileMap: @unchecked Sendable {
    /// What went wrong opening a map.
    enum Failure: Error, Equatable {
        /// Another process holds the file.
        case inUse
        /// The file exists with another size.
        case otherSize
        case system(call: String, code: Int32)
    }

    // SAFETY: `base` is a mapping of `byteCount` bytes until `deinit`; every access checks its offset.
    private let base: UnsafeMutableRawPointer
    private let descriptor: Int32
    let byteCount: Int
    /// Whether the file was made just now.
    let isNew: Bool

    convenience init(path: String, byteCount: Int) throws(Failure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(call: "open", code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse
        }
        try self.init(open: descriptor, byteCount: byteCount)
    }

    /// Takes over a file that is open, and locked by whoever opened it: a lock goes along with the descriptor, so no third
    /// process can come between.
    init(open descriptor: Int32, byteCount: Int) throws(Failure) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw .system(call: "fstat", code: errno)
        }
        isNew = status.st_size == 0
        guard isNew || status.st_size == off_t(byteCount) else {
            close(descriptor)
            throw .otherSize
        }
        guard !isNew || ftruncate(descriptor, off_t(byteCount)) == 0 else {
            close(descriptor)
            throw .system(call: "ftruncate", code: errno)
        }
        let map = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let map = unsafe map, unsafe map != MAP_FAILED else {
            close(descriptor)
            throw .system(call: "mmap", code: errno)
        }
        unsafe base = unsafe map
        self.descriptor = descriptor
        self.byteCount = byteCount
    }

    deinit {
        unsafe msync(base, byteCount, MS_SYNC)
        unsafe munmap(base, byteCount)
        // Without unlocking: a successor that the descriptor was passed to has the same lock. See ``unlock()``.
        close(descriptor)
    }

    /// Lets other processes have the file at once; this map stays readable and writable. Closing alone leaves the lock for a moment
    /// to a child process that was just forked and has not yet closed what it inherited.
    func unlock() {
        unsafe _ = msync(base, byteCount, MS_SYNC)
        // Fails for a descriptor that is closed only, and this one is open.
        _ = flock(descriptor, LOCK_UN)
    }

    /// The descriptor, for passing it on.
    var file: Int32 { descriptor }

    /// Runs `body` while no other process that has the file runs its own; nil when the system cannot say.
    func exclusively<Value>(_ body: () -> Value) -> Value? {
        guard chandover_lock(descriptor) == 0 else { return nil }
        // Fails for a descriptor that is closed only.
        defer { _ = chandover_unlock(descriptor) }
        return body()
    }

    /// Asks the kernel to write what has changed, and returns at once.
    func sync() { unsafe _ = msync(base, byteCount, MS_ASYNC) }

    /// The 64 bits at `offset`, which is a multiple of 8.
    subscript(offset: Int) -> UInt64 {
        get {
            check(offset)
            return unsafe base.load(fromByteOffset: offset, as: UInt64.self)
        }
        set {
            check(offset)
            unsafe base.storeBytes(of: newValue, toByteOffset: offset, as: UInt64.self)
        }
    }

    /// The atomic at `offset`, valid as long as the map.
    func word(at offset: Int) -> AtomicWord {
        check(offset)
        return unsafe AtomicWord(raw: base + offset, in: self)
    }

    private func check(_ offset: Int) {
        precondition(offset >= 0 && offset % 8 == 0 && offset + 8 <= byteCount, "the offset lies outside the map")
    }
}
