/// Cases of upstream's suites that we answer differently, with the reason.
enum KnownDifferences {
    static let rules: [String: String] = [
        "oas3-schema#1": "`bar@foo` is an address by RFC 5321 section 4.1.2, so its format holds",
        "oas2-unused-definition#6":
            "a document is linted alone: a reference to a file is not opened, not even to itself",
        "oas2-unused-definition#7": "a document is linted alone: a use in another file is not seen",
        "oas3-unused-component#7": "a document is linted alone: a use in another file is not seen",
    ]
    static let functions: [String: String] = [
        "length#11": "the fixture holds 1 as input and bounds of 3: the value was lost when it was written",
        "falsy#7": "the case's input is a JavaScript function, which the fixture cannot hold",
        "truthy#3": "the case's input is a JavaScript function, which the fixture cannot hold",
        "schema#9": "a schema that is none is refused when the ruleset is read, not at each lint",
        "schema#36": "a schema whose reference leads nowhere is refused when the ruleset is read, not passed over",
        "schema#41": "`prepareResults` is a JavaScript function",
    ]
    static let owasp: [String: String] = [
        "owasp:api3:2023-no-additionalProperties#5": "the case is called valid and expects a finding without content"
    ]
}
