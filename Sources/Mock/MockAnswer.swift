import DocumentTree
public import OpenAPIModel

/// What a mock answers for an operation: the status, media type and body that the document describes.
public struct MockAnswer: Hashable, Sendable {
    /// 100 to 599.
    public var status: Int
    /// The body's media type; nil where the response has no content.
    public var contentType: String?
    /// The body's bytes.
    public var body: [UInt8]
    /// Response fields the document describes, with example values.
    public var fields: [Field]

    /// A response field.
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    /// What the client may wish for, after `Prefer: code=404, example=name` as other mocks read it.
    public struct Wish: Hashable, Sendable {
        /// A status the document describes for the operation.
        public var status: Int?
        /// The name of an example.
        public var example: String?
        /// Media types of `Accept`, in the client's order; empty takes any.
        public var accepts: [String]

        public init(status: Int? = nil, example: String? = nil, accepts: [String] = []) {
            self.status = status
            self.example = example
            self.accepts = accepts
        }
    }

    /// - Parameters:
    ///   - operation: of the document that is served.
    ///   - document: that document.
    ///   - wish: what the client asks for.
    public init(for operation: OpenAPIModel.Operation, in document: OpenAPIDocument, wish: Wish) {
        let (status, response) = Self.response(of: operation, wish: wish)
        self.status = status
        fields =
            response?.headers.compactMap { header in
                guard header.name.lowercased() != "content-type", let value = Self.text(of: header, in: document) else {
                    return nil
                }
                return Field(name: header.name, value: value)
            } ?? []
        guard let media = Self.media(of: response, wish: wish), status != 204, status != 304 else {
            contentType = nil
            body = []
            return
        }
        contentType = media.type.contains("*") ? "application/json" : media.type
        body = Self.body(of: media, in: document, wish: wish)
    }

    /// The wished status where the document has it, else the lowest 2xx, else `default` as 200, else the first.
    private static func response(of operation: OpenAPIModel.Operation, wish: Wish) -> (Int, Response?) {
        let responses = operation.responses
        if let status = wish.status, let response = operation.response(forStatus: status) { return (status, response) }
        let numbered = responses.compactMap { entry in
            number(entry.status).map { (status: $0, response: entry.response) }
        }
        if let success = numbered.filter({ (200...299).contains($0.status) }).min(by: { $0.status < $1.status }) {
            return (success.status, success.response)
        }
        if let fallback = responses.first(where: { $0.status == "default" }) { return (200, fallback.response) }
        return numbered.first.map { ($0.status, $0.response) } ?? (200, nil)
    }

    /// `2XX` means the lowest of its range.
    private static func number(_ status: String) -> Int? {
        if let exact = Int(status), (100...599).contains(exact) { return exact }
        guard status.count == 3, status.dropFirst().uppercased() == "XX", let first = status.first?.wholeNumberValue
        else { return nil }
        return (1...5).contains(first) ? first * 100 : nil
    }

    private static func media(of response: Response?, wish: Wish) -> MediaType? {
        let content = response?.content ?? []
        for accepted in wish.accepts where accepted != "*/*" {
            if let hit = content.first(where: { $0.type.lowercased().hasPrefix(accepted.lowercased()) }) { return hit }
        }
        return content.first(where: \.isJSON) ?? content.first
    }

    private static func body(of media: MediaType, in document: OpenAPIDocument, wish: Wish) -> [UInt8] {
        let named = wish.example.flatMap { name in media.examples.first { $0.name == name }?.value }
        let value: JSONValue =
            if let node = named ?? media.example ?? media.examples.first?.value {
                JSONValue(node)
            } else if let schema = media.schema {
                ExampleGenerator.value(for: schema.node, in: document.document)
            } else {
                .null
            }
        if !media.isJSON, !media.type.contains("*"), let text = value.string { return Array(text.utf8) }
        return Array(value.text().utf8)
    }

    private static func text(of header: Header, in document: OpenAPIDocument) -> String? {
        let value =
            header.example.map { JSONValue($0) }
            ?? header.schema.map { ExampleGenerator.value(for: $0.node, in: document.document) }
        guard let value, !value.isNull else { return nil }
        let text = value.string ?? value.text()
        // RFC 9110 section 5.5: a field value has no control characters.
        return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? text : nil
    }
}
