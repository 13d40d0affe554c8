/// A version as documents declare it in `info.version`, as far as two of them can be compared.
///
/// Three schemes are read: Semantic Versioning 2.0.0 (also with one or two numbers, and with a `v` in front), dates such
/// as `2024-05-01` or `2024-05-01-preview`, and plain integers, which are versions of one number.
public enum DeclaredVersion: Hashable, Sendable {
    /// One to three numbers, and the identifiers of a pre-release.
    case numbers([Int], preRelease: [String])
    /// Year, month, day, and what follows the day.
    case date([Int], suffix: String)

    /// Reads a version; nil where it follows none of the schemes.
    public init?(_ text: String) {
        if let date = Self.date(text) {
            self = date
        } else if let numbers = Self.numbers(text) {
            self = numbers
        } else {
            return nil
        }
    }

    /// What it takes to express a step: with one number only a major one can be, with two numbers no patch.
    var finestStep: VersionBump {
        switch self {
        case .date: .patch
        case .numbers(let numbers, _): numbers.count == 1 ? .major : numbers.count == 2 ? .minor : .patch
        }
    }

    /// The version that is a step further, for advice; nil for dates, which the calendar names.
    func next(_ step: VersionBump) -> String? {
        guard case .numbers(var numbers, _) = self else { return nil }
        let place = step == .major ? 0 : step == .minor ? 1 : 2
        guard step > .none, place < numbers.count, numbers[place] < .max else { return nil }
        numbers[place] += 1
        for later in numbers.indices where later > place { numbers[later] = 0 }
        return numbers.map(String.init).joined(separator: ".")
    }

    // MARK: Reading

    private static func date(_ text: String) -> DeclaredVersion? {
        let parts = text.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return .date([year, month, day], suffix: parts.count > 3 ? String(parts[3]) : "")
    }

    private static func numbers(_ text: String) -> DeclaredVersion? {
        var rest = text[...]
        if rest.first == "v" || rest.first == "V" { rest = rest.dropFirst() }
        // Item 10: build metadata does not count.
        rest = rest.prefix { $0 != "+" }
        let core = rest.prefix { $0 != "-" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map(number)
        guard (1...3).contains(numbers.count), !numbers.contains(nil) else { return nil }
        var identifiers: [String] = []
        if core.endIndex < rest.endIndex {
            let text = rest[rest.index(after: core.endIndex)...]
            identifiers = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let isReadable = identifiers.allSatisfy { identifier in
                !identifier.isEmpty && identifier.utf8.allSatisfy(isIdentifier)
            }
            guard isReadable else { return nil }
        }
        return .numbers(numbers.compactMap { $0 }, preRelease: identifiers)
    }

    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
