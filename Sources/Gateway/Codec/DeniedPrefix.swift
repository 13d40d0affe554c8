/// A path prefix that an API refuses, compared as the most lenient backend could read it: letter case, empty segments,
/// parameters after `;`, and dots and blanks at the end of a segment make no difference.
struct DeniedPrefix: Sendable {
    private let segments: [[UInt8]]

    /// - Parameter prefix: for instance `/admin`; segment-wise, so `/administrator` is another path.
    init(_ prefix: String) {
        var segments: [[UInt8]] = []
        let bytes = Array(prefix.utf8)
        var index = 0
        while let segment = Self.nextSegment(bytes.span, &index) { segments.append(segment) }
        self.segments = segments
    }

    /// Whether the canonical `path` (below the API's base path) lies at or under the prefix.
    func covers(_ path: Span<UInt8>) -> Bool {
        var index = 0
        for segment in segments {
            guard let next = Self.nextSegment(path, &index), next == segment else { return false }
        }
        return true
    }

    /// The next segment that is not empty, folded; nil at the end.
    private static func nextSegment(_ path: Span<UInt8>, _ index: inout Int) -> [UInt8]? {
        while index < path.count {
            var segment: [UInt8] = []
            var isParameter = false
            while index < path.count, path[index] != ASCII.slash {
                var byte = path[index]
                if byte == ASCII.percent, index + 2 < path.count, let high = ByteClass.hexValue(path[index + 1]),
                    let low = ByteClass.hexValue(path[index + 2])
                {
                    byte = high << 4 | low
                    index += 2
                }
                if byte == ASCII.semicolon { isParameter = true }
                if !isParameter { segment.append(ByteClass.lowercased(byte)) }
                index += 1
            }
            index += 1
            while let last = segment.last, last == ASCII.dot || last == ASCII.space { segment.removeLast() }
            while let first = segment.first, first == ASCII.space { segment.removeFirst() }
            if !segment.isEmpty { return segment }
        }
        return nil
    }
}
