import Foundation

/// The folder of recognised suites and real documents, which may be absent.
enum Fixtures {
    /// `GATEHOUSE_FIXTURES`, else `../shared/fixtures` beside the package; nil where there is none.
    static let folder: String? = {
        if let given = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"] { return given }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.deletingLastPathComponent().appendingPathComponent("shared/fixtures").path
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    static var areThere: Bool { folder != nil }

    static func bytes(_ path: String) throws -> [UInt8] {
        let url = URL(fileURLWithPath: folder ?? "").appendingPathComponent(path)
        return [UInt8](try Data(contentsOf: url))
    }

    /// A gzip file's content, by way of `gzip -dc`.
    static func unzipped(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", (folder ?? "") + "/" + path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [UInt8](data)
    }
}
