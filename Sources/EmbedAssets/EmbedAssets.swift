import Foundation
import PackagePlugin

/// Gives the target `Assets` one generated file that holds every text under `sql/`, `policies/` and `specs/`.
///
/// Why not SwiftPM's own `.embedInCode`: it emits a `[UInt8]` literal that takes 21 s to compile for 100 KB and mangles
/// a leading digit in a file name. A raw string literal of the same size compiles in 0.2 s.
@main
struct EmbedAssets: BuildToolPlugin {
    /// The folders whose files are embedded. `specs/examples` is for the demo and the scenarios, and
    /// `policies/fixtures` tests the rules: neither is for the binary.
    static let folders = ["policies", "specs", "sql"]
    static let extensions: Set<String> = ["sql", "yaml", "json"]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let files = Self.folders.flatMap { Self.files(under: root.appending(path: $0)) }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedTexts.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) assets",
                executable: try context.tool(named: "EmbedAssetsTool").url,
                arguments: [output.path, root.path] + files.map(\.path),
                inputFiles: files,
                outputFiles: [output]
            )
        ]
    }

    private static func files(under folder: URL) -> [URL] {
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        return (found ?? [])
            .filter { file in
                extensions.contains(file.pathExtension)
                    && !["/specs/examples/", "/policies/fixtures/"].contains(where: file.path.contains)
            }
            .sorted { $0.path < $1.path }
    }
}
