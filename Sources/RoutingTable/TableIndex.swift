/// A row in one of a snapshot's tables. Only meaningful together with the snapshot it came from.
public struct TableIndex<Record>: Hashable, Sendable {
    /// Position in the table, from zero.
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The position as a subscript.
    @inlinable public var position: Int { Int(rawValue) }
}

public typealias APIIndex = TableIndex<APIRecord>
public typealias VersionIndex = TableIndex<VersionRecord>
public typealias OperationIndex = TableIndex<OperationRecord>
public typealias SchemeIndex = TableIndex<SchemeRecord>
public typealias UpstreamIndex = TableIndex<UpstreamRecord>

/// Bytes in a snapshot's `arena`.
public struct ByteSlice: Hashable, Sendable {
    public let offset: UInt32
    public let count: UInt32

    @inlinable
    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// No bytes.
    public static let empty = ByteSlice(offset: 0, count: 0)

    @inlinable public var isEmpty: Bool { count == 0 }

    /// Where in the arena.
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}

/// Consecutive rows of a table.
public struct TableRange: Hashable, Sendable {
    public let first: UInt32
    public let count: UInt32

    @inlinable
    public init(first: UInt32, count: UInt32) {
        self.first = first
        self.count = count
    }

    public static let empty = TableRange(first: 0, count: 0)

    @inlinable public var isEmpty: Bool { count == 0 }

    /// The rows' positions.
    @inlinable public var positions: Range<Int> { Int(first)..<Int(first) + Int(count) }

    /// Whether a row lies within.
    @inlinable
    public func contains(_ position: UInt32) -> Bool {
        position >= first && position &- first < count
    }
}
