/// Those who wait for a place at an upstream, first come first served. Pure; the bound is the caller's, because it holds
/// over all event loops.
struct WaitingLine<Element> {
    /// A place in the line; never used twice.
    typealias Ticket = UInt64

    private var entries: [(ticket: Ticket, element: Element)] = []
    private var issued: Ticket = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// Joins at the end.
    mutating func join(_ element: Element) -> Ticket {
        issued += 1
        entries.append((issued, element))
        return issued
    }

    /// Who is first; stays in the line.
    var first: Element? { entries.first?.element }

    /// Leaves the line, from wherever; false for one that is not in it any more.
    mutating func leave(_ ticket: Ticket) -> Bool {
        // Tickets grow towards the end.
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].ticket < ticket { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].ticket == ticket else { return false }
        entries.remove(at: low)
        return true
    }
}
