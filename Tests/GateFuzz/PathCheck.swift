import RoutingTable

@testable import Gateway

/// The canonical spelling of a path: it stays what it is when it is written again, no dot segment or double meaning is left in
/// it, templates are matched in the same spelling, and a slow reader of segments comes to the same.
///
/// An input is a path; bytes that no request line lets into one are left out.
enum PathCheck {
    static func fault(in input: [UInt8]) -> String? {
        let bytes = input.filter { ByteClass.isPath($0) || $0 == 0x25 }
        return faultOfPath(bytes.first == 0x2F ? bytes : [0x2F] + bytes)
    }

    private static func faultOfPath(_ path: [UInt8]) -> String? {
        let mine = canonical(path)
        let theirs = SlowPath.canonical(path)
        guard mine == theirs else { return "`\(text(path))` is `\(text(mine))`, segment by segment `\(text(theirs))`" }
        guard let mine else { return nil }
        guard canonical(mine) == mine else { return "`\(text(mine))` is written anew as `\(text(canonical(mine)))`" }
        guard mine.first == 0x2F else { return "`\(text(mine))` begins with no slash" }
        let segments = mine.split(separator: 0x2F).map(Array.init)
        guard !segments.contains([0x2E]), !segments.contains([0x2E, 0x2E]) else { return "a dot segment is left" }
        guard mine.allSatisfy({ ByteClass.isPath($0) || $0 == 0x25 }) else { return "a byte that no path may hold" }
        do throws(RouteTemplate.Problem) {
            let template = try RouteTemplate.canonical(mine)
            guard template == mine else { return "a template spells `\(text(mine))` as `\(text(template))`" }
        } catch {
            return "a template cannot hold `\(text(mine))`: \(error)"
        }
        return nil
    }

    /// Nil when the path is refused.
    static func canonical(_ path: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = [1, 2, 3]
        do throws(Refusal) {
            try CanonicalPath.write(path.span, 0..<path.count, to: &out)
            return out
        } catch { return nil }
    }

    private static func text(_ path: [UInt8]?) -> String {
        path.map { String(decoding: $0, as: UTF8.self) } ?? "refused"
    }
}

/// RFC 3986 §5.2.4 and §6.2.2 over lists of segments, and our refusals as they are worded.
enum SlowPath {
    /// A byte of a segment as it is to be read: what an escape stands for, or a byte that stands for itself.
    private struct Unit: Equatable {
        let value: UInt8
        let isEscape: Bool

        var spelling: [UInt8] {
            guard isEscape else { return [value] }
            let digits = Array("0123456789ABCDEF".utf8)
            return [0x25, digits[Int(value / 16)], digits[Int(value % 16)]]
        }
    }

    static func canonical(_ path: [UInt8]) -> [UInt8]? {
        var kept: [[Unit]] = []
        let segments = path.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
        for (number, segment) in segments.enumerated() {
            guard let units = units(Array(segment)) else { return nil }
            let isLast = number == segments.count - 1
            let core = units.prefix { $0.value != 0x3B && !($0.value == 0x20 && $0.isEscape) }
            let dots = core.map(\.value)
            guard dots == [0x2E] || dots == [0x2E, 0x2E] else {
                kept.append(units)
                continue
            }
            guard core.count == units.count else { return nil }
            if dots.count == 2 {
                guard !kept.isEmpty else { return nil }
                kept.removeLast()
            }
            if isLast { kept.append([]) }
        }
        guard kept.allSatisfy(isUnicode) else { return nil }
        return kept.flatMap { [0x2F] + $0.flatMap(\.spelling) }
    }

    /// Nil for an escape that is none, or that hides structure.
    private static func units(_ segment: [UInt8]) -> [Unit]? {
        var units: [Unit] = []
        var index = 0
        while index < segment.count {
            guard segment[index] == 0x25 else {
                units.append(Unit(value: segment[index], isEscape: false))
                index += 1
                continue
            }
            guard let value = escaped(segment[index...]) else { return nil }
            if value == 0x2F || value == 0x5C || value < 0x20 || value == 0x7F { return nil }
            let isPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8.contains(value)
            units.append(Unit(value: value, isEscape: !isPlain))
            index += 3
        }
        // A percent sign that begins an escape once it is decoded.
        for place in units.indices where units[place].value == 0x25 && place + 2 < units.count {
            let digits = units[(place + 1)...(place + 2)]
            if digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0.value) }) { return nil }
        }
        return units
    }

    private static func escaped(_ text: ArraySlice<UInt8>) -> UInt8? {
        guard text.count >= 3 else { return nil }
        let digits = text.dropFirst().prefix(2)
        guard digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// Whether no run of escapes is overlong or looks like a slash, a backslash or a dot.
    private static func isUnicode(_ segment: [Unit]) -> Bool {
        for (place, unit) in segment.enumerated() where unit.isEscape && unit.value >= 0x80 {
            let run = segment[place...].prefix { $0.isEscape }.map(\.value)
            let second = run.count > 1 ? run[1] : 0
            switch unit.value {
            case 0xC0, 0xC1, 0xF5...: return false
            case 0xE0: if (0x80...0x9F).contains(second) { return false }
            case 0xF0: if (0x80...0x8F).contains(second) { return false }
            default: break
            }
            let lookAlikes: [[UInt8]] = [
                Array("\u{FF0E}".utf8), Array("\u{FF0F}".utf8), Array("\u{FF3C}".utf8), Array("\u{2044}".utf8),
                Array("\u{2215}".utf8), Array("\u{2216}".utf8),
            ]
            if lookAlikes.contains(where: { run.starts(with: $0) }) { return false }
        }
        return true
    }
}
