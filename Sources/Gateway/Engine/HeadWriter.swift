internal import Glibc

/// Builds a message head (and a small body behind it), so that all of it leaves in one write.
///
/// Memory of its own, reused from message to message: some forty small appends to an array would check its uniqueness and
/// its capacity forty times, which took 2,600 instructions a request.
@safe final class HeadWriter {
    // SAFETY: `start` is memory of `capacity` bytes that this object owns; the first `count` of them are written. Guarded by
    // the corpus and by "a head longer than the writer's memory grows it".
    private var start: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private(set) var capacity: Int

    init(capacity: Int) {
        unsafe start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { unsafe start.deallocate() }

    /// What was written; until the next append.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            let buffer = unsafe UnsafeBufferPointer(start: UnsafePointer(start), count: count)
            let span = unsafe Span(_unsafeElements: buffer)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets what was written; the memory stays.
    func removeAll() { count = 0 }

    @inline(__always)
    private func append(_ bytes: UnsafePointer<UInt8>, _ amount: Int) {
        if count &+ amount > capacity { grow(by: amount) }
        unsafe memcpy(start + count, bytes, amount)
        count &+= amount
    }

    @inline(never)
    private func grow(by amount: Int) {
        let larger = max(count + amount, 2 * capacity)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe memcpy(memory, start, count)
        unsafe start.deallocate()
        unsafe start = memory
        capacity = larger
    }

    @inline(__always)
    func append(_ text: StaticString) {
        if text.utf8CodeUnitCount > 0 { unsafe append(text.utf8Start, text.utf8CodeUnitCount) }
    }

    @inline(__always)
    func append(_ other: [UInt8]) { append(other.span) }

    /// Appends a part of bytes.
    @inline(__always)
    func append(_ other: [UInt8], _ range: Range<Int>) { append(other.span.extracting(range)) }

    /// Appends what another writer holds.
    @inline(__always)
    func append(_ other: HeadWriter) { unsafe append(other.start, other.count) }

    @inline(__always)
    func append(_ other: Span<UInt8>) {
        unsafe other.withUnsafeBufferPointer { if let start = $0.baseAddress { unsafe append(start, $0.count) } }
    }

    /// Appends `range` of `other`.
    @inline(__always)
    func append(_ other: Span<UInt8>, _ range: Range<Int>) { append(other.extracting(range)) }

    /// Appends all of it.
    @inline(__always)
    func append(_ view: ByteView) { append(view.span) }

    @inline(__always)
    func append(byte: UInt8) {
        if count == capacity { grow(by: 1) }
        unsafe start[count] = byte
        count &+= 1
    }

    func append(text: String) { append(Array(text.utf8)) }

    func append(decimal value: UInt64) {
        var digits: InlineArray<20, UInt8> = .init(repeating: 0)
        var first = 20
        var rest = value
        repeat {
            first &-= 1
            digits[first] = ASCII.zero &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span.extracting(first..<20))
    }

    func append(hexadecimal value: Int) {
        var digits: InlineArray<16, UInt8> = .init(repeating: 0)
        var first = 16
        var rest = value
        repeat {
            first &-= 1
            let digit = UInt8(truncatingIfNeeded: rest & 0x0F)
            digits[first] = digit < 10 ? ASCII.zero &+ digit : UInt8(ascii: "a") &+ digit &- 10
            rest &>>= 4
        } while rest > 0
        append(digits.span.extracting(first..<16))
    }
}
