/// What a ``VersionProof`` says of a version that does not tell the truth.
struct VersionWords {
    let base: String?
    let revision: String?
    let old: DeclaredVersion?
    let new: DeclaredVersion?
    let required: VersionBump

    struct Complaint {
        var id: String
        var level: ChangeLevel
        var text: String
        var comment: String?
    }

    /// Changes that a complaint names.
    private static let namedMax = 5

    /// What is wrong with a step; nil where nothing is.
    func complaint(about step: VersionStep, _ changes: [Change]) -> Complaint? {
        switch step {
        case .incomparable:
            guard required > .none else { return nil }
            return Complaint(
                id: "api-version-not-comparable",
                level: .warning,
                text: incomparable,
                comment: "a \(required.name) step is needed: \(Self.forcing(changes, required))"
            )
        case .decreased:
            return Complaint(
                id: "api-version-decreased",
                level: .error,
                text: "the version went back from `\(base ?? "")` to `\(revision ?? "")`",
                comment: "a document that follows another has a later version; a pre-release comes before its release"
            )
        case .fromPreRelease: return nil
        case .unchanged: return tooSmall(.none, changes)
        case .raised(let admitted): return tooSmall(admitted, changes)
        }
    }

    private func tooSmall(_ admitted: VersionBump, _ changes: [Change]) -> Complaint? {
        // What the scheme cannot express it need not express: `1.2` has no number for a patch.
        let asked = required >= (new?.finestStep ?? .patch) ? required : .none
        guard admitted < asked else { return nil }
        let change =
            admitted == .none
            ? "the version is still `\(revision ?? "")`"
            : "the version went from `\(base ?? "")` to `\(revision ?? "")`, which admits to \(Self.size(admitted)) changes only"
        var text = "\(change), and \(Self.reason(asked)): \(Self.size(asked, article: true)) step is needed"
        if let example = example(asked) { text += ", such as `\(example)`" }
        var comment = Self.forcing(changes, asked)
        if case .numbers(let numbers, _)? = old, numbers[0] == 0, numbers.count > 1 {
            comment +=
                "; while the first number is 0, raising the second admits to breaking changes, the third to others"
        }
        return Complaint(
            id: asked == .major && admitted > .none ? "api-major-version-not-bumped" : "api-version-not-bumped",
            level: .error,
            text: text,
            comment: comment
        )
    }

    private func example(_ step: VersionBump) -> String? {
        guard let old else { return nil }
        guard case .numbers(let numbers, _) = old, numbers[0] == 0, numbers.count > 1 else { return old.next(step) }
        return old.next(step == .major || numbers.count == 2 ? .minor : .patch)
    }

    private var incomparable: String {
        switch (base, revision) {
        case (nil, _): "the base declares no version, so nobody can tell how far `\(revision ?? "none")` is from it"
        case (_, nil): "the revision declares no version, so nobody can tell how far it is from `\(base ?? "")`"
        case (let base?, let revision?):
            if old == nil || new == nil {
                "`\(old == nil ? base : revision)` is no semantic version, no date and no number, so the versions "
                    + "`\(base)` and `\(revision)` cannot be compared"
            } else {
                "the versions `\(base)` and `\(revision)` follow different schemes and cannot be compared"
            }
        }
    }

    private static func size(_ step: VersionBump, article: Bool = false) -> String { (article ? "a " : "") + step.name }

    private static func reason(_ step: VersionBump) -> String {
        switch step {
        case .major: "callers may break"
        case .minor: "the contract grew"
        case .patch, .none: "the document changed"
        }
    }

    /// The changes that ask for a step, the first few by name.
    private static func forcing(_ changes: [Change], _ step: VersionBump) -> String {
        let forcing = changes.filter { VersionBump.required(for: [$0]) >= step }
        let named = forcing.prefix(namedMax).map { change -> String in
            let count = ReportText.namedSites(change).count
            let operation = ReportText.operation(change.leadingSite)
            if count > 1 { return "`\(change.id)` at \(count) operations" }
            return operation.isEmpty ? "`\(change.id)`" : "`\(change.id)` at `\(operation)`"
        }
        guard !named.isEmpty else { return "forced by edits of words, examples or tags" }
        let more = forcing.count - named.count
        return "forced by " + named.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
