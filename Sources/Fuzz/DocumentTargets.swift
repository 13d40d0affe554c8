import DocumentTree

/// The readers of documents.
enum DocumentTargets {
    /// Small limits, so that the fuzzer reaches them and no input takes long.
    static let limits: Limits = {
        var limits = Limits()
        limits.nodesMax = 20_000
        limits.aliasNodesMax = 5_000
        limits.depthMax = 64
        return limits
    }()

    static func json(_ bytes: [UInt8]) {
        guard let document = try? Document.read(bytes, name: "fuzz.json", limits: limits) else { return }
        checkPlaces(document)
        checkRewritten(document)
    }

    static func yaml(_ bytes: [UInt8]) {
        guard let documents = try? Document.readStream(bytes, name: "fuzz.yaml", limits: limits) else { return }
        for document in documents {
            checkPlaces(document)
            checkRewritten(document)
        }
    }

    /// Every node stands inside of the text, and its path leads back to it.
    private static func checkPlaces(_ document: Document) {
        let size = document.source.bytes.count
        for id in document.subtree(of: document.rootID) {
            let bytes = document.byteRange(id)
            precondition(bytes.upperBound <= size, "node \(id.rawValue) ends behind the text")
            let range = document.range(id)
            precondition(range.start <= range.end, "node \(id.rawValue) ends before it starts")
            precondition(document.resolve(document.path(id))?.id == id, "the path of \(id.rawValue) leads elsewhere")
            if let parent = document.parent(id) {
                precondition(
                    document.child(parent, at: document.indexInParent(id)) == id,
                    "\(id.rawValue) is not where it says"
                )
            }
        }
    }

    /// What was read, written as JSON and read again, is the same value.
    private static func checkRewritten(_ document: Document) {
        let written = document.root.json()
        guard let again = try? Document.read(written, name: "again.json") else {
            preconditionFailure("our own JSON cannot be read")
        }
        precondition(again.root.json() == written, "our own JSON reads as something else")
        precondition(again.findings.isEmpty || !document.findings.isEmpty, "our own JSON has findings")
    }
}
