/// What a caller answers when a document asks for a file of its folder.
public enum FileAnswer: Sendable {
    /// The file's content.
    case content([UInt8])
    /// There is no such file, or it cannot be read, for the reason given.
    case unreadable(String)
    /// The caller does not open it, for the reason given.
    case refused(String)
}

extension Document {
    /// Reads a text and the files that it refers to, as one document.
    ///
    /// Only files inside of the document's own folder are asked for: no URL, no absolute path, nothing that `..` leads out to. What
    /// cannot be read becomes a finding at the reference. Every file is asked for once, in the order of the references. A document
    /// that refers to no file is the same as one read alone.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: how findings call the document. Other files are called by this name's folder and their path.
    ///   - path: the document's own path in its folder, which is how other files refer back to it.
    ///   - limits: what each file, and all together, may cost.
    ///   - files: gives a file by its path relative to the folder: `/` between its names, no `.` or `..`. The caller sees to it
    ///     that a symbolic link does not lead out.
    /// - Returns: a tree whose root is the document's; references lead on into the other files' nodes.
    /// - Throws: ``UnreadableDocument`` where the document itself cannot be read, or all files together are too much.
    public static func read(
        _ bytes: [UInt8],
        name: String,
        path: String,
        limits: Limits = .default,
        files: (_ path: String) -> FileAnswer
    ) throws(UnreadableDocument) -> Document {
        let document = try read(bytes, name: name, limits: limits)
        guard FileSetReader.refersToFiles(document) else { return document }
        var reader = FileSetReader(limits: limits, folder: String(name.dropLast(path.count)))
        try reader.add(document, path: path)
        try reader.readOthers(files)
        return reader.joined()
    }
}

/// Reads files that refer to one another and puts their trees into one set of arrays.
private struct FileSetReader {
    let limits: Limits
    /// What stands in front of a path where findings name a file.
    let folder: String
    private var documents: [(path: String, document: Document)] = []
    private var known: Set<String> = []
    private var failures: [String: FileFailure] = [:]
    private var findings: [ReaderFinding] = []
    private var waiting: [String] = []
    private var bytes = 0
    private var nodes = 0

    init(limits: Limits, folder: String) {
        self.limits = limits
        self.folder = folder.hasSuffix("/") ? folder : ""
    }

    /// Whether a `$ref` of the document may name a file.
    static func refersToFiles(_ document: Document) -> Bool {
        references(in: document).contains { _ in true }
    }

    /// The references of a document that do not begin with `#`, without their fragments, in the order of the text.
    private static func references(in document: Document) -> some Sequence<String> {
        let key = document.keyID("$ref")
        let ids = key == nil ? 0..<0 : 0..<Int32(document.nodeCount)
        return ids.lazy.compactMap { index -> String? in
            let id = NodeID(rawValue: index)
            guard document.keyID(of: id) == key, let text = document.string(id), !text.isEmpty, !text.hasPrefix("#")
            else { return nil }
            return String(text.prefix { $0 != "#" })
        }
    }

    mutating func add(_ document: Document, path: String) throws(UnreadableDocument) {
        known.insert(path)
        documents.append((path, document))
        bytes += document.source.bytes.count + 1
        nodes += document.nodeCount
        guard documents.count <= limits.filesMax, bytes <= limits.filesBytesMax, nodes <= limits.nodesMax else {
            throw UnreadableDocument(
                ReaderCode.limit,
                "the document and its files are more than \(limits.filesMax) files, \(limits.filesBytesMax) bytes or "
                    + "\(limits.nodesMax) nodes",
                in: documents[0].document.source,
                from: 0,
                to: 0
            )
        }
        for reference in Self.references(in: document) {
            guard case .inside(let target) = FilePath.resolve(reference, from: path), known.insert(target).inserted
            else {
                continue
            }
            waiting.append(target)
        }
    }

    mutating func readOthers(_ files: (String) -> FileAnswer) throws(UnreadableDocument) {
        var next = 0
        while next < waiting.count {
            let path = waiting[next]
            next += 1
            switch files(path) {
            case .unreadable(let reason): failures[path] = .unreadable(reason)
            case .refused(let reason): failures[path] = .refused(reason)
            case .content(let content):
                let document: Document
                do throws(UnreadableDocument) {
                    document = try Document.read(content, name: folder + path, limits: limits)
                } catch {
                    failures[path] = .unreadable("the file cannot be read")
                    findings += error.findings.map { ReaderFinding(kind: .other, finding: $0, node: -1) }
                    continue
                }
                try add(document, path: path)
            }
        }
    }

    /// One document of all, the first one's root its root.
    func joined() -> Document {
        var text: [UInt8] = []
        text.reserveCapacity(bytes)
        var parts = DocumentParts(
            source: documents[0].document.source,
            syntax: documents[0].document.syntax,
            indexInStream: 0,
            records: [],
            keys: KeyTable(),
            arena: [],
            children: [],
            largeMappingSlots: [],
            findings: findings
        )
        parts.records.reserveCapacity(nodes)
        var starts: [(root: Int32, text: Int)] = []
        for (number, (_, document)) in documents.enumerated() {
            // A byte order mark is none in the middle of a text.
            let skipped = number == 0 ? 0 : document.source.textStart
            let shift = text.count - skipped
            starts.append((Int32(parts.records.count), shift + document.source.textStart))
            text += document.source.bytes.dropFirst(skipped)
            text.append(0x0A)
            parts.append(document, shift: Int32(shift))
        }
        parts.source = SourceText(text, name: documents[0].document.source.name)
        parts.largeMappingSlots = LargeMappings.slots(for: parts.records)
        let files = zip(documents, starts).map { entry, start in
            FileTable.File(
                name: entry.document.source.name,
                path: entry.path,
                root: NodeID(rawValue: start.root),
                textStart: start.text,
                firstLine: parts.source.position(atByte: start.text).line,
                syntax: entry.document.syntax
            )
        }
        parts.fileTable = FileTable(files: files, failures: failures)
        return Document(parts)
    }
}

extension DocumentParts {
    /// Adds the nodes of a document whose text begins `shift` bytes further on.
    fileprivate mutating func append(_ document: Document, shift: Int32) {
        let nodeShift = Int32(records.count)
        let childShift = Int32(children.count)
        let arenaShift = Int32(arena.count)
        let numbers = document.keys.texts.map { text in
            var text = text
            return text.withUTF8 { keys.intern($0) }
        }
        for var record in document.records {
            if record.parent >= 0 { record.parent += nodeShift }
            if record.firstChild >= 0 { record.firstChild += nodeShift }
            if record.nextSibling >= 0 { record.nextSibling += nodeShift }
            record.subtreeEnd += nodeShift
            record.childrenStart += childShift
            if record.key >= 0 { record.key = numbers[Int(record.key)] }
            record.keyStart += shift
            record.keyEnd += shift
            record.start += shift
            record.end += shift
            record.textStart = record.textStart >= 0 ? record.textStart + shift : ~(~record.textStart + arenaShift)
            records.append(record)
        }
        children += document.children.map { $0 + nodeShift }
        arena += document.arena
        let duplicates = Set(document.duplicateKeyFindings)
        let incompatible = Set(document.incompatibleValueFindings)
        findings += document.findings.map { finding in
            let kind: ReaderFinding.Kind =
                duplicates.contains(finding)
                ? .duplicateKey : incompatible.contains(finding) ? .incompatibleValue : .other
            return ReaderFinding(kind: kind, finding: finding, node: -1)
        }
    }
}
