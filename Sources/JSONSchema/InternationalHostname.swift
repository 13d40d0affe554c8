/// Host names with letters of any script (RFC 5890 to 5893).
///
/// The rules that Swift's Unicode data can decide: which scalars may occur (RFC 5892 §2, by their general category), where
/// hyphens and marks may stand, and the contextual rules of RFC 5892 appendix A. The rules about writing direction are left
/// out.
enum InternationalHostname {
    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        guard !text.isEmpty else { return false }
        // RFC 3490 §3.1: these full stops of other scripts separate labels too.
        let separators: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]
        var length = 0
        for label in text.split(omittingEmptySubsequences: false, whereSeparator: { separators.contains($0) }) {
            let isASCII = label.allSatisfy(\.isASCII)
            let encoded = isASCII ? label.count : 4 + Punycode.encode(Array(label)).count
            length += encoded + 1
            guard (1...63).contains(encoded) else { return false }
            let isValid =
                isASCII
                ? HostFormats.isHostname(label.map { UInt8(truncatingIfNeeded: $0.value) }[...]) : isLabel(Array(label))
            guard isValid else { return false }
        }
        return length <= 254
    }

    /// Whether a label, decoded, may be registered (RFC 5891 §4.2.3).
    static func isLabel(_ label: [Unicode.Scalar]) -> Bool {
        guard let first = label.first, label.last != "-", first != "-" else { return false }
        if label.count >= 4, label[2] == "-", label[3] == "-" { return false }
        guard !isMark(first) else { return false }
        return label.indices.allSatisfy { isAllowed(label[$0]) && fitsContext(label, $0) }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if exceptionsAllowed.contains(scalar.value) { return true }
        if exceptionsForbidden.contains(scalar.value) { return false }
        if scalar == "-" { return true }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: return true
        // Upper case is mapped before look-up, so names as people type them pass.
        case .uppercaseLetter: return true
        default: return false
        }
    }

    /// RFC 5892 §2.6: PVALID and the contextual ones.
    private static let exceptionsAllowed: Set<UInt32> = [
        0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007, 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x200C, 0x200D,
    ]
    /// RFC 5892 §2.6: DISALLOWED.
    private static let exceptionsForbidden: Set<UInt32> = [
        0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B,
    ]

    /// RFC 5892 appendix A.
    private static func fitsContext(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = index > 0 ? label[index - 1] : nil
        let after = index + 1 < label.count ? label[index + 1] : nil
        switch label[index].value {
        case 0xB7: return before == "l" && after == "l"
        case 0x375:
            return after.map { (0x370...0x3FF).contains($0.value) || (0x1F00...0x1FFF).contains($0.value) } ?? false
        case 0x5F3, 0x5F4: return before.map { (0x590...0x5FF).contains($0.value) } ?? false
        case 0x30FB:
            return label.contains {
                (0x3040...0x30FF).contains($0.value) && $0.value != 0x30FB || (0x4E00...0x9FFF).contains($0.value)
                    || (0x3400...0x4DBF).contains($0.value)
            }
        case 0x200C, 0x200D:
            // A virama before it; the rule about joining types needs data that Swift does not have.
            return before?.properties.canonicalCombiningClass == .virama
                || (label[index].value == 0x200C && before.map { (0x600...0x6FF).contains($0.value) } ?? false)
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
        default: return true
        }
    }
}
