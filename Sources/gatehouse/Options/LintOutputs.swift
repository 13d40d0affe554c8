import ArgumentParser
import DocumentTree
import PolicyEngine

extension LintFormat {
    /// Spectral's names for formats that are called otherwise here.
    private static let spectralNames: [String: LintFormat] = ["github-actions": .github, "code-climate": .gitlab]

    /// A format by the name that `--format` takes.
    static func named(_ name: String) throws -> LintFormat {
        if let format = LintFormat(rawValue: name) ?? spectralNames[name] { return format }
        throw ValidationError("no format `\(name)`; use one of \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
}

/// `-o FILE`, and `-o.json FILE` (`--output.json FILE`) where several formats are written at once, as Spectral has it.
struct LintOutputs: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "Write the report to a file; -o.json FILE (--output.json) says for which of several formats.",
        completion: .file()
    )
    var output: String?

    @Option(
        name: [.customLong("output.stylish"), .customLong("o.stylish", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var stylish: String?
    @Option(
        name: [.customLong("output.text"), .customLong("o.text", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var text: String?
    @Option(
        name: [.customLong("output.json"), .customLong("o.json", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var json: String?
    @Option(
        name: [.customLong("output.sarif"), .customLong("o.sarif", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var sarif: String?
    @Option(
        name: [.customLong("output.junit"), .customLong("o.junit", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var junit: String?
    @Option(
        name: [
            .customLong("output.github"), .customLong("o.github", withSingleDash: true),
            .customLong("output.github-actions"), .customLong("o.github-actions", withSingleDash: true),
        ],
        help: .hidden,
        completion: .file()
    )
    var github: String?
    @Option(
        name: [
            .customLong("output.gitlab"), .customLong("o.gitlab", withSingleDash: true),
            .customLong("output.code-climate"), .customLong("o.code-climate", withSingleDash: true),
        ],
        help: .hidden,
        completion: .file()
    )
    var gitlab: String?
    @Option(
        name: [.customLong("output.markdown"), .customLong("o.markdown", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var markdown: String?
    @Option(
        name: [.customLong("output.html"), .customLong("o.html", withSingleDash: true)],
        help: .hidden,
        completion: .file()
    )
    var html: String?

    /// The files named for a format of their own.
    private var named: [(format: LintFormat, file: String)] {
        let all: [(LintFormat, String?)] = [
            (.stylish, stylish),
            (.text, text),
            (.json, json),
            (.sarif, sarif),
            (.junit, junit),
            (.github, github),
            (.gitlab, gitlab),
            (.markdown, markdown),
            (.html, html),
        ]
        return all.compactMap { format, file in file.map { (format, $0) } }
    }

    /// Where each report goes: a file, or stdout where none is named.
    ///
    /// - Throws: where a file is named for a format that is not written, or one for several formats.
    func destinations(for formats: [LintFormat]) throws(Stop) -> [(format: LintFormat, file: String?)] {
        for (format, file) in named where !formats.contains(format) {
            throw Stop(
                .usage,
                "`\(file)` is named for the format \(format.rawValue), which is not written; add `--format \(format.rawValue)`"
            )
        }
        guard Set(formats).count == formats.count else { throw Stop(.usage, "a format is named twice in `--format`") }
        if output != nil, formats.count > 1 || !named.isEmpty {
            throw Stop(
                .usage,
                "one file cannot hold several reports; name each with its format, as in `-o.json out.json`"
            )
        }
        return formats.map { format in (format, named.first { $0.format == format }?.file ?? output) }
    }
}
