import DocumentTree

/// Names a change by what changed and where it stands by name: 64 bits of FNV-1a, in hexadecimal.
enum Fingerprint {
    static func make(
        _ id: String,
        _ arguments: [String],
        _ base: (Document, NodeID)?,
        _ revision: (Document, NodeID)?
    ) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // A byte that UTF-8 never has ends each part.
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        add(id)
        for argument in arguments { add(argument) }
        for place in [base, revision] {
            add("")
            guard let (document, node) = place else { continue }
            for name in names(document, node) { add(name) }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The way to a node; parameters go by name, not by their place in the list.
    private static func names(_ document: Document, _ node: NodeID) -> [String] {
        var names: [String] = []
        var id: NodeID? = node
        while let current = id {
            if let key = document.key(current) {
                names.append(key)
            } else if let name = document.child(current, key: "name").flatMap(document.scalarText) {
                names.append(name)
            } else if let text = document.scalarText(current) {
                names.append(text)
            } else if document.parent(current) != nil {
                names.append(String(document.indexInParent(current)))
            }
            id = document.parent(current)
        }
        return names.reversed()
    }
}
