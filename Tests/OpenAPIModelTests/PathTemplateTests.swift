import OpenAPIModel
import Testing

@Suite("Path templates")
struct PathTemplateTests {
    @Test("segments are literal, one parameter with text around it, or several parameters")
    func segments() {
        #expect(PathTemplate("/").segments == [.literal("")])
        #expect(
            PathTemplate("/Accounts/{Sid}.json").segments == [
                .literal("Accounts"), .parameter(prefix: "", name: "Sid", suffix: ".json"),
            ]
        )
        #expect(PathTemplate("/v1/{id}:cancel").segments.last == .parameter(prefix: "", name: "id", suffix: ":cancel"))
        #expect(
            PathTemplate("/a/{from}-{to}").segments.last
                == .compound(literals: ["", "-", ""], parameters: ["from", "to"])
        )
        #expect(PathTemplate("/a/").segments == [.literal("a"), .literal("")])
        #expect(PathTemplate("/{a}/x/{b}").parameterNames == ["a", "b"])
        #expect(PathTemplate("/{a}/x-{b}").shape == PathTemplate("/{c}/x-{d}").shape)
        #expect(PathTemplate("/{a}").shape != PathTemplate("/{a}/").shape)
        #expect(PathTemplate("/{filter[name]}/%7Ea/é").isRoutable)
    }

    @Test(
        "what cannot be routed says why",
        arguments: [
            ("a", [.noLeadingSlash]), ("", [.noLeadingSlash]), ("/{a", [.unbalancedBraces]),
            ("/a}", [.unbalancedBraces]),
            ("/{{a}}", [.unbalancedBraces]), ("/{}", [.emptyName]), ("/{a}{b}", [.adjacentParameters]),
            ("/{a}/{a}", [.repeatedParameter("a")]), ("/{id:[0-9]+}", [.patternInName("id:[0-9]+")]),
            ("/{p*}", [.patternInName("p*")]),
            ("/*", [.wildcard]), ("/**", [.wildcard]), ("/a?b=1", [.query]), ("/a#b", [.fragment]),
            ("/a/../b", [.dotSegment]),
            ("/a/%2e%2E/b", [.dotSegment]), ("/a/..;x/b", [.dotSegment]), ("/.", [.dotSegment]),
            ("/a//b", [.emptySegment]),
            ("//", [.emptySegment]), ("/a b", [.character(" ")]), ("/a\\b", [.character("\\")]),
            ("/a%2Fb", [.encoding("%2F")]),
            ("/a%2", [.encoding("%2")]), ("/a%zz", [.encoding("%ZZ")]), ("/%252e", [.encoding("%25")]),
            ("/" + String(repeating: "x", count: 5000), [.tooLong(5001)]), ("/a?#", [.query, .fragment]),
        ] as [(String, [PathTemplate.Problem])]
    )
    func problems(_ text: String, _ problems: [PathTemplate.Problem]) {
        let template = PathTemplate(text)
        #expect(template.problems == problems)
        #expect(!template.isRoutable && template.segments.isEmpty)
        #expect(problems.allSatisfy { !$0.description.isEmpty })
    }
}
