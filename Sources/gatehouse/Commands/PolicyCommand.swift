import ArgumentParser
import DocumentTree
import NIOHTTP1

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Policies: which rulesets hold for which APIs, and what follows where they are broken.",
        subcommands: [List.self, Show.self, Set.self, Evaluate.self, Adopt.self, Delete.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Policies.",
            discussion: "Example: gatehouse policy list"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.policy.show(try await server.client().list(Path("policies")), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A policy.",
            discussion: "Example: gatehouse policy show public-apis"
        )
        @Argument(help: "Name of the policy.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.policy.show(try await server.client().get(Path("policies", name)).json(), as: output.format)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a policy or change one; what is not named stays as it is.",
            discussion: """
                Example: gatehouse policy set public-apis --ruleset house --ruleset spectral:oas --label visibility=public \
                --mode observe --publish warn=block
                """
        )
        @Argument(help: "Name of the policy.")
        var name: String
        @OptionGroup var terms: PolicyTermsOptions
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            let policies = try await client.list(Path("policies"))
            let current = policies.first { $0["name"]?.string == name }
            var fields: [(String, String)] = []
            if let etag = current?["etag"]?.string { fields.append(("If-Match", "\"\(etag)\"")) }
            let body = try terms.body(changing: current)
            let answer = try await client.send(.PUT, Path("policies", name), .json(body), fields: fields).json()
            Resources.policy.show(answer, as: output.format)
        }
    }

    struct Adopt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bind the newest revisions of a policy's rulesets; see `policy evaluate` first.",
            discussion: "Example: gatehouse policy adopt public-apis"
        )
        @Argument(help: "Name of the policy.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            let current = try await client.get(Path("policies", name)).json()
            let evaluation = try await client.get(Path("policies", name, "evaluation").query("limit", "1")).json()
            let candidates = (evaluation["candidate"]?.array ?? []).flatMap { ruleset in
                let revision = ruleset["revision"]?.integer.map { "@\($0)" } ?? ""
                return ["--ruleset", Listing.cell(ruleset, "name") + revision]
            }
            let etag = current["etag"]?.string ?? ""
            let body = try PolicyTermsOptions.parse(candidates).body(changing: current)
            let answer = try await client.send(
                .PUT,
                Path("policies", name),
                .json(body),
                fields: [("If-Match", "\"\(etag)\"")]
            ).json()
            Resources.policy.show(answer, as: output.format)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a policy out of use; what it decided stays readable.",
            discussion: "Example: gatehouse policy delete public-apis"
        )
        @Argument(help: "Name of the policy.")
        var name: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            _ = try await server.client().delete(Path("policies", name))
            Console.error("deleted \(name)")
        }
    }

    struct Evaluate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What would newly fail, were the policy enforced with the newest revisions of its rulesets.",
            discussion: """
                Exits with 1 where something would newly fail.
                Example: gatehouse policy evaluate public-apis --wait
                """
        )
        @Argument(help: "Name of the policy.")
        var name: String
        @Flag(help: "Wait until every check is made.")
        var wait = false
        @Option(help: "Seconds to wait at most for all checks.")
        var waitSeconds = 600
        @Flag(help: "List every revision, not only those of which something changes.")
        var all = false
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            let evaluation = try await evaluation(client)
            if output.format == .table {
                show(evaluation)
            } else {
                Listing(name: "policy", []).show(evaluation, as: output.format)
            }
            if let failing = evaluation["counts"]?["newlyFailing"]?.integer, failing > 0 {
                throw ExitCode(Outcome.refused.rawValue)
            }
        }

        /// The evaluation with the items of every page, once nothing waits any longer where that was asked for.
        private func evaluation(_ client: ControlClient) async throws -> JSONValue {
            let path = Path("policies", name, "evaluation").query("limit", "200")
            let end = ContinuousClock.now.advanced(by: .seconds(waitSeconds))
            var first = try await client.get(path).json()
            while wait, (first["counts"]?["waiting"]?.integer ?? 0) > 0 {
                guard ContinuousClock.now < end else {
                    let waiting = Listing.cell(first, "counts.waiting")
                    throw Stop(
                        .timedOut,
                        "\(waiting) revisions still wait for their check after \(waitSeconds) seconds"
                    )
                }
                try await Task.sleep(for: .milliseconds(200))
                first = try await client.get(path).json()
            }
            var items = first["items"]?.array ?? []
            var next = first["nextCursor"]?.string
            while let cursor = next {
                let page = try await client.get(path.query("cursor", cursor)).json()
                items += page["items"]?.array ?? []
                next = page["nextCursor"]?.string
            }
            let members = (first.object ?? []).filter { $0.key != "nextCursor" }
            return .object(members.map { $0.key == "items" ? ("items", .array(items)) : $0 })
        }

        private func show(_ evaluation: JSONValue) {
            let quiet = ["still_passing", "still_failing"]
            let items = (evaluation["items"]?.array ?? []).filter { item in
                all || !quiet.contains(Listing.cell(item, "change"))
            }
            Resources.evaluation.show(items, as: .table)
            let counts = evaluation["counts"] ?? .null
            let parts = [
                ("newlyFailing", "newly failing"), ("fixed", "fixed"), ("stillFailing", "still failing"),
                ("stillPassing", "still passing"), ("waiting", "waiting"), ("errors", "not evaluated"),
                ("notApplicable", "not applicable"),
            ]
            Console.write(parts.map { "\(Listing.cell(counts, $0.0)) \($0.1)" }.joined(separator: ", ") + "\n")
        }
    }
}

/// What a policy says, as options.
struct PolicyTermsOptions: ParsableArguments {
    @Option(help: "What people read.")
    var title: String?
    @Option(help: "off, observe, warn or enforce.")
    var mode: String?
    @Option(
        name: .customLong("ruleset"),
        help: "Ruleset to check with, as NAME or NAME@REVISION; repeat for more. Replaces all."
    )
    var rulesets: [String] = []
    @Option(name: .customLong("label"), help: "Only APIs with this label, as KEY=VALUE; repeat for more. Replaces all.")
    var labels: [String] = []
    @Option(help: "What findings do at submission, as SEVERITY=allow|warn|block; repeat for more.")
    var submit: [String] = []
    @Option(help: "What findings do at publication, as SEVERITY=allow|warn|block; repeat for more.")
    var publish: [String] = []
    @Option(help: "What breaking changes without a major step do: allow, warn, block or approval.")
    var breaking: String?
    @Option(name: .customLong("approver"), help: "Who approves breaking changes; repeat for more.")
    var approvers: [String] = []

    /// The whole policy: what was given over what is there.
    func body(changing current: JSONValue?) throws -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if let title = title.map(JSONValue.string) ?? current?["title"] { members.append(("title", title)) }
        if let text = current?["description"] { members.append(("description", text)) }
        if let mode = mode.map(JSONValue.string) ?? current?["mode"] { members.append(("mode", mode)) }
        members.append(("selector", try selector(changing: current?["selector"])))
        if rulesets.isEmpty {
            if let kept = current?["rulesets"] { members.append(("rulesets", kept)) }
        } else {
            members.append(("rulesets", .array(try rulesets.map(Self.binding))))
        }
        let stages = current?["stages"]
        members.append(
            (
                "stages",
                .object([
                    ("submit", try Self.actions(submit, option: "--submit", changing: stages?["submit"])),
                    ("publish", try Self.actions(publish, option: "--publish", changing: stages?["publish"])),
                ])
            )
        )
        if let breaking {
            let people = JSONValue.array(approvers.map(JSONValue.string))
            members.append(("breakingChanges", .object([("action", .string(breaking)), ("approvers", people)])))
        } else if let kept = current?["breakingChanges"] {
            members.append(("breakingChanges", kept))
        }
        return .object(members)
    }

    private func selector(changing current: JSONValue?) throws -> JSONValue {
        guard !labels.isEmpty else { return current ?? .object([]) }
        var members: [(key: String, value: JSONValue)] = []
        for label in labels {
            let parts = label.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw Stop(.usage, "--label `\(label)` is not KEY=VALUE; write for instance domain=sales")
            }
            members.append((parts[0], .string(parts[1])))
        }
        let expressions = current?["matchExpressions"] ?? .array([])
        return .object([("matchLabels", .object(members)), ("matchExpressions", expressions)])
    }

    private static func binding(_ text: String) throws -> JSONValue {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return .object([("name", .string(text))]) }
        guard let revision = Int64(parts[1]), revision > 0 else {
            throw Stop(.usage, "--ruleset `\(text)`: a revision is a number from 1 up; write for instance house@3")
        }
        return .object([("name", .string(parts[0])), ("revision", .integer(revision))])
    }

    private static func actions(_ given: [String], option: String, changing current: JSONValue?) throws -> JSONValue {
        var members = current?.object ?? []
        for text in given {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, ["error", "warn", "info", "hint"].contains(parts[0]) else {
                throw Stop(.usage, "\(option) `\(text)` is not SEVERITY=ACTION; write for instance error=block")
            }
            members.removeAll { $0.key == parts[0] }
            members.append((parts[0], .string(parts[1])))
        }
        return .object(members)
    }
}
