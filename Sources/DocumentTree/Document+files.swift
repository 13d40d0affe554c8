/// Which file a node is in, where a document was read with the files it refers to.
extension Document {
    /// The roots of the document's files, its own first.
    public var fileRoots: [NodeID] {
        fileTable.files.isEmpty ? [rootID] : fileTable.files.map(\.root)
    }

    /// The paths of those files relative to the folder of the document, its own first; empty for a document that stands alone.
    public var filePaths: [String] { fileTable.files.map(\.path) }

    /// The root of the file in which a node stands.
    public func fileRoot(_ id: NodeID) -> NodeID { fileTable.file(of: id)?.root ?? rootID }

    /// How findings call the file in which a node stands.
    public func sourceName(_ id: NodeID) -> String { fileTable.file(of: id)?.name ?? source.name }

    /// Where the range of a root begins; nil where it is that of the node.
    func rootStart(_ id: NodeID) -> Int? {
        if let file = fileTable.file(of: id) { return file.syntax == .yaml ? file.textStart : nil }
        return syntax == .yaml && indexInStream == 0 ? source.textStart : nil
    }

    /// The line of ``source`` at which the node's file begins.
    func firstLine(_ id: NodeID) -> Int { fileTable.file(of: id)?.firstLine ?? 0 }

    /// A stretch of ``source`` as a range in the node's file.
    func place(_ id: NodeID, fromByte start: Int, toByte end: Int) -> SourceRange {
        var range = source.range(fromByte: start, toByte: end)
        let firstLine = firstLine(id)
        range.start.line -= firstLine
        range.end.line -= firstLine
        return range
    }
}

/// The files that make up one document.
struct FileTable: Sendable {
    /// One file: all its nodes and bytes stand together in the document's arrays.
    struct File: Sendable {
        /// How findings call it.
        let name: String
        /// Relative to the folder of the document, with `/` between its names and without `.` and `..`.
        let path: String
        let root: NodeID
        /// Offset of its text in the document's source, behind a byte order mark.
        let textStart: Int
        let firstLine: Int
        let syntax: Syntax
    }

    /// What a reference to a file finds.
    enum Answer {
        case file(NodeID)
        /// A file that is not there or cannot be read.
        case unreadable(String)
        /// Something that is not opened, and what to do about it.
        case refused(String, help: String)
    }

    /// In the order in which they were read; empty for a document that stands alone.
    private(set) var files: [File] = []
    private var rootByPath: [String: NodeID] = [:]
    private var failures: [String: FileFailure] = [:]

    init() {}

    init(files: [File], failures: [String: FileFailure]) {
        self.files = files
        self.failures = failures
        for file in files { rootByPath[file.path] = file.root }
    }

    /// The file of a node; nil in a document that stands alone. O(log files).
    func file(of id: NodeID) -> File? {
        guard !files.isEmpty else { return nil }
        var low = 0
        var high = files.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if files[middle].root.rawValue <= id.rawValue { low = middle } else { high = middle }
        }
        return files[low]
    }

    /// The path of the file in which a node stands.
    func path(of id: NodeID) -> String? { file(of: id)?.path }

    /// What a reference without its fragment leads to.
    ///
    /// - Parameters:
    ///   - reference: the reference as written.
    ///   - path: the file it stands in; nil in a document that stands alone.
    /// - Returns: the file's root, or why it is not opened.
    func answer(to reference: String, from path: String?) -> Answer {
        guard let path else {
            return .refused(
                "documents are read alone, nothing is opened for them",
                help: "bundle the specification into one document"
            )
        }
        switch FilePath.resolve(reference, from: path) {
        case .inside(let target):
            if let root = rootByPath[target] { return .file(root) }
            switch failures[target] {
            case .refused(let reason)?: return .refused(reason, help: FilePath.help)
            case .unreadable(let reason)?: return .unreadable(reason)
            case nil: return .unreadable("the file was not read")
            }
        case .outside(let reason): return .refused(reason, help: FilePath.help)
        }
    }
}
