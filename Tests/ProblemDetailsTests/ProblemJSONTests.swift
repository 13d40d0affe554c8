import ProblemDetails
import Testing

@Suite("Problem as JSON")
struct ProblemJSONTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a bare problem has type, title, status and code")
    func bareProblem() {
        let expected =
            #"{"type":"https://gatehouse.dev/problems/no-such-api","title":"No API is published here","status":404,"#
            + #""code":"no-such-api"}"#
        #expect(text(Problem(.noSuchAPI).json) == expected)
    }

    @Test("detail, instance, errors and extensions follow in that order")
    func fullProblem() {
        let problem = Problem(
            .lintFailed,
            detail: "2 findings block",
            instance: "/v1/apis/orders",
            errors: [
                FieldViolation(
                    pointer: "/paths/~1a",
                    detail: "has no `get`",
                    ruleID: "has-get",
                    line: 7,
                    file: "a.yaml"
                ),
                FieldViolation(pointer: "", detail: "is empty"),
            ],
            extensions: [
                .init("generation", 7), .init("retryable", false), .init("granted", .strings(["1.0.0", "2.0.0"])),
                .init("successor", .object([.init("api", "orders"), .init("major", 2)])),
            ]
        )
        let json = text(problem.json)
        #expect(
            json.hasSuffix(
                #""code":"lint-failed","detail":"2 findings block","instance":"/v1/apis/orders","errors":["#
                    + #"{"pointer":"/paths/~1a","detail":"has no `get`","rule_id":"has-get","file":"a.yaml","line":7},"#
                    + #"{"pointer":"","detail":"is empty"}],"#
                    + #""generation":7,"retryable":false,"granted":["1.0.0","2.0.0"],"successor":{"api":"orders","major":2}}"#
            )
        )
    }

    @Test("quotes, backslashes and control characters are escaped, other text is left alone")
    func escaping() {
        var bytes: [UInt8] = []
        ProblemJSON.appendString("a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}é😀", to: &bytes)
        #expect(text(bytes) == #""a\"b\\c\n\r\t\u0000\u001f\u007fé😀""#)
    }

    @Test(
        "bytes from outside become well-formed UTF-8",
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xC3, 0xA9], "é"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xF0, 0x9F, 0x98, 0x80], "😀"),
            ([0xF0, 0x9F, 0x98], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xE2, 0x82, 0xAC], "€"), ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0x22, 0x0A], #"\"\n"#),
        ] as [([UInt8], String)]
    )
    func untrustedBytes(input: [UInt8], expected: String) {
        var bytes: [UInt8] = []
        ProblemJSON.appendMember("instance", untrusted: input.span, to: &bytes)
        #expect(text(bytes) == #","instance":"\#(expected)""#)
    }

    @Test("the pre-rendered opening plus members equals the whole rendering")
    func openingEqualsWhole() {
        for code in ProblemCode.allCases {
            var bytes = ProblemCatalogue.opening(of: code)
            ProblemJSON.appendMember("detail", "x", to: &bytes)
            ProblemJSON.close(&bytes)
            #expect(bytes == Problem(code, detail: "x").json)
        }
    }

    @Test("numbers of any size are written in decimal", arguments: [0, -1, 42, Int64.max, Int64.min])
    func decimals(number: Int64) {
        var bytes: [UInt8] = []
        ProblemJSON.appendMember("n", number, to: &bytes)
        #expect(text(bytes) == #","n":\#(number)"#)
    }
}
