import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct SubmitSpecificationTests {
    @Test("a first submission makes API, version and revision, and stores the report")
    func first() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit()
            #expect(submission.createdAPI && submission.createdVersion)
            #expect(submission.revision.number == 1)
            #expect(submission.revision.reviewState == .inReview)
            #expect(submission.revision.operationCount == 2)
            #expect(submission.revision.authorNames == ["dave"])
            #expect(submission.report.ruleset == "gatehouse:recommended")
            #expect(submission.revision.lint?.errors == submission.report.counts.errors)
            let review = try await world.governance.showReview(
                try await world.actor("bob"),
                api: "orders",
                version: "1.0.0",
                revision: 1
            )
            #expect(review.findings == submission.findings)
            #expect(review.obstacle == nil)
            let content = try await world.governance.showSpecification(
                try await world.actor("bob"),
                api: "orders",
                version: "1.0.0",
                revision: 1
            )
            #expect(content.bytes == Array(GovernedWorld.document("1.0.0").utf8))
        }
    }

    @Test("the same content in other formatting is a duplicate that names the revision")
    func duplicate() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let json = """
                {"paths": {"/orders/{id}": {"get": {"responses": {"200": {"description": "Done."}}, "operationId": "getOrder"},
                "parameters": [{"required": true, "schema": {"type": "string"}, "name": "id", "in": "path"}]},
                "/orders": {"get": {"operationId": "listOrders", "responses": {"200": {"description": "Done."}}}}},
                "info": {"description": "What customers order.", "version": "1.0.0", "title": "Orders"}, "openapi": "3.1.0"}
                """
            let error = await #expect(throws: GovernanceError.self) { try await world.submit(document: json) }
            #expect(error?.code == .duplicateSubmission)
            #expect(error?.facts["revision"] == "1")
            let revisions = try await world.count("SELECT count(*) FROM revision")
            #expect(revisions == 1)
        }
    }

    @Test(
        "what is not taken says why and where, and leaves nothing behind",
        arguments: [
            ("a: [1", GovernanceError.Code.unreadableDocument), ("hello: world", .notOpenAPI),
            ("openapi: 9.9.9\ninfo: {title: A, version: '1'}\npaths: {}", .unsupportedOpenAPIVersion),
            (
                "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    $ref: 'http://example.com/x.yaml'",
                .externalReferenceRefused
            ),
        ]
    )
    func refused(document: String, code: GovernanceError.Code) async throws {
        try await GovernedWorld.with { world in
            let error = await #expect(throws: GovernanceError.self) { try await world.submit(document: document) }
            #expect(error?.code == code)
            #expect(error?.places.isEmpty == false)
            #expect(error?.places.allSatisfy { $0.source == "orders.yaml" && $0.line != nil } == true)
            let apis = try await world.count("SELECT count(*) FROM api")
            #expect(apis == 0)
        }
    }

    @Test("a document above the limit is refused before it is read")
    func tooLarge() async throws {
        try await GovernedWorld.with { world in
            let draft = SpecificationDraft(api: "orders", bytes: [UInt8](repeating: 0x20, count: 16 << 20 + 1))
            let actor = try await world.actor("dave")
            let code = await refusal { _ = try await world.governance.submitSpecification(actor, draft) }
            #expect(code == .specificationTooLarge)
        }
    }

    @Test("a version without a name, or with a bad one, is refused with advice")
    func versions() async throws {
        try await GovernedWorld.with { world in
            let nameless = "openapi: 3.1.0\ninfo: {title: A, version: ''}\npaths: {}"
            let bad = "openapi: 3.1.0\ninfo: {title: A, version: 1.0 (beta)}\npaths: {}"
            let first = await refusal { try await world.submit(document: nameless) }
            let second = await refusal { try await world.submit(document: bad) }
            #expect(first == .validationFailed)
            #expect(second == .nameInvalid)
        }
    }

    @Test("another team's editor can neither submit to an API nor make one for the team")
    func foreign() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let code = await refusal { try await world.submit("2.0.0", by: "mallory") }
            #expect(code == .forbidden)
            let mallory = try await world.actor("mallory")
            let draft = SpecificationDraft(
                api: "new",
                bytes: Array(GovernedWorld.document("1.0.0").utf8),
                team: "sales"
            )
            let other = await refusal { _ = try await world.governance.submitSpecification(mallory, draft) }
            #expect(other == .forbidden)
        }
    }

    @Test("two people who submit the same at the same moment get one revision and one duplicate")
    func race() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let actors = [try await world.actor("dave"), try await world.actor("alice")]
            let other = world.otherNode()
            let bytes = Array(GovernedWorld.document("1.1.0").utf8)
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                for (index, actor) in actors.enumerated() {
                    let node = index == 0 ? world.governance : other
                    group.addTask {
                        await refusal {
                            _ = try await node.submitSpecification(
                                actor,
                                SpecificationDraft(api: "orders", bytes: bytes)
                            )
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.compactMap { $0 } == [.duplicateSubmission])
        }
    }

    @Test("a repeated request with its idempotency key returns the first result; with another request it is refused")
    func idempotency() async throws {
        try await GovernedWorld.with { world in
            let draft = SpecificationDraft(
                api: "orders",
                bytes: Array(GovernedWorld.document("1.0.0").utf8),
                team: "sales"
            )
            let actor = try await world.actor("dave", key: "k1")
            let first = try await world.governance.submitSpecification(actor, draft)
            let second = try await world.otherNode().submitSpecification(actor, draft)
            #expect(first.revision.id == second.revision.id)
            #expect(second.findings == first.findings)
            var changed = actor
            changed.idempotency = IdempotencyKey(key: "k1", fingerprint: [9])
            let reused = changed
            let code = await refusal { _ = try await world.governance.submitSpecification(reused, draft) }
            #expect(code == .idempotencyKeyReused)
            let submitted = try await world.count("SELECT count(*) FROM audit WHERE action = 'specification.submitted'")
            #expect(submitted == 1)
        }
    }
}
