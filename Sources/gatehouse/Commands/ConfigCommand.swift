import ArgumentParser
import Foundation

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "The configuration as this process would use it.",
        subcommands: [Print.self, Check.self]
    )

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print",
            abstract: "Every setting, its value and where it comes from; secrets are masked.",
            discussion: "Example: gatehouse config print"
        )
        @OptionGroup var process: ProcessOptions

        func run() throws {
            let rows = try process.settings().map {
                [$0.name, $0.isSecret ? Self.masked($0.value) : $0.value, $0.origin]
            }
            Console.write(Table(headings: ["SETTING", "VALUE", "FROM"], rows: rows).text)
        }

        private static func masked(_ value: String) -> String { value.isEmpty ? "" : "********" }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Whether the settings can be used; starts nothing.",
            discussion: "Example: gatehouse config check --config gatehouse.yaml"
        )
        @OptionGroup var process: ProcessOptions

        func run() throws {
            _ = try process.resolved()
            Console.error("the configuration is usable")
        }
    }
}
