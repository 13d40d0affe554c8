import Foundation
import Testing

/// Documents that nobody here wrote, each carried from submit to a call through the gateway against its own mock; what
/// arrives upstream is compared byte for byte.
///
/// Chosen to differ in what matters on the way: Kubernetes (2.0, JSON, 3 MB, 1,000 operations, a key that fills the whole
/// `authorization` field, a version without a number), Harbor (2.0, YAML, Basic, anonymous allowed), Stripe (3.0, YAML, 2.8 MB,
/// recursive schemas, forms), Box (3.0, JSON, OAuth2 left to the upstream), Museum (3.1, YAML, Basic), Adyen Checkout (3.1,
/// JSON, two alternative schemes), OpenAI (3.1, YAML, 3 MB, bearer).
struct RealDocument: Sendable, CustomTestStringConvertible {
    let file: String
    let api: String
    let version: String
    let method: String
    let path: String
    var query = ""
    var body: String?
    var contentType = "application/json"
    var security = "verify"
    /// The field that carries the key, `KEY` standing for it.
    let credential: String
    var status = 200

    var testDescription: String { file }

    static let all: [RealDocument] = [
        RealDocument(
            file: "kubernetes-client-v29.0.0.json",
            api: "kubernetes",
            version: "unversioned",
            method: "GET",
            path: "/api/v1/namespaces/default/pods",
            query: "?limit=5&labelSelector=app%3Dshop%2Ctier%20in%20(web)",
            credential: "authorization: KEY"
        ),
        RealDocument(
            file: "harbor-v2.yaml",
            api: "harbor",
            version: "2.0",
            method: "PUT",
            path: "/projects/a%20b",
            body: "{\"metadata\": {\"public\": \"true\"}}\n",
            credential: "basic"
        ),
        RealDocument(
            file: "stripe-v50.yaml",
            api: "stripe",
            version: "2020-08-27",
            method: "POST",
            path: "/v1/customers/cus_42",
            query: "?expand[]=sources",
            body: "description=a+b%26c&metadata[order]=6735",
            contentType: "application/x-www-form-urlencoded",
            credential: "Authorization: Bearer KEY"
        ),
        RealDocument(
            file: "box.json",
            api: "box",
            version: "2024.0",
            method: "PUT",
            path: "/folders/12345",
            query: "?fields=id,name",
            body: "{\"name\":\"N\u{e9}w \u{1F4C1}\"}",
            security: "delegate",
            credential: "Gatehouse-Key: KEY"
        ),
        RealDocument(
            file: "redocly-museum.yaml",
            api: "museum",
            version: "1.2.1",
            method: "POST",
            path: "/special-events",
            body: "{\"name\":\"Night\",\"dates\":[\"2027-01-01\"],\"price\":0}",
            credential: "basic",
            status: 201
        ),
        RealDocument(
            file: "adyen-CheckoutService-v71.json",
            api: "checkout",
            version: "71",
            method: "POST",
            path: "/payments",
            body: String(repeating: "{\"amount\":{\"currency\":\"EUR\",\"value\":1000}} ", count: 2_000),
            credential: "X-API-Key: KEY"
        ),
        RealDocument(
            file: "openai.yaml",
            api: "openai",
            version: "2.3.0",
            method: "POST",
            path: "/chat/completions",
            body: "{\"model\":\"m\",\"messages\":[]}",
            credential: "Authorization: Bearer KEY"
        ),
    ]
}

@Suite(
    "Real documents from submit to a call",
    .serialized,
    .enabled(if: Binary.path != nil, "needs the release binary")
)
struct RealDocumentTests {
    @Test("a document nobody here wrote is submitted, approved, published and called through the gateway")
    func everyDocument() async throws {
        let folder = Binary.fixtures.appending(path: "openapi-specs")
        try #require(FileManager.default.fileExists(atPath: folder.path), "the fixtures are not beside the project")
        let stack = try await Stack()
        try await stack.ready()
        let cast = try await Cast(on: stack)
        for document in RealDocument.all {
            try await carry(document, folder: folder, on: stack, cast)
        }
        try await stack.stop()
    }

    private func carry(_ document: RealDocument, folder: URL, on stack: Stack, _ cast: Cast) async throws {
        let record = stack.folder.appending(path: "\(document.api).requests")
        let file = folder.appending(path: document.file).path
        let mock = try Running(["mock", file, "--listen", "127.0.0.1:0", "--record", record.path])
        let upstream = try await mock.line("mock of \(file)")

        try await stack.must(
            "api",
            "create",
            document.api,
            "--team",
            "sales",
            "--security",
            document.security,
            as: cast.owner
        )
        try await cast.publish(file, api: document.api, version: document.version, upstream: upstream, on: stack)
        try await stack.must("plan", "create", "\(document.api)-all", "--api", document.api, as: cast.owner)
        let (key, _) = try await cast.subscribe(
            application: "app-\(document.api)",
            plan: "\(document.api)-all",
            on: stack
        )

        let url = "\(stack.gateway)/\(document.api)\(document.path)\(document.query)"
        let field =
            document.credential == "basic"
            ? "Authorization: Basic " + Data("user:\(key)".utf8).base64EncodedString()
            : document.credential.replacingOccurrences(of: "KEY", with: key)
        var arguments = [
            "-X", document.method, "-H", field, "-H", "X-Trace: a, b;q=\"1\"", "-H", "Accept: application/json",
        ]
        if document.body != nil { arguments += ["-H", "Content-Type: \(document.contentType)"] }
        let body = document.body.map { Data($0.utf8) }
        let answer = try await Wait.until("\(document.api) through the gateway", within: 5) {
            let answer = try await Curl.call(url, arguments, body: body)
            return answer.status == 401 ? nil : answer
        }
        #expect(answer.status == document.status, "\(document.file): \(answer.text.prefix(300))")
        #expect(answer.field("API-Version") == document.version)

        let direct = try await Curl.call(upstream + document.path + document.query, arguments, body: body)
        #expect(answer.body == direct.body, "\(document.file): the body differs from what the mock sends")
        #expect(answer.field("Content-Type") == direct.field("Content-Type"))

        let requests = try String(contentsOf: record, encoding: .utf8).split(separator: "\n")
        let seen = try #require(try JSONSerialization.jsonObject(with: Data(requests[0].utf8)) as? [String: Any])
        let fields = try #require(seen["fields"] as? [[String]])
        #expect(seen["method"] as? String == document.method)
        #expect(seen["target"] as? String == document.path + document.query)
        #expect(seen["body"] as? String == (body ?? Data()).map { String(format: "%02x", $0) }.joined())
        #expect(fields.filter { $0[0].lowercased() == "x-trace" }.map { $0[1] } == ["a, b;q=\"1\""])
        #expect(!requests[0].contains(key), "\(document.file): the key reached the upstream")
        try await mock.terminate()
    }
}
