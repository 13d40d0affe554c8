/// Bytes somewhere in memory, valid for the length of one event. A plain pair of words: passing it on counts no references.
// SAFETY: made by the reactor and by `Inbox` alone, over memory that outlives the event; nothing stores one beyond it.
@safe struct ByteView {
    private(set) var start: UnsafePointer<UInt8>?
    private(set) var count: Int

    static var empty: ByteView { unsafe ByteView(start: nil, count: 0) }

    init(start: UnsafePointer<UInt8>?, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    var isEmpty: Bool { count == 0 }

    /// The bytes, bounds-checked.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
            let span = unsafe Span(_unsafeElements: buffer)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Lets go of the first `amount` bytes.
    @inline(__always)
    mutating func drop(_ amount: Int) {
        precondition(amount >= 0 && amount <= count, "only bytes that are there can be dropped")
        unsafe start = start.map { unsafe $0 + amount }
        count &-= amount
    }

    /// Takes the first `amount` bytes off.
    @inline(__always)
    mutating func take(_ amount: Int) -> ByteView {
        let taken = prefix(amount)
        drop(amount)
        return taken
    }

    /// The first `amount` bytes.
    @inline(__always)
    func prefix(_ amount: Int) -> ByteView {
        precondition(amount >= 0 && amount <= count, "only bytes that are there can be taken")
        return unsafe ByteView(start: start, count: amount)
    }

    /// The bytes of `range`.
    @inline(__always)
    func slice(_ range: Range<Int>) -> ByteView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "only bytes that are there can be taken")
        return unsafe ByteView(start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
    }
}
