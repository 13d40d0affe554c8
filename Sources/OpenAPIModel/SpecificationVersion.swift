public import DocumentTree

/// The versions of the OpenAPI Specification whose documents are read.
public enum SpecificationVersion: String, Hashable, Comparable, Sendable, CaseIterable {
    /// Swagger 2.0.
    case v2_0 = "2.0"
    /// OpenAPI 3.0.x.
    case v3_0 = "3.0"
    /// OpenAPI 3.1.x.
    case v3_1 = "3.1"
    /// OpenAPI 3.2.x.
    case v3_2 = "3.2"

    /// Orders by age.
    public static func < (left: SpecificationVersion, right: SpecificationVersion) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Whether schemas are JSON Schema 2020-12 (from 3.1 on) rather than OpenAPI's own dialect.
    public var usesJSONSchema2020: Bool { self >= .v3_1 }

    /// Finds out which version a document claims, by its `openapi` or `swagger` field.
    ///
    /// The patch level does not matter. `swagger: 2.0` without quotes is a number in YAML and taken by its digits.
    ///
    /// - Throws: ``UnsupportedDocument`` with `not-openapi` where neither field stands, `unsupported-openapi-version`
    ///   where it names a version that is not read, `ambiguous-openapi-version` where both stand.
    public static func detect(in document: Document) throws(UnsupportedDocument) -> SpecificationVersion {
        let root = document.root
        guard root.isMapping else {
            throw UnsupportedDocument(
                code: "not-openapi",
                "the document is \(root.kind.noun), an OpenAPI document is a mapping",
                at: root
            )
        }
        switch (root["openapi"], root["swagger"]) {
        case (nil, nil):
            throw UnsupportedDocument(
                code: "not-openapi",
                "neither `openapi` nor `swagger` stands at the top level",
                help: "begin with `openapi: 3.1.0`",
                at: root
            )
        case (.some, let swagger?):
            throw UnsupportedDocument(
                code: "ambiguous-openapi-version",
                "`openapi` and `swagger` stand side by side: programs would read this document in different ways",
                help: "keep the one that is meant",
                atKeyOf: swagger
            )
        case (let field?, nil):
            let text = field.scalarText ?? ""
            for version in [v3_0, v3_1, v3_2] where text == version.rawValue || text.hasPrefix(version.rawValue + ".") {
                return version
            }
            throw unsupported(text, field)
        case (nil, let field?):
            if field.scalarText == "2.0" { return .v2_0 }
            throw unsupported(field.scalarText ?? "", field)
        }
    }

    private static func unsupported(_ text: String, _ field: Node) -> UnsupportedDocument {
        UnsupportedDocument(
            code: "unsupported-openapi-version",
            "OpenAPI version `\(text.prefix(20))` is not supported, only 2.0, 3.0, 3.1 and 3.2 are",
            at: field
        )
    }
}

/// A document that can be read but is no OpenAPI document of a version that is supported.
public struct UnsupportedDocument: Error, Hashable, Sendable {
    /// Why: one of `not-openapi`, `unsupported-openapi-version`, `ambiguous-openapi-version`; at least one.
    public let findings: [Finding]

    init(code: String, _ message: String, help: String? = nil, at node: Node) {
        findings = [Finding(code: code, severity: .error, message: message, help: help, at: node)]
    }

    init(code: String, _ message: String, help: String? = nil, atKeyOf node: Node) {
        findings = [Finding(code: code, severity: .error, message: message, help: help, atKeyOf: node)]
    }
}

extension NodeKind {
    /// The kind in a sentence.
    var noun: String {
        switch self {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .string: "text"
        case .integer, .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
