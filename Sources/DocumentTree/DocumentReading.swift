/// From bytes to documents: encoding, syntax, and which reader takes over.
extension Document {
    /// Reads a text as both entry points need it; a text without any document gives an empty list.
    static func readDocuments(
        _ bytes: [UInt8],
        name: String,
        syntax: Syntax?,
        limits: Limits,
        keepsAll: Bool
    ) throws(UnreadableDocument) -> [Document] {
        let bytesMax = min(limits.bytesMax, Int(Int32.max) / 2)
        guard bytes.count <= bytesMax else {
            throw UnreadableDocument(findings: [
                Finding(
                    code: ReaderCode.limit,
                    severity: .error,
                    message: "\(bytes.count) bytes long, at most \(bytesMax) are read",
                    source: name,
                    range: .start
                )
            ])
        }
        let encoding = TextEncoding.detect(bytes)
        let source = SourceText(try encoding.utf8(bytes, name: name), name: name)
        switch syntax ?? detectSyntax(source) {
        case .json:
            guard encoding == .utf8 else {
                throw UnreadableDocument(
                    ReaderCode.encoding,
                    "JSON is written in UTF-8 (RFC 8259 section 8.1), this is \(encoding.rawValue)",
                    in: source,
                    from: 0,
                    to: 0
                )
            }
            var reader = JSONReader(source: source, limits: limits)
            return [try reader.read()]
        case .yaml:
            return try YAMLReader(source: source, limits: limits, keepsAll: keepsAll).read()
        }
    }

    /// By the ending of the name, else by the first character: JSON texts that matter here begin with a bracket or
    /// brace.
    private static func detectSyntax(_ source: SourceText) -> Syntax {
        let name = source.name.lowercased()
        if name.hasSuffix(".json") { return .json }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .yaml }
        for byte in source.bytes.dropFirst(source.textStart) {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
            default: return .yaml
            }
        }
        return .yaml
    }
}

/// The encodings a text may come in, told apart by byte order mark and by where the zero bytes lie (YAML 1.2.2
/// section 5.2).
enum TextEncoding: String {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16 (little endian)"
    case utf16BigEndian = "UTF-16 (big endian)"
    case utf32 = "UTF-32"

    static func detect(_ bytes: [UInt8]) -> TextEncoding {
        guard bytes.count >= 2 else { return .utf8 }
        let head = (bytes[0], bytes[1], bytes.count > 2 ? bytes[2] : 1, bytes.count > 3 ? bytes[3] : 1)
        switch head {
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF), (0, 0, 0, 1...), (1..., 0, 0, 0): return .utf32
        case (0xFF, 0xFE, _, _), (1..., 0, _, _): return .utf16LittleEndian
        case (0xFE, 0xFF, _, _), (0, 1..., _, _): return .utf16BigEndian
        default: return .utf8
        }
    }

    /// The text in UTF-8.
    ///
    /// - Throws: where the bytes are not what the encoding allows (overlong forms, surrogates, half characters), with
    ///   the place.
    func utf8(_ bytes: [UInt8], name: String) throws(UnreadableDocument) -> [UInt8] {
        switch self {
        case .utf8:
            guard let bad = TextEncoding.firstInvalidByte(bytes) else { return bytes }
            let source = SourceText(Array(bytes[..<bad]), name: name)
            throw UnreadableDocument(
                ReaderCode.encoding,
                "byte \(bad) (0x\(String(bytes[bad], radix: 16))) is not UTF-8",
                help: "save the file as UTF-8",
                in: source,
                from: bad,
                to: bad
            )
        case .utf16LittleEndian: return try Self.utf8(bytes, high: 1, name: name)
        case .utf16BigEndian: return try Self.utf8(bytes, high: 0, name: name)
        case .utf32: throw Self.failure("UTF-32 is not read", name: name)
        }
    }

    private static func utf8(_ bytes: [UInt8], high: Int, name: String) throws(UnreadableDocument) -> [UInt8] {
        guard bytes.count.isMultiple(of: 2) else { throw failure("half a character at the end of UTF-16", name: name) }
        let units = stride(from: 0, to: bytes.count, by: 2).map {
            UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw failure("unpaired surrogate in UTF-16", name: name)
        }
        return Array(text.utf8)
    }

    private static func failure(_ message: String, name: String) -> UnreadableDocument {
        UnreadableDocument(findings: [
            Finding(
                code: ReaderCode.encoding,
                severity: .error,
                message: message,
                help: "save the file as UTF-8",
                source: name,
                range: .start
            )
        ])
    }

    /// Offset of the first byte that breaks UTF-8 (RFC 3629 section 4); nil where there is none.
    static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            // The usual answer costs one pass of the standard library; the place is searched only where there is one.
            if ByteScan.isASCII(buffer) || String(validating: buffer, as: UTF8.self) != nil { return nil }
            var index = 0
            while index < buffer.count {
                let lead = buffer[index]
                if lead < 0x80 {
                    index += 1
                    continue
                }
                let length: Int
                var second: ClosedRange<UInt8> = 0x80...0xBF
                switch lead {
                case 0xC2...0xDF: length = 2
                case 0xE0: (length, second) = (3, 0xA0...0xBF)
                case 0xED: (length, second) = (3, 0x80...0x9F)
                case 0xE1...0xEF: length = 3
                case 0xF0: (length, second) = (4, 0x90...0xBF)
                case 0xF1...0xF3: length = 4
                case 0xF4: (length, second) = (4, 0x80...0x8F)
                default: return index
                }
                guard index + length <= buffer.count, second.contains(buffer[index + 1]),
                    buffer[index + 2..<index + length].allSatisfy({ $0 & 0xC0 == 0x80 })
                else { return index }
                index += length
            }
            return nil
        }
    }
}
