import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "The completion script of a shell on stdout.",
        discussion: "Example: gatehouse completion bash > /etc/bash_completion.d/gatehouse"
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func run() throws {
        guard let known = CompletionShell(rawValue: shell) else {
            throw Stop(.usage, "no completion for `\(shell)`; there is one for bash, zsh and fish")
        }
        Console.write(Gatehouse.completionScript(for: known) + "\n")
    }
}
