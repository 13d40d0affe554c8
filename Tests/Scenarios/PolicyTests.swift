import Foundation
import Testing

@Suite("Policies as a governance team lives with them", .enabled(if: Binary.path != nil, "needs the release binary"))
struct PolicyScenarioTests {
    @Test(
        "store, observe, preview, enforce, waive, adopt: each step by commands, across a restart of the control process"
    )
    func story() async throws {
        let stack = try await Stack()
        try await stack.ready()
        let cast = try await Cast(on: stack)
        let files = Files(in: stack.folder)
        let document = try files.write("orders.yaml", Self.document)
        try await stack.must("submit", document, "--api", "orders", "--team", "sales", as: cast.owner)

        // A policy that observes holds nobody up and shows whom enforcing it would.
        try await stack.must("ruleset", "set", "house", try files.write("house.yaml", Self.ruleset("warn")))
        try await stack.must("policy", "set", "tagged", "--ruleset", "house", "--mode", "observe")
        let observed = try await stack.run("policy", "evaluate", "tagged", "--wait", "--wait-seconds", "30")
        #expect(observed.code == 0, "\(observed.errors)")
        #expect(observed.output.contains("1 still passing"), "\(observed.output)")
        try await stack.must("ruleset", "set", "house", try files.write("house.yaml", Self.ruleset("error")))
        let preview = try await stack.run("policy", "evaluate", "tagged", "--wait", "--wait-seconds", "30")
        #expect(preview.code == 1)
        #expect(preview.output.contains("newly_failing") && preview.output.contains("1 newly failing"))

        // What waits survives the process: nothing but the database knows of it.
        stack.running.killHard()
        _ = try await stack.running.exitCode()
        let second = try await Stack(folder: stack.folder)
        try await second.ready()
        try await second.must("policy", "adopt", "tagged")
        try await second.must("policy", "set", "tagged", "--mode", "enforce")
        let next = try files.write("orders.yaml", Self.document.replacing("1.0.0", with: "1.1.0"))
        let refused = try await second.run("submit", next, "--api", "orders", as: cast.owner)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("lint-failed") && refused.errors.contains("`tagged`"), "\(refused.errors)")
        #expect(refused.errors.contains("orders.yaml:5"), "\(refused.errors)")
        let audited = try await second.must("audit", "list", "-o", "json")
        #expect(audited.contains("specification.refused"))

        // Somebody asks, somebody else grants; who asked cannot.
        let end = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 86_400))
        let waiver = try await second.must(
            "waiver",
            "request",
            "--api",
            "orders",
            "--rule",
            "tagged",
            "--pointer",
            "/paths/~1orders",
            "--reason",
            "the old clients",
            "--until",
            end,
            "-o",
            "name",
            as: cast.owner
        )
        let own = try await second.run("waiver", "grant", waiver, as: cast.owner)
        #expect(own.code == 3 && own.errors.contains("forbidden"), "\(own.errors)")
        try await second.must("waiver", "grant", waiver, as: cast.approver)
        let waived = try await second.must("submit", next, "--api", "orders", as: cast.owner)
        #expect(waived.contains("waived until"), "\(waived)")
        let review = try await second.must("review", "show", "orders", "1.1.0", as: cast.approver)
        #expect(review.contains("waived until") && review.contains("tagged"), "\(review)")
        try await second.must("waiver", "revoke", waiver, "--reason", "mended", as: cast.owner)
        let again = try await second.run("review", "show", "orders", "1.1.0", as: cast.approver)
        #expect(again.output.contains("block") && !again.output.contains("waived until"), "\(again.output)")
        #expect(try await second.run("audit", "verify").code == 0)
        try await second.stop()
    }

    private static let document = """
        openapi: 3.1.0
        info: {title: Orders, version: 1.0.0, description: What customers order.}
        paths:
          /orders:
            get:
              operationId: listOrders
              responses: {'200': {description: Done.}}
        """

    private static func ruleset(_ severity: String) -> String {
        """
        rules:
          tagged:
            description: Every operation has tags.
            given: $.paths[*][get,put,post,delete]
            severity: \(severity)
            then: {field: tags, function: truthy}
        """
    }
}
