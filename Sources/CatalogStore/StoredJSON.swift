import FoundationEssentials

/// JSON of `jsonb` columns: keys sorted, so that equal values are equal texts.
enum StoredJSON {
    static func text(_ value: some Encodable) throws(CatalogError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw CatalogError.unexpected(reason: "cannot write JSON: \(error)")
        }
    }

    static func value<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws(CatalogError) -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw CatalogError.unexpected(reason: "a stored JSON value is not a \(type): \(error)")
        }
    }
}
