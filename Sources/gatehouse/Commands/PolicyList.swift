import DocumentTree

/// What policies say about a document, as text: one line a policy, then the findings that they do something about.
struct PolicyList {
    let assessments: [JSONValue]

    func show() {
        guard !assessments.isEmpty else { return }
        Resources.assessment.show(assessments, as: .table)
        var rows: [[String]] = []
        for assessment in assessments {
            for ruleset in assessment["rulesets"]?.array ?? [] {
                for assessed in ruleset["findings"]?.array ?? [] { rows.append(row(assessed, assessment)) }
                if let failure = ruleset["failure"]?.string {
                    rows.append([Listing.cell(assessment, "policy"), "", "error", "", failure])
                }
            }
        }
        guard !rows.isEmpty else { return Console.write("\n") }
        let headings = ["POLICY", "LINE", "ACTION", "RULE", "MESSAGE"]
        Console.write("\n" + Table(headings: headings, rows: rows).text + "\n")
    }

    private func row(_ assessed: JSONValue, _ assessment: JSONValue) -> [String] {
        let start = assessed["finding"]?["range"]?["start"]
        let place = "\((start?["line"]?.integer ?? 0) + 1):\((start?["character"]?.integer ?? 0) + 1)"
        let until = assessed["waivedUntil"]?.string.map { "waived until \($0)" }
        return [
            Listing.cell(assessment, "policy"), place, until ?? Listing.cell(assessed, "action"),
            Listing.cell(assessed, "finding.code"), Listing.cell(assessed, "finding.message"),
        ]
    }
}
