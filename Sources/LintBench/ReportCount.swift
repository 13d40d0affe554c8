import Foundation

/// How many findings a JSON report has, read in pieces: a child's peak memory is at least this program's, from whose image it
/// starts, so this program stays small.
enum ReportCount {
    private static let pieceBytes = 1 << 16

    /// - Returns: the objects in the array with which the report starts, after what a program says before it; nil where there is
    ///   no array or it does not end.
    static func findings(in path: String) throws -> Int? {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        // Nothing was written, so nothing is lost where closing fails.
        defer { try? file.close() }
        var scanner = Scanner()
        while let piece = try file.read(upToCount: pieceBytes), !piece.isEmpty {
            for byte in piece { scanner.take(byte) }
        }
        return scanner.isComplete ? scanner.objects : nil
    }

    /// Follows brackets and strings, no more: the reports of both programs are known to be JSON. What is none (`[warn] …`) shows by
    /// the first byte in the brackets, or by what follows them.
    private struct Scanner {
        private(set) var objects = 0
        var isComplete: Bool { hasEnded && !isOther }
        private var hasEnded = false
        private var isOther = false
        private var isFirst = true
        private var depth = 0
        private var isInString = false
        private var isEscaped = false

        mutating func take(_ byte: UInt8) {
            if hasEnded {
                isOther = isOther || !Self.isBlank(byte)
                return
            }
            if depth == 1, isFirst, !Self.isBlank(byte) {
                isFirst = false
                isOther = byte != UInt8(ascii: "{") && byte != UInt8(ascii: "]")
            }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                return
            }
            switch byte {
            case UInt8(ascii: "\"") where depth > 0: isInString = true
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "{") where depth > 0:
                if depth == 1 { objects += 1 }
                depth += 1
            case UInt8(ascii: "]") where depth > 0, UInt8(ascii: "}") where depth > 0:
                depth -= 1
                hasEnded = depth == 0
            default: break
            }
        }

        private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x0A, 0x0D, 0x09].contains(byte) }
    }
}
