/// Something a reader noticed in a document that it can read all the same.
struct ReaderFinding: Sendable {
    /// The kinds that rulesets give a severity of their own.
    enum Kind: Sendable {
        case duplicateKey
        case incompatibleValue
        case other
    }

    var kind: Kind
    var finding: Finding
    /// The node concerned; its path is filled in when the tree is complete.
    var node: Int32
}

/// The stable codes of what readers report.
enum ReaderCode {
    /// Syntax, duplicate keys, values that JSON cannot hold: Spectral's name for all of them.
    static let parser = "parser"
    /// Not UTF-8, or an encoding that is not read.
    static let encoding = "encoding"
    /// Nothing but blanks and comments.
    static let empty = "empty-document"
    /// One of ``Limits``.
    static let limit = "document-limit"
}

extension UnreadableDocument {
    /// A document that stops being readable at a stretch of its bytes.
    init(_ code: String, _ message: String, help: String? = nil, in source: SourceText, from start: Int, to end: Int) {
        self.init(findings: [
            Finding(
                code: code,
                severity: .error,
                message: message,
                help: help,
                source: source.name,
                range: source.range(fromByte: start, toByte: end)
            )
        ])
    }
}

extension UnreadableDocument {
    /// A text with nothing in it but blanks and comments.
    static func empty(name: String) -> UnreadableDocument {
        UnreadableDocument(findings: [
            Finding(
                code: ReaderCode.empty,
                severity: .error,
                message: "the document is empty",
                source: name,
                range: .start
            )
        ])
    }
}

/// What a reader hands to ``Document``.
struct DocumentParts {
    var source: SourceText
    var syntax: Syntax
    var indexInStream: Int
    var records: [NodeRecord]
    var keys: KeyTable
    var arena: [UInt8]
    var children: [Int32]
    var largeMappingSlots: [Int32]
    var findings: [ReaderFinding]
    var fileTable = FileTable()
}
