import DocumentTree
import Lifecycle
import RoutingTable

/// Which versions an API serves by name, and that what names them names something.
struct SelectVersions {
    let input: CompilationInput

    func run() -> [Finding] {
        input.apis.flatMap { api in repeated(api) + passthrough(api) + unknown(api) }
    }

    private func repeated(_ api: CompilationInput.API) -> [Finding] {
        var names: Set<String> = []
        return api.versions.compactMap { version in
            guard !names.insert(version.label.name).inserted else { return nil }
            return .about(
                "api `\(api.name)`",
                code: CompilationCode.repeatedVersion,
                message: "version `\(version.label.name)` of api `\(api.name)` is there twice"
            )
        }
    }

    private func passthrough(_ api: CompilationInput.API) -> [Finding] {
        guard api.settings.passthrough != nil, !api.versions.isEmpty else { return [] }
        return [
            .about(
                "api `\(api.name)`",
                code: CompilationCode.passthroughWithVersions,
                message: "api `\(api.name)` is passed through and has versions",
                help: "turn `passthrough` off when its specification is published"
            )
        ]
    }

    private func unknown(_ api: CompilationInput.API) -> [Finding] {
        var findings: [Finding] = []
        let names = Set(api.versions.map(\.label.name))
        let standard = api.settings.versioning.standard
        // An API whose first version is still to come routes nothing, so its default may be ahead of it.
        if !names.isEmpty, standard != "latest", standard != "none", !names.contains(standard) {
            findings.append(
                .about(
                    "api `\(api.name)`",
                    code: CompilationCode.unknownVersion,
                    message: "the default version of api `\(api.name)` is `\(standard)`, which is not published",
                    help: "publish it, or set the default to `latest`, `none` or one of \(Self.list(names))"
                )
            )
        }
        for version in api.versions {
            guard let successor = version.label.leaving.successor, !names.contains(successor) else { continue }
            findings.append(
                .about(
                    "api `\(api.name)`",
                    code: CompilationCode.unknownVersion,
                    severity: .warning,
                    message: "the successor of version `\(version.label.name)` of api `\(api.name)` is `\(successor)`, "
                        + "which is not published"
                )
            )
        }
        return findings
    }

    private static func list(_ names: Set<String>) -> String {
        names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }
}
