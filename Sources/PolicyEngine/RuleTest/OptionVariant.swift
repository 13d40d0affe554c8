internal import DocumentTree

/// The options of a function with one part changed: a member or an element left out, a bound moved by one, an alternative of
/// a pattern left out, its `i` flag dropped.
struct OptionVariant {
    /// What was changed, in words.
    let label: String
    let options: JSONValue

    /// Members of schemas that assert nothing.
    private static let annotations: Set<String> = [
        "title", "description", "$comment", "$schema", "default", "examples",
    ]

    static func all(of options: JSONValue) -> [OptionVariant] { variants(of: options, at: "") }

    private static func variants(of value: JSONValue, at place: String) -> [OptionVariant] {
        if let members = value.object { return variants(of: members, at: place) }
        if let elements = value.array { return variants(of: elements, at: place) }
        return []
    }

    private static func variants(of members: [(key: String, value: JSONValue)], at place: String) -> [OptionVariant] {
        var found: [OptionVariant] = []
        for (position, member) in members.enumerated() where !annotations.contains(member.key) {
            let path = place.isEmpty ? member.key : place + "." + member.key
            func replaced(by value: JSONValue) -> JSONValue {
                var changed = members
                changed[position].value = value
                return .object(changed)
            }
            var left = members
            left.remove(at: position)
            found.append(OptionVariant(label: "without `\(path)`", options: .object(left)))
            for moved in bounds(member.key, member.value) {
                found.append(OptionVariant(label: "`\(path)` \(moved.text())", options: replaced(by: moved)))
            }
            if ["match", "notMatch", "pattern"].contains(member.key), let text = member.value.string {
                for weaker in PatternVariant.all(of: text) {
                    found.append(OptionVariant(label: "`\(path)` \(weaker)", options: replaced(by: .string(weaker))))
                }
            }
            found += variants(of: member.value, at: path).map {
                OptionVariant(label: $0.label, options: replaced(by: $0.options))
            }
        }
        return found
    }

    private static func variants(of elements: [JSONValue], at place: String) -> [OptionVariant] {
        var found: [OptionVariant] = []
        for (position, element) in elements.enumerated() {
            var left = elements
            left.remove(at: position)
            found.append(OptionVariant(label: "without `\(place)[\(position)]`", options: .array(left)))
            found += variants(of: element, at: "\(place)[\(position)]").map { variant in
                var changed = elements
                changed[position] = variant.options
                return OptionVariant(label: variant.label, options: .array(changed))
            }
        }
        return found
    }

    /// A bound moved by one to the weaker side.
    private static func bounds(_ key: String, _ value: JSONValue) -> [JSONValue] {
        guard let number = value.integer else { return [] }
        if key.hasPrefix("min") || key == "exclusiveMinimum" { return [.integer(number - 1)] }
        if key.hasPrefix("max") || key == "exclusiveMaximum" { return [.integer(number + 1)] }
        return []
    }
}

/// A regular expression with one alternative left out, or without its `i` flag.
enum PatternVariant {
    static func all(of pattern: String) -> [String] {
        var found: [String] = []
        for alternation in alternations(of: Array(pattern)) {
            for position in alternation.indices where alternation.count > 1 {
                var characters = Array(pattern)
                // A bar goes with the alternative: the one before it, or for the first the one behind it.
                let part = alternation[position]
                let range =
                    position == 0 ? part.lowerBound..<part.upperBound + 1 : part.lowerBound - 1..<part.upperBound
                characters.removeSubrange(range)
                found.append(String(characters))
            }
        }
        if pattern.hasPrefix("/"), let slash = pattern.lastIndex(of: "/"), slash > pattern.startIndex,
            pattern[slash...].contains("i")
        {
            found.append(pattern[..<slash] + pattern[slash...].filter { $0 != "i" })
        }
        return found
    }

    /// A group that is being read.
    private struct Group {
        var parts: [Range<Int>] = []
        var start: Int

        mutating func add(upTo end: Int) {
            parts.append(start..<max(start, end))
            start = end + 1
        }
    }

    /// For each group, and for the whole, where its alternatives stand.
    private static func alternations(of characters: [Character]) -> [[Range<Int>]] {
        let isLiteral = characters.first == "/" && characters.dropFirst().contains("/")
        let start = isLiteral ? 1 : 0
        let end = isLiteral ? characters.lastIndex(of: "/") ?? characters.count : characters.count
        var open = [Group(start: start)]
        var found: [[Range<Int>]] = []
        var isInClass = false
        var place = start
        while place < end {
            switch characters[place] {
            case "\\": place += 1
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass:
                // `(?:` and its like belong to the group, not to its first alternative.
                var inner = place + 1
                if inner < end, characters[inner] == "?" {
                    while inner < end, !":=!>".contains(characters[inner]) { inner += 1 }
                    inner += 1
                }
                open.append(Group(start: inner))
            case "|" where !isInClass: open[open.count - 1].add(upTo: place)
            case ")" where !isInClass && open.count > 1:
                var group = open.removeLast()
                group.add(upTo: place)
                found.append(group.parts)
            default: break
            }
            place += 1
        }
        open[0].add(upTo: end)
        found.append(open[0].parts)
        return found
    }
}
