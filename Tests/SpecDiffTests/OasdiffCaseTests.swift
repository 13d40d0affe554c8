import DocumentTree
import Foundation
import SpecDiff
import Testing

@Suite("oasdiff's own cases", .enabled(if: Fixtures.isPresent, "needs ../shared/fixtures"))
struct OasdiffCaseTests {
    typealias Line = OasdiffCase.Line

    @Test(
        "at least 95 in 100 cases give the same checks, levels and places, and the others are explained",
        arguments: [PathItemParameters.addedOnly, .ofEachOperation]
    )
    func changelog(_ parameters: PathItemParameters) throws {
        try #require(OasdiffCase.all.count == 449)
        var options = OasdiffCase.recordedOptions
        options.pathItemParameters = parameters
        var known = try Self.known(under: "## With the settings of a case left aside")
        if parameters == .ofEachOperation { known.formUnion(try Self.known(under: Self.ofEachOperation)) }
        var different: Set<String> = []
        for example in OasdiffCase.all {
            let found = try example.found(options)
            if found == example.changelog { continue }
            different.insert(example.id)
            print(
                "\(example.id): missing \(OasdiffCase.missing(example.changelog, found)),",
                "more \(OasdiffCase.missing(found, example.changelog))"
            )
        }
        #expect(different == known)
        #expect(different.count * 100 <= OasdiffCase.all.count * 5)
    }

    @Test("so they do under the settings that a case comes with")
    func settings() throws {
        var different: Set<String> = []
        for example in OasdiffCase.all {
            // Inline schemas that became components cannot be told apart on purpose.
            if example.config["diff"]?["MatchInlineRefs"] != nil { continue }
            let least = example.config["minLevel"]?.string.flatMap(ChangeLevel.init(name:)) ?? .information
            let found = try example.found(example.options).filter {
                ChangeLevel(name: $0.level).map { $0 <= least } ?? false
            }
            // A case for one check of oasdiff lists what that check says; which ids those are is not part of the data.
            let isSame =
                example.config["checks"]?.string == "all"
                ? found == example.expected : OasdiffCase.missing(example.expected, found).isEmpty
            if isSame { continue }
            different.insert(example.id)
            print(
                "\(example.id): missing \(OasdiffCase.missing(example.expected, found)),",
                "more \(OasdiffCase.missing(found, example.expected))"
            )
        }
        #expect(different == (try Self.known(under: "## With the settings of a case")))
    }

    @Test("a pair in which nothing breaks has no error")
    func cleanPairs() throws {
        var clean = 0
        for example in OasdiffCase.all where !example.changelog.contains(where: { $0.level == "error" }) {
            clean += 1
            let errors = try example.errors(OasdiffCase.recordedOptions)
            #expect(errors.isEmpty, "\(example.id): \(errors)")
        }
        #expect(clean > 150)
    }

    @Test("with the path item's parameters as those of its operations there is one more, and it is explained")
    func cleanPairsOfOperations() throws {
        let known = try Self.known(under: Self.ofEachOperation)
        for example in OasdiffCase.all where !example.changelog.contains(where: { $0.level == "error" }) {
            let errors = try example.errors(OasdiffCase.defaultOptions)
            #expect(errors.isEmpty || known.contains(example.id), "\(example.id): \(errors)")
        }
    }

    @Test("a change of the report and its places agree: same sites, and none without a text")
    func expansionAgrees() throws {
        for example in OasdiffCase.all {
            let diff = DocumentDiff(OasdiffCase.defaultOptions)
            let report = try diff.report(
                base: Fixtures.document(example.base),
                revision: Fixtures.document(example.revision)
            )
            let expanded = diff.expand(report)
            let sites = Set(report.changes.flatMap { $0.sites.map { "\($0.check) \($0.method) \($0.path)" } })
            let places = Set(expanded.map { "\($0.id) \($0.sites[0].method) \($0.sites[0].path)" })
            #expect(sites == places, "\(example.id)")
            for change in report.changes {
                #expect(!change.text.isEmpty && !change.text.contains("{"), "\(change.text)")
                #expect(change.base != nil || change.revision != nil)
                #expect(change.level == change.sites.map(\.level).min())
                #expect(change.fingerprint.count == 16)
            }
        }
    }

    private static let ofEachOperation = "## With the parameters of path items as those of each operation"

    /// The cases that a section of the list names.
    private static func known(under heading: String) throws -> Set<String> {
        let text = try Fixtures.besideTests("KnownDifferences.md")
        var names: Set<String> = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { isInside = line == heading }
            guard isInside, line.hasPrefix("- `"), let end = line.dropFirst(3).firstIndex(of: "`") else { continue }
            names.insert(String(line.dropFirst(3)[..<end]))
        }
        return names
    }
}

extension OasdiffCase {
    /// The settings of the case, as far as they are options of ours.
    var options: DiffOptions {
        var options = Self.recordedOptions
        options.minSunsetBetaDays = config["minSunsetBetaDays"]?.integer.map(Int.init) ?? 0
        options.minSunsetStableDays = config["minSunsetStableDays"]?.integer.map(Int.init) ?? 0
        // oasdiff counts draft as 1.
        if let level = config["stabilityLevel"]?.integer, let stability = StabilityLevel(rawValue: Int(level) - 1) {
            options.leastStability = stability
        }
        for (id, level) in config["levelOverrides"]?.object ?? [] {
            // `issue` is what the data call a check that is switched off.
            options.levels[id] = .some(level.string.flatMap(ChangeLevel.init(name:)))
        }
        return options
    }

    /// The ids of the changes that break.
    func errors(_ options: DiffOptions) throws -> [String] {
        let report = try DocumentDiff(options).report(
            base: Fixtures.document(base),
            revision: Fixtures.document(revision)
        )
        return report.changes.filter { $0.level == .error }.map(\.id)
    }
}
