public import DocumentTree
public import OpenAPIModel

/// Compares two OpenAPI documents of any version from 2.0 to 3.2: what changes, and for whom it breaks.
///
/// What a request may hold narrows, or what an answer may hold widens: that breaks callers. A schema is compared once,
/// however many operations use it, and each difference is one ``Change`` with all the operations it reaches.
public struct DocumentDiff: Sendable {
    /// What is taken into account besides the documents.
    public let options: DiffOptions

    /// Prepares a comparison.
    public init(_ options: DiffOptions = .init()) {
        self.options = options
    }

    /// Compares two documents.
    ///
    /// - Throws: ``UnsupportedDocument`` where one of them is not OpenAPI, or of a version that is not read.
    public func report(base: Document, revision: Document) throws(UnsupportedDocument) -> DiffReport {
        try report(base: OpenAPIDocument(base), revision: OpenAPIDocument(revision))
    }

    /// Compares two documents that have been read as OpenAPI; time grows with their size, not with the ways through
    /// their schemas.
    public func report(base: OpenAPIDocument, revision: OpenAPIDocument) -> DiffReport {
        var comparison = OperationComparison(DiffSide(base), DiffSide(revision), options)
        comparison.run()
        comparison.compareDocument()
        comparison.schemas.run()
        let trace = ComparisonTrace(comparison, options)
        var builder = ReportBuilder(trace)
        var changes = builder.run()
        if let cut = comparison.schemas.cut ?? builder.cut { changes.append(self.cut(cut, trace)) }
        if let violation = versionChange(base, revision, changes, trace) { changes.append(violation) }
        changes.sort(by: Change.precedes)
        let edits = comparison.collector.edits + comparison.schemas.documentationEdits
        var report = DiffReport(
            changes: changes,
            requiredBump: max(.required(for: changes), edits.isEmpty ? .none : .patch),
            isIdentical: changes.isEmpty && edits.isEmpty && Self.areIdentical(base.document, revision.document),
            documentationEdits: edits
        )
        report.trace = trace
        return report
    }

    /// One change a place: the list that oasdiff gives. It can be far longer than the report; what
    /// ``DiffLimits/expandedMax`` cuts is said by a change with the check `comparison-cut`.
    public func expand(_ report: DiffReport) -> [Change] {
        guard let trace = report.trace else {
            return report.changes.flatMap { change in
                change.sites.map { site in
                    var one = change
                    one.sites = [site]
                    one.level = site.level
                    if !site.check.isEmpty { one.id = site.check }
                    return one
                }
            }
        }
        var expansion = Expansion(trace, report)
        return expansion.run()
    }

    private static func areIdentical(_ base: Document, _ revision: Document) -> Bool {
        base.source.bytes == revision.source.bytes
            || SameValue.areSame(base.rootID, base, revision.rootID, revision)
    }

    private func cut(_ limit: String, _ trace: ComparisonTrace) -> Change {
        var values = ChangeValues()
        values.name = limit
        values.value = String(options.limits.value(of: limit))
        return info("comparison-cut", values, trace, base: nil, revision: nil)
    }

    private func info(
        _ id: String,
        _ values: ChangeValues,
        _ trace: ComparisonTrace,
        base: NodeID?,
        revision: NodeID?
    ) -> Change {
        guard let rule = ChangeTable.rules[id] else {
            preconditionFailure("the check `\(id)` has no row in ChangeTable")
        }
        let level = trace.level(id) ?? rule.level
        let site = ChangeSite(section: "info", level: level, check: id)
        return trace.change(rule, level, values, isReversed: false, sites: [site], base: base, revision: revision)
    }

    // MARK: Versions

    /// A change that says so where callers may break and `info.version` does not tell.
    private func versionChange(
        _ base: OpenAPIDocument,
        _ revision: OpenAPIDocument,
        _ changes: [Change],
        _ trace: ComparisonTrace
    ) -> Change? {
        guard changes.contains(where: { $0.level == .error }), let old = base.version, let new = revision.version,
            let before = ReleaseNumber(old), let after = ReleaseNumber(new)
        else { return nil }
        var values = ChangeValues()
        values.from = old
        values.to = new
        values.value = new
        let id: String
        if old == new {
            id = "api-version-not-bumped"
        } else if after <= before {
            id = "api-version-decreased"
        } else if !after.isMajorStep(from: before) {
            id = "api-major-version-not-bumped"
        } else {
            return nil
        }
        guard trace.level(id) != nil else { return nil }
        return info(
            id,
            values,
            trace,
            base: base.node["info"]?["version"]?.id,
            revision: revision.node["info"]?["version"]?.id
        )
    }
}

/// The three numbers of a version after Semantic Versioning 2.0.0.
struct ReleaseNumber: Comparable {
    let major: Int
    let minor: Int
    let patch: Int

    /// Reads a version, with or without a leading `v`; nil where it is none.
    init?(_ text: String) {
        var rest = text[...]
        if rest.first == "v" { rest.removeFirst() }
        let core = rest.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard let number = Int(part), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30
            else { return nil }
            numbers.append(number)
        }
        guard
            rest.dropFirst(core.count).allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-+.".contains($0)) })
        else { return nil }
        (major, minor, patch) = (numbers[0], numbers[1], numbers[2])
    }

    /// Whether callers are told that they may break: by the major number, and before 1.0.0 by the minor one.
    func isMajorStep(from older: ReleaseNumber) -> Bool {
        if older.major == 0, major == 0 { return minor > older.minor }
        return major > older.major
    }

    static func < (left: ReleaseNumber, right: ReleaseNumber) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
