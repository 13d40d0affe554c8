import ArgumentParser
import DocumentTree
import Foundation
import PolicyEngine

/// Which documents a command line means: paths, patterns, stdin.
enum LintInputs {
    /// Files that patterns may stand for.
    static let filesMax = 100_000
    /// Folders that no pattern looks into: what package managers put there is not the user's.
    private static let skipped: Set<String> = ["node_modules"]

    /// The files, in the order of the arguments, those of one pattern sorted, none twice.
    ///
    /// - Parameters:
    ///   - arguments: paths, patterns (`specs/**/*.yaml`) and `-`.
    ///   - failsOnUnmatched: whether a pattern that finds nothing is an error.
    /// - Returns: the paths as they are to be shown.
    /// - Throws: ``Stop`` where a path or pattern leads to nothing that can be linted.
    static func files(_ arguments: [String], failsOnUnmatched: Bool) throws(Stop) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var unmatched: [String] = []
        for argument in arguments {
            let files = try files(of: argument)
            if files.isEmpty { unmatched.append(argument) }
            for file in files where seen.insert(file).inserted { found.append(file) }
        }
        if !unmatched.isEmpty {
            let list = unmatched.map { "`\($0)`" }.joined(separator: ", ")
            if failsOnUnmatched { throw Stop(.usage, "Unmatched glob patterns: \(list)") }
            if let path = unmatched.first(where: { !PathGlob.isPattern($0) }) {
                throw Stop(.usage, "cannot read `\(path)`: no such file")
            }
            Console.error("no file matches \(list)")
        }
        return found
    }

    private static func files(of argument: String) throws(Stop) -> [String] {
        if argument == "-" { return [argument] }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) {
            guard isFolder.boolValue else { return [argument] }
            throw Stop(.usage, "`\(argument)` is a folder; write `\(argument)/**/*.yaml` for the documents in it")
        }
        guard PathGlob.isPattern(argument) else { return [] }
        guard let glob = PathGlob(argument, matchesNames: false) else {
            throw Stop(.usage, "`\(argument)` is no pattern: a bracket or brace is not closed, or there are too many")
        }
        var found: [String] = []
        try look(in: glob.folder, glob, &found)
        return found.sorted()
    }

    private static func look(in folder: String, _ glob: PathGlob, _ found: inout [String]) throws(Stop) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        for name in names where !skipped.contains(name) {
            let path = folder + name
            let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
            if type == .typeDirectory {
                // A folder with a dot is looked into where the pattern writes one.
                if !name.hasPrefix(".") || glob.text.contains("/.") || glob.text.hasPrefix(".") {
                    try look(in: path + "/", glob, &found)
                }
            } else if glob.matches(path) {
                guard found.count < filesMax else {
                    throw Stop(.usage, "`\(glob.text)` matches more than \(filesMax) files")
                }
                found.append(path)
            }
        }
    }
}

/// The encodings that `--encoding` names; a byte order mark and UTF-16 are noticed without it.
enum TextEncodingOption: String, ExpressibleByArgument, CaseIterable {
    case utf8
    case utf8Dashed = "utf-8"
    case utf16le, ucs2
    case ucs2Dashed = "ucs-2"
    case latin1, ascii

    /// The text in UTF-8; what is no text in the encoding is left to the reader, which says where.
    func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8, .utf8Dashed, .ascii: return bytes
        case .latin1:
            var text = String.UnicodeScalarView()
            text.append(contentsOf: bytes.map { Unicode.Scalar($0) })
            return Array(String(text).utf8)
        case .utf16le, .ucs2, .ucs2Dashed:
            guard let text = String(bytes: bytes, encoding: .utf16LittleEndian) else { return bytes }
            return Array(text.utf8)
        }
    }
}

/// The folder of a document, whose files the document may refer to.
enum DocumentFolder {
    /// Reads a document with the files that it refers to.
    ///
    /// - Parameters:
    ///   - bytes: its text.
    ///   - file: its path, which findings show.
    /// - Returns: the document; a file that it refers to and that cannot be read is a finding.
    /// - Throws: where the document itself cannot be read.
    static func read(_ bytes: [UInt8], file: String) throws(UnreadableDocument) -> Document {
        let url = URL(filePath: file)
        let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return try Document.read(bytes, name: file, path: url.lastPathComponent) { answer(to: $0, in: folder) }
    }

    private static func answer(to path: String, in folder: URL) -> FileAnswer {
        let file = folder.appending(path: path).resolvingSymlinksInPath()
        let prefix = folder.path.hasSuffix("/") ? folder.path : folder.path + "/"
        guard file.path.hasPrefix(prefix) else {
            return .refused("a symbolic link leads out of the document's folder")
        }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return .unreadable("it is no file") }
            let size = attributes[.size] as? Int ?? 0
            let bytesMax = Limits.default.bytesMax
            guard size <= bytesMax else { return .unreadable("it is \(size) bytes long, at most \(bytesMax) are read") }
            return .content([UInt8](try Data(contentsOf: file)))
        } catch {
            return .unreadable(InputFile.reason(error))
        }
    }
}
