import DocumentTree

/// Makes a report of what a comparison found: one change a fact, with the sites it reaches.
struct ReportBuilder {
    /// A root that reaches a pair, and how it carries it.
    private struct Reach {
        let context: FactContext
        let root: Int32
    }

    private let trace: ComparisonTrace
    private var changes: [Change] = []
    private var reaches: [Int32: [Reach]] = [:]
    /// The limit that cut the report, if one did.
    private(set) var cut: String?

    init(_ trace: ComparisonTrace) {
        self.trace = trace
    }

    mutating func run() -> [Change] {
        addDrafts()
        findReaches()
        for number in reaches.keys.sorted() { addFacts(of: number) }
        return changes
    }

    // MARK: Drafts

    private mutating func addDrafts() {
        for draft in trace.drafts {
            guard let rule = ChangeTable.rules[draft.id] else {
                preconditionFailure("the check `\(draft.id)` has no row in ChangeTable")
            }
            guard let level = trace.level(draft.id), let first = draft.places.first, hasRoom() else { continue }
            var sites: [ChangeSite] = []
            var seen: Set<Int32> = []
            for place in draft.places where seen.insert(place.site).inserted {
                sites.append(trace.site(place.site, rule, level))
            }
            changes.append(
                trace.change(
                    rule,
                    level,
                    first.values,
                    isReversed: trace.sites[Int(first.site)].isReversed,
                    sites: sites,
                    base: draft.base,
                    revision: draft.revision
                )
            )
        }
    }

    private mutating func hasRoom() -> Bool {
        if changes.count < trace.options.limits.changesMax { return true }
        cut = "changesMax"
        return false
    }

    // MARK: Facts of schemas

    private mutating func findReaches() {
        var known: [Int32: [Int32]] = [:]
        var total = 0
        for (number, root) in trace.roots.enumerated() where trace.pairs.isChanged[Int(root.pair)] {
            if !trace.pairs.facts[Int(root.pair)].isEmpty {
                reaches[root.pair, default: []].append(Reach(context: root.context, root: Int32(number)))
            }
            let reached = known[root.pair] ?? trace.pairs.reached(from: root.pair)
            known[root.pair] = reached
            total += reached.count
            guard total <= trace.options.limits.sitesMax else {
                cut = "sitesMax"
                return
            }
            var context = root.context
            context.isRoot = false
            for pair in reached { reaches[pair, default: []].append(Reach(context: context, root: Int32(number))) }
        }
    }

    private mutating func addFacts(of number: Int32) {
        let found = reaches[number] ?? []
        for fact in trace.pairs.facts[Int(number)] {
            var findings: [FactContext: [(id: String, values: ChangeValues)]] = [:]
            var slots = 0
            for reach in found where findings[reach.context] == nil {
                let seen = reach.context.findings(of: fact).filter { trace.level($0.id) != nil }
                findings[reach.context] = seen
                slots = max(slots, seen.count)
            }
            for slot in 0..<slots { addChange(number, fact, slot, found, findings) }
        }
    }

    private mutating func addChange(
        _ number: Int32,
        _ fact: SchemaFact,
        _ slot: Int,
        _ found: [Reach],
        _ findings: [FactContext: [(id: String, values: ChangeValues)]]
    ) {
        var sites: [ChangeSite] = []
        var seen: Set<SiteKey> = []
        var worst: (rule: ChangeRule, level: ChangeLevel, values: ChangeValues, reach: Reach)?
        for reach in found {
            guard let seenHere = findings[reach.context], slot < seenHere.count,
                let rule = ChangeTable.rules[seenHere[slot].id], let level = trace.level(rule.id)
            else { continue }
            let site = trace.roots[Int(reach.root)].site
            if worst.map({ level < $0.level }) ?? true { worst = (rule, level, seenHere[slot].values, reach) }
            guard seen.insert(SiteKey(site: site, check: rule.id)).inserted else { continue }
            sites.append(trace.site(site, rule, level))
        }
        guard let worst, hasRoom() else { return }
        let root = trace.roots[Int(worst.reach.root)]
        let way = worst.reach.context.isRoot ? "" : trace.pairs.way(from: root.pair, to: number) ?? ""
        sites.sort { ($0.level, $0.path, $0.method, $0.check) < ($1.level, $1.path, $1.method, $1.check) }
        changes.append(
            trace.change(
                worst.rule,
                worst.level,
                trace.values(worst.values, fact, root, way: way),
                isReversed: worst.reach.context.isReversed,
                sites: sites,
                base: fact.base,
                revision: fact.revision
            )
        )
    }

    private struct SiteKey: Hashable {
        let site: Int32
        let check: String
    }
}

extension Change {
    /// The order of reports: what matters most first, then by place, so that the same documents give the same order.
    static func precedes(_ left: Change, _ right: Change) -> Bool {
        if left.level != right.level { return left.level < right.level }
        let first = left.sites.first
        let second = right.sites.first
        if first?.path != second?.path { return (first?.path ?? "") < (second?.path ?? "") }
        if first?.method != second?.method { return (first?.method ?? "") < (second?.method ?? "") }
        if left.id != right.id { return left.id < right.id }
        if left.text != right.text { return left.text < right.text }
        return left.fingerprint < right.fingerprint
    }
}
