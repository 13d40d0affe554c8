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
