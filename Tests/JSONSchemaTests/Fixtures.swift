import DocumentTree
import Foundation

/// The folder of shared fixtures: `GATEHOUSE_FIXTURES`, else `../shared/fixtures` beside the repository.
enum Fixtures {
    static let root: String = {
        if let path = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"] { return path }
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return repository.deletingLastPathComponent().appending(path: "shared/fixtures").path
    }()

    /// The repository that these tests belong to.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    static func document(_ path: String) throws -> Document { try read("\(root)/\(path)", name: path) }

    static func read(_ path: String, name: String) throws -> Document {
        try Document.read([UInt8](Data(contentsOf: URL(filePath: path))), name: name)
    }

    /// Paths below a folder, relative to it and sorted.
    static func files(under folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: "\(root)/\(folder)") else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
    }
}

extension Node {
    /// This node as a document of its own, from the very bytes it was written with.
    func extracted() throws -> Node {
        try Document.read(Array(document.source.bytes[document.byteRange(id)]), name: "extract.json", syntax: .json)
            .root
    }
}
