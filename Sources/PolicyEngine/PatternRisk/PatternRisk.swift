internal import RegularExpression

/// Whether a regular expression of a specification can be used at all, and in bounded time.
enum PatternRisk {
    enum Verdict: Hashable {
        case fine
        /// Not a pattern, or too large to be one.
        case invalid(reason: String)
        /// Some texts take exponentially many steps, or as many as a search may take.
        case unbounded(reason: String)
    }

    /// Bytes of the longest pattern that is looked into; what compiles to more costs everybody who uses it.
    static let patternBytesMax = 8_192

    /// Judges a pattern: first whether it compiles, then by its structure, then, where the structure says nothing, by trying.
    static func verdict(on pattern: String) -> Verdict {
        do throws(PatternError) {
            // Schemas are written for engines of both grammars, so the lenient one decides what is wrong.
            _ = try ECMAPattern(pattern)
        } catch {
            return .invalid(reason: "\(error)")
        }
        guard pattern.utf8.count <= patternBytesMax else {
            return .unbounded(reason: "it is \(pattern.utf8.count) bytes long, more than \(patternBytesMax)")
        }
        var reader = PatternTreeReader(pattern)
        let tree = reader.read()
        if refersToRepetition(tree) {
            return .unbounded(reason: "a backreference to a repeated group is tried at every length")
        }
        guard tree.repeats else { return .fine }
        switch PatternAutomaton(tree).isExponential(hasAssertions: reader.hasAssertions) {
        case true?: return .unbounded(reason: "a repetition can take the same text in more than one way")
        case false?: return .fine
        case nil: return triedVerdict(on: pattern)
        }
    }

    /// Whether `\1` stands for a group that repeats.
    private static func refersToRepetition(_ tree: PatternTree) -> Bool {
        var repeating: Set<Int> = []
        var references: [Int?] = []
        collect(tree, &repeating, &references)
        return references.contains { number in number.map(repeating.contains) ?? !repeating.isEmpty }
    }

    private static func collect(_ tree: PatternTree, _ repeating: inout Set<Int>, _ references: inout [Int?]) {
        switch tree {
        case .empty, .set: return
        case .backreference(let number): references.append(number)
        case .sequence(let parts), .choice(let parts):
            for part in parts { collect(part, &repeating, &references) }
        case .group(let body, let number):
            if body.repeats { repeating.insert(number) }
            collect(body, &repeating, &references)
        case .loop(let body, _, _), .optional(let body), .assertion(let body):
            collect(body, &repeating, &references)
        }
    }

    /// How a search that may take few steps fares on texts that suit repetitions and then fail.
    private static func triedVerdict(on pattern: String) -> Verdict {
        var limits = PatternLimits.default
        limits.matchStepsMax = 100_000
        for character in ["a", "0", "A", " ", "-", "."] {
            let text = String(repeating: character, count: 200) + "\u{1}"
            do {
                _ = try ECMAPattern(pattern, limits: limits).matches(text)
            } catch {
                return .unbounded(reason: "a text of 201 characters needs more than \(limits.matchStepsMax) steps")
            }
        }
        return .fine
    }
}
