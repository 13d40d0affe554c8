import Foundation

/// Writing what a command made: beside and renamed, so that nobody ever reads half a file.
///
/// Only a file is ever replaced. A device, a pipe or a socket that stands there (`/dev/null`, `/dev/stdout`) is written to as it is, since
/// renaming would put a file in its place; a symbolic link stays and what it leads to is written.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = URL(filePath: path).resolvingSymlinksInPath()
        do {
            if let type = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType,
                type != .typeRegular
            {
                guard type != .typeDirectory else { throw Stop(.usage, "cannot write `\(path)`: it is a folder") }
                let handle = try FileHandle(forWritingTo: file)
                try handle.write(contentsOf: Data(bytes))
                try handle.close()
            } else {
                try Data(bytes).write(to: file, options: .atomic)
            }
        } catch let stop as Stop {
            throw stop
        } catch {
            throw Stop(.usage, "cannot write `\(path)`: \(error.localizedDescription)")
        }
    }
}
