import Testing

@testable import RoutingTable

@Suite("RouteTemplate")
struct RouteTemplateTests {
    @Test("segments are literal, plain parameters, or parameters between literal text")
    func segments() throws {
        let template = try RouteTemplate("/a/{id}/x{from}-{to}.json/")
        #expect(template.segments.map(\.isLiteral) == [true, false, false, true])
        #expect(template.segments[1].isPlainParameter)
        #expect(template.segments[2].literals.map { String(decoding: $0, as: UTF8.self) } == ["x", "-", ".json"])
        #expect(template.segments[3].literals == [[]])
        #expect(template.parameters == ["id", "from", "to"])
        #expect(template.shape == "/a/{}/x{}-{}.json/")
    }

    @Test(
        "what cannot be routed is refused with its reason",
        arguments: [
            ("a", RouteTemplate.Problem.noLeadingSlash), ("/a?b", .queryOrFragment("?")),
            ("/a#b", .queryOrFragment("#")),
            ("/{a", .unbalancedBraces), ("/a}", .unbalancedBraces), ("/{a{b}}", .unbalancedBraces),
            ("/{}", .emptyParameterName), ("/{a}{b}", .adjacentParameters), ("/{a}/{a}", .repeatedParameter("a")),
            ("/%zz", .badPercentEncoding), ("/%4", .badPercentEncoding),
            (String(repeating: "/a", count: 129), .tooManySegments(129)),
        ]
    )
    func refused(text: String, problem: RouteTemplate.Problem) {
        #expect(throws: problem) { try RouteTemplate(text) }
    }

    @Test("literal text becomes canonical: unreserved bytes decoded, others encoded with upper-case digits")
    func canonical() throws {
        #expect(
            try RouteTemplate("/%7euser/gr%c3%b6%C3%9fe/größe/a b").shape
                == "/~user/gr%C3%B6%C3%9Fe/gr%C3%B6%C3%9Fe/a%20b"
        )
    }

    @Test(
        "two templates overlap when some path matches both",
        arguments: [
            ("/a/{x}", "/a/b", true), ("/a/{x}", "/b/{x}", false), ("/a/{x}", "/a", false),
            ("/{x}.json", "/{x}.xml", false),
            ("/{x}.json", "/a.json", true), ("/{x}.json", "/.json", false), ("/a{x}", "/ab{y}", true),
            ("/a{x}", "/b{y}", false),
            ("/{x}", "/", false), ("/{a}-{b}", "/x-y", true), ("/{a}-{b}", "/x-", false),
        ]
    )
    func overlap(left: String, right: String, expected: Bool) throws {
        #expect(try RouteTemplate(left).overlaps(RouteTemplate(right)) == expected)
        #expect(try RouteTemplate(right).overlaps(RouteTemplate(left)) == expected)
    }
}
