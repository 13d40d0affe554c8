/// The smallest step of a version number that tells the truth about a set of changes, after Semantic Versioning 2.0.0
/// items 6 to 8.
public enum VersionBump: Int, Comparable, Sendable, CaseIterable {
    /// Nothing changed.
    case none = 0
    /// Nothing that a caller can see in the contract changed: descriptions, examples, tags.
    case patch = 1
    /// Something was added or widened that breaks no caller.
    case minor = 2
    /// A caller may break.
    case major = 3

    /// As reports spell it: `none`, `patch`, `minor`, `major`.
    public var name: String {
        switch self {
        case .none: "none"
        case .patch: "patch"
        case .minor: "minor"
        case .major: "major"
        }
    }

    /// Orders by size of the step.
    public static func < (left: VersionBump, right: VersionBump) -> Bool { left.rawValue < right.rawValue }
}

extension VersionBump {
    /// The step that a list of changes asks for. Errors ask for a major one; what only may break some callers, as
    /// everything else that callers can see, asks for a minor one; tags for a patch; what is said about the version or
    /// the comparison itself, for none.
    public static func required(for changes: [Change]) -> VersionBump {
        var bump = VersionBump.none
        for change in changes {
            if change.level == .error { return .major }
            switch ChangeTable.rule(change.id)?.area {
            case .info: continue
            case .tags: bump = max(bump, .patch)
            default: bump = max(bump, .minor)
            }
        }
        return bump
    }
}
