import Foundation
import Testing

/// The release binary under test and what running it once gave.
enum Binary {
    /// `GATEHOUSE_BINARY`, else the release build of this checkout; nil where there is none.
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let built = root.appending(path: ".build/release/gatehouse").path
        let path = environment["GATEHOUSE_BINARY"] ?? built
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// The checkout; `GATEHOUSE_ROOT` names another.
    static let root: URL = {
        if let given = ProcessInfo.processInfo.environment["GATEHOUSE_ROOT"] { return URL(filePath: given) }
        let here = URL(filePath: #filePath)
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()
    static let fixtures: URL = {
        let given = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"]
        return given.map { URL(filePath: $0) } ?? root.deletingLastPathComponent().appending(path: "shared/fixtures")
    }()

    /// What a run of a program left behind.
    struct Result: Sendable {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs the binary to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:], input: Data? = nil) async throws
        -> Result
    {
        try await Shell.run(try #require(path), arguments, environment: environment, input: input)
    }
}

/// Running programs others wrote.
enum Shell {
    /// Runs a program to its end, off the cooperative pool.
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: Data? = nil,
        in directory: URL? = nil
    ) async throws -> Binary.Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                do {
                    continuation.resume(returning: try wait(program, arguments, environment, input, directory))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private static func wait(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ input: Data?,
        _ directory: URL?
    ) throws -> Binary.Result {
        let process = Process()
        if let directory { process.currentDirectoryURL = directory }
        process.executableURL = program.hasPrefix("/") ? URL(filePath: program) : URL(filePath: "/usr/bin/env")
        process.arguments = program.hasPrefix("/") ? arguments : [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "out")
        let errors = folder.appending(path: "err")
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        if let input {
            let file = folder.appending(path: "in")
            try input.write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Binary.Result(
            code: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}

/// An answer of a server as curl saw it.
struct Answer: Sendable {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
    func fields(_ name: String) -> [String] { fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value) }

    /// The body as JSON.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    }
}

/// curl, a client that others wrote.
enum Curl {
    /// One request; `status` is 0 where no answer came.
    static func call(_ url: String, _ arguments: [String] = [], body: Data? = nil) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-curl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let head = folder.appending(path: "head").path
        let file = folder.appending(path: "body").path
        var all = ["-sS", "--max-time", "60", "--path-as-is", "-D", head, "-o", file, "-w", "%{http_code}"] + arguments
        if let body {
            let sent = folder.appending(path: "sent")
            try body.write(to: sent)
            all += ["--data-binary", "@\(sent.path)"]
        }
        let result = try await Shell.run("curl", all + [url])
        let headText = (try? String(contentsOfFile: head, encoding: .utf8)) ?? ""
        let last =
            headText.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n\n").last {
                $0.hasPrefix("HTTP/")
            } ?? ""
        let fields = last.split(separator: "\n").dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        let content = FileManager.default.contents(atPath: file) ?? Data()
        return Answer(status: Int(result.output) ?? 0, fields: fields, body: content)
    }
}
