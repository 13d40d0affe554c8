import Foundation
import Testing

/// The checkout that the tests run in, read as text.
enum Repository {
    static let root: URL = {
        if let given = ProcessInfo.processInfo.environment["GATEHOUSE_ROOT"] { return URL(filePath: given) }
        let here = URL(filePath: #filePath)
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Paths relative to the root of the files under a folder with one of the extensions, sorted.
    static func files(under folder: String, extensions: Set<String>) -> [String] {
        let base = root.appending(path: folder)
        let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (found ?? [])
            .filter { extensions.contains($0.pathExtension) }
            .map { String($0.path.dropFirst(root.path.count + 1)) }
            .sorted()
    }

    /// The modules that a source file names in its `import` lines.
    static func imports(in source: String) -> [String] {
        source.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place <= 2, !line.hasPrefix(" "), !line.hasPrefix("//")
            else {
                return nil
            }
            // `import struct Foundation.Date` names the module before the dot.
            guard let last = words.last, words.count > place + 1 else { return nil }
            return last.split(separator: ".").first.map(String.init)
        }
    }
}

/// The dependency graph as `Package.swift` states it.
struct PackageGraph {
    /// Target name → the names it lists, own targets and products alike.
    let dependencies: [String: Set<String>]

    init(manifest: String) throws {
        var products: [String: String] = [:]
        for match in manifest.matches(of: /let (\w+): Target\.Dependency = \.product\(name: "(\w+)"/) {
            products[String(match.1)] = String(match.2)
        }
        let lists = manifest.matches(of: /let (\w+): \[Target\.Dependency\] = \[([^\]]*)\]/)
        var named: [String: Set<String>] = [:]
        for match in lists {
            named[String(match.1)] = Set(match.2.matches(of: /name: "(\w+)"/).map { String($0.1) })
        }
        var graph: [String: Set<String>] = [:]
        let targets = try #require(manifest.range(of: "    targets: ["), "Package.swift has a `targets:` list")
        let body = String(manifest[targets.upperBound...])
        let pattern = /(module|program|tests)\(\s*"(\w+)"((?:,\s*\[[^\]]*\](?:\s*\+\s*\w+)?)?)/
        for match in body.matches(of: pattern) {
            var found = Set(match.3.matches(of: /"(\w+)"/).map { String($0.1) })
            for word in match.3.replacing(/"[^"]*"/, with: "").matches(of: /\w+/) {
                let name = String(word.0)
                if let product = products[name] { found.insert(product) }
                found.formUnion(named[name] ?? [])
            }
            graph[String(match.2)] = found
        }
        dependencies = graph
    }

    /// All that a target reaches along the arrows.
    func closure(of target: String) -> Set<String> {
        var seen: Set<String> = []
        var open = Array(dependencies[target] ?? [])
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            open.append(contentsOf: dependencies[next] ?? [])
        }
        return seen
    }
}
