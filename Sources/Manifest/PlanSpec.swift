/// `spec` of a `Plan`.
public struct PlanSpec: Hashable, Sendable {
    public enum Approval: String, Hashable, Sendable, CaseIterable {
        case automatic
        case manual
    }

    public var api: ManifestReference
    public var title: String?
    public var approval: Approval
    /// Ids of operations; nil grants all.
    public var operations: [String]?
    public var limits: [LimitSpec]

    public init(
        api: ManifestReference,
        title: String? = nil,
        approval: Approval = .manual,
        operations: [String]? = nil,
        limits: [LimitSpec] = []
    ) {
        self.api = api
        self.title = title
        self.approval = approval
        self.operations = operations
        self.limits = limits
    }
}

/// One of `spec.limits` of a `Plan`.
public struct LimitSpec: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case rate
        case quota
    }

    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case gcra
        case fixed
    }

    public enum Alignment: String, Hashable, Sendable, CaseIterable {
        case none
        case calendar
    }

    public var name: String
    public var kind: Kind
    /// Requests a window.
    public var amount: Int
    /// An ISO 8601 duration as written.
    public var window: String
    /// Nil: GCRA for a rate, fixed for a quota.
    public var algorithm: Algorithm?
    /// For GCRA: requests admitted at one instant after a pause.
    public var burst: Int?
    /// Nil: `none`.
    public var align: Alignment?
    /// Not part of equality.
    public var place: ManifestPlace?

    public init(
        name: String,
        kind: Kind,
        amount: Int,
        window: String,
        algorithm: Algorithm? = nil,
        burst: Int? = nil,
        align: Alignment? = nil,
        place: ManifestPlace? = nil
    ) {
        self.name = name
        self.kind = kind
        self.amount = amount
        self.window = window
        self.algorithm = algorithm
        self.burst = burst
        self.align = align
        self.place = place
    }

    public static func == (left: LimitSpec, right: LimitSpec) -> Bool {
        left.name == right.name && left.kind == right.kind && left.amount == right.amount && left.window == right.window
            && left.algorithm == right.algorithm && left.burst == right.burst && left.align == right.align
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(amount)
        hasher.combine(window)
    }
}
