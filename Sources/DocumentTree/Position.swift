/// A place in a text: line and character, both zero-based, as editors and lint reports count them.
///
/// `character` counts UTF-16 code units from the start of the line, as the Language Server Protocol does.
public struct Position: Hashable, Comparable, Sendable {
    /// The line, from zero.
    public var line: Int
    /// UTF-16 code units from the start of the line.
    public var character: Int

    /// Makes a position of a zero-based line and a zero-based UTF-16 character.
    public init(line: Int, character: Int) {
        self.line = line
        self.character = character
    }

    /// The start of a text.
    public static let start = Position(line: 0, character: 0)

    public static func < (left: Position, right: Position) -> Bool {
        left.line == right.line ? left.character < right.character : left.line < right.line
    }
}

/// A half-open stretch of a text: `end` is the first position that no longer belongs to it.
public struct SourceRange: Hashable, Sendable {
    /// The first position of the stretch.
    public var start: Position
    /// The position after the last one.
    public var end: Position

    /// Makes a range of two positions of one text.
    public init(start: Position, end: Position) {
        self.start = start
        self.end = end
    }

    /// The empty range at the start of a text, for findings that concern a document as a whole.
    public static let start = SourceRange(start: .start, end: .start)
}
