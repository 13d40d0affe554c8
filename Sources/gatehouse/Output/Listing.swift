import DocumentTree

/// How resources of one kind are printed: the columns of the table and which member is the name.
struct Listing: Sendable {
    /// A column: its heading and the member (dotted for nested ones) it shows.
    typealias Column = (heading: String, member: String)

    let name: String
    let columns: [Column]

    /// - Parameters:
    ///   - name: the member that `-o name` prints.
    ///   - columns: the table's columns, in order.
    init(name: String, _ columns: [Column]) {
        self.name = name
        self.columns = columns
    }

    /// Prints a list.
    func show(_ items: [JSONValue], as format: OutputFormat) {
        switch format {
        case .json: Console.write(JSONValue.array(items).text(pretty: true) + "\n")
        case .yaml: Console.write(YAMLText(.array(items)).text)
        case .name: Console.write(items.map { Self.cell($0, name) + "\n" }.joined())
        case .table:
            let rows = items.map { item in columns.map { Self.cell(item, $0.member) } }
            Console.write(Table(headings: columns.map(\.heading), rows: rows).text)
        }
    }

    /// Prints one resource: a table of its columns' members, one a line.
    func show(_ item: JSONValue, as format: OutputFormat) {
        switch format {
        case .json: Console.write(item.text(pretty: true) + "\n")
        case .yaml: Console.write(YAMLText(item).text)
        case .name: Console.write(Self.cell(item, name) + "\n")
        case .table:
            let width = columns.map(\.heading.count).max() ?? 0
            for column in columns {
                let value = Self.cell(item, column.member)
                let label = column.heading + String(repeating: " ", count: width - column.heading.count)
                Console.write("\(label)  \(value.isEmpty ? "-" : value)\n")
            }
        }
    }

    /// A member as one line of text; lists are joined by commas.
    static func cell(_ item: JSONValue, _ member: String) -> String {
        var value: JSONValue? = item
        for part in member.split(separator: ".") { value = value?[String(part)] }
        return text(value)
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        if let list = value.array { return list.map { text($0) }.joined(separator: ", ") }
        if let members = value.object { return members.map { "\($0.0)=\(text($0.1))" }.joined(separator: " ") }
        return value.string ?? (value.isNull ? "" : value.text())
    }
}

/// Rows under headings, columns padded to the widest cell.
struct Table {
    let headings: [String]
    let rows: [[String]]

    var text: String {
        guard !rows.isEmpty else { return "" }
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { place, cell in
                place == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[place] - cell.count)
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
