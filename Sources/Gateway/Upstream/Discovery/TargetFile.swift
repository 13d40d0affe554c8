/// A file of targets: one a line, `http://host:port/path weight=5 priority=1`, blank lines and lines that begin with `#`
/// aside. Taken as a whole or not at all.
enum TargetFile {
    /// What is wrong, for people.
    struct Fault: Error, Equatable, CustomStringConvertible {
        /// From 1; 0 for the file as a whole.
        let line: Int
        let reason: String

        var description: String { line == 0 ? reason : "line \(line): \(reason)" }
    }

    /// Bytes of a file; longer ones are not read.
    static let bytesMax = 256 * 1024

    /// Reads the lines. `serverName`: expected in certificates; empty: each target's host.
    ///
    /// - Throws: `Fault`; also for a file without any target, which is more likely half written than meant.
    static func read(_ bytes: [UInt8], serverName: String) throws(Fault) -> [TargetSetting] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(line: 0, reason: "it is not UTF-8")
        }
        var targets: [TargetSetting] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            do throws(Reason) {
                targets.append(try target(first, words.dropFirst(), serverName))
            } catch {
                throw Fault(line: index + 1, reason: error.text)
            }
            guard targets.count <= TargetList.targetsMax else {
                throw Fault(line: index + 1, reason: "there are more than \(TargetList.targetsMax) targets")
            }
        }
        guard targets.contains(where: { $0.weight > 0 }) else {
            throw Fault(line: 0, reason: "it names no target with a weight above 0")
        }
        return targets
    }

    private struct Reason: Error {
        let text: String
    }

    private static func target(
        _ url: Substring,
        _ options: ArraySlice<Substring>,
        _ serverName: String
    ) throws(Reason) -> TargetSetting {
        var (weight, priority) = (100, 0)
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int(parts[1])
            else { throw Reason(text: "`\(option)` is neither `weight=NUMBER` nor `priority=NUMBER`") }
            switch (parts[0], value) {
            case ("weight", 0...1_000_000): weight = value
            case ("priority", 0...15): priority = value
            default: throw Reason(text: "`\(option)` is out of range or unknown")
            }
        }
        let isTLS = url.hasPrefix("https://")
        guard isTLS || url.hasPrefix("http://") else {
            throw Reason(text: "`\(url)` begins neither with `http://` nor with `https://`")
        }
        let rest = url.dropFirst(isTLS ? 8 : 7)
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { throw Reason(text: "`\(url)` has a path with a character that it cannot have") }
        guard let (host, port) = split(authority, isTLS ? 443 : 80) else {
            throw Reason(text: "`\(url)` has no host and port to connect to")
        }
        let shown = host.contains(":") ? "[\(host)]" : host
        return TargetSetting(
            isTLS: isTLS,
            host: host,
            port: port,
            path: String(path),
            authority: port == (isTLS ? 443 : 80) ? shown : "\(shown):\(port)",
            serverName: serverName.isEmpty ? host : serverName,
            weight: weight,
            priority: priority
        )
    }

    private static func split(_ authority: Substring, _ standard: Int) -> (host: String, port: Int)? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority.dropFirst(host.count)
            let isName = host.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isName else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        if rest.isEmpty { return (host.lowercased(), standard) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), (1...5).contains(digits.count), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }
}
