import Lifecycle
import SnapshotCompiler
import Synchronization

/// What the compiler made of revisions, in memory: the most recently used ones up to a number of operations.
///
/// Revisions never change, so a unit is made once, at submission, and kept here and in the catalog: publishing a large
/// document does not read it again.
final class CompilationCache: Sendable {
    private struct State {
        var entries: [RevisionID: (unit: CompilationUnit, used: UInt64)] = [:]
        var operationCount = 0
        var clock: UInt64 = 0
    }

    /// About 100 MB at 500 bytes an operation.
    static let operationsMax = 200_000

    private let state = Mutex(State())

    func find(_ revision: RevisionID) -> CompilationUnit? {
        state.withLock { state in
            state.clock += 1
            state.entries[revision]?.used = state.clock
            return state.entries[revision]?.unit
        }
    }

    func insert(_ unit: CompilationUnit, for revision: RevisionID) {
        state.withLock { state in
            state.clock += 1
            if let old = state.entries.removeValue(forKey: revision) {
                state.operationCount -= old.unit.operations.count
            }
            state.entries[revision] = (unit, state.clock)
            state.operationCount += unit.operations.count
            while state.operationCount > Self.operationsMax, state.entries.count > 1,
                let oldest = state.entries.min(by: { $0.value.used < $1.value.used })
            {
                state.entries.removeValue(forKey: oldest.key)
                state.operationCount -= oldest.value.unit.operations.count
            }
        }
    }
}
