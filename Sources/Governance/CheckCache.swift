import CatalogStore
import DocumentTree
import Lifecycle
import PolicyEngine
import RoutingTable
import Synchronization

/// A ruleset of the catalog or of the program, read and ready to check with; or why it cannot be used.
struct ReadyRuleset: Sendable {
    /// Which one it is, by name and revision.
    let reference: PolicyRuleset
    /// Nil for a built-in one.
    let id: RulesetID?
    /// What identifies its rules: its text with all that it extends, and for a built-in one its name.
    let sha256: [UInt8]
    let content: Result<Ruleset, CheckFailure>

    init(_ reference: PolicyRuleset, id: RulesetID?, bytes: [UInt8]) {
        self.reference = reference
        self.id = id
        let name = "\(reference.name)@\(reference.revision ?? 0)"
        do throws(RulesetRejected) {
            let ruleset = try Ruleset.read(bytes, name: name)
            content = .success(ruleset)
            sha256 = Digest32.sha256(of: Array("stored\0\(ruleset.contentHash)".utf8)).bytes
        } catch {
            // It was taken when it was stored: a newer engine, or a built-in ruleset that it extends, refuses it.
            content = .failure(CheckFailure("the ruleset `\(name)` cannot be used: \(error.reason)"))
            sha256 = Digest32.sha256(of: Array("unusable\0".utf8) + bytes).bytes
        }
    }

    init(builtIn name: String) {
        reference = PolicyRuleset(name)
        id = nil
        do throws(RulesetRejected) {
            let ruleset = try Ruleset.builtIn(name)
            content = .success(ruleset)
            sha256 = Digest32.sha256(of: Array("\(name)\0\(ruleset.contentHash)".utf8)).bytes
        } catch {
            content = .failure(CheckFailure("the ruleset `\(name)` cannot be used: \(error.reason)"))
            sha256 = Digest32.sha256(of: Array("unusable\0\(name)".utf8)).bytes
        }
    }

    /// What a check of a document with it depends on.
    func key(for contentSHA256: [UInt8]) -> EvaluationStore.Key {
        EvaluationStore.Key(
            contentSHA256: contentSHA256,
            rulesetSHA256: sha256,
            engine: Linter.engineVersion
        )
    }
}

/// Why a check could not be carried out.
struct CheckFailure: Error, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

extension RulesetRejected {
    /// The first thing that is wrong.
    fileprivate var reason: String { findings.first?.message ?? "it is not a ruleset" }
}

/// What checks need and what they gave, in memory: rulesets that were read, and results that a transaction is about to store.
/// A check takes up to a second on a large document, so it is made before the transaction that needs it.
final class CheckCache: Sendable {
    typealias Checked = (evaluation: Evaluation, findings: [LintFinding])

    private struct State {
        var rulesets: [String: ReadyRuleset] = [:]
        var results: [EvaluationStore.Key: Checked] = [:]
        var order: [EvaluationStore.Key] = []
        var comparisons: [ComparisonStore.Key: Comparison] = [:]
        var comparisonOrder: [ComparisonStore.Key] = []
    }

    /// Rulesets that are kept; all go when there would be more.
    static let rulesetsMax = 200
    /// Results that are kept, the newest ones; a result has at most ``SpecificationReading/findingsMax`` findings.
    static let resultsMax = 32

    private let state = Mutex(State())

    func ruleset(_ key: String) -> ReadyRuleset? { state.withLock { $0.rulesets[key] } }

    func keep(_ ruleset: ReadyRuleset, as key: String) {
        state.withLock { state in
            if state.rulesets.count >= Self.rulesetsMax { state.rulesets.removeAll() }
            state.rulesets[key] = ruleset
        }
    }

    func result(_ key: EvaluationStore.Key) -> Checked? { state.withLock { $0.results[key] } }

    func keep(_ result: Checked, as key: EvaluationStore.Key) {
        state.withLock { state in
            if state.results.updateValue(result, forKey: key) == nil { state.order.append(key) }
            while state.order.count > Self.resultsMax { state.results[state.order.removeFirst()] = nil }
        }
    }

    func comparison(_ key: ComparisonStore.Key) -> Comparison? { state.withLock { $0.comparisons[key] } }

    func keep(_ comparison: Comparison, as key: ComparisonStore.Key) {
        state.withLock { state in
            if state.comparisons.updateValue(comparison, forKey: key) == nil { state.comparisonOrder.append(key) }
            while state.comparisonOrder.count > Self.resultsMax {
                state.comparisons[state.comparisonOrder.removeFirst()] = nil
            }
        }
    }
}
