import DocumentTree
import Foundation
import SpecDiff
import Testing

/// What holds of every comparison, tried on generated documents: a failure names the seed that shows it.
@Suite("Laws of the comparison")
struct LawTests {
    /// Each seed is another pair of documents; `GATEHOUSE_LAW_SEEDS` tries more of them than every run can afford.
    static let seeds = 0..<(ProcessInfo.processInfo.environment["GATEHOUSE_LAW_SEEDS"].flatMap { Int($0) } ?? 4)

    private func diff(_ base: LawAPI, _ revision: LawAPI) throws -> DiffReport {
        try DocumentDiff().report(base: base.document("base"), revision: revision.document("revision"))
    }

    /// A breaking change without its place: what two comparisons that moved lines have in common.
    private func breaking(_ report: DiffReport) -> Set<String> {
        Set(
            DocumentDiff().expanded(report).changes.filter { $0.level == .error }.map { change in
                let site = change.leadingSite
                return "\(change.id) \(site.method) \(site.path) \(change.arguments.joined(separator: "|"))"
            }
        )
    }

    private func listed(_ report: DiffReport) -> String {
        report.changes.map { "\($0.level.name) \($0.id) \($0.leadingSite.path) \($0.text)" }.joined(separator: "; ")
    }

    @Test("a document against itself is no change", arguments: seeds)
    func identity(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        let report = try diff(api, api)
        #expect(report.changes.isEmpty, "\(listed(report))")
        #expect(report.isIdentical && report.requiredBump == .none)
    }

    @Test("a copy in another order, another layout and another syntax is no change", arguments: seeds)
    func reformatted(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let value = LawWriting.shuffled(api.json(), &generator)
        let base = try api.document("base")
        let texts = [("compact.json", value.text()), ("revision.yaml", LawWriting.yaml(value))]
        for (name, text) in texts {
            let revision = try Document.read(text, name: name)
            let report = try DocumentDiff().report(base: base, revision: revision)
            #expect(report.changes.isEmpty, "\(name): \(listed(report))")
            #expect(report.requiredBump == .none, "\(name)")
        }
    }

    @Test("a component under another name is no change to any operation", arguments: seeds)
    func renamed(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        let revision = try Document.read(api.json { "Renamed" + $0 }.text(pretty: true), name: "revision.json")
        let report = try DocumentDiff().report(base: api.document("base"), revision: revision)
        let ofOperations = report.changes.filter { change in change.sites.contains { !$0.path.isEmpty } }
        #expect(ofOperations.isEmpty, "\(listed(report))")
        #expect(report.changes.allSatisfy { $0.level == .information }, "\(listed(report))")
    }

    @Test("what is known to break is an error at its operation, what is known to be compatible never", arguments: seeds)
    func knownMutations(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        var tried = 0
        for mutation in LawMutation.allCases {
            for place in api.operations.indices {
                guard let edited = mutation.apply(to: api, at: place) else { continue }
                tried += 1
                let report = try diff(api, edited)
                let context = "\(mutation) at \(api.operations[place].path): \(listed(report))"
                #expect(!report.changes.isEmpty, "\(context)")
                switch mutation.isBreaking {
                case true?:
                    let path = api.operations[place].path
                    #expect(report.changes.contains { $0.level == .error && $0.leadingSite.path == path }, "\(context)")
                    #expect(report.requiredBump == .major, "\(context)")
                case false?:
                    #expect(report.changes.allSatisfy { $0.level == .information }, "\(context)")
                    #expect(report.requiredBump == .minor, "\(context)")
                case nil: break
                }
                // Whatever happened touches this operation alone.
                let paths = Set(report.changes.flatMap(\.sites).map(\.path)).subtracting([""])
                #expect(paths.count == 1, "\(context)")
            }
        }
        #expect(tried > 10)
    }

    @Test("what is reported in one direction is reported in the other", arguments: seeds)
    func reversed(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        var generator = SeededGenerator(seed: seed)
        for mutation in LawMutation.allCases {
            let places = api.operations.indices.shuffled(using: &generator)
            guard let edited = places.lazy.compactMap({ mutation.apply(to: api, at: $0) }).first else { continue }
            let forth = try diff(api, edited)
            let back = try diff(edited, api)
            #expect(
                forth.changes.isEmpty == back.changes.isEmpty,
                "\(mutation): forth \(listed(forth)), back \(listed(back))"
            )
        }
    }

    @Test(
        "from A over B to C the breaking changes of both steps stay, where the second reverts nothing",
        arguments: seeds
    )
    func composition(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<6 {
            let places = Array(api.operations.indices.shuffled(using: &generator).prefix(2)).sorted()
            let first = LawMutation.allCases.randomElement(using: &generator)
            let second = LawMutation.allCases.randomElement(using: &generator)
            // The later place is edited first: taking an operation out moves those behind it.
            guard places.count == 2, let first, let second, let middle = first.apply(to: api, at: places[1]),
                let last = second.apply(to: middle, at: places[0])
            else { continue }
            let whole = breaking(try diff(api, last))
            let steps = breaking(try diff(api, middle)).union(breaking(try diff(middle, last)))
            #expect(whole == steps, "\(first) at \(places[1]), then \(second) at \(places[0])")
        }
    }

    @Test("fingerprints and order do not depend on how the documents are written", arguments: seeds)
    func fingerprints(_ seed: Int) throws {
        let api = LawAPI(seed: seed)
        var generator = SeededGenerator(seed: seed)
        for mutation in LawMutation.allCases {
            guard let edited = mutation.apply(to: api, at: 0) else { continue }
            let plain = try diff(api, edited)
            let base = try Document.read(
                LawWriting.yaml(LawWriting.shuffled(api.json(), &generator)),
                name: "elsewhere.yaml"
            )
            let revision = try Document.read(LawWriting.shuffled(edited.json(), &generator).text(), name: "b.json")
            let moved = try DocumentDiff().report(base: base, revision: revision)
            func named(_ report: DiffReport) -> [String] { report.changes.map { "\($0.fingerprint) \($0.id)" } }
            #expect(named(plain) == named(moved), "\(mutation): \(listed(plain)) / \(listed(moved))")
            #expect(Set(plain.changes.map(\.fingerprint)).count == plain.changes.count, "\(mutation): \(listed(plain))")
            #expect(plain.changes.allSatisfy { $0.fingerprint.utf8.count == 16 })
            #expect(try diff(api, edited) == plain)
        }
    }
}
