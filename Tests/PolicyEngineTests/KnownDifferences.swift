import Foundation
import Testing

/// Cases of upstream's suites that we answer differently, with the reason: `KnownDifferences.md`.
enum KnownDifferences {
    static let rules = section("spectral-oas")
    static let functions = section("spectral-functions")
    static let owasp = section("spectral-owasp")
    /// Of the published OWASP ruleset, words included; besides those of ``owasp``.
    static let published = section("spectral-owasp, the published ruleset")

    /// The entries below a heading: ``- `case`: reason``.
    private static func section(_ heading: String) -> [String: String] {
        let file = URL(fileURLWithPath: #filePath).deletingPathExtension().appendingPathExtension("md")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("\(file.lastPathComponent) cannot be read")
            return [:]
        }
        var entries: [String: String] = [:]
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { isInside = line.dropFirst(3) == heading }
            guard isInside, line.hasPrefix("- `"), let end = line.dropFirst(3).range(of: "`: ") else { continue }
            entries[String(line.dropFirst(3)[..<end.lowerBound])] = String(line[end.upperBound...])
        }
        return entries
    }
}

/// What a suite's cases gave: how many agree, and how many ranges.
struct SuiteTally {
    /// How the difference of a case begins that agrees in everything but words.
    static let otherWords = "other words: "

    let name: String
    private var total = 0
    private var differing: [String: String] = [:]
    private var ranges = 0
    private var rangesAlike = 0

    init(_ name: String) { self.name = name }

    /// Notes a case; `difference` is nil where it agrees.
    mutating func note(_ id: String, difference: String?) {
        total += 1
        if let difference { differing[id] = difference }
    }

    /// Notes ranges that could be compared.
    mutating func note(ranges alike: Int, of all: Int) {
        rangesAlike += alike
        ranges += all
    }

    /// Holds the suite against what is known of it, and against its shares: 98 % of the cases, 95 % of the ranges.
    func conclude(cases: Int, known: [String: String], comparesRanges: Bool = true) {
        // The share is about codes, places and severities; a case that differs in words alone is still listed.
        let agreeing = total - differing.values.count { !$0.hasPrefix(Self.otherWords) }
        print(
            "\(name): \(agreeing) of \(total) cases agree (\(total - differing.count) with their words), "
                + "\(rangesAlike) of \(ranges) ranges"
        )
        #expect(total == cases)
        #expect(Double(agreeing) >= 0.98 * Double(total), "\(name): less than 98 % of the cases agree")
        if comparesRanges {
            #expect(ranges > 0)
            #expect(Double(rangesAlike) >= 0.95 * Double(ranges), "\(name): less than 95 % of the ranges agree")
        }
        for (id, reason) in differing.sorted(by: { $0.key < $1.key }) where known[id] == nil {
            Issue.record("\(id): \(reason)")
        }
        for id in known.keys.sorted() where differing[id] == nil {
            Issue.record("\(id) agrees and is still listed as different")
        }
    }
}
