import Lifecycle

/// One page of a listing.
public struct Page<Item: Sendable>: Sendable {
    /// The items, in the listing's order.
    public var items: [Item]
    /// What to ask with for the next page; nil on the last one.
    public var next: String?

    /// A page.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// A page from one row more than was asked for: the surplus row says that there is a next page.
    init<Subject>(surplus rows: [Item], for request: PageRequest, by identifier: (Item) -> Identifier<Subject>) {
        guard rows.count > request.limit, let last = rows.dropLast(rows.count - request.limit).last else {
            self.init(items: rows, next: nil)
            return
        }
        self.init(items: Array(rows.prefix(request.limit)), next: identifier(last).description)
    }
}

/// Which page of a listing is wanted: keyset pagination, so that rows that come and go in between are neither shown twice nor
/// skipped.
public struct PageRequest: Sendable, Hashable {
    /// Items a page, 1 … 1000.
    public let limit: Int
    /// ``Page/next`` of the page before; nil for the first.
    public let cursor: String?

    /// - Parameters:
    ///   - limit: clamped to 1 … 1000.
    ///   - cursor: as the page before gave it.
    public init(limit: Int = 100, cursor: String? = nil) {
        self.limit = min(max(limit, 1), 1_000)
        self.cursor = cursor
    }

    /// The identifier that the page before ended with.
    ///
    /// - Throws: ``GovernanceError`` `cursor-invalid`.
    func after<Subject>(_: Identifier<Subject>.Type) throws(GovernanceError) -> Identifier<Subject>? {
        guard let cursor else { return nil }
        guard let identifier = Identifier<Subject>(cursor) else {
            throw GovernanceError(
                .cursorInvalid,
                "`\(cursor)` is no cursor of this listing",
                mend: "start without a cursor"
            )
        }
        return identifier
    }

    /// Rows to ask the catalog for: one more than a page, see ``Page``.
    var rowCount: Int { limit + 1 }
}
