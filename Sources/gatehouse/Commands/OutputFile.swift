import Foundation

/// Writing what a command made: beside and renamed, so that nobody ever reads half a file.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Stop(.usage, "cannot write `\(path)`: \(error.localizedDescription)")
        }
    }
}
