import ProblemDetails
import Testing

@Suite("ProblemCatalogue")
struct ProblemCatalogueTests {
    @Test("every code has a row, at its own place")
    func everyCodeHasARow() {
        #expect(ProblemCatalogue.all.count == ProblemCode.allCases.count)
        for code in ProblemCode.allCases { #expect(ProblemCatalogue[code].code == code) }
    }

    @Test("slugs are kebab-case and unique")
    func slugsAreUniqueKebabCase() {
        let slugs = ProblemCatalogue.all.map(\.slug.description)
        #expect(Set(slugs).count == slugs.count)
        for slug in slugs {
            #expect(
                slug.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            )
            #expect(!slug.hasPrefix("-") && !slug.hasSuffix("-") && !slug.contains("--"))
        }
    }

    @Test("a status is an error status and fits the fault")
    func statusFitsFault() {
        for type in ProblemCatalogue.all {
            #expect((400...599).contains(type.status), "\(type.slug)")
            if type.fault != .client { #expect(type.status >= 500, "\(type.slug)") }
            if type.fault == .upstream { #expect([502, 503, 504].contains(type.status), "\(type.slug)") }
        }
    }

    @Test("titles have no final stop, advice has one and says who acts")
    func sentencesHaveTheirForm() {
        for type in ProblemCatalogue.all {
            #expect(!type.title.description.hasSuffix("."), "\(type.slug)")
            #expect(type.advice.description.hasSuffix("."), "\(type.slug)")
            #expect(type.advice.description.contains(": "), "\(type.slug)")
        }
    }

    @Test("a type is found by its slug, and a wrong slug finds nothing")
    func typesAreFoundBySlug() {
        #expect(ProblemCatalogue.type(slug: "version-pinned")?.status == 409)
        #expect(ProblemCatalogue.type(slug: "version-sunset")?.status == 410)
        #expect(ProblemCatalogue.type(slug: "versionpinned") == nil)
        #expect(ProblemCatalogue[.noSuchAPI].uri == "https://gatehouse.dev/problems/no-such-api")
    }
}
