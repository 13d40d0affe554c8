internal import Glibc
internal import RoutingTable
internal import Synchronization

/// The counts of quotas in a memory-mapped file, so that they survive a restart and a `kill -9`: what was counted is in
/// the kernel's page cache the moment it is counted. (A power cut can lose what the kernel had not written yet; the
/// server asks it to write once a second.)
///
/// The file is a header and a fixed number of slots of 64 bytes: key, the window it counts, the word, and a check sum of
/// the first two. On opening, slots whose check sum does not fit and words of a window that has not begun are emptied and
/// counted in ``discarded``; slots whose window has ended are free again. When all slots are taken, further quotas are
/// counted in memory only, which a metric states.
///
/// While one gateway takes the place of another, both count in the same file, exactly: words are only ever moved by
/// compare-and-exchange, which knows no process. Slots are given out under a lock between processes, and the header counts how
/// many ever were, so that each notices what the other gave out.
final class QuotaLedger: Sendable {
    /// What went wrong opening a ledger.
    enum Failure: Error, Equatable {
        /// Another process holds it: two gateways must not share a data directory.
        case inUse(path: String)
        case system(Disk.Failure)
    }

    private struct State {
        var slots: [BucketKey: Int] = [:]
        var free: [Int] = []
        /// What the header counted when ``slots`` and ``free`` were last in step with the file.
        var given: UInt64 = 0
        var isHandedOn = false
    }

    private let map: FileMap
    private let state: Mutex<State>
    private let slotCount: Int
    /// Slots emptied on opening because they could not be believed.
    let discarded: Int
    /// Whether a file that was no ledger was put aside (`….corrupt`) and a new one begun.
    let wasReplaced: Bool

    private static let magic: UInt64 = 0x4748_4C45_4447_3031
    private static let headerBytes = 4096
    private static let slotBytes = 64
    /// Where the header counts the slots that were ever given out.
    private static let givenOffset = 24
    /// Quotas that one ledger keeps by default: 4 MiB, sparse until used.
    static let slotsDefault = 65_536

    /// Opens the ledger at `path` or makes it, with room for `slotCount` quotas.
    init(path: String, slotCount: Int = slotsDefault, at now: Moment) throws(Failure) {
        precondition(slotCount > 0, "a ledger has slots")
        var opened = try Self.open(path, slotCount: slotCount)
        wasReplaced = opened == nil
        if opened == nil {
            do throws(Disk.Failure) {
                try Disk.move(path, to: path + ".corrupt")
            } catch { throw .system(error) }
            opened = try Self.open(path, slotCount: slotCount)
        }
        guard let map = opened else { throw .system(Disk.Failure(call: "create", path: path, code: 0)) }
        self.map = map
        var state = State()
        var discarded = 0
        for slot in stride(from: slotCount - 1, through: 0, by: -1) {
            discarded += Self.load(slot, from: map, into: &state, at: now) ? 0 : 1
        }
        state.given = map[Self.givenOffset]
        self.discarded = discarded
        self.slotCount = slotCount
        self.state = Mutex(state)
    }

    /// Takes part in a ledger that another process has open, and counts in still.
    ///
    /// - Throws: `Failure.system` when the file is no ledger of this size.
    init(inheriting descriptor: Int32, slotCount: Int = slotsDefault) throws(Failure) {
        do throws(FileMap.Failure) {
            map = try FileMap(open: descriptor, byteCount: Self.headerBytes + slotCount * Self.slotBytes)
        } catch { throw .system(Disk.Failure(call: "inherit", path: "quota.ledger", code: EINVAL)) }
        guard Self.isOurs(map, slotCount: slotCount) else {
            throw .system(Disk.Failure(call: "inherit", path: "quota.ledger", code: EINVAL))
        }
        wasReplaced = false
        discarded = 0
        self.slotCount = slotCount
        // Never what the header counts: the first quota that is asked for finds out what there is.
        var state = State()
        state.given = .max
        self.state = Mutex(state)
    }

    /// Nil when the file is there but is no ledger of this size.
    private static func open(_ path: String, slotCount: Int) throws(Failure) -> FileMap? {
        let map: FileMap
        do throws(FileMap.Failure) {
            map = try FileMap(path: path, byteCount: headerBytes + slotCount * slotBytes)
        } catch {
            switch error {
            case .inUse: throw .inUse(path: path)
            case .otherSize: return nil
            case .system(let call, let code): throw .system(Disk.Failure(call: call, path: path, code: code))
            }
        }
        if map.isNew {
            map[0] = magic
            map[8] = UInt64(slotCount)
            map[16] = check(magic, UInt64(slotCount))
        }
        return isOurs(map, slotCount: slotCount) ? map : nil
    }

    private static func isOurs(_ map: FileMap, slotCount: Int) -> Bool {
        map[0] == magic && map[8] == UInt64(slotCount) && map[16] == check(magic, UInt64(slotCount))
    }

    /// Writes everything and lets the next gateway have the ledger; nothing is counted after that.
    func close() {
        // The lock belongs to whoever it was handed on to as well.
        if state.withLock({ $0.isHandedOn }) { map.sync() } else { map.unlock() }
    }

    /// The descriptor to pass to a successor.
    var file: Int32 { map.file }

    /// Notes that a successor has the ledger too, which keeps its lock from now on.
    func handOn() { state.withLock { $0.isHandedOn = true } }

    /// Asks the kernel to write what has changed; returns at once.
    func sync() { map.sync() }

    /// The word of a quota, kept or new; nil when every slot is taken.
    func word(_ key: BucketKey, _ limit: EntitlementContent.Limit, at now: Moment) -> AtomicWord? {
        state.withLock { state in
            if let slot = state.slots[key] { return map.word(at: Self.offset(slot) + 32) }
            let word: AtomicWord?? = map.exclusively {
                if map[Self.givenOffset] != state.given { catchUp(&state) }
                if let slot = state.slots[key] { return map.word(at: Self.offset(slot) + 32) }
                return give(key, limit, at: now, &state)
            }
            return word ?? nil
        }
    }

    private func give(
        _ key: BucketKey,
        _ limit: EntitlementContent.Limit,
        at now: Moment,
        _ state: inout State
    ) -> AtomicWord? {
        guard let slot = state.free.popLast() else { return nil }
        let offset = Self.offset(slot)
        map[offset] = key.subscription.high
        map[offset + 8] = key.subscription.low
        map[offset + 16] = key.limit
        map[offset + 24] = Self.code(limit)
        let word = map.word(at: offset + 32)
        word.store(BucketBook.initialWord(limit, at: now))
        // Last, so that a slot that was cut off in the middle is not believed.
        map[offset + 40] = Self.check(key, Self.code(limit))
        map[Self.givenOffset] &+= 1
        state.given = map[Self.givenOffset]
        state.slots[key] = slot
        return word
    }

    /// Finds out which slots the other process has given out. None is emptied here, even of a window long over: the other one
    /// may be counting in it.
    private func catchUp(_ state: inout State) {
        state.slots.removeAll(keepingCapacity: true)
        state.free.removeAll(keepingCapacity: true)
        for slot in stride(from: slotCount - 1, through: 0, by: -1) {
            let offset = Self.offset(slot)
            let sum = map[offset + 40]
            guard sum != 0 else {
                state.free.append(slot)
                continue
            }
            let key = BucketKey(
                subscription: RecordID(high: map[offset], low: map[offset + 8]),
                limit: map[offset + 16]
            )
            if sum == Self.check(key, map[offset + 24]) { state.slots[key] = slot }
        }
        state.given = map[Self.givenOffset]
    }

    private static func offset(_ slot: Int) -> Int { headerBytes + slot * slotBytes }

    /// Takes over one slot at start; false when what it held could not be believed.
    private static func load(_ slot: Int, from map: FileMap, into state: inout State, at now: Moment) -> Bool {
        let offset = offset(slot)
        guard map[offset + 40] != 0 else {
            state.free.append(slot)
            return true
        }
        let subscription = RecordID(high: map[offset], low: map[offset + 8])
        let key = BucketKey(subscription: subscription, limit: map[offset + 16])
        let code = map[offset + 24]
        let age =
            map[offset + 40] == check(key, code) && state.slots[key] == nil
            ? age(of: map[offset + 32], code, at: now) : .unbelievable
        if age == .current {
            state.slots[key] = slot
            return true
        }
        for field in stride(from: 0, to: slotBytes, by: 8) { map[offset + field] = 0 }
        state.free.append(slot)
        return age == .past
    }

    private enum Age {
        case current
        case past
        case unbelievable
    }

    private static func age(of word: UInt64, _ code: UInt64, at now: Moment) -> Age {
        if code == 0 { return word > now.wall ? .current : .past }
        let window: EntitlementContent.LimitWindow
        if code >= 1 << 40 {
            guard let unit = EntitlementContent.CalendarUnit(rawValue: UInt8(truncatingIfNeeded: code)) else {
                return .unbelievable
            }
            window = .calendar(unit)
        } else {
            window = .seconds(UInt32(truncatingIfNeeded: code - 1))
        }
        let number = CalendarWindow.bounds(window, at: now.seconds).number
        let ahead = (WindowWord.number(word) &- number) & WindowWord.numberMask
        if ahead <= 1 { return .current }
        return ahead < WindowWord.numberMask >> 1 ? .unbelievable : .past
    }

    /// What a slot's word counts: 0 for GCRA, else one plus the window's seconds, or `1 << 40` plus the calendar unit.
    private static func code(_ limit: EntitlementContent.Limit) -> UInt64 {
        guard limit.algorithm == .fixedWindow else { return 0 }
        switch limit.window {
        case .seconds(let seconds): return UInt64(seconds) + 1
        case .calendar(let unit): return (1 << 40) + UInt64(unit.rawValue)
        }
    }

    private static func check(_ key: BucketKey, _ code: UInt64) -> UInt64 {
        check(check(key.subscription.high, key.subscription.low), check(key.limit, code))
    }

    /// Never 0, which marks a free slot.
    private static func check(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var word = first &* 0x9E37_79B9_7F4A_7C15 ^ (second &+ 0xD1B5_4A32_D192_ED03)
        word = (word ^ (word >> 29)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 32)) &* 0x94D0_49BB_1331_11EB
        return word | 1
    }
}
