internal import DocumentTree
internal import RegularExpression

/// Applies the schemas of a program to the nodes of one document.
///
/// Every schema application goes through ``evaluate(_:_:_:)``, which keeps the limits and the dynamic scope; the keywords
/// stand in the extensions beside this file.
struct Evaluator {
    let program: Program
    let document: Document
    let options: SchemaOptions
    /// For each of the document's keys, the program's number of it.
    let keys: KeyBinding
    /// Violations so far, those of a branch before the keyword that tried it.
    var found: [RawViolation] = []
    /// What could not be decided, wherever it happened.
    var undecided: [RawViolation] = []
    /// Off where a failure is an answer, as in `not` and `if`.
    var isCollecting = true
    /// Resources from the outermost in, for dynamic references.
    private var scope: [Int32] = []
    private var depth = 0
    private var steps = 0
    private(set) var isHalted = false
    /// Whether keys match patterns: per pattern and key, 0 not known yet, 1 yes, 2 no.
    private var patternMemo: [[UInt8]] = []
    /// Results of `propertyNames` by schema and key.
    private var nameMemo: [NameMemoKey: Bool] = [:]

    init(program: Program, document: Document, options: SchemaOptions, keys: KeyBinding) {
        self.program = program
        self.document = document
        self.options = options
        self.keys = keys
    }

    /// Whether `node` fits the schema; notes down the violations.
    mutating func evaluate(_ number: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool {
        steps += 1
        guard !isHalted, hasBudget(number, node) else { return false }
        let head = program.head(of: number)
        if head.isFalse { return fail(SchemaViolation.falseSchema, number, node) }
        if head.isEmpty { return true }
        depth += 1
        let entersResource = scope.last != head.resource
        if entersResource { scope.append(head.resource) }
        defer {
            depth -= 1
            if entersResource { scope.removeLast() }
        }
        return head.hasMessage
            ? evaluateWithMessage(number, node, &marks) : apply(number, node, &marks, tracks: head.tracksEvaluation)
    }

    /// Applies a schema that has its own words for whatever fails in it.
    private mutating func evaluateWithMessage(_ number: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool {
        let start = found.count
        if apply(number, node, &marks, tracks: program.head(of: number).tracksEvaluation) { return true }
        let message = program.message(of: number) ?? ""
        return fail("errorMessage", number, node, .known(.custom(message)), causesFrom: start)
    }

    private mutating func apply(_ number: Int32, _ node: NodeID, _ marks: inout Marks, tracks: Bool) -> Bool {
        let keywords = program.keywords(of: number)
        guard tracks else { return apply(keywords, number, node, &marks) }
        // What other branches of the parent looked at does not count for this schema, only the reverse.
        var own = Marks(isOn: true)
        let isValid = apply(keywords, number, node, &own)
        if isValid { marks.formUnion(own) }
        return isValid
    }

    /// As ``evaluate(_:_:_:)`` for another instance, whose evaluated children are its own business.
    mutating func evaluateChild(_ number: Int32, _ node: NodeID) -> Bool {
        var marks = Marks(isOn: false)
        return evaluate(number, node, &marks)
    }

    private mutating func apply(
        _ keywords: [Keyword],
        _ schema: Int32,
        _ node: NodeID,
        _ marks: inout Marks
    ) -> Bool {
        var isValid = true
        for keyword in keywords where !check(keyword, schema, node, &marks) {
            isValid = false
            if !options.collectsAll || !isCollecting { return false }
        }
        return isValid
    }

    private mutating func check(_ keyword: Keyword, _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool {
        switch keyword {
        case .reference(let target): return evaluate(target, node, &marks)
        case .properties(let rule): return checkProperties(rule, schema, node, &marks)
        case .type(let set): return checkType(set, schema, node)
        case .required(let names): return checkRequired(names, schema, node)
        case .items(let rule): return checkItems(rule, schema, node, &marks)
        case .allOf, .anyOf, .oneOf, .not, .conditional, .dependentSchemas, .dynamicReference:
            return checkApplicator(keyword, schema, node, &marks)
        case .contains(let target, let least, let most, let marksItems):
            return checkContains(target, least, most, marksItems, schema, node, &marks)
        case .propertyNames(let target): return checkPropertyNames(target, schema, node)
        case .unevaluatedItems(let target): return checkUnevaluatedItems(target, schema, node, &marks)
        case .unevaluatedProperties(let target): return checkUnevaluatedProperties(target, schema, node, &marks)
        default: return checkValue(keyword, schema, node)
        }
    }

    // MARK: Notes

    /// Notes a violation down; always `false`.
    mutating func fail(
        _ keyword: String,
        _ schema: Int32,
        _ node: NodeID,
        _ detail: RawViolation.Detail = .none,
        causesFrom: Int? = nil
    ) -> Bool {
        guard isCollecting else { return false }
        // A branch that is tried may fail in more places than anybody reads; the keyword that tried it is always noted.
        guard causesFrom != nil || found.count < options.limits.violationsMax else { return false }
        found.append(
            RawViolation(keyword: keyword, schema: schema, node: node, detail: detail, causesFrom: causesFrom)
        )
        return false
    }

    /// Notes down that a keyword could not decide; always `true`, so that the rest is still checked.
    mutating func abstain(_ keyword: String, _ schema: Int32, _ node: NodeID, _ reason: String) -> Bool {
        if undecided.count < options.limits.violationsMax {
            undecided.append(
                RawViolation(keyword: keyword, schema: schema, node: node, detail: .undecided(reason), causesFrom: nil)
            )
        }
        return true
    }

    private mutating func halt(_ reason: String, _ schema: Int32, _ node: NodeID) {
        _ = abstain("$schema", schema, node, reason)
        isHalted = true
    }

    private mutating func hasBudget(_ schema: Int32, _ node: NodeID) -> Bool {
        if depth >= options.limits.depthMax {
            halt(
                "schemas are nested more than \(options.limits.depthMax) deep, a reference may lead back to itself",
                schema,
                node
            )
        } else if steps > options.limits.stepsMax {
            halt("more than \(options.limits.stepsMax) steps were needed", schema, node)
        }
        return !isHalted
    }

    // MARK: Scope and memory

    /// The schema that a dynamic reference means here: that of the outermost resource with its anchor.
    func dynamicTarget(_ anchor: Int32, default schema: Int32) -> Int32 {
        for resource in scope where Int(resource) < program.dynamicAnchors.count {
            if let target = program.dynamicAnchors[Int(resource)][anchor] { return target }
        }
        return schema
    }

    /// Whether a key of the document matches a pattern of the program; remembered, as keys repeat.
    mutating func matches(_ pattern: Int32, key: KeyID, _ schema: Int32, _ node: NodeID) -> Bool {
        let index = Int(key.rawValue)
        while patternMemo.count <= Int(pattern) { patternMemo.append([]) }
        if index < patternMemo[Int(pattern)].count, patternMemo[Int(pattern)][index] != 0 {
            return patternMemo[Int(pattern)][index] == 1
        }
        while patternMemo[Int(pattern)].count <= index { patternMemo[Int(pattern)].append(0) }
        do {
            let isMatch = try program.patterns[Int(pattern)].expression.matches(document.text(of: key))
            patternMemo[Int(pattern)][index] = isMatch ? 1 : 2
            return isMatch
        } catch {
            _ = abstain("patternProperties", schema, node, "the pattern did not come to an end on this name")
            return false
        }
    }

    /// Remembers what `propertyNames` found for a key.
    mutating func rememberName(_ schema: Int32, _ key: KeyID, _ isValid: Bool) {
        nameMemo[NameMemoKey(schema: schema, key: key)] = isValid
    }

    /// What `propertyNames` found for a key before.
    func rememberedName(_ schema: Int32, _ key: KeyID) -> Bool? { nameMemo[NameMemoKey(schema: schema, key: key)] }
}

private struct NameMemoKey: Hashable {
    let schema: Int32
    let key: KeyID
}

/// For each key of a document, the number that a program knows it by. One that was never extended fits a document without
/// any mapping.
struct KeyBinding {
    /// By the document's number; -1 for keys that no schema mentions.
    private var programKeys: [Int32] = []
    /// By the program's number; `nil` for names that the document does not have.
    private var documentKeys: [KeyID?] = []

    /// Looks up the keys that the program gained since the last time.
    mutating func extend(to program: Program, _ document: Document) {
        for number in documentKeys.count..<program.keys.count {
            let key = document.keyID(program.keys[number])
            documentKeys.append(key)
            guard let key else { continue }
            let index = Int(key.rawValue)
            if index >= programKeys.count {
                programKeys.append(contentsOf: repeatElement(-1, count: index + 1 - programKeys.count))
            }
            programKeys[index] = Int32(number)
        }
    }

    func programKey(_ key: KeyID) -> Int32 {
        let index = Int(key.rawValue)
        return index < programKeys.count ? programKeys[index] : -1
    }

    func documentKey(_ number: Int32) -> KeyID? {
        Int(number) < documentKeys.count ? documentKeys[Int(number)] : nil
    }
}

/// Which children of one instance some keyword has looked at, as `unevaluatedProperties` and `unevaluatedItems` ask.
struct Marks {
    let isOn: Bool
    private var words: [UInt64] = []
    private var hasAll = false

    init(isOn: Bool) { self.isOn = isOn }

    mutating func insert(_ index: Int) {
        guard isOn, !hasAll else { return }
        while words.count <= index >> 6 { words.append(0) }
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    mutating func insertAll() { if isOn { hasAll = true } }

    func contains(_ index: Int) -> Bool {
        hasAll || (index >> 6 < words.count && words[index >> 6] & 1 << UInt64(index & 63) != 0)
    }

    mutating func formUnion(_ other: Marks) {
        guard isOn else { return }
        if other.hasAll { hasAll = true }
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }
}

/// A violation as noted down during a validation, cheap to make and to throw away.
struct RawViolation {
    enum Detail {
        case none
        /// The detail is the keyword's own value in the schema.
        case fromSchema
        case known(SchemaViolation.Detail)
        case undecided(String)
    }

    let keyword: String
    let schema: Int32
    let node: NodeID
    let detail: Detail
    /// Where in the list the violations begin that led to this one.
    let causesFrom: Int?
    /// The violation itself, where another evaluator found it: that of a property's name.
    var foreign: SchemaViolation?
}
