import ArgumentParser
import DocumentTree
import Foundation
import Manifest

/// `-f FILE_OR_DIR…`: manifests from files, folders and stdin.
struct ManifestFiles: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")],
        parsing: .upToNextOption,
        help: "Manifests: files, folders (*.yaml, *.yml, *.json in them), or - for stdin."
    )
    var filename: [String]

    /// Every file's bytes under its name, folders in the order of their names.
    func texts() throws -> [(bytes: [UInt8], name: String)] {
        try filename.flatMap { path in try Self.files(path) }.map { (try InputFile.read($0), $0) }
    }

    private static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else { return [path] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw Stop(.usage, "cannot list `\(path)`: \(error.localizedDescription)")
        }
        let found = names.filter { name in
            [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } && isManifest(path + "/" + name)
        }
        guard !found.isEmpty else {
            throw Stop(.usage, "`\(path)` holds no manifests (*.yaml, *.yml or *.json with an apiVersion)")
        }
        return found.map { path + "/" + $0 }
    }

    /// A folder may hold the definitions beside the manifests that name them; those are no manifests.
    private static func isManifest(_ path: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: path) else { return true }
        return String(decoding: data, as: UTF8.self).contains("apiVersion")
    }
}

/// Manifests as they were read, with the definitions that they name.
struct ManifestBundle {
    let manifests: ManifestSet
    private let texts: [(bytes: [UInt8], name: String)]

    /// Reads and checks manifests.
    ///
    /// - Throws: `Stop` with every finding, one a line with its place.
    init(_ files: ManifestFiles) throws {
        texts = try files.texts()
        let reading = ManifestReader.read(texts)
        let errors = reading.findings.filter { $0.severity == .error }
        guard errors.isEmpty else { throw Stop(.usage, errors.map(InputFile.line).joined(separator: "\n")) }
        for finding in reading.findings { Console.error(InputFile.line(finding)) }
        manifests = reading.manifests
    }

    /// The bytes of a definition's file, looked for beside the manifest that names it.
    static func definition(_ file: String, namedBy place: ManifestPlace?) throws -> [UInt8] {
        guard let place, place.source != "-", !file.hasPrefix("/") else { return try InputFile.read(file) }
        let folder = URL(filePath: place.source).deletingLastPathComponent()
        do {
            return try InputFile.read(folder.appending(path: file).path)
        } catch let stop as Stop {
            let start = place.range.start
            throw Stop(stop.code, "\(place.source):\(start.line + 1):\(start.character + 1)  \(stop.text)")
        }
    }

    /// All manifests as one text to send: what `definition.file` names stands inline.
    func inlined() throws -> String {
        var documents: [String] = []
        for (bytes, name) in texts {
            let stream: [Document]
            do throws(UnreadableDocument) {
                stream = try Document.readStream(bytes, name: name)
            } catch {
                throw Stop(.usage, error.findings.map(InputFile.line).joined(separator: "\n"))
            }
            for document in stream where !document.root.isNull {
                documents.append(try Self.inlined(document, name).text())
            }
        }
        return documents.map { "---\n\($0)\n" }.joined()
    }

    private static func inlined(_ document: Document, _ name: String) throws -> JSONValue {
        let value = JSONValue(document.root)
        guard let definition = document.root["spec"]?["definition"], let file = definition["file"]?.string else {
            return value
        }
        let bytes = try self.definition(file, namedBy: ManifestPlace(definition))
        let content: Document
        do throws(UnreadableDocument) {
            content = try Document.read(bytes, name: file)
        } catch {
            throw Stop(.usage, error.findings.map(InputFile.line).joined(separator: "\n"))
        }
        let spec = (value["spec"]?.object ?? []).map { member -> (key: String, value: JSONValue) in
            member.key == "definition" ? ("definition", .object([("inline", JSONValue(content.root))])) : member
        }
        return .object((value.object ?? []).map { $0.key == "spec" ? ("spec", .object(spec)) : $0 })
    }
}
