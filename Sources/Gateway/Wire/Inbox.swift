internal import Glibc

/// Bytes that arrived and have not been consumed: lent by the reactor for the length of one event, and kept in memory of
/// their own only where something is left at its end. An idle connection, and one whose messages arrive whole, owns no buffer.
@safe struct Inbox: ~Copyable {
    // SAFETY: `store` is nil or memory of `capacity` bytes that this value owns; `view` lies inside it while `isKept`, else
    // inside the reactor's block, which is not reused before `settle()`. Guarded by the corpus, which splits sends at every byte.
    private var store: UnsafeMutablePointer<UInt8>?
    private var capacity = 0
    private var isKept = false
    /// What has not been consumed.
    private(set) var view = ByteView.empty

    init() { unsafe store = nil }

    deinit { unsafe store?.deallocate() }

    var count: Int { view.count }

    /// Takes what a read brought.
    mutating func receive(_ bytes: ByteView) {
        if view.isEmpty {
            view = bytes
            isKept = false
        } else {
            keep(view, and: bytes)
        }
    }

    /// Lets go of the first `amount` bytes.
    @inline(__always)
    mutating func drop(_ amount: Int) { view.drop(amount) }

    /// Takes the first `amount` bytes off.
    @inline(__always)
    mutating func take(_ amount: Int) -> ByteView { view.take(amount) }

    /// Forgets all.
    mutating func removeAll() { view = .empty }

    /// The event is over: what is left moves into memory of its own.
    @inline(__always)
    mutating func settle() {
        if view.isEmpty {
            if unsafe store != nil { release() }
        } else if !isKept {
            keep(view, and: .empty)
        }
    }

    @inline(never)
    private mutating func release() {
        unsafe store?.deallocate()
        unsafe store = nil
        capacity = 0
        isKept = false
        view = .empty
    }

    @inline(never)
    private mutating func keep(_ first: ByteView, and second: ByteView) {
        let count = first.count + second.count
        if let store = unsafe store, isKept, count <= capacity {
            // `first` lies in the store already, perhaps not at its start.
            if let start = unsafe first.start { unsafe memmove(store, start, first.count) }
            if let start = unsafe second.start { unsafe memcpy(store + first.count, start, second.count) }
            view = unsafe ByteView(start: UnsafePointer(store), count: count)
            return
        }
        let grown = max(2048, count * 2)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
        if let start = unsafe first.start { unsafe memcpy(memory, start, first.count) }
        if let start = unsafe second.start { unsafe memcpy(memory + first.count, start, second.count) }
        unsafe store?.deallocate()
        unsafe store = memory
        capacity = grown
        isKept = true
        view = unsafe ByteView(start: UnsafePointer(memory), count: count)
    }
}
