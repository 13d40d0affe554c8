import Synchronization

/// A growing row of counters that one event loop writes and any thread reads.
///
/// Each loop owns its banks, so an increment is a relaxed load and store without a locked instruction; a reader sums
/// the banks of all loops. Counts are exact because a bank has exactly one writer.
public final class CellBank: @unchecked Sendable {
    // SAFETY: the directory is allocated once and freed in `deinit`; its entries go from nil to a chunk once and are
    // published with release ordering, so a reader sees initialised cells. Guarded by "a reader sums while loops count".
    private let directory: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer?>>

    /// Counters in one chunk.
    static let chunkCells = 512
    /// Chunks in a bank; together with ``chunkCells`` the bound on the memory of one bank (16 MiB).
    static let chunksMax = 4096
    /// The greatest index a bank counts separately; greater ones are counted together in the last cell.
    public static let indexMax = chunkCells * chunksMax - 1

    /// Makes an empty bank; chunks are allocated when first counted in.
    public init() {
        directory = .allocate(capacity: Self.chunksMax)
        for index in 0..<Self.chunksMax { (directory + index).initialize(to: Atomic(nil)) }
    }

    deinit {
        for index in 0..<Self.chunksMax {
            if let chunk = directory[index].load(ordering: .acquiring) {
                let cells = chunk.assumingMemoryBound(to: Atomic<UInt64>.self)
                cells.deinitialize(count: Self.chunkCells)
                cells.deallocate()
            }
        }
        directory.deinitialize(count: Self.chunksMax)
        directory.deallocate()
    }

    /// Adds `amount` to the counter at `index` (0 … ``indexMax``; a greater one counts in the last cell).
    ///
    /// Must be called from the one thread that owns the bank.
    @inline(__always)
    public func add(_ amount: UInt64, at index: Int) {
        let index = min(index, Self.indexMax)
        let cell = chunk(index / Self.chunkCells) + index % Self.chunkCells
        cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Overwrites the counter at `index`: for gauges. Same thread rule as ``add(_:at:)``.
    public func set(_ value: UInt64, at index: Int) {
        let index = min(index, Self.indexMax)
        (chunk(index / Self.chunkCells) + index % Self.chunkCells).pointee.store(value, ordering: .relaxed)
    }

    /// The counter at `index`; from any thread.
    public func value(at index: Int) -> UInt64 {
        let index = min(index, Self.indexMax)
        guard let chunk = directory[index / Self.chunkCells].load(ordering: .acquiring) else { return 0 }
        let cells = chunk.assumingMemoryBound(to: Atomic<UInt64>.self)
        return cells[index % Self.chunkCells].load(ordering: .relaxed)
    }

    @inline(__always)
    private func chunk(_ number: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        if let chunk = directory[number].load(ordering: .relaxed) {
            return chunk.assumingMemoryBound(to: Atomic<UInt64>.self)
        }
        return makeChunk(number)
    }

    @inline(never)
    private func makeChunk(_ number: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        let cells = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: Self.chunkCells)
        for index in 0..<Self.chunkCells { (cells + index).initialize(to: Atomic(0)) }
        directory[number].store(UnsafeMutableRawPointer(cells), ordering: .releasing)
        return cells
    }
}
