public import DocumentTree

/// What reading manifests gave.
public struct ManifestReading: Sendable {
    /// The manifests without a fault of their own.
    public var manifests: ManifestSet
    /// Everything that is wrong, in the order of the texts: apart from references, which `ManifestSet.danglingReferences`
    /// checks against what else is known.
    public var findings: [Finding]
}

/// Reads manifests of `interfaces.md` §3: multi-document YAML or JSON. Pure: files are the caller's business.
public enum ManifestReader {
    /// Reads one text.
    ///
    /// - Parameters:
    ///   - bytes: YAML with any number of documents, or one JSON value (a manifest or a list of them).
    ///   - name: how findings call the text.
    /// - Returns: the manifests and everything that is wrong.
    public static func read(_ bytes: [UInt8], name: String) -> ManifestReading {
        do throws(UnreadableDocument) {
            return read(try Document.readStream(bytes, name: name))
        } catch {
            return ManifestReading(manifests: ManifestSet(), findings: error.findings)
        }
    }

    /// Reads several texts as one set: names are unique over all of them.
    public static func read(_ texts: [(bytes: [UInt8], name: String)]) -> ManifestReading {
        var documents: [Document] = []
        var findings: [Finding] = []
        for text in texts {
            do throws(UnreadableDocument) {
                documents += try Document.readStream(text.bytes, name: text.name)
            } catch {
                findings += error.findings
            }
        }
        var reading = read(documents)
        reading.findings = (findings + reading.findings).sorted(by: Finding.precedes)
        return reading
    }

    /// Reads documents that were parsed before. A document may also be a list of manifests.
    public static func read(_ documents: [Document]) -> ManifestReading {
        var manifests = ManifestSet()
        var findings: [Finding] = []
        for document in documents {
            findings += document.findings
            if document.root.isNull { continue }
            let roots = document.root.isSequence ? Array(document.root.elements) : [document.root]
            for root in roots { findings += read(root, into: &manifests) }
        }
        findings += manifests.duplicates()
        return ManifestReading(manifests: manifests, findings: findings.sorted(by: Finding.precedes))
    }

    /// Reads one manifest.
    private static func read(_ root: Node, into manifests: inout ManifestSet) -> [Finding] {
        guard root.isMapping, let kindNode = root["kind"], let kindName = kindNode.string else {
            return [
                Finding(
                    code: ManifestCode.notAManifest,
                    message: "this is no manifest: expected a mapping with `apiVersion`, `kind`, `metadata` and `spec`",
                    at: root
                )
            ]
        }
        guard let kind = ManifestKind(rawValue: kindName) else {
            let names = ManifestKind.allCases.map(\.rawValue)
            return [
                Finding(
                    code: ManifestCode.unknownKind,
                    message:
                        "`kind` is `\(kindName)`, expected one of \(names.map { "`\($0)`" }.joined(separator: ", "))",
                    help: NearestName.suggestion(for: kindName, among: names),
                    at: kindNode
                )
            ]
        }
        guard kind.isSupported else {
            return [
                Finding(
                    code: ManifestCode.unsupportedKind,
                    message: "manifests of kind `\(kindName)` are not supported yet",
                    help: "leave it out of these files",
                    at: kindNode
                )
            ]
        }
        var reader = FieldReader(root, name: kindName)
        _ = reader.text("kind")
        checkSchemaVersion(&reader)
        // What a server says of an object; it is not wanted of it.
        _ = reader.value("status")
        let metadata = readMetadata(&reader)
        SpecReader(kind: kind, metadata: metadata, place: ManifestPlace(root)).read(&reader, into: &manifests)
        return reader.finish()
    }

    private static func checkSchemaVersion(_ reader: inout FieldReader) {
        guard let value = reader.value("apiVersion") else {
            return reader.missing("apiVersion", help: "write `apiVersion: \(ManifestKind.schemaVersion)`")
        }
        guard value.string != ManifestKind.schemaVersion else { return }
        reader.invalid(
            value,
            "`apiVersion` is `\(value.scalarText ?? "not text")`, expected `\(ManifestKind.schemaVersion)`"
        )
    }

    private static func readMetadata(_ reader: inout FieldReader) -> ManifestMetadata? {
        let metadata: ManifestMetadata?? = reader.nested("metadata") { reader in
            let labels = reader.textMap("labels")
            let annotations = reader.textMap("annotations")
            guard let value = reader.value("name") else {
                reader.missing("name")
                return nil
            }
            guard let name = reader.looseText("name") else { return nil }
            guard isName(name) else {
                reader.invalid(
                    value,
                    "`\(reader.name).name` is `\(name)`, expected letters, digits, `-`, `.` and `_`, at most \(nameBytesMax)"
                )
                return nil
            }
            return ManifestMetadata(name: name, labels: labels, annotations: annotations)
        }
        guard let metadata else {
            reader.missing("metadata")
            return nil
        }
        return metadata
    }

    /// Bytes of the longest name.
    static let nameBytesMax = 128

    /// A name that can stand in a path, a file name and a label.
    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...nameBytesMax).contains(bytes.count), let first = bytes.first, isLetterOrDigit(first) else {
            return false
        }
        return bytes.allSatisfy {
            isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
