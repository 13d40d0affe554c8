import Foundation

/// Reads the Prometheus text format 0.0.4 strictly: what a scraper would refuse or misread is a mistake here.
struct MetricsPage {
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        let name: String
        let type: String
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Mistake(description: "the last line has no end") }
        var help: String?
        var current: String?
        var series: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                help = line.split(separator: " ", maxSplits: 3).dropFirst(2).first.map(String.init)
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, ["counter", "gauge", "histogram"].contains(words[3]) else {
                    throw Mistake(description: "no type: \(line)")
                }
                let name = String(words[2])
                guard help == name, families[name] == nil else { throw Mistake(description: "out of order: \(line)") }
                families[name] = Family(name: name, type: String(words[3]))
                current = name
            } else {
                let sample = try Self.sample(line)
                guard let name = current, let type = families[name]?.type, Self.belongs(sample.name, to: name, type)
                else {
                    throw Mistake(description: "no family for: \(line)")
                }
                let labels = sample.labels.sorted { $0.key < $1.key }
                guard series.insert("\(sample.name) \(labels)").inserted else {
                    throw Mistake(description: "twice: \(line)")
                }
                families[name]?.samples.append(sample)
            }
        }
        for family in families.values { try Self.check(family) }
    }

    private static func belongs(_ sample: String, to name: String, _ type: String) -> Bool {
        type == "histogram" ? ["_bucket", "_sum", "_count"].contains { sample == name + $0 } : sample == name
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let pattern = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/
        guard let match = line.wholeMatch(of: pattern), let value = Double(match.3) else {
            throw Mistake(description: "no sample: \(line)")
        }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/) else {
                throw Mistake(description: "no labels: \(line)")
            }
            guard labels.updateValue(String(label.2), forKey: String(label.1)) == nil else {
                throw Mistake(description: "a label twice: \(line)")
            }
            rest = rest[label.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private static func check(_ family: Family) throws {
        if family.type == "counter" {
            guard family.name.hasSuffix("_total") else {
                throw Mistake(description: "\(family.name) is no name of a counter")
            }
            guard family.samples.allSatisfy({ $0.value >= 0 }) else {
                throw Mistake(description: "\(family.name) below 0")
            }
        }
        guard family.type == "histogram" else { return }
        var groups: [[String: String]: [Sample]] = [:]
        for sample in family.samples { groups[sample.labels.filter { $0.key != "le" }, default: []].append(sample) }
        for samples in groups.values {
            let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
            let borders = buckets.map {
                $0.labels["le"] == "+Inf" ? Double.infinity : Double($0.labels["le"] ?? "") ?? .nan
            }
            let counts = buckets.map(\.value)
            let total = samples.filter { $0.name.hasSuffix("_count") }.map(\.value)
            guard zip(borders, borders.dropFirst()).allSatisfy({ $0 < $1 }), borders.last == .infinity,
                zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }), total == [counts.last ?? -1],
                samples.filter({ $0.name.hasSuffix("_sum") }).count == 1
            else { throw Mistake(description: "\(family.name) is no histogram") }
        }
    }
}
