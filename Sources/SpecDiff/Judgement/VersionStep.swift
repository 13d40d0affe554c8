/// How far one declared version is from another, and which changes that distance admits to.
public enum VersionStep: Hashable, Sendable {
    /// The versions are the same.
    case unchanged
    /// The newer document has a later version, whose step admits to changes up to this size.
    case raised(VersionBump)
    /// The newer document has a later version, and what it comes from promised nothing: a pre-release.
    case fromPreRelease
    /// The newer document has an earlier version.
    case decreased
    /// The two follow different schemes, or one follows none.
    case incomparable

    /// Compares two versions, by precedence of Semantic Versioning 2.0.0 item 11 where both are of that scheme.
    ///
    /// What a step admits to: in `X.Y.Z` the number that was raised says it; where `X` is 0 nothing is promised (item 4),
    /// and by common convention a minor step then admits to breaking changes, a patch to all others. A date promises
    /// nothing: any later one admits to everything.
    public init(from base: DeclaredVersion, to revision: DeclaredVersion) {
        switch (base, revision) {
        case (.numbers(let old, let oldPreRelease), .numbers(let new, let newPreRelease)):
            self = Self.step(Self.padded(old), oldPreRelease, Self.padded(new), newPreRelease)
        case (.date(let old, let oldSuffix), .date(let new, let newSuffix)):
            if old != new {
                self = old.lexicographicallyPrecedes(new) ? .raised(.major) : .decreased
            } else if oldSuffix == newSuffix {
                self = .unchanged
            } else {
                // Of one day, the version without a suffix is the one that is released; previews follow in no order.
                self = oldSuffix.isEmpty ? .decreased : .fromPreRelease
            }
        default: self = .incomparable
        }
    }

    private static func step(_ old: [Int], _ oldPreRelease: [String], _ new: [Int], _ newPreRelease: [String])
        -> VersionStep
    {
        guard old == new else {
            guard old.lexicographicallyPrecedes(new) else { return .decreased }
            if !oldPreRelease.isEmpty { return .fromPreRelease }
            if old[0] != new[0] { return .raised(.major) }
            let isUnstable = old[0] == 0
            if old[1] != new[1] { return .raised(isUnstable ? .major : .minor) }
            return .raised(isUnstable ? .minor : .patch)
        }
        if oldPreRelease == newPreRelease { return .unchanged }
        if oldPreRelease.isEmpty { return .decreased }
        let isLater = newPreRelease.isEmpty || precedes(oldPreRelease, newPreRelease)
        return isLater ? .fromPreRelease : .decreased
    }

    private static func padded(_ numbers: [Int]) -> [Int] {
        numbers + Array(repeating: 0, count: max(0, 3 - numbers.count))
    }

    /// Item 11.4: numbers by value and before words, words by ASCII, the shorter list first.
    private static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (one, other) in zip(left, right) where one != other {
            switch (Int(one), Int(other)) {
            case (let one?, let other?): return one < other
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(other.utf8)
            }
        }
        return left.count < right.count
    }
}
