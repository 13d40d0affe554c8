import DocumentTree
import Foundation
import Lifecycle
import OpenAPIModel
import RoutingTable

@testable import SnapshotCompiler

/// Units, versions and inputs in a few words.
enum Make {
    static func unit(_ text: String, name: String = "a.yaml") throws -> CompilationUnit {
        let bytes = Array(text.utf8)
        let document = try OpenAPIDocument(try Document.read(bytes, name: name))
        return CompilationUnit(document, sourceName: name, sha256: Digest32.sha256(of: bytes))
    }

    /// A document with these paths, each with these methods, and nothing else.
    static func document(_ paths: [(String, [String])], extra: String = "") -> String {
        var text = "openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\n\(extra)paths:\n"
        for (path, methods) in paths {
            text += "  \(path):\n"
            for method in methods {
                text += "    \(method):\n      responses: {default: {description: ok}}\n"
            }
        }
        return text
    }

    static func version(
        _ name: String = "1.0.0",
        unit: CompilationUnit?,
        upstream: String = "u",
        state: RoutingContent.VersionState = .published,
        successor: String? = nil
    ) -> ApprovedVersion {
        let version = VersionName(name)
        let label = ApprovedVersion.Label(
            name: name,
            major: version.major,
            sortKey: version.sortKey,
            state: state,
            leaving: ApprovedVersion.Leaving(successor: successor)
        )
        return ApprovedVersion.loadedFromCatalog(label, releaseManifest: .zero, upstream: upstream, unit: unit)
    }

    static func api(
        _ name: String,
        _ basePath: String,
        hosts: [String] = [],
        security: APISettings.Security = .verify,
        versions: [ApprovedVersion]
    ) -> CompilationInput.API {
        let settings = APISettings(basePath: basePath, hosts: hosts, security: security)
        return CompilationInput.API(name: name, title: name, settings: settings, versions: versions)
    }

    static let upstream = CompilationInput.Upstream(
        name: "u",
        targets: [Lifecycle.Upstream.Target(scheme: "http", host: "127.0.0.1", port: 9001, path: "")]
    )

    static func input(_ apis: [CompilationInput.API]) -> CompilationInput {
        CompilationInput(environment: "live", apis: apis, upstreams: [upstream])
    }
}

/// The folder of documents that others wrote; nil where it is absent.
enum SharedFixtures {
    static let folder: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"].map { URL(filePath: $0) }
        let folder = (named ?? root.appending(path: "../shared/fixtures")).appending(path: "openapi-specs")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// Names of the documents of at most so many bytes.
    static func names(bytesMax: Int) -> [String] {
        guard let folder, let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return [] }
        return all.sorted().filter { name in
            guard name.hasSuffix(".json") || name.hasSuffix(".yaml"), name != "index.json" else { return false }
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
            return (attributes?[.size] as? Int ?? .max) <= bytesMax
        }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        guard let folder else { return [] }
        return Array(try Data(contentsOf: folder.appending(path: name)))
    }
}
