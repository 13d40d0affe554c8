import DocumentTree
import ProblemDetails

/// Reads the members of a JSON body strictly: a member nobody knows, a wrong type and a missing one are all collected, each
/// with its JSON Pointer, and thrown together by ``finish()``. Nothing is guessed and nothing is dropped.
struct BodyReader {
    private let node: Node
    private let pointer: String
    private var known: [String] = []
    private(set) var violations: [FieldViolation] = []

    /// - Parameters:
    ///   - node: the mapping to read.
    ///   - pointer: where it stands in the body.
    init(_ node: Node, pointer: String = "") {
        self.node = node
        self.pointer = pointer
        if !node.isMapping { violations.append(FieldViolation(pointer: pointer, detail: "expected an object")) }
    }

    /// Parses a body as JSON.
    ///
    /// - Throws: `malformed-body` with the place.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> Document {
        do {
            let document = try Document.read(bytes.isEmpty ? Array("{}".utf8) : bytes, name: "body")
            guard document.syntax == .json else {
                throw Problem(
                    .malformedBody,
                    detail: "the body is no JSON; send an object such as {\"name\": \"orders\"}"
                )
            }
            if let finding = document.findings.first(where: { $0.severity == .error }) { throw Self.malformed(finding) }
            return document
        } catch let problem as Problem {
            throw problem
        } catch let unreadable as UnreadableDocument {
            throw unreadable.findings.first.map(Self.malformed) ?? Problem(.malformedBody)
        } catch {
            throw Problem(.malformedBody, detail: "the body cannot be read")
        }
    }

    private static func malformed(_ finding: Finding) -> Problem {
        let start = finding.range.start
        return Problem(
            .malformedBody,
            detail: "\(finding.message) at line \(start.line + 1), column \(start.character + 1)"
        )
    }

    /// A string that must be there.
    mutating func string(_ name: String) -> String {
        guard let text = optionalString(name) else {
            if node[name] == nil { violate(name, "is missing; expected a string") }
            return ""
        }
        return text
    }

    /// A string; nil where it is absent or null.
    mutating func optionalString(_ name: String) -> String? {
        guard let member = member(name), !member.isNull else { return nil }
        guard let text = member.string else {
            violate(name, "expected a string")
            return nil
        }
        return text
    }

    /// A whole number that must be there.
    mutating func integer(_ name: String) -> Int {
        guard let value = optionalInteger(name) else {
            if node[name] == nil { violate(name, "is missing; expected a whole number") }
            return 0
        }
        return value
    }

    /// A whole number; nil where it is absent or null.
    mutating func optionalInteger(_ name: String) -> Int? {
        guard let member = member(name), !member.isNull else { return nil }
        guard let value = member.integer else {
            violate(name, "expected a whole number")
            return nil
        }
        return value
    }

    /// A truth value; nil where it is absent or null.
    mutating func optionalBoolean(_ name: String) -> Bool? {
        guard let member = member(name), !member.isNull else { return nil }
        guard let value = member.boolean else {
            violate(name, "expected true or false")
            return nil
        }
        return value
    }

    /// A value of a closed set of words; nil where it is absent or null.
    mutating func optionalWord<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let text = optionalString(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            violate(name, "expected one of \(Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))")
            return nil
        }
        return word
    }

    /// A list of strings; nil where it is absent or null.
    mutating func optionalStrings(_ name: String) -> [String]? {
        guard let member = member(name), !member.isNull else { return nil }
        guard member.isSequence else {
            violate(name, "expected a list of strings")
            return nil
        }
        var strings: [String] = []
        for (place, element) in member.elements.enumerated() {
            guard let text = element.string else {
                violate("\(name)/\(place)", "expected a string")
                continue
            }
            strings.append(text)
        }
        return strings
    }

    /// The node of a member; nil where it is absent. Null is a node.
    mutating func member(_ name: String) -> Node? {
        known.append(name)
        return node[name]
    }

    /// Whether the body has the member at all, null or not: what a merge patch (RFC 7396) must tell apart.
    func has(_ name: String) -> Bool { node[name] != nil }

    /// The JSON Pointer of a member.
    func place(of name: String) -> String { "\(pointer)/\(name)" }

    /// Notes a violation at a member.
    mutating func violate(_ name: String, _ detail: String) {
        violations.append(FieldViolation(pointer: "\(pointer)/\(name)", detail: detail))
    }

    /// Takes over the violations of a reader of a part.
    mutating func absorb(_ part: BodyReader) {
        violations += part.allViolations
    }

    /// - Throws: `unknown-field` or `validation-failed` with every place.
    func finish() throws(Problem) {
        let all = allViolations
        guard !all.isEmpty else { return }
        let code: ProblemCode = violations.isEmpty ? .unknownField : .validationFailed
        throw Problem(
            code,
            detail: all.count == 1 ? "\(all[0].pointer): \(all[0].detail)" : "\(all.count) places to mend",
            errors: all
        )
    }

    private var allViolations: [FieldViolation] {
        let strangers = node.isMapping ? node.keys.filter { !known.contains($0) } : []
        return violations
            + strangers.map { name in
                let hint = NearestName.of(name, among: known).map { "; did you mean `\($0)`?" } ?? ""
                return FieldViolation(
                    pointer: "\(pointer)/\(name)",
                    detail: "no field of this name is known here\(hint)"
                )
            }
    }
}

/// Spelling suggestions.
enum NearestName {
    /// The candidate that fewest edits away, where that is at most a third of the name.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let scored = candidates.map { ($0, distance(Array(name.lowercased().utf8), Array($0.lowercased().utf8))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, name.utf8.count / 3) else { return nil }
        return best.0
    }

    /// Levenshtein's distance over bytes.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (place, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for (column, other) in right.enumerated() {
                let cost = byte == other ? diagonal : min(diagonal, row[column], row[column + 1]) + 1
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[right.count]
    }
}
