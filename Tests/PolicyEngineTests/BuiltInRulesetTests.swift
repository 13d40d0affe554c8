import DocumentTree
import Foundation
import Testing

@testable import PolicyEngine

@Suite("Built-in rulesets")
struct BuiltInRulesetTests {
    @Test(
        "each reads, and each rule says what it is about and how to put a finding right",
        arguments: Ruleset.builtInNames
    )
    func complete(name: String) throws {
        let ruleset = try Ruleset.builtIn(name)
        #expect(ruleset.rules.count >= 32)
        for rule in ruleset.rules {
            #expect(rule.description != nil, "\(rule.name) has no description")
            #expect(rule.documentationURL?.hasPrefix("https://") == true, "\(rule.name) has no address")
            #expect(rule.remediation != nil, "\(rule.name) has no remediation")
            #expect(rule.formats != nil, "\(rule.name)")
        }
    }

    @Test(
        "spectral:oas has upstream's rules with their severity, formats and places",
        .enabled(if: !Fixtures.areAbsent)
    )
    func sameAsUpstream() throws {
        let ours = try Ruleset.builtIn("spectral:oas")
        let theirs = try #require(try Fixtures.document("spectral-oas/ruleset.json")).root
        let rules = try #require(theirs["rules"])
        #expect(Set(ours.rules.map(\.name)) == Set(rules.keys))
        for (name, rule) in rules.entries {
            let our = try #require(ours[name])
            #expect(our.isEnabled == (rule["recommended"]?.boolean ?? true), "\(name)")
            let severity = rule["severity"]?.scalarText
            #expect(our.severity == (severity == "0" || severity == "error" ? .error : .warning), "\(name)")
            #expect(our.isResolved == (rule["resolved"]?.boolean ?? true), "\(name)")
            if let formats = rule["formats"] {
                #expect(
                    our.formats == Set(formats.elements.compactMap { $0.string.flatMap(DocumentFormat.init(name:)) }),
                    "\(name)"
                )
            }
        }
    }

    static let sound = """
        openapi: 3.1.0
        info: {title: Orders, version: "1.0.0", description: Takes orders., contact: {name: Sales}}
        servers: [{url: https://api.example.org/orders}]
        tags: [{name: orders}]
        security: [{key: []}]
        paths:
          /orders/{id}:
            get:
              operationId: getOrder
              description: Reads one order.
              tags: [orders]
              parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: "^[a-z0-9-]+$"}}]
              responses:
                "200": {description: The order., content: {application/json: {schema: {type: object}}}}
                "404": {description: There is none., content: {application/problem+json: {schema: {type: object}}}}
        components:
          securitySchemes: {key: {type: apiKey, in: header, name: X-API-Key}}
        """

    @Test("a sound document has no finding")
    func soundDocument() throws {
        let report = Linter(try Ruleset.builtIn("gatehouse:recommended")).lint(
            try Document.read(Self.sound, name: "a.yaml")
        )
        #expect(report.findings.map { "\($0.code): \($0.message)" } == [])
    }

    /// What to replace in the sound document, by what, and the rule that must notice.
    @Test(
        "each mistake is noticed by its rule",
        arguments: [
            ("/orders/{id}:", "/orders/{id}/x*:", "path-template"),
            ("/orders/{id}:", "orders/{id}:", "path-template"),
            ("/orders/{id}:", "/orders/%2e%2e/{id}:", "path-template"),
            ("/orders/{id}:", "/orders//{id}:", "path-template"),
            ("/orders/{id}:", "/Orders/{x}: {}\n  /orders/{id}:", "path-similar"),
            ("/orders/{id}:", "/metrics: {}\n  /orders/{id}:", "path-operational"),
            (#"version: "1.0.0""#, "version: 1.10", "api-version-is-text"),
            (#"version: "1.0.0""#, "version: ../x", "api-version-is-text"),
            (#""^[a-z0-9-]+$""#, #""^([a-z0-9]+-?)+$""#, "pattern-bounded"),
            (#""^[a-z0-9-]+$""#, #""^[a-z""#, "pattern-valid"),
            ("tags: [orders]", "tags: [orders]\n      security: []", "security-switched-off"),
            ("name: X-API-Key", "name: Connection", "security-header-name"),
            ("name: X-API-Key", "name: 'X Key'", "security-header-name"),
            ("https://api.example.org/orders", "http://10.0.0.1/", "server-not-internal"),
            ("https://api.example.org/orders", "file:///etc", "server-not-internal"),
            (
                "name: id, in: path", "name: Content-Length, in: header}, {name: id, in: path",
                "header-parameter-framing"
            ),
            ("title: Orders", #"title: "Or\u202Eders""#, "text-without-controls"),
            ("title: Orders", "title: <b>Orders</b>", "names-without-markup"),
            ("openapi: 3.1.0", "openapi: 3.1.0\nswagger: '2.0'", "document-version"),
            ("openapi: 3.1.0", "openapi: 3.1.0\n__proto__: {}", "no-prototype-keys"),
            ("security: [{key: []}]", "security: [{other: []}]", "oas3-operation-security-defined"),
            ("operationId: getOrder\n", "nonsense: 1\n", "oas3-schema"),
            (
                "components:", "components:\n  schemas: {A: {discriminator: {propertyName: k, mapping: {a: '#/no'}}}}",
                "discriminator-mapping"
            ),
        ]
    )
    func mistake(old: String, new: String, rule: String) throws {
        let text = Self.sound.replacingOccurrences(of: old, with: new)
        #expect(text != Self.sound)
        let report = Linter(try Ruleset.builtIn("gatehouse:recommended")).lint(try Document.read(text, name: "a.yaml"))
        let finding = report.findings.first { $0.code == rule }
        #expect(finding != nil, "found \(report.findings.map { "\($0.code): \($0.message)" })")
        #expect(finding?.help != nil)
    }

    @Test("data that only looks like a pattern is left alone")
    func patternsInData() throws {
        let text = Self.sound.replacingOccurrences(
            of: "components:",
            with: """
                components:
                  schemas:
                    A:
                      type: object
                      properties: {pattern: {type: string}, example: {type: string}}
                      example: {pattern: "("}
                      x-note: {pattern: "("}
                """
        )
        let report = Linter(try Ruleset.builtIn("gatehouse:recommended")).lint(try Document.read(text, name: "a.yaml"))
        #expect(!report.findings.contains { $0.code.hasPrefix("pattern-") })
    }
}
