import DocumentTree
import PolicyEngine

/// The reader of rulesets; what it accepts is run over a small document.
enum RulesetTarget {
    static func run(_ bytes: [UInt8]) {
        guard let document = try? Document.read(bytes, name: "fuzz.yaml", limits: DocumentTargets.limits) else {
            return
        }
        let ruleset: Ruleset
        do throws(RulesetRejected) {
            ruleset = try Ruleset.read(document: document) { _, _ in nil }
        } catch {
            precondition(!error.findings.isEmpty, "a ruleset was refused without a word")
            return
        }
        guard let sample else { preconditionFailure("the sample document cannot be read") }
        let linter = Linter(ruleset)
        precondition(linter.lint(sample).findings == linter.lint(sample).findings, "two lints of one document differ")
    }

    /// A document with something for most rules: references (one in a ring), examples, parameters, tags.
    static let sample = try? Document.read(
        """
        openapi: 3.1.0
        info: {title: Sample, version: "1", contact: {name: A, email: a@example.com}}
        servers: [{url: "https://{region}.example.com/", variables: {region: {default: eu, enum: [eu, us]}}}]
        tags: [{name: b}, {name: a}]
        paths:
          /pets/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
            get:
              operationId: getPet
              tags: [a, c]
              responses:
                "200":
                  description: a pet
                  content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {name: 1}}}
                default: {description: failed}
            post: {deprecated: true, requestBody: {$ref: '#/components/requestBodies/Pet'}, responses: {}}
        components:
          requestBodies: {Pet: {content: {text/plain: {schema: {type: [string, "null"], minLength: 2, example: a}}}}}
          schemas:
            Pet:
              type: object
              required: [name]
              properties:
                name: {type: string, pattern: "^[a-z]+$", default: A}
                parent: {$ref: '#/components/schemas/Pet'}
                kind: {type: integer, enum: [1, 2, 2, x]}
            Unused: {oneOf: [{type: number}, {$ref: '#/components/schemas/Nowhere'}]}
        """,
        name: "sample.yaml"
    )
}
