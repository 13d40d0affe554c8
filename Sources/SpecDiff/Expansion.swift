import DocumentTree

/// Lists every place that a report's changes reach: each operation, status, media type and way through its schemas.
struct Expansion {
    private let trace: ComparisonTrace
    private let report: DiffReport
    private let steps: [[SchemaStep]]
    private var changes: [Change] = []
    private var isCut = false
    /// Which changes of the report were met at which sites.
    private var met: Set<[String]> = []
    private let kept: Set<String>

    init(_ trace: ComparisonTrace, _ report: DiffReport) {
        self.trace = trace
        self.report = report
        steps = trace.pairs.stepsWithoutRings(from: trace.roots.map(\.pair))
        kept = Set(report.changes.map(\.placeKey))
    }

    mutating func run() -> [Change] {
        for draft in trace.drafts { add(draft) }
        for root in trace.roots where trace.pairs.isChanged[Int(root.pair)] && !isCut { walk(root) }
        addUnmet()
        if isCut, let rule = ChangeTable.rules["comparison-cut"] {
            var values = ChangeValues()
            values.name = "expandedMax"
            values.value = String(trace.options.limits.expandedMax)
            let site = ChangeSite(section: "info", level: rule.level, check: rule.id)
            changes.append(
                trace.change(rule, rule.level, values, isReversed: false, sites: [site], base: nil, revision: nil)
            )
        }
        return changes.sorted(by: Change.precedes)
    }

    private mutating func append(_ change: Change) {
        guard kept.contains(change.placeKey) else { return }
        guard changes.count < trace.options.limits.expandedMax else {
            isCut = true
            return
        }
        met.insert([change.placeKey, change.sites[0].path, change.sites[0].method])
        changes.append(change)
    }

    private mutating func add(_ draft: ChangeCollector.Draft) {
        guard let rule = ChangeTable.rules[draft.id], let level = trace.level(draft.id) else { return }
        for place in draft.places {
            append(
                trace.change(
                    rule,
                    level,
                    place.values,
                    isReversed: trace.sites[Int(place.site)].isReversed,
                    sites: [trace.site(place.site, rule, level)],
                    base: draft.base,
                    revision: draft.revision
                )
            )
        }
    }

    private mutating func walk(_ root: ChangeCollector.Root) {
        add(root, root.pair, root.context, way: "")
        var context = root.context
        context.isRoot = false
        // Each entry: a pair, the next of its steps, and the length of the way to it.
        var stack: [(number: Int32, next: Int)] = [(root.pair, 0)]
        var ways = [""]
        while let (number, next) = stack.last, !isCut {
            guard next < steps[Int(number)].count else {
                stack.removeLast()
                ways.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let step = steps[Int(number)][next]
            let before = ways[ways.count - 1]
            let way = before.isEmpty ? step.text : before + "/" + step.text
            add(root, step.target, context, way: way)
            stack.append((step.target, 0))
            ways.append(way)
        }
    }

    private mutating func add(_ root: ChangeCollector.Root, _ pair: Int32, _ context: FactContext, way: String) {
        for fact in trace.pairs.facts[Int(pair)] {
            for finding in context.findings(of: fact) {
                guard let rule = ChangeTable.rules[finding.id], let level = trace.level(finding.id) else { continue }
                append(
                    trace.change(
                        rule,
                        level,
                        trace.values(finding.values, fact, root, way: way),
                        isReversed: context.isReversed,
                        sites: [trace.site(root.site, rule, level)],
                        base: fact.base,
                        revision: fact.revision
                    )
                )
            }
        }
    }

    /// Ways that close a ring are not walked, but a site that is reached by no other is listed all the same.
    private mutating func addUnmet() {
        for change in report.changes {
            for site in change.sites where !isCut {
                guard !met.contains([change.placeKey, site.path, site.method]) else { continue }
                var one = change
                one.sites = [site]
                one.level = site.level
                if !site.check.isEmpty { one.id = site.check }
                append(one)
            }
        }
    }
}

extension Change {
    /// What a change and its places have in common: where it stands in the documents, whatever check sees it.
    fileprivate var placeKey: String {
        "\(base?.range.start.line ?? -1):\(base?.range.start.character ?? -1)"
            + "|\(revision?.range.start.line ?? -1):\(revision?.range.start.character ?? -1)"
    }
}
