import DocumentTree

/// One thing that differs between two schemas, before it is known who sends values of them.
struct SchemaFact {
    /// What differs.
    enum Kind: Hashable {
        /// A check whose id is the carrier's prefix and this ending, as in `request-property-` + `max-decreased`.
        case ending(String)
        /// The type, the format or both.
        case type(TypeChange)
        /// One type became a list of alternatives of simple types, or back: the names that joined and left.
        case listOfTypes(added: String, removed: String)
        /// An object was split into alternatives.
        case wrappedInOneOf
        /// A value left or joined a list of values.
        case enumValue(isAdded: Bool)
        /// A default was set, changed or taken away: `added`, `changed`, `removed`.
        case defaultValue(String)
        /// The schema is now deprecated.
        case deprecated(sunset: Sunset)
        /// The schema is no longer deprecated.
        case reactivated
        /// `x-stability-level`; nil where a side's cannot be read.
        case stability(isLess: Bool?)
        /// A property appeared or went.
        case property(isAdded: Bool, isRequired: Bool, hasDefault: Bool)
        /// A property on both sides is required on one of them.
        case required(isAdded: Bool, hasDefault: Bool)
        /// `readOnly` or `writeOnly` of a property; the ending says which way.
        case mutability(isRequired: Bool, ending: String)
        /// A limit; the ending says which and which way.
        case bound(String, narrows: Bool)
        /// A pattern: `added`, `changed`, `removed`.
        case pattern(String)
    }

    /// `x-sunset` of something that is deprecated.
    enum Sunset: Hashable {
        case missing
        case unreadable(String)
        case date(CalendarDate)
    }

    let kind: Kind
    /// The property concerned, below the schema; empty for the schema itself.
    var name = ""
    /// What the sentence names, except for the way to the schema.
    var values = ChangeValues()
    /// Whether the revision's value is sent by servers only, or by clients only.
    var isReadOnly = false
    var isWriteOnly = false
    /// Where it stands.
    var base: NodeID?
    var revision: NodeID?
}

/// Types and formats of a schema on both sides.
struct TypeChange: Hashable {
    var base: [String]
    var revision: [String]
    var baseFormat: String
    var revisionFormat: String

    var typesDiffer: Bool { Set(base) != Set(revision) }
    var formatsDiffer: Bool { baseFormat != revisionFormat }
}

/// A step from a schema to one that stands in it.
struct SchemaStep: Hashable {
    enum Kind: Hashable {
        case property(String)
        case keyword(SchemaKeyword)
        /// A schema in a list or mapping under a keyword, with what it is called there.
        case member(SchemaKeyword, String)
    }

    let kind: Kind
    let target: Int32

    /// The step in a way from a body to a property: `name`, `items`, `oneOf[#/components/schemas/Dog]`.
    var text: String {
        switch kind {
        case .property(let name): name
        case .keyword(let keyword): keyword.name
        case .member(let keyword, let name): "\(keyword.name)[\(name)]"
        }
    }
}

/// Two schemas that stand in the same place of the two documents, compared once.
struct SchemaPair {
    let base: SchemaID
    let revision: SchemaID
    var facts: [SchemaFact] = []
    var steps: [SchemaStep] = []
    var depth: Int32 = 0
}
