internal import DocumentTree

/// The formats that `format` can name (2020-12 validation §7.3, and the OpenAPI format registry).
///
/// A format says something about one kind of value; every other kind passes.
enum Format: Sendable {
    case text(TextFormat)
    case int32
    case int64
    case float
    case double

    /// The format of this name, or `nil` for one that is not known, which checks nothing.
    init?(name: String, dialect: SchemaDialect) {
        switch name {
        case "int32": self = .int32
        case "int64": self = .int64
        case "float": self = .float
        case "double": self = .double
        default:
            guard let format = TextFormat(rawValue: name) else { return nil }
            self = .text(format)
        }
    }

    /// Whether a value has this format.
    func accepts(_ document: Document, _ node: NodeID) -> Bool {
        let kind = document.kind(node)
        let isNumber = kind == .integer || kind == .number
        switch self {
        case .text(let format):
            guard kind == .string else { return true }
            return format.accepts(document.textBytes(node))
        case .int32:
            guard isNumber else { return true }
            return DecimalNumber(document, node).integer.map { Int32(exactly: $0) != nil } ?? false
        case .int64:
            guard isNumber else { return true }
            return DecimalNumber(document, node).integer != nil
        case .float:
            // A decimal fraction is always rounded, so only what is beyond the range is wrong.
            return !isNumber || abs(DecimalNumber(document, node).double) <= Double(Float.greatestFiniteMagnitude)
        case .double: return !isNumber || DecimalNumber(document, node).double.isFinite
        }
    }
}
