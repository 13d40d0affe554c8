import DocumentTree
import SpecDiff
import Testing

@Suite("Migration reports")
struct ReportMigrationTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    private func migration(_ granted: String...) throws -> Migration {
        Migration(
            of: try samples.report(),
            for: "web *shop*",
            granted: granted.map { OperationPattern($0) },
            base: samples.comparedBase,
            revision: samples.comparedRevision
        )
    }

    @Test("an application sees the changes of its own operations, before and after")
    func ownOperations() throws {
        let migration = try migration("getPet")
        #expect(migration.steps.map(\.change.id) == ["response-property-became-nullable", "request-parameter-removed"])
        #expect(migration.steps[0].change.sites.map(\.path) == ["/pets/{petId}"])
        #expect(migration.steps[0].before == ["        name: {type: string}"])
        #expect(migration.steps[0].after == ["        name: {type: string, nullable: true}"])
        #expect(migration.steps[1].before.count == 1 && migration.steps[1].after.isEmpty)
        #expect(migration.unconcernedCount == 1 && !migration.isSafe)
        #expect(migration.report.changes.count == 2 && migration.report.requiredBump == .major)
    }

    @Test("a change weighs what it weighs for the application: harmless elsewhere is harmless here")
    func levels() throws {
        let migration = try migration("DELETE /old")
        #expect(migration.steps.map(\.change.level) == [.information])
        #expect(migration.steps.map(\.change.id) == ["response-write-only"])
        #expect(migration.isSafe)
        let text = MigrationReport(migration).text
        #expect(text.hasPrefix("web *shop*: can move as it is; 1 change: 1 info\n"), "\(text)")
        let none = try self.migration("POST /elsewhere")
        #expect(none.steps.isEmpty && none.unconcernedCount == 3)
        #expect(MigrationReport(none).text == "web *shop*: nothing it uses changes\n")
    }

    @Test("as text, JSON and Markdown")
    func formats() throws {
        let report = MigrationReport(try migration("GET /pets/{x}"))
        #expect(
            report.text == """
                web *shop*: has to change before it moves; 2 changes: 1 error, 1 warning

                GET /pets/{petId}
                  error  the response property `name` became nullable  (response-property-became-nullable)
                  -         name: {type: string}
                  +         name: {type: string, nullable: true}

                GET /pets/{petId}
                  warning  deleted the `query` request parameter `limit`  (request-parameter-removed)
                  callers may send it still
                  -         - {name: limit, in: query, schema: {type: integer}}

                """
        )
        let value = report.value
        #expect(value["application"] == "web *shop*" && value["safe"] == false && value["unconcerned"] == 1)
        #expect(value["steps"]?[0]?["fingerprint"] == "fedcba9876543210")
        #expect(value["steps"]?[0]?["after"] == ["        name: {type: string, nullable: true}"])
        #expect(value["steps"]?[1]?["after"] == [])
        let markdown = report.markdown
        #expect(markdown.hasPrefix("## web \\*shop\\*: has to change before it moves; 2 changes: 1 error, 1 warning\n"))
        #expect(markdown.contains("### `GET /pets/{petId}`\n\n**error**: the response property `name` became nullable"))
        #expect(markdown.contains("```diff\n-         name: {type: string}\n+         name: {type: string, nullable"))
    }
}
