extension RouteTemplate {
    /// Whether some path matches both templates.
    ///
    /// Exact for literals and for parameters with a prefix and suffix; for two segments with literal text *between*
    /// parameters it may say yes where no path exists, never no where one does.
    public func overlaps(_ other: RouteTemplate) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { $0.overlaps($1) }
    }
}

extension RouteTemplate.Segment {
    /// Whether some segment text matches both.
    public func overlaps(_ other: RouteTemplate.Segment) -> Bool {
        switch (isLiteral, other.isLiteral) {
        case (true, true): literals == other.literals
        case (true, false): other.matches(literals[0])
        case (false, true): matches(other.literals[0])
        case (false, false):
            Self.agree(literals[0], other.literals[0])
                && Self.agree(
                    literals[literals.count - 1].reversed(),
                    other.literals[other.literals.count - 1].reversed()
                )
        }
    }

    /// Whether the segment matches a text in canonical form. A parameter takes at least one byte.
    public func matches(_ text: [UInt8]) -> Bool {
        if isLiteral { return text == literals[0] }
        guard text.starts(with: literals[0]) else { return false }
        var position = literals[0].count
        let last = literals[literals.count - 1]
        for literal in literals.dropFirst().dropLast() {
            // The leftmost place leaves the most room for what follows, so no other place needs to be tried.
            var place = position + 1
            while place + literal.count <= text.count, !text[place...].starts(with: literal) { place += 1 }
            guard place + literal.count <= text.count else { return false }
            position = place + literal.count
        }
        return text.count - position > last.count && text.reversed().starts(with: last.reversed())
    }

    /// Whether one is a prefix of the other.
    private static func agree(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        zip(left, right).allSatisfy { $0 == $1 }
    }
}
