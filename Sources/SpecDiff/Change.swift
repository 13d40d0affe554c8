public import DocumentTree

/// One difference between two documents, said once however many operations it reaches.
///
/// A change inside a shared component is one change with many ``sites``: its level is the worst that any of them has, and
/// ``DocumentDiff`` can expand it into one change a site, which is how oasdiff lists it.
public struct Change: Hashable, Sendable {
    /// The check that saw it: a row of ``ChangeTable``, in kebab-case; oasdiff's name where oasdiff has the check. One
    /// change of a shared schema is seen by several checks, one for each way it is used: this is the worst site's, each
    /// site has its own.
    public var id: String
    /// How much it weighs: the worst of its sites.
    public var level: ChangeLevel
    /// What changed, in one sentence; values of the documents stand in backticks.
    public var text: String
    /// The values that the sentence is made of, in order.
    public var arguments: [String]
    /// What else a reader should know, as a sentence; nil where the text says it all.
    public var comment: String?
    /// The operations it reaches, by path, method and section, none twice. Never empty; a change that belongs to no
    /// operation has one site without method and path.
    public var sites: [ChangeSite]
    /// Where it stands in the older document; nil for what is new.
    public var base: ChangePlace?
    /// Where it stands in the newer document; nil for what is gone.
    public var revision: ChangePlace?
    /// Names the change over edits that move it: a hash of the check, its values and where in the documents it stands by
    /// name, never by line; 16 lowercase hexadecimal digits.
    public var fingerprint: String

    /// Makes a change; see the properties for what each part means.
    public init(
        id: String,
        level: ChangeLevel,
        text: String,
        arguments: [String] = [],
        comment: String? = nil,
        sites: [ChangeSite],
        base: ChangePlace?,
        revision: ChangePlace?,
        fingerprint: String
    ) {
        self.id = id
        self.level = level
        self.text = text
        self.arguments = arguments
        self.comment = comment
        self.sites = sites
        self.base = base
        self.revision = revision
        self.fingerprint = fingerprint
    }
}

/// An operation that a change reaches, and by which side.
public struct ChangeSite: Hashable, Sendable {
    /// The part of a report that the site belongs to: `paths`, `components`, `security` or `info`.
    public var section: String
    /// The method in capitals; empty where the change belongs to no operation.
    public var method: String
    /// The path template as the base writes it (the revision, where the base lacks it); empty without one. Of a webhook,
    /// `webhook:` and its name; of a callback, the path with ` callback:` and its name.
    public var path: String
    /// The operation's `operationId` in the revision, else in the base.
    public var operationID: String?
    /// Whether the request, the response or neither carries it.
    public var side: ChangeSide
    /// How much the change weighs here.
    public var level: ChangeLevel
    /// The check that sees the change here; empty where it is the change's own.
    public var check: String

    /// Makes a site; see the properties for what each part means.
    public init(
        section: String,
        method: String = "",
        path: String = "",
        operationID: String? = nil,
        side: ChangeSide = .neither,
        level: ChangeLevel,
        check: String = ""
    ) {
        self.section = section
        self.method = method
        self.path = path
        self.operationID = operationID
        self.side = side
        self.level = level
        self.check = check
    }
}

/// Which half of an exchange a change concerns. What narrows a request breaks callers; what widens an answer does.
public enum ChangeSide: String, Hashable, Sendable {
    case request, response, neither
}

/// A place in one of the two documents.
public struct ChangePlace: Hashable, Sendable {
    /// Name of the text, see `SourceText.name`.
    public var source: String
    /// The stretch of text.
    public var range: SourceRange
    /// The place in the tree.
    public var path: [PathSegment]

    /// Makes a place; see the properties for what each part means.
    public init(source: String, range: SourceRange, path: [PathSegment]) {
        self.source = source
        self.range = range
        self.path = path
    }
}
