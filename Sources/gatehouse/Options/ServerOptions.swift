import ArgumentParser
import Foundation

/// What every command that speaks to a control plane takes.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Control plane, such as http://127.0.0.1:8080.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Token; better in GATEHOUSE_TOKEN, where no process list shows it.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("Data directory whose admin.token is used by default.", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Seconds to wait for an answer.", valueName: "seconds"))
    var timeout: Int = 60

    /// The client for these options: option, then environment, then default.
    func client() throws -> ControlClient {
        let environment = ProcessInfo.processInfo.environment
        let address = server ?? environment["GATEHOUSE_URL"] ?? "http://127.0.0.1:8080"
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host() != nil
        else {
            throw Stop(.usage, "`\(address)` is no URL of a control plane; one looks like http://127.0.0.1:8080")
        }
        var text = token ?? environment["GATEHOUSE_TOKEN"]
        if text == nil, let file = environment["GATEHOUSE_TOKEN_FILE"] {
            text = try DataDirectory(option: dataDir).readSecret(URL(filePath: file))
        }
        if text == nil {
            let directory = DataDirectory(option: dataDir)
            text = try directory.readSecret(directory.administratorToken)
        }
        return ControlClient(base: address, token: text, timeoutSeconds: timeout)
    }
}
