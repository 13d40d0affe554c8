/// Every problem type this product answers with, one row each; the rows stand in `ProblemCatalogue+gateway.swift` and
/// `ProblemCatalogue+control.swift`, in the order in which a request or a specification meets them.
public enum ProblemCatalogue {
    /// All types, in the order of ``ProblemCode``.
    public static let all: [ProblemType] = ProblemCode.allCases.map { row(for: $0) }

    private static let openings: [[UInt8]] = all.map { renderOpening($0) }
    private static let codes: [String: ProblemCode] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.slug.description, $0.code) }
    )

    /// The type with this code.
    public static subscript(_ code: ProblemCode) -> ProblemType { all[Int(code.rawValue)] }

    /// The type with this slug (`rate-limit-exceeded`), or `nil` where there is none.
    public static func type(slug: String) -> ProblemType? { codes[slug].map { self[$0] } }

    /// The fixed start of the JSON of a problem, rendered once: `{"type":…,"title":…,"status":…,"code":…` without the
    /// closing brace. Append members with ``ProblemJSON`` and end with ``ProblemJSON/close(_:)``.
    public static func opening(of code: ProblemCode) -> [UInt8] { openings[Int(code.rawValue)] }

    private static func renderOpening(_ type: ProblemType) -> [UInt8] {
        var bytes = Array(#"{"type":"#.utf8)
        ProblemJSON.appendString(type.uri, to: &bytes)
        ProblemJSON.appendMember("title", type.title.description, to: &bytes)
        ProblemJSON.appendMember("status", Int64(type.status), to: &bytes)
        ProblemJSON.appendMember("code", type.slug.description, to: &bytes)
        return bytes
    }

    private static func row(for code: ProblemCode) -> ProblemType {
        let found =
            gatewayRow(for: code) ?? forwardingRow(for: code) ?? requestRow(for: code) ?? governanceRow(for: code)
        guard let row = found ?? consumerRow(for: code) else {
            preconditionFailure("each problem code has a row in the catalogue")
        }
        return ProblemType(
            code: code,
            slug: row.slug,
            status: row.status,
            fault: row.fault,
            isRetryable: row.isRetryable,
            title: row.title,
            advice: row.advice
        )
    }

    /// A line of the table, without its key.
    struct Row {
        let slug: StaticText
        let status: Int
        let title: StaticText
        let fault: ProblemFault
        let isRetryable: Bool
        private(set) var advice: StaticText = ""

        init(
            _ slug: StaticText,
            _ status: Int,
            _ title: StaticText,
            fault: ProblemFault = .client,
            retry: Bool = false
        ) {
            self.slug = slug
            self.status = status
            self.title = title
            self.fault = fault
            self.isRetryable = retry
        }

        func advice(_ text: StaticText) -> Row {
            var row = self
            row.advice = text
            return row
        }
    }
}
