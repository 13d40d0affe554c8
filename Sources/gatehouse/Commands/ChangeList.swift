import DocumentTree

/// What changes between two revisions, as text: one change a line, worst first.
struct ChangeList {
    let comparison: JSONValue

    func show() {
        guard let base = comparison["base"], !base.isNull else { return }
        let title = "\(Listing.cell(base, "version")) (#\(Listing.cell(base, "revision")))"
        Self.table(comparison["changes"]?.array ?? [], isWithValues: false)
        let edits = comparison["documentationEdits"]?.array?.count ?? 0
        let counts = comparison["counts"]
        let step = comparison["majorStep"]?.bool == true ? "a major step" : "no major step"
        Console.write(
            "\(Listing.cell(counts ?? .null, "error")) breaking, \(Listing.cell(counts ?? .null, "warning")) doubtful, "
                + "\(Listing.cell(counts ?? .null, "info")) harmless changes and \(edits) documentation edits since "
                + "\(title): \(step), needs \(Listing.cell(comparison, "requiredBump"))\n\n"
        )
    }

    /// `isWithValues`: whether what stood there before and after is shown below each.
    static func table(_ changes: [JSONValue], isWithValues: Bool) {
        var rows: [[String]] = []
        for change in changes {
            let sites = change["sites"]?.array ?? []
            let first = sites.first.map { "\(Listing.cell($0, "method")) \(Listing.cell($0, "path"))" } ?? ""
            let more = sites.count > 1 ? " and \(sites.count - 1) more" : ""
            rows.append([
                Listing.cell(change, "level"), Listing.cell(change, "id"), first + more, Listing.cell(change, "text"),
            ])
            guard isWithValues else { continue }
            for member in ["before", "after"] {
                if let text = change[member]?.string { rows.append(["", "", member, text]) }
            }
        }
        Console.write(Table(headings: ["LEVEL", "CHECK", "OPERATION", "CHANGE"], rows: rows).text)
    }
}
