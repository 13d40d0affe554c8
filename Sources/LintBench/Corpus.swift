import BenchProgram
import Foundation

/// The documents that are measured: a folder of specifications; those that end in `.gz` are unpacked into a folder of our own.
struct Corpus {
    /// One document on disk.
    struct Entry {
        let name: String
        let path: String
        let bytes: Int
    }

    /// By size, smallest first.
    let entries: [Entry]
    private let unpacked: URL

    /// Collects the documents of a folder, or takes one file.
    ///
    /// - Throws: where nothing is found, or a packed document cannot be unpacked.
    init(_ place: String) throws {
        unpacked = FileManager.default.temporaryDirectory.appending(path: "lintbench-\(getpid())")
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw Failure("there is no \(place)")
        }
        let folder = URL(filePath: place)
        let files =
            isFolder.boolValue
            ? try FileManager.default.contentsOfDirectory(atPath: place).map { folder.appending(path: $0) } : [folder]
        var found: [Entry] = []
        for file in files where file.lastPathComponent != "index.json" {
            guard let readable = try Self.readable(file, unpacked) else { continue }
            let real = readable.resolvingSymlinksInPath().path
            let bytes = try FileManager.default.attributesOfItem(atPath: real)[.size] as? Int ?? 0
            found.append(Entry(name: readable.lastPathComponent, path: readable.path, bytes: bytes))
        }
        guard !found.isEmpty else { throw Failure("no documents in \(place)") }
        entries = found.sorted { $0.bytes < $1.bytes }
    }

    /// Removes what was unpacked.
    func remove() {
        // A folder that was never made need not go.
        try? FileManager.default.removeItem(at: unpacked)
    }

    private static func readable(_ file: URL, _ unpacked: URL) throws -> URL? {
        switch file.pathExtension {
        case "json", "yaml", "yml": return file
        case "gz" where file.deletingPathExtension().pathExtension == "json":
            try FileManager.default.createDirectory(at: unpacked, withIntermediateDirectories: true)
            let target = unpacked.appending(path: file.deletingPathExtension().lastPathComponent)
            let run = try Child.run(["gzip", "-dc", file.path], output: target.path)
            guard run.isSuccess else { throw Failure("gzip cannot unpack \(file.path)") }
            return target
        default: return nil
        }
    }
}
