extension DocumentDiff {
    /// A report with every change said once for each place it reaches, in the words and at the level it has there: the
    /// list of ``expand(_:)`` as a report. A document that shares its schemas well may need hundreds of thousands.
    ///
    /// - Returns: changes of one site each. Their fingerprints are those of the changes in `report` that they come from,
    ///   so that an entry of an ignore file means the same in both forms.
    public func expanded(_ report: DiffReport) -> DiffReport {
        var fingerprints: [PlaceInReport: String] = [:]
        for change in report.changes {
            for site in change.sites { fingerprints[PlaceInReport(change, site)] = change.fingerprint }
        }
        var result = report
        result.changes = expand(report).map { change in
            guard let fingerprint = fingerprints[PlaceInReport(change, change.leadingSite)] else { return change }
            var single = change
            single.fingerprint = fingerprint
            return single
        }
        return result
    }

    /// What an expanded change and the one it comes from have in common.
    private struct PlaceInReport: Hashable {
        let check: String
        let path: String
        let method: String
        let base: ChangePlace?
        let revision: ChangePlace?

        init(_ change: Change, _ site: ChangeSite) {
            check = change.check(at: site)
            path = site.path
            method = site.method
            base = change.base
            revision = change.revision
        }
    }
}

extension Change {
    /// The site that stands for the change where a report has room for one: the first of those that weigh most.
    public var leadingSite: ChangeSite {
        sites.first { $0.level == level } ?? sites.first ?? ChangeSite(section: "paths", level: level)
    }

    /// The sites beside ``leadingSite``, in order.
    public var furtherSites: [ChangeSite] {
        let leading = leadingSite
        return sites.filter { $0 != leading }
    }

    /// The check that sees the change at one of its sites.
    public func check(at site: ChangeSite) -> String { site.check.isEmpty ? id : site.check }

    /// Where a reader looks first: the place in the revision, or in the base for what is gone.
    public var leadingPlace: ChangePlace? { revision ?? base }
}
