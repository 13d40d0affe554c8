import DocumentTree
import Lifecycle
import RoutingTable

/// Every served version and every pass-through API leads to an upstream that exists and has targets.
struct BindUpstreams {
    let input: CompilationInput

    func run() -> [Finding] {
        var findings: [Finding] = []
        var names: Set<String> = []
        for upstream in input.upstreams {
            if !names.insert(upstream.name).inserted {
                findings.append(
                    fault(upstream.name, "upstream `\(upstream.name)` is there twice", help: "rename one of the two")
                )
            }
            if !upstream.targets.contains(where: { $0.weight > 0 }) {
                findings.append(
                    fault(
                        upstream.name,
                        "upstream `\(upstream.name)` has no target with a weight above 0",
                        help: "give it at least one target"
                    )
                )
            }
        }
        for api in input.apis {
            if let passthrough = api.settings.passthrough, !names.contains(passthrough.upstream) {
                findings.append(unknown(passthrough.upstream, "api `\(api.name)`", names))
            }
            for version in api.versions where version.label.state == .published && !names.contains(version.upstream) {
                findings.append(
                    unknown(version.upstream, "version `\(version.label.name)` of api `\(api.name)`", names)
                )
            }
        }
        return findings
    }

    private func fault(_ upstream: String, _ message: String, help: String) -> Finding {
        .about("upstream `\(upstream)`", code: CompilationCode.unknownUpstream, message: message, help: help)
    }

    private func unknown(_ name: String, _ owner: String, _ names: Set<String>) -> Finding {
        let message =
            name.isEmpty
            ? "\(owner) has no upstream" : "\(owner) goes to upstream `\(name)`, which does not exist"
        let known = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
        return .about(
            owner,
            code: CompilationCode.unknownUpstream,
            message: message,
            help: names.isEmpty ? "describe an upstream" : "name one of \(known)"
        )
    }
}
