/// The values that a check's sentence may name.
struct ChangeValues: Hashable, Sendable {
    /// The property, header, scheme or webhook concerned; of a property, with the way to it.
    var name = ""
    /// Where a parameter stands.
    var location = ""
    /// A parameter's name.
    var parameter = ""
    /// The status of a response.
    var status = ""
    /// A media type.
    var media = ""
    /// The older of two values.
    var from = ""
    /// The newer of two values.
    var to = ""
    /// The one value.
    var value = ""
    /// What the value belongs to.
    var key = ""
    /// `type`, `format` or both.
    var what = ""

    subscript(_ placeholder: Substring) -> String {
        switch placeholder {
        case "name": name
        case "location": location
        case "parameter": parameter
        case "status": status
        case "media": media
        case "from": from
        case "to": to
        case "value": value
        case "key": key
        case "what": what
        default: preconditionFailure("no value is called `\(placeholder)`")
        }
    }
}

extension ChangeRule {
    /// The sentence with its values, and the values in the order in which they stand.
    func sentence(_ values: ChangeValues) -> (text: String, arguments: [String]) {
        var text = ""
        var arguments: [String] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            let value = values[rest[rest.index(after: open)..<close]]
            text += rest[..<open]
            text += value
            arguments.append(value)
            rest = rest[rest.index(after: close)...]
        }
        return (text + rest, arguments)
    }
}
