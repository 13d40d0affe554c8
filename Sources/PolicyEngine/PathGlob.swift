/// A pattern for paths of files, as `overrides` and command lines hold them.
///
/// `*` and `?` stay inside of one name, `**` stands for any number of folders, `[a-z]` and `[!a-z]` for one character, `{a,b}` for
/// either text. As in Spectral (minimatch with `matchBase`) a pattern without a slash is about the file's name in whatever folder,
/// and a name that begins with a dot is found only by a pattern that writes the dot.
public struct PathGlob: Hashable, Sendable {
    /// The pattern as it was written.
    public let text: String
    private let alternatives: [[Segment]]

    private enum Segment: Hashable {
        /// `**`.
        case folders
        case name([Token])
    }

    private enum Token: Hashable {
        case literal(Character)
        /// `?`.
        case one
        /// `*`.
        case many
        case set([ClosedRange<Character>], isNegated: Bool)
    }

    /// Reads a pattern.
    ///
    /// It fails where a bracket or brace is not closed, the pattern is empty, or its braces stand for more than
    /// ``LintLimits/globAlternativesMax`` patterns.
    ///
    /// - Parameters:
    ///   - text: the pattern; `./` at its start means nothing.
    ///   - matchesNames: whether a pattern without a slash is about the file's name in whatever folder; else it is about the
    ///     current one, as in a shell.
    public init?(_ text: String, matchesNames: Bool = true) {
        self.text = text
        guard !text.isEmpty, let expanded = Self.expandBraces(text) else { return nil }
        var alternatives: [[Segment]] = []
        for pattern in expanded {
            guard let segments = Self.segments(of: pattern, matchesNames) else { return nil }
            alternatives.append(segments)
        }
        self.alternatives = alternatives
    }

    /// Whether a text is a pattern rather than a plain path.
    public static func isPattern(_ text: String) -> Bool {
        text.contains { "*?[{".contains($0) }
    }

    /// The folder before the first name that is a pattern: where to begin to look; empty for the current one, `/` at its end
    /// otherwise.
    public var folder: String {
        var folder = ""
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        for name in names.dropLast() {
            if Self.isPattern(String(name)) { break }
            folder += name + "/"
        }
        return folder
    }

    /// Whether a path, with `/` between its names, is one that is meant.
    public func matches(_ path: String) -> Bool {
        let names = Self.names(of: path)
        return alternatives.contains { Self.matches($0, names) }
    }

    // MARK: Reading

    private static func names(of path: String) -> [Substring] {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return names.filter { $0 != "." }
    }

    private static func segments(of pattern: String, _ matchesNames: Bool) -> [Segment]? {
        var segments: [Segment] = []
        for name in names(of: pattern) {
            if name == "**" {
                if segments.last != .folders { segments.append(.folders) }
                continue
            }
            guard let tokens = tokens(of: name) else { return nil }
            segments.append(.name(tokens))
        }
        if matchesNames, segments.count == 1, !pattern.contains("/") { segments.insert(.folders, at: 0) }
        return segments
    }

    private static func tokens(of name: Substring) -> [Token]? {
        var tokens: [Token] = []
        var rest = name
        while let character = rest.popFirst() {
            switch character {
            case "*": if tokens.last != .many { tokens.append(.many) }
            case "?": tokens.append(.one)
            case "\\": tokens.append(.literal(rest.popFirst() ?? "\\"))
            case "[":
                guard let set = set(&rest) else { return nil }
                tokens.append(set)
            default: tokens.append(.literal(character))
            }
        }
        return tokens
    }

    private static func set(_ rest: inout Substring) -> Token? {
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while let first = rest.popFirst() {
            if first == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            var last = first
            if rest.first == "-", let bound = rest.dropFirst().first, bound != "]" {
                rest.removeFirst(2)
                last = bound
            }
            ranges.append(min(first, last)...max(first, last))
        }
        return nil
    }

    /// `a{b,c}d` as `abd` and `acd`; braces may stand in braces. One alternative alone (`{a}`) is text, as in a shell.
    private static func expandBraces(_ text: String) -> [String]? {
        guard let open = text.firstIndex(of: "{") else { return [text] }
        var depth = 0
        var parts: [String] = [""]
        var index = open
        while index < text.endIndex {
            let character = text[index]
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if depth == 0 { break }
            if character == ",", depth == 1 {
                parts.append("")
            } else if index != open {
                parts[parts.count - 1].append(character)
            }
            index = text.index(after: index)
        }
        guard index < text.endIndex else { return nil }
        if parts.count == 1 { parts = ["\\{" + parts[0] + "}"] }
        let (before, after) = (text[..<open], text[text.index(after: index)...])
        var result: [String] = []
        for part in parts {
            guard let inner = expandBraces(part == parts[0] && part.hasPrefix("\\{") ? String(after) : part + after)
            else { return nil }
            result += inner.map { before + (part.hasPrefix("\\{") ? part + $0 : $0) }
            guard result.count <= LintLimits.globAlternativesMax else { return nil }
        }
        return result
    }

    // MARK: Matching

    /// By a table of which beginnings fit: no pattern costs more than its length times that of the path.
    private static func matches(_ segments: [Segment], _ names: [Substring]) -> Bool {
        var fits = [Bool](repeating: false, count: names.count + 1)
        fits[0] = true
        for segment in segments {
            var next = [Bool](repeating: false, count: names.count + 1)
            switch segment {
            case .folders:
                var isOpen = false
                for count in 0...names.count {
                    if count > 0, names[count - 1].hasPrefix(".") { isOpen = false }
                    isOpen = isOpen || fits[count]
                    next[count] = isOpen
                }
            case .name(let tokens):
                for count in names.indices where fits[count] { next[count + 1] = matches(tokens, names[count]) }
            }
            fits = next
        }
        return fits[names.count]
    }

    private static func matches(_ tokens: [Token], _ name: Substring) -> Bool {
        if name.hasPrefix("."), tokens.first != .literal(".") { return false }
        let characters = Array(name)
        var fits = [Bool](repeating: false, count: characters.count + 1)
        fits[0] = true
        for token in tokens {
            var next = [Bool](repeating: false, count: characters.count + 1)
            if token == .many {
                var isOpen = false
                for count in fits.indices {
                    isOpen = isOpen || fits[count]
                    next[count] = isOpen
                }
            } else {
                for count in characters.indices where fits[count] {
                    next[count + 1] = matches(token, characters[count])
                }
            }
            fits = next
        }
        return fits[characters.count]
    }

    private static func matches(_ token: Token, _ character: Character) -> Bool {
        switch token {
        case .literal(let expected): expected == character
        case .one, .many: true
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        }
    }
}
