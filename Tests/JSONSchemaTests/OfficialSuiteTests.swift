import DocumentTree
import JSONSchema
import Testing

/// The JSON-Schema-Test-Suite as it is: every required test of every draft, and the optional ones with a list of what we
/// answer differently and why.
@Suite("JSON Schema Test Suite", .enabled(if: Fixtures.exists("json-schema/tests")))
struct OfficialSuiteTests {
    static let drafts: [(folder: String, dialect: SchemaDialect)] = [
        ("draft4", .draft4), ("draft6", .draft6), ("draft7", .draft7), ("draft2019-09", .draft2019_09),
        ("draft2020-12", .draft2020_12),
    ]

    @Test("every required test passes", arguments: drafts.map(\.folder))
    func required(folder: String) throws {
        let report = try run(folder) { !$0.hasPrefix("optional/") }
        print("JSON Schema Test Suite, \(folder), required: \(report.passed) of \(report.total) passed")
        #expect(report.failures == [])
    }

    @Test("the optional tests pass but for the known differences", arguments: drafts.map(\.folder))
    func optional(folder: String) throws {
        let report = try run(folder) { $0.hasPrefix("optional/") }
        print("JSON Schema Test Suite, \(folder), optional: \(report.passed) of \(report.total) passed")
        let unexpected = report.failures.filter { failure in
            !KnownDifferences.optional.contains { failure.hasPrefix($0) }
        }
        #expect(unexpected == [])
    }

    struct Report {
        var total = 0
        var failures: [String] = []
        var passed: Int { total - failures.count }
    }

    private func run(_ folder: String, where isIncluded: (String) -> Bool) throws -> Report {
        let dialect = try #require(Self.drafts.first { $0.folder == folder }?.dialect)
        let registry = try Self.remotes(for: folder)
        var report = Report()
        for file in Fixtures.files(under: "json-schema/tests/\(folder)") where isIncluded(file) {
            let options = SchemaOptions(dialect: dialect, assertsFormats: file.hasPrefix("optional/format/"))
            let groups = try Fixtures.document("json-schema/tests/\(folder)/\(file)").root
            for group in groups.elements {
                try run(group, file, options, registry, &report)
            }
        }
        return report
    }

    private func run(
        _ group: Node,
        _ file: String,
        _ options: SchemaOptions,
        _ registry: SchemaRegistry,
        _ report: inout Report
    ) throws {
        let name = "\(file): \(group["description"]?.string ?? "")"
        let schema = try #require(group["schema"]).extracted()
        let tests = try #require(group["tests"]).elements
        let validator: SchemaValidator
        do {
            validator = try SchemaValidator(schema, options: options, registry: registry)
        } catch {
            for test in tests {
                report.total += 1
                let message = error.problems.first?.message ?? ""
                report.failures.append("\(name): \(test["description"]?.string ?? ""): refused, \(message)")
            }
            return
        }
        for test in tests {
            report.total += 1
            let data = try #require(test["data"]).extracted()
            let violations = validator.validate(data)
            let expected = test["valid"]?.boolean
            if violations.isEmpty != expected || validator.isValid(data) != expected {
                let messages = violations.map(\.message).joined(separator: "; ")
                report.failures.append("\(name): \(test["description"]?.string ?? ""): \(messages)")
            }
        }
    }

    /// The documents that the suite wants under `http://localhost:1234/`.
    private static func remotes(for folder: String) throws -> SchemaRegistry {
        var registry = SchemaRegistry()
        for file in Fixtures.files(under: "json-schema/remotes") {
            let document = try Fixtures.document("json-schema/remotes/\(file)")
            registry.register(document, uri: "http://localhost:1234/\(file)")
        }
        return registry
    }
}
