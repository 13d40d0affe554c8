import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Linter")
struct LinterTests {
    private func lint(_ document: String, _ rules: String, name: String = "api.yaml") throws -> [Finding] {
        let ruleset = try Ruleset.read(rules)
        return Linter(ruleset, ignoresUnknownFormat: true).lint(try Document.read(document, name: name)).findings
    }

    private func places(_ findings: [Finding]) -> [String] { findings.map { LintText.dotted($0.path) } }

    static let shared = """
        openapi: 3.0.3
        paths:
          /a:
            get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {'200': {$ref: '#/components/responses/R'}}}
          /b:
            get: {parameters: [{$ref: '#/components/parameters/P'}]}
        components:
          parameters:
            P: {name: p, in: query}
          responses:
            R: {description: fine, content: {a/b: {schema: {$ref: '#/components/schemas/Tree'}}}}
          schemas:
            Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, kids: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
        """

    @Test("a shared node is reported once, where it stands")
    func sharedNode() throws {
        let found = try lint(
            Self.shared,
            "rules: {r: {given: '$.paths[*][*].parameters[*]', then: {field: description, function: truthy}}}"
        )
        #expect(places(found) == ["components.parameters.P"])
        #expect(found.first?.message == #""P.description" property must be truthy"#)
        #expect(found.first?.range.start.line == 8)
    }

    @Test("schemas that contain themselves end the walk")
    func recursion() throws {
        let found = try lint(
            Self.shared,
            "rules: {r: {given: '$.paths..responses..[?(@ && @.type)]', then: {field: title, function: defined}}}"
        )
        #expect(
            places(found) == ["components.schemas.Tree", "components.schemas.Tree.properties.kids"]
        )
    }

    @Test("`resolved: false` sees references as they are written")
    func unresolved() throws {
        let found = try lint(
            Self.shared,
            "rules: {r: {resolved: false, given: '$.paths[*][*].parameters[*]', then: {field: name, function: truthy}}}"
        )
        #expect(places(found) == ["paths./a.get.parameters[0]", "paths./b.get.parameters[0]"])
    }

    @Test("references that lead nowhere or outside are findings of every lint")
    func references() throws {
        let found = try lint("{a: {$ref: '#/nowhere'}, b: {$ref: 'file:///etc/passwd'}, c: {$ref: '#/c'}}", "rules: {}")
        #expect(found.map(\.code) == ["invalid-ref", "external-reference-refused", "invalid-ref"])
    }

    @Test("placeholders are filled in, and what they bring is not looked through again")
    func placeholders() throws {
        let found = try lint(
            "info: {title: '{{path}}'}",
            """
            rules:
              r:
                description: what
                message: "{{property}}|{{error}}|{{path}}|{{value}}|{{description}}|{{unknown}}|{{ property }}"
                given: $.info.title
                then: {function: enumeration, functionOptions: {values: [x]}}
            """
        )
        #expect(
            found.first?.message
                == #"title|"{{path}}" must be equal to one of the allowed values: "x"|#/info/title|{{path}}|what||title"#
        )
    }

    @Test("a message without template is the description, and without that the function's")
    func messages() throws {
        #expect(
            try lint("{}", "rules: {r: {given: $, then: {field: a, function: truthy}}}").first?.message
                == #""a" property must be truthy"#
        )
        #expect(
            try lint("{}", "rules: {r: {description: d, given: $, then: {field: a, function: truthy}}}").first?.message
                == "d"
        )
    }

    @Test("`field` reaches members, keys and expressions")
    func fields() throws {
        let document = "{info: {contact: {name: ''}}, paths: {a: 1, B: 2}, list: [{n: 1}, {}]}"
        func found(_ given: String, _ field: String, _ function: String = "truthy", options: String = "null") throws
            -> [String]
        {
            places(
                try lint(
                    document,
                    "rules: {r: {given: '\(given)', then: {field: '\(field)', function: \(function), functionOptions: \(options)}}}"
                )
            )
        }
        #expect(try found("$", "info.contact.name") == ["info.contact.name"])
        #expect(try found("$", "info.contact.email") == ["info.contact"])
        #expect(try found("$", "list[1].n") == ["list[1]"])
        #expect(try found("$.paths", "@key", "casing", options: "{type: flat}") == ["paths.B"])
        #expect(try found("$", "$.list[*]", "schema", options: "{schema: {required: [n]}}") == ["list[1]"])
    }

    @Test("a rule is limited to its formats, its own or its ruleset's")
    func formats() throws {
        let rules = """
            rules:
              two: {formats: [oas2], given: $, then: {field: x, function: truthy}}
              three: {formats: [oas3], given: $, then: {field: x, function: truthy}}
              thirty-one: {formats: [oas3.1], given: $, then: {field: x, function: truthy}}
            """
        #expect(try lint("swagger: '2.0'", rules).map(\.code) == ["two"])
        #expect(try lint("openapi: 3.0.0", rules).map(\.code) == ["three"])
        #expect(try lint("openapi: 3.1.0", rules).map(\.code) == ["thirty-one", "three"])
        #expect(try lint("openapi: 3.2.0", rules).map(\.code) == ["three"])
        #expect(try lint("openapi: 3.10.0", rules).map(\.code) == ["three"])
        #expect(try lint("a: 1", rules).isEmpty)
    }

    @Test("an alias stands for its expressions, by format where it says so")
    func aliases() throws {
        let rules = """
            aliases:
              Item: ["$.paths[*]"]
              Method: ["#Item[get,put]"]
              Where:
                targets:
                  - {formats: [oas2], given: ["$.host"]}
                  - {formats: [oas3], given: ["$.servers[*]", "#Method"]}
            rules:
              r: {given: "#Where", then: {function: falsy}}
            """
        #expect(try places(lint("{swagger: '2.0', host: h, paths: {/a: {get: {}}}}", rules)) == ["host"])
        #expect(
            try places(lint("{openapi: 3.0.0, servers: [{}], paths: {/a: {get: {}, put: {}, post: {}}}}", rules))
                == ["servers[0]", "paths./a.get", "paths./a.put"]
        )
    }

    @Test("a document of an unknown format is said to be one, unless that is asked not to be")
    func unknownFormat() throws {
        let ruleset = try Ruleset.builtIn("gatehouse:recommended")
        let document = try Document.read("a: 1", name: "a.yaml")
        #expect(Linter(ruleset).lint(document).findings.map(\.code) == ["unrecognized-format"])
        #expect(Linter(ruleset, ignoresUnknownFormat: true).lint(document).findings.isEmpty)
    }

    @Test("a pattern that runs into its limit is a finding, never a hang and never silence")
    func budget() throws {
        let text = String(repeating: "a", count: 40) + "!"
        let found = try lint(
            "{a: '\(text)', b: '\(text)'}",
            "rules: {r: {severity: hint, given: '$[*]', then: {function: pattern, functionOptions: {notMatch: '^(a+)+$'}}}}"
        )
        #expect(found.map(\.code) == ["rule-not-evaluated"])
        #expect(found.first?.severity == .warning)
        let inExpression = try lint(
            "{a: '\(text)'}",
            "rules: {r: {severity: error, given: '$[?(@.match(/^(a+)+$/))]', then: {function: falsy}}}"
        )
        #expect(inExpression.map(\.code) == ["rule-not-evaluated"])
        #expect(inExpression.first?.severity == .error)
    }

    @Test("findings come in the order of the text, then by code, and none twice")
    func order() throws {
        let rules = """
            rules:
              b: {given: ["$.x", "$..x"], then: {function: falsy}}
              a: {given: "$..x", then: {function: falsy}}
            """
        let found = try lint("y: {x: 1}\nx: 2\n", rules)
        #expect(found.map { "\($0.code) \(LintText.dotted($0.path))" } == ["a y.x", "b y.x", "a x", "b x"])
        #expect(try lint("y: {x: 1}\nx: 2\n", rules) == found)
    }

    @Test("the reader's findings weigh as parserOptions say")
    func parserOptions() throws {
        let document = "{a: 1, a: 2}"
        #expect(try lint(document, "rules: {}").map(\.severity) == [.error])
        #expect(try lint(document, "parserOptions: {duplicateKeys: hint}\nrules: {}").map(\.severity) == [.hint])
        #expect(try lint(document, "parserOptions: {duplicateKeys: off}\nrules: {}").isEmpty)
        #expect(try lint("{200: 1}", "rules: {}").map(\.severity) == [.error])
        #expect(try lint("{200: 1}", "extends: gatehouse:recommended").map(\.severity) == [.warning])
    }

    @Test("one rule cannot flood a report")
    func flood() throws {
        let document = "[" + String(repeating: "1,", count: LintLimits.findingsPerRuleMax + 10) + "1]"
        let found = try lint(document, "rules: {r: {given: '$[*]', then: {function: falsy}}}", name: "a.json")
        #expect(found.count == LintLimits.findingsPerRuleMax + 1)
        #expect(found.contains { $0.code == "rule-findings-truncated" })
    }

    @Test("a report counts and answers the gate's question")
    func report() throws {
        let ruleset = try Ruleset.read(
            "rules: {e: {severity: error, given: $.a, then: {function: falsy}}, w: {given: $.b, then: {function: falsy}}}"
        )
        let report = Linter(ruleset).lint(try Document.read("{a: 1, b: 1}", name: "d.yaml"))
        #expect(report.errorCount == 1)
        #expect(report.warningCount == 1)
        #expect(report.worstSeverity == .error)
        #expect(report.reaches(.error))
        let clean = Linter(ruleset).lint(try Document.read("{b: 1}", name: "d.yaml"))
        #expect(!clean.reaches(.error))
        #expect(clean.reaches(.warning))
        #expect(Linter(ruleset).lint(try Document.read("{}", name: "d.yaml")).worstSeverity == nil)
        #expect(report.rulesetName == "test.ruleset.yaml")
        #expect(report.rulesetHash == ruleset.contentHash)
    }
}
