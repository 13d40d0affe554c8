import CLibYAML

/// The details of nodes: what they mean, and where exactly they stand.
extension YAMLReader {
    /// Whether a style is one of the block scalars.
    func isBlock(_ style: yaml_scalar_style_t) -> Bool {
        style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE
    }

    /// Where the node itself begins: libyaml's mark is that of its tag or anchor, where it has one.
    func contentStart(
        _ start: Int,
        _ tag: UnsafeMutablePointer<yaml_char_t>?,
        _ anchor: UnsafeMutablePointer<yaml_char_t>?,
        _ isOnOneLine: Bool,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) -> Int {
        guard tag != nil || anchor != nil, isOnOneLine else { return start }
        var index = start
        while index < buffer.count, buffer[index] == UInt8(ascii: "&") || buffer[index] == UInt8(ascii: "!") {
            while index < buffer.count, !isBlank(buffer[index]) { index += 1 }
            while index < buffer.count, buffer[index] == 0x20 || buffer[index] == 0x09 { index += 1 }
        }
        // An anchored empty scalar has no text of its own.
        return index < buffer.count && buffer[index] != 0x0A && buffer[index] != 0x0D ? index : start
    }

    /// The end of a block scalar without the blank lines that follow it.
    func trimmed(_ start: Int, _ end: Int, _ buffer: UnsafeBufferPointer<UInt8>) -> Int {
        var end = end
        while end > start, isBlank(buffer[end - 1]) { end -= 1 }
        return end
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}

// MARK: - Text and tags

extension YAMLReader {
    /// Where a scalar's text is: in the source where it stands there unchanged, else in the side arena.
    mutating func locate(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int,
        _ style: yaml_scalar_style_t,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) -> (start: Int32, length: Int32) {
        if text.isEmpty { return (Int32(start), 0) }
        let isQuoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
        let first = isQuoted ? start + 1 : start
        let last = isQuoted ? end - 1 : end
        if last - first == text.count, last <= buffer.count,
            ByteScan.areEqual(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[first..<last])),
                UnsafeRawBufferPointer(text)
            )
        {
            return (Int32(first), Int32(text.count))
        }
        return builder.store(text)
    }

    /// What a scalar is, by its tag or else by how it is written (YAML 1.2.2 section 10.3.2).
    mutating func kind(
        of text: UnsafeBufferPointer<UInt8>,
        _ tag: UnsafeMutablePointer<yaml_char_t>?,
        isPlain: Bool,
        _ start: Int,
        _ end: Int
    ) -> NodeKind {
        guard let tag else { return isPlain ? YAMLScalar.kind(of: text) : .string }
        let name = String(cString: tag)
        guard name.hasPrefix(Self.coreTags) else {
            noteTag(tag, isFor: .string, start, end)
            return name == "!" ? .string : isPlain ? YAMLScalar.kind(of: text) : .string
        }
        let written = YAMLScalar.kind(of: text)
        let wanted: NodeKind
        switch name.dropFirst(Self.coreTags.count) {
        case "str": return .string
        case "null": wanted = .null
        case "bool": wanted = .boolean
        case "int": wanted = .integer
        case "float": wanted = .number
        default:
            noteTag(tag, isFor: .string, start, end)
            return .string
        }
        if written == wanted || (wanted == .number && written == .integer) { return written }
        let type = String(name.dropFirst(Self.coreTags.count))
        builder.note(
            .incompatibleValue,
            .error,
            "`\(String(decoding: text.prefix(40), as: UTF8.self))` is not what its tag `!!\(type)` says",
            node: builder.currentContainer,
            from: start,
            to: end
        )
        return .string
    }

    /// Notes a tag that means nothing here: what it stands for is read as if it were not there.
    ///
    /// Tags that name a type of a programming language (`!!python/…`, `!ruby/object:…`) are errors: a document that
    /// carries one was written to be executed. Plain words (`!Sub`, `!reference`) belong to a template language and
    /// are ignored aloud.
    mutating func noteTag(_ tag: UnsafeMutablePointer<yaml_char_t>?, isFor kind: NodeKind, _ start: Int, _ end: Int) {
        guard let tag else { return }
        let name = String(cString: tag)
        if name == "!" { return }
        var isForeign = true
        if name.hasPrefix(Self.coreTags) {
            let type = name.dropFirst(Self.coreTags.count)
            if kind == .mapping, type == "map" { return }
            if kind == .sequence, type == "seq" { return }
            isForeign = !Self.typesReadAsText.contains(String(type))
        } else if name.utf8.first == UInt8(ascii: "!") {
            isForeign = name.utf8.contains(UInt8(ascii: "/")) || name.utf8.contains(UInt8(ascii: ":"))
        }
        builder.note(
            .other,
            isForeign ? .error : .warning,
            isForeign ? "tag `\(name)` is refused: only YAML's core types are read" : "tag `\(name)` is ignored",
            help: "remove the tag",
            node: builder.currentContainer,
            from: start,
            to: end
        )
    }

    static let coreTags = "tag:yaml.org,2002:"

    /// Types of YAML 1.1 beyond the core schema: harmless, read as the text or collection they are written as.
    static let typesReadAsText: Set<String> = ["binary", "timestamp", "omap", "pairs", "set", "merge", "value", "yaml"]
}
