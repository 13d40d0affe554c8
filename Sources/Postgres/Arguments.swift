/// The parameters of one statement in the arrays libpq wants.
struct Arguments {
    private var storage: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ parameters: [ParameterValue], of statement: Statement) throws(PostgresError) {
        guard parameters.count <= Limits.parametersMax else {
            throw Self.failure(
                "\(parameters.count) parameters, at most \(Limits.parametersMax) are possible",
                statement
            )
        }
        guard !statement.text.utf8.contains(0) else { throw Self.failure("the SQL text holds U+0000", statement) }
        for (index, parameter) in parameters.enumerated() {
            switch parameter {
            case .null:
                offsets.append(nil)
                lengths.append(0)
                formats.append(0)
            case .text(let text):
                guard !text.utf8.contains(0) else {
                    throw Self.failure(
                        "parameter $\(index + 1) holds U+0000, which no text column can store",
                        statement
                    )
                }
                try append(text.utf8, format: 0, index, statement)
                storage.append(0)
            case .bytes(let bytes):
                try append(bytes, format: 1, index, statement)
            }
        }
        // An empty bytea at the very end needs an address too.
        storage.append(0)
    }

    private mutating func append(
        _ bytes: some Collection<UInt8>,
        format: Int32,
        _ index: Int,
        _ statement: Statement
    ) throws(PostgresError) {
        guard bytes.count <= Limits.parameterBytesMax else {
            throw Self.failure("parameter $\(index + 1) has \(bytes.count) bytes, over the limit of 1 GB", statement)
        }
        offsets.append(storage.count)
        lengths.append(Int32(bytes.count))
        formats.append(format)
        storage.append(contentsOf: bytes)
    }

    private static func failure(_ message: String, _ statement: Statement) -> PostgresError {
        var error = PostgresError(.invalidParameter, message)
        error.statementName = statement.name
        return error
    }

    /// Calls `body` with count, values, lengths and formats; libpq copies them before it returns.
    func send(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> Int32
    ) -> Int32 {
        storage.withUnsafeBytes { bytes in
            let base = bytes.bindMemory(to: CChar.self).baseAddress
            let values = offsets.map { offset in offset.flatMap { position in base.map { $0 + position } } }
            return body(Int32(offsets.count), values, lengths, formats)
        }
    }
}
