public import DocumentTree

/// What stands against a document that somebody submits, before any ruleset is asked.
///
/// Two lists. ``refusals`` say why a document is not taken at all: two programs could read it differently, it wants
/// something opened, it cannot be stored or named. ``findings`` are about documents that are taken: what will not be
/// routed, references that lead nowhere, things a reviewer should see. Pure: nothing is opened, no regular expression
/// is run; linear in the nodes.
public struct Admission: Sendable {
    /// What a caller may loosen.
    public struct Options: Hashable, Sendable {
        /// Takes documents that refer to other files and URLs; those references are never followed and stay findings.
        public var takesExternalReferences = false

        /// The strict answer to each question.
        public init() {}
    }

    /// Longest `info.version`, in bytes.
    public static let versionBytesMax = 128
    /// Longest `info.title`, in bytes.
    public static let titleBytesMax = 1024

    /// Most operations a document may have.
    public static let operationsMax = 50_000
    /// Most parameters an operation may have, those of its path included.
    public static let parametersMax = 500

    /// Most entries in ``refusals`` and in ``findings``; a last one says how many were left out.
    public static let findingsMax = 1_000

    /// Why the document is refused, in the order of the text; none means that it is taken.
    public let refusals: [Finding]
    /// Whatever else there is to say, of any severity, in the order of the text.
    public let findings: [Finding]
    /// The views of the document; nil where it is not OpenAPI.
    public let openAPI: OpenAPIDocument?

    /// Whether the document is taken.
    public var isAdmitted: Bool { refusals.isEmpty }

    /// Judges a document.
    public init(_ document: Document, options: Options = Options()) {
        var refusals = document.findings.filter { $0.severity == .error }
        var findings = document.findings.filter { $0.severity != .error }
        do throws(UnsupportedDocument) {
            let openAPI = try OpenAPIDocument(document)
            for finding in openAPI.resolver.findings() {
                let isRefusal = finding.code == ReferenceCode.externalRefused && !options.takesExternalReferences
                if isRefusal { refusals.append(finding) } else { findings.append(finding) }
            }
            var review = AdmissionReview(openAPI)
            review.run()
            refusals += review.refusals
            findings += openAPI.findings + review.findings
            self.openAPI = openAPI
        } catch {
            refusals += error.findings
            openAPI = nil
        }
        self.refusals = Self.sortedAndCut(refusals)
        self.findings = Self.sortedAndCut(findings)
    }

    private static func sortedAndCut(_ findings: [Finding]) -> [Finding] {
        let sorted = findings.sorted(by: Finding.precedes)
        guard sorted.count > findingsMax, var last = sorted.last else { return sorted }
        last.code = "findings-cut"
        last.severity = sorted[findingsMax...].map(\.severity).min() ?? .error
        last.message = "\(sorted.count - findingsMax) more findings are left out"
        last.help = nil
        return Array(sorted.prefix(findingsMax)) + [last]
    }

    /// Reads and judges a text: a text that cannot be read is refused for that reason.
    ///
    /// - Returns: the reasons of a refusal, none where the document is taken.
    public static func admit(_ document: Document, options: Options = Options()) -> [Finding] {
        Admission(document, options: options).refusals
    }
}

/// The checks, one after another; each is in the file that names its subject.
struct AdmissionReview {
    let openAPI: OpenAPIDocument
    var refusals: [Finding] = []
    var findings: [Finding] = []

    var document: Document { openAPI.document }

    /// Names of the schemes that are defined.
    let schemes: Set<String>

    init(_ openAPI: OpenAPIDocument) {
        self.openAPI = openAPI
        schemes = Set(openAPI.securitySchemes.map(\.name))
    }

    mutating func run() {
        reviewInfo()
        reviewServers()
        guard isOfBoundedSize() else { return }
        reviewPaths()
        reviewOperations()
        reviewSecuritySchemes()
        reviewMappings()
        reviewText()
    }

    /// References let a small document stand for many operations with many parameters: both are limited before they
    /// are walked.
    private mutating func isOfBoundedSize() -> Bool {
        let operations = openAPI.operations
        guard operations.count <= Admission.operationsMax else {
            let message = "\(operations.count) operations, at most \(Admission.operationsMax) are taken"
            refuse("document-limit", message, at: openAPI.node["paths"] ?? openAPI.node)
            return false
        }
        if let operation = operations.first(where: { $0.parameters.count > Admission.parametersMax }) {
            let message = "\(operation.parameters.count) parameters, at most \(Admission.parametersMax) are taken"
            refuse("document-limit", message, at: operation.node)
            return false
        }
        return true
    }

    mutating func note(_ code: String, _ severity: Severity, _ message: String, help: String? = nil, at node: Node) {
        findings.append(Finding(code: code, severity: severity, message: message, help: help, at: node))
    }

    mutating func note(_ code: String, _ severity: Severity, _ message: String, help: String? = nil, atKeyOf node: Node)
    {
        findings.append(Finding(code: code, severity: severity, message: message, help: help, atKeyOf: node))
    }

    mutating func refuse(_ code: String, _ message: String, help: String? = nil, at node: Node) {
        refusals.append(Finding(code: code, severity: .error, message: message, help: help, at: node))
    }
}
