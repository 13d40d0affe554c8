import DocumentTree

/// A stored lint report as text: one finding a line, worst first as the server sorted them, and a summary.
struct FindingList {
    let report: JSONValue

    func show() {
        let names = ["error", "warning", "information", "hint"]
        let findings = report["findings"]?.array ?? []
        let rows = findings.map { finding -> [String] in
            let start = finding["range"]?["start"]
            let place = "\((start?["line"]?.integer ?? 0) + 1):\((start?["character"]?.integer ?? 0) + 1)"
            let severity = finding["severity"]?.integer ?? 3
            let name = names.indices.contains(Int(severity)) ? names[Int(severity)] : "hint"
            return [place, name, Listing.cell(finding, "code"), Listing.cell(finding, "message")]
        }
        Console.write(Table(headings: ["LINE", "SEVERITY", "RULE", "MESSAGE"], rows: rows).text)
        let errors = Listing.cell(report, "errorCount")
        let warnings = Listing.cell(report, "warningCount")
        Console.write(
            "\(findings.count) findings (\(errors) errors, \(warnings) warnings) by \(Listing.cell(report, "ruleset"))\n\n"
        )
    }
}
