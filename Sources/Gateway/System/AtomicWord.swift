internal import Synchronization

/// One shared 64-bit word, together with the memory it lies in.
@safe
struct AtomicWord: @unchecked Sendable {
    // SAFETY: `owner` is the `WordChunk` or `FileMap` that `pointer` points into, so the memory lives as long as this
    // handle, and the word is only ever accessed as an atomic. Guarded by "limits are exact under parallel load".
    private let owner: AnyObject
    private let pointer: UnsafeMutablePointer<Atomic<UInt64>>

    fileprivate init(_ pointer: UnsafeMutablePointer<Atomic<UInt64>>, in owner: AnyObject) {
        unsafe self.pointer = pointer
        self.owner = owner
    }

    @inline(__always)
    func load() -> UInt64 { unsafe pointer.pointee.load(ordering: .relaxed) }

    @inline(__always)
    func store(_ value: UInt64) { unsafe pointer.pointee.store(value, ordering: .releasing) }

    /// Replaces `expected` by `desired`; otherwise says what the word holds. May fail for no reason, so call it in a loop.
    @inline(__always)
    func exchange(_ expected: UInt64, for desired: UInt64) -> (exchanged: Bool, original: UInt64) {
        unsafe pointer.pointee.weakCompareExchange(expected: expected, desired: desired, ordering: .relaxed)
    }
}

/// A run of words in the process's own memory.
@safe
final class WordChunk: @unchecked Sendable {
    // SAFETY: allocated and initialised here, immutable as a pointer, freed in `deinit`; see `AtomicWord`.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    let count: Int

    init(count: Int) {
        self.count = count
        unsafe words = .allocate(capacity: count)
        for index in 0..<count { unsafe (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe words.deinitialize(count: count)
        unsafe words.deallocate()
    }

    subscript(index: Int) -> AtomicWord {
        precondition(index >= 0 && index < count, "a chunk has \(count) words")
        return unsafe AtomicWord(words + index, in: self)
    }
}

extension AtomicWord {
    /// A word inside a file map; `FileMap` checks the offset.
    @unsafe
    init(raw: UnsafeMutableRawPointer, in map: FileMap) {
        unsafe self.init(raw.assumingMemoryBound(to: Atomic<UInt64>.self), in: map)
    }
}
