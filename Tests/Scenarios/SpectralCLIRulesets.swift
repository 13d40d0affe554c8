/// Rulesets of Spectral's scenarios that are written in JavaScript there, said in YAML.
///
/// Only a ruleset that says the same is here: what needs a program (functions and resolvers of one's own, AsyncAPI) is refused.
enum SpectralCLIRulesets {
    /// By scenario: the name of the asset it stands for, the name of the file it is put into, and the text.
    static let translations: [String: [(asset: String, file: String, text: String)]] = [
        "aliases": [
            (
                "ruleset", "ruleset.yaml",
                """
                aliases:
                  Info: ['$..info']
                  InfoDescription: ['#Info.description']
                  InfoContact: ['#Info.contact']
                  InfoContactName: ['#InfoContact.name']
                rules:
                  valid-info: {given: '#Info', then: {function: truthy}}
                  valid-name-and-description: {given: ['#InfoContactName', '#InfoDescription'], then: {function: truthy}}
                  valid-contact: {given: '#InfoContact', then: {function: falsy}}
                """
            )
        ],
        "alphabetical-responses-order.oas3": [
            (
                "ruleset", "ruleset.yaml",
                """
                rules:
                  response-order:
                    message: Responses should be in alphabetical order
                    given: $.paths.*.*.responses
                    then: {function: alphabetical}
                """
            )
        ],
        "duplicated-entry-in-enum.oas": oas("duplicated-entry-in-enum: error"),
        "examples.oas2": whole,
        "fail-on-unmatched-glob-patterns": [("ruleset", "ruleset.yaml", "rules: {}")],
        "formats/too-many-outputs": [("ruleset.js", "ruleset.yaml", "rules: {}")],
        "formats/unmatched-outputs": [("ruleset.js", "ruleset.yaml", "rules: {}")],
        "oas2-valid-media-example.oas2": oas("oas2-valid-media-example: error"),
        "oas3-schema": oas("oas3-schema: error"),
        "operation-security-defined.oas3": oas("oas3-operation-security-defined: error"),
        "parameter-description-parameters.oas2": oas("oas2-parameter-description: true"),
        "parameter-description-parameters.oas3": oas("oas3-parameter-description: true"),
        "overrides/pointers": [
            (
                "base.js", "base.yaml",
                """
                rules:
                  description-matches-stoplight:
                    message: Description must contain Stoplight
                    given: $..description
                    severity: error
                    then: {function: schema, functionOptions: {schema: {type: string, pattern: ^Stoplight$}}}
                  title-matches-stoplight:
                    message: Title must contain Stoplight
                    given: $..title
                    then: {function: schema, functionOptions: {schema: {type: string, pattern: ^Stoplight$}}}
                """
            ),
            (
                "spectral.js", "spectral.yaml",
                """
                extends: ./base.yaml
                overrides:
                  - files: ['legacy/**/*.json']
                    rules: {description-matches-stoplight: error, title-matches-stoplight: warn}
                  - {files: ['v2/**/*.json#/address'], rules: {title-matches-stoplight: error}}
                  - {files: ['v2/**/*.json'], rules: {description-matches-stoplight: info, title-matches-stoplight: hint}}
                  - files: ['v2/**/*.json#/address/street', 'v2/**/*.json#/address/city']
                    rules: {title-matches-stoplight: warn}
                  - {files: ['**/*.json#/info/title'], rules: {title-matches-stoplight: info}}
                """
            ),
        ],
        "rules-matching-multiple-places": [
            (
                "ruleset.js", "ruleset.yaml",
                """
                rules:
                  valid-user-properties:
                    severity: error
                    given: [$.schemas.user.properties.name, $.schemas.user.properties.occupation]
                    then: {field: type, function: pattern, functionOptions: {match: /^string$/}}
                  require-user-and-address:
                    severity: error
                    given: [$.schemas.user, $.schemas.address]
                    then: {function: truthy}
                """
            )
        ],
        "todo-full-loose-schema": [
            (
                "loose-schema-ruleset", "loose.yaml",
                """
                formats: [json-schema-loose]
                rules:
                  no-root-all-of:
                    description: No root allOf combiner
                    message: '{{description}}'
                    severity: error
                    given: $
                    then: {field: allOf, function: falsy}
                  no-empty-description:
                    description: Description must not be empty
                    message: '{{description}}'
                    given: $..description
                    then: {function: truthy}
                """
            )
        ],
        "unrecognized-format": [("ruleset", "ruleset.yaml", "formats: [json-schema-loose]\nrules: {}")],
        "valid-no-errors.oas2": whole,
    ]

    private static let whole = [(asset: "ruleset", file: "ruleset.yaml", text: "extends: spectral:oas")]

    private static func oas(_ rule: String) -> [(asset: String, file: String, text: String)] {
        [("ruleset", "ruleset.yaml", "extends: [[spectral:oas, off]]\nrules: {\(rule)}")]
    }
}
