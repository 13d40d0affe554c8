import Foundation
import Testing

/// Specifications that nobody here wrote, all of them, linted twice by the release binary.
@Suite("Linting real specifications", .serialized, .enabled(if: Binary.path != nil, "needs the release binary"))
struct LintCorpusTests {
    @Test("every specification is evaluated by every rule, and twice gives the same bytes")
    func everyDocument() async throws {
        let folder = Binary.fixtures.appending(path: "openapi-specs")
        try #require(FileManager.default.fileExists(atPath: folder.path), "the fixtures are not beside the project")
        let scratch = FileManager.default.temporaryDirectory.appending(path: "gatehouse-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        var documents: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name != "index.json"
        {
            let file = folder.appending(path: name).path
            if name.hasSuffix(".tar.gz") {
                #expect(try await Shell.run("tar", ["xzf", file, "-C", scratch.path]).code == 0)
                documents.append(scratch.appending(path: "specification/DigitalOcean-public.v2.yaml").path)
            } else if name.hasSuffix(".gz") {
                let plain = scratch.appending(path: String(name.dropLast(3))).path
                #expect(try await Shell.run("bash", ["-c", "gzip -dc \"$0\" > \"$1\"", file, plain]).code == 0)
                documents.append(plain)
            } else if name.hasSuffix(".json") || name.hasSuffix(".yaml") {
                documents.append(file)
            }
        }
        #expect(documents.count == 54)
        for ruleset in ["spectral:oas", "gatehouse:recommended"] {
            for document in documents {
                let arguments = ["lint", document, "-r", ruleset, "-f", "json"]
                let first = try await Binary.run(arguments)
                #expect(first.code == 0 || first.code == 1, "\(document): exit code \(first.code) \(first.errors)")
                #expect(first.errors.isEmpty, "\(document): \(first.errors)")
                #expect(!first.output.contains("\"rule-not-evaluated\""), "\(document) with \(ruleset)")
                let second = try await Binary.run(arguments)
                #expect(first.output == second.output, "\(document) with \(ruleset) gives two reports")
            }
        }
    }

    @Test("a specification of many files is linted through its root, with findings in the files they are about")
    func manyFiles() async throws {
        let archive = Binary.fixtures.appending(path: "openapi-specs/digitalocean-multifile.tar.gz")
        try #require(FileManager.default.fileExists(atPath: archive.path), "the fixtures are not beside the project")
        let scratch = FileManager.default.temporaryDirectory.appending(path: "gatehouse-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        #expect(try await Shell.run("tar", ["xzf", archive.path, "-C", scratch.path]).code == 0)
        let result = try await Shell.run(
            try #require(Binary.path),
            ["lint", "specification/DigitalOcean-public.v2.yaml", "-r", "spectral:oas", "-f", "json"],
            in: scratch
        )
        let findings = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        )
        let codes = Set(findings.compactMap { $0["code"] as? String })
        #expect(codes.isDisjoint(with: ["invalid-ref", "external-reference-refused", "rule-not-evaluated", "parser"]))
        let sources = Set(findings.compactMap { $0["source"] as? String })
        #expect(sources.contains("specification/resources/gen-ai/genai_create_model_api_key.yml"))
        for source in sources {
            #expect(FileManager.default.fileExists(atPath: scratch.appending(path: source).path), "\(source)")
        }
    }
}
