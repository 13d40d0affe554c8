public import Lifecycle

/// A limit as somebody wrote it, before it is checked.
public struct LimitDraft: Sendable, Hashable, Codable {
    /// Unique in the plan.
    public var name: String
    /// `rate` or `quota`.
    public var kind: String
    /// Requests a window.
    public var amount: Int64
    /// An ISO 8601 duration.
    public var window: String
    /// `none` or `calendar`.
    public var align: String?
    /// `gcra` or `fixed`.
    public var algorithm: String?
    /// Requests beyond the even pace; only for GCRA.
    public var burst: Int64?

    /// A limit as it was written.
    public init(
        name: String,
        kind: String,
        amount: Int64,
        window: String,
        align: String? = nil,
        algorithm: String? = nil,
        burst: Int64? = nil
    ) {
        self.name = name
        self.kind = kind
        self.amount = amount
        self.window = window
        self.align = align
        self.algorithm = algorithm
        self.burst = burst
    }

    /// A checked limit as a draft again: what an unchanged manifest holds.
    public init(_ limit: PlanLimit) {
        self.init(
            name: limit.name,
            kind: limit.kind.rawValue,
            amount: Int64(clamping: limit.amount),
            window: limit.window.text,
            align: limit.alignment.rawValue,
            algorithm: limit.algorithm.rawValue,
            burst: Int64(clamping: limit.burst)
        )
    }

    /// Checks all limits of a plan at once, so that every fault is told in one answer.
    ///
    /// `pointer` is where the list stands in the request, such as `/limits`.
    ///
    /// - Throws: ``GovernanceError`` `validation-failed` with a place for each fault, or `limit-reached`.
    static func checked(_ drafts: [LimitDraft], at pointer: String) throws(GovernanceError) -> [PlanLimit] {
        guard drafts.count <= PlanLimit.countMax else {
            throw GovernanceError(
                .limitReached,
                "a plan has at most \(PlanLimit.countMax) limits",
                mend: "leave some out",
                places: [.init("\(drafts.count) limits", pointer: pointer)]
            )
        }
        var limits: [PlanLimit] = []
        var places: [GovernanceError.Place] = []
        for (index, draft) in drafts.enumerated() {
            let here = "\(pointer)/\(index)"
            if limits.contains(where: { $0.name == draft.name }) {
                places.append(.init("a second limit called `\(draft.name)`", pointer: here + "/name"))
            }
            do throws(Faults) {
                limits.append(try draft.checked())
            } catch {
                places += error.list.map { .init($0.message, pointer: "\(here)/\($0.field)") }
            }
        }
        guard let first = places.first else { return limits }
        throw GovernanceError(
            .validationFailed,
            places.count == 1 ? first.detail : "\(places.count) faults in the plan's limits",
            mend: "correct each place in `errors`",
            places: places
        )
    }

    private struct Faults: Error {
        var list: [(field: String, message: String)]
    }

    private func checked() throws(Faults) -> PlanLimit {
        var faults: [(field: String, message: String)] = []
        let kind = word(kind, "kind", PlanLimit.Kind.self, &faults)
        let align = align.flatMap { word($0, "align", PlanLimit.Alignment.self, &faults) }
        let algorithm = algorithm.flatMap { word($0, "algorithm", PlanLimit.Algorithm.self, &faults) }
        if let burst, burst < 0 { faults.append(("burst", "the burst is \(burst); it is not negative")) }
        guard faults.isEmpty, let kind else { throw Faults(list: faults) }
        do throws(InvalidLimit) {
            return try PlanLimit(
                name: name,
                kind: kind,
                amount: UInt64(clamping: amount),
                window: window,
                alignment: align,
                algorithm: algorithm,
                burst: burst.map { UInt64(clamping: $0) }
            )
        } catch {
            throw Faults(list: error.faults.map { ($0.field, $0.message) })
        }
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ text: String,
        _ field: String,
        _: Word.Type,
        _ faults: inout [(field: String, message: String)]
    ) -> Word? where Word.RawValue == String {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: " or ")
        faults.append((field, "`\(text)` is no \(field); use \(known)"))
        return nil
    }
}
