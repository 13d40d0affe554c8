internal import Glibc

/// The folder that the operator keeps upstreams' files in: certificates, keys, lists of targets. Never touched on the
/// event loops that serve.
struct UpstreamFiles: Sendable {
    /// Nil: there is no such folder, and no upstream can have files.
    let folder: String?

    /// What tells a file from the same one changed: replaced, written or touched.
    struct Stamp: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Bytes of one PEM file.
    static let pemBytesMax = 1 << 20

    /// Reads a file of the folder.
    func read(_ name: String, bytesMax: Int) throws(Fault) -> [UInt8] {
        guard let folder else {
            throw Fault(description: "`\(name)` cannot be read: this gateway has no folder of upstream files")
        }
        do throws(Disk.Failure) {
            return try Disk.read("\(folder)/\(name)", bytesMax: bytesMax)
        } catch {
            throw Fault(description: "`\(name)` cannot be read: \(Disk.text(of: error.code))")
        }
    }

    /// The state of a file; nil while it is not there.
    func stamp(_ name: String) -> Stamp? {
        guard let folder else { return nil }
        return Self.stamp(at: "\(folder)/\(name)")
    }

    /// The state of the file at a path; nil while it is not there.
    static func stamp(at path: String) -> Stamp? {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { return nil }
        return Stamp(
            device: UInt64(info.st_dev),
            inode: UInt64(info.st_ino),
            size: Int(info.st_size),
            seconds: info.st_mtim.tv_sec,
            nanoseconds: info.st_mtim.tv_nsec
        )
    }
}
