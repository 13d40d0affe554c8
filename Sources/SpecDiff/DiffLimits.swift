/// What a comparison may cost at most. Where one of these cuts, a change with the check `comparison-cut` says so.
public struct DiffLimits: Hashable, Sendable {
    /// Pairs of schemas that one comparison looks at; each pair is compared once a side.
    public var schemaPairsMax = 2_000_000
    /// Schemas that stand in one another, references followed, before two that have no name are compared by their text.
    public var equivalenceDepthMax = 128
    /// Callbacks of operations of callbacks, and so on.
    public var callbackDepthMax = 4
    /// Changes, said once each, that one report holds.
    public var changesMax = 200_000
    /// Operations that changed schemas reach, counted once a schema.
    public var sitesMax = 4_000_000
    /// Places that ``DocumentDiff/expand(_:)`` lists.
    public var expandedMax = 2_000_000

    /// The figures above.
    public init() {}
}

extension DiffLimits {
    /// The figure of a limit by its name.
    func value(of name: String) -> Int {
        switch name {
        case "schemaPairsMax": schemaPairsMax
        case "equivalenceDepthMax": equivalenceDepthMax
        case "callbackDepthMax": callbackDepthMax
        case "changesMax": changesMax
        case "sitesMax": sitesMax
        default: expandedMax
        }
    }
}
