@testable import RoutingTable

/// The reader of routing snapshots: any bytes are answered, and what was accepted can be written, read again and looked up.
///
/// The first byte of an input says what follows: an artifact as it is, or (odd) a body of a format, which gets a header that is
/// right, so that the reader of bodies is reached.
enum SnapshotCheck {
    static func fault(in input: [UInt8]) -> String? {
        guard let mode = input.first else { return nil }
        var bytes = Array(input.dropFirst())
        if mode & 1 == 1 {
            let format = mode & 2 == 0 ? 1 : 2
            guard let whole = artifact(.routing, format: format, body: bytes) else { return "a body cannot be wrapped" }
            bytes = whole
        }
        let snapshot: RoutingSnapshot
        let content: RoutingContent
        do throws(SnapshotRejected) {
            snapshot = try RoutingSnapshot.decode(bytes, trust: .unsignedAllowed)
            content = try RoutingSnapshot.decodeContent(bytes, trust: .unsignedAllowed).content
        } catch {
            return error.description.isEmpty ? "a snapshot was refused without a word" : nil
        }
        do {
            let written = try RoutingSnapshot.encode(content, generation: 7, signer: nil)
            let again = try RoutingSnapshot.decodeContent(written, trust: .unsignedAllowed).content
            guard again == content.canonical() else { return "content changes when it is written and read" }
            guard try RoutingSnapshot.encode(again, generation: 7, signer: nil) == written else {
                return "the same content gives two bodies"
            }
        } catch {
            return "accepted content cannot be written: \(error)"
        }
        return lookupFault(snapshot, content)
    }

    static func artifact(
        _ kind: Artifact.Kind,
        format: Int = 1,
        previous: UInt64 = 0,
        body: [UInt8]
    ) -> [UInt8]? {
        try? Artifact.encode(
            kind,
            environment: "live",
            number: previous + 1,
            previous: previous,
            format: format,
            body: body,
            signer: nil
        )
    }

    /// Every row leads somewhere, and every operation of a published version is found at its own template.
    private static func lookupFault(_ snapshot: RoutingSnapshot, _ content: RoutingContent) -> String? {
        for api in snapshot.apis {
            let path = snapshot.bytes(api.basePath)
            let host = content.apis.first { $0.name == snapshot.string(api.name) }?.hosts.first ?? ""
            let name = Array((host.hasPrefix("*.") ? "x" + host.dropFirst() : host).lowercased().utf8)
            guard snapshot.findAPI(host: name.span, path: path.span) != nil else {
                return "nothing lives at `\(host)\(snapshot.string(api.basePath))`"
            }
            for place in api.keyPlaces.positions { _ = snapshot.string(snapshot.keyPlaces[place].name) }
            for slice in Array(api.deniedPrefixes.positions) + Array(api.removeHeaders.positions) {
                _ = snapshot.string(snapshot.slices[slice])
            }
        }
        for row in snapshot.operations.indices {
            let operation = snapshot.operations[row]
            _ = snapshot.source(of: OperationIndex(rawValue: UInt32(row)))
            guard let template = try? RouteTemplate(snapshot.string(operation.pathTemplate)) else {
                return "a template of the table is none"
            }
            var path: [UInt8] = []
            for segment in template.segments {
                path.append(0x2F)
                // `x` for every parameter.
                path += segment.literals.joined(separator: [0x78])
            }
            let method = snapshot.bytes(operation.method)
            var captures = PathCaptures()
            let found = snapshot.findOperation(
                version: operation.version,
                method: method.span,
                path: path.span,
                from: 0,
                captures: &captures
            )
            guard case .found = found else {
                return "`\(snapshot.string(operation.pathTemplate))` is not found at its own template"
            }
        }
        return nil
    }
}
