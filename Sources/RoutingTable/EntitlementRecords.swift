/// A credential, application or subscription in one `EntitlementSet`; meaningless in any other.
public struct EntitlementRow<Record>: Hashable, Sendable {
    /// Row number; the top bit tells the overlay from the base.
    let rawValue: UInt32

    init(row: Int, inOverlay: Bool) {
        rawValue = UInt32(truncatingIfNeeded: row) | (inOverlay ? 0x8000_0000 : 0)
    }

    @inline(always) var isInOverlay: Bool { rawValue & 0x8000_0000 != 0 }
    @inline(always) var position: Int { Int(rawValue & 0x7FFF_FFFF) }
}

public typealias CredentialIndex = EntitlementRow<CredentialRecord>
public typealias ApplicationIndex = EntitlementRow<ApplicationRecord>
public typealias SubscriptionIndex = EntitlementRow<SubscriptionRecord>

/// A credential without its hash, which lies in a column of its own.
public struct CredentialRecord: Sendable {
    public let id: RecordID
    /// Unix seconds; `Int64.min` for "since ever".
    public let startsAt: Int64
    /// Unix seconds; `Int64.max` for "for good".
    public let expiresAt: Int64
    /// First characters of the key.
    let start: ByteSlice
    let pins: TableRange
    /// Row in the same table, a stub when the application lies in the other one.
    let application: UInt32
}

/// An application and where its subscriptions lie.
public struct ApplicationRecord: Sendable {
    public let id: RecordID
    let name: ByteSlice
    let subscriptions: TableRange
    /// False for a stub: only its id is known in this table.
    let isPresent: Bool
}

/// A subscription as the gate reads it.
public struct SubscriptionRecord: Sendable {
    public let id: RecordID
    /// Unix seconds; `Int64.min` for "since ever".
    public let startsAt: Int64
    /// Unix seconds; `Int64.max` for "for good".
    public let endsAt: Int64
    /// Nil: every major.
    public let major: Int32?
    public let state: EntitlementContent.SubscriptionState
    let terms: UInt32
    let pins: TableRange
}

/// What a plan grants for an API; subscriptions of one plan share it.
struct TermsRecord: Sendable {
    /// Row of the table's API names.
    let api: UInt32
    let plan: ByteSlice
    /// Rows of `slices`; nil for all operations.
    let operations: TableRange?
    /// Rows of `limits`.
    let limits: TableRange
}

/// A pin; `target` is a row of the table's pin targets.
struct PinRecord: Sendable {
    let target: UInt32
    let isHard: Bool
    /// Unix seconds; `Int64.max` for "for good".
    let expiresAt: Int64
}

/// An API and a version that some pin names.
struct PinTarget: Hashable, Sendable {
    let api: UInt32
    let version: String
}
