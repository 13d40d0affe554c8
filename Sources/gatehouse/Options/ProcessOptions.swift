import ArgumentParser
import DocumentTree
import Foundation
import Gateway
import Logging
import Postgres

/// The settings of the commands that serve: flag, then environment, then file, then default.
struct ProcessOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings file (YAML); default gatehouse.yaml where there is one.", valueName: "file"))
    var config: String?
    @Option(help: ArgumentHelp("Where the process keeps what must survive it.", valueName: "dir"))
    var dataDir: String?
    @Option(help: ArgumentHelp("Gateway's ADDRESS:PORT; port 0 picks any.", valueName: "address"))
    var gatewayListen: String?
    @Option(help: ArgumentHelp("Control plane's ADDRESS:PORT.", valueName: "address"))
    var controlListen: String?
    @Option(help: ArgumentHelp("ADDRESS:PORT of health and metrics; 9090, `control` alone 9091.", valueName: "address"))
    var metricsListen: String?
    @Option(help: ArgumentHelp("Event loops of the data plane; default one a core.", valueName: "count"))
    var loops: Int?
    @Option(help: "Environment that the gateway serves.")
    var environment: String?
    @Option(
        help: ArgumentHelp("Folder of the certificates, keys and target lists that upstreams name.", valueName: "dir")
    )
    var upstreamFiles: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?
    @OptionGroup var tls: TLSOptions
    @OptionGroup var observe: ObserveOptions
    @OptionGroup var database: DatabaseOptions

    /// One setting and where its value came from.
    struct Setting {
        let name: String
        let value: String
        let origin: String
        var isSecret = false
    }

    /// Every setting in the order it is printed in.
    ///
    /// - Parameter defaults: instead of those of the table, by the setting's name.
    /// - Returns: each with its value and origin.
    /// - Throws: `Stop` where a file cannot be read or names a setting that is none.
    func settings(defaults: [String: String] = [:]) throws -> [Setting] {
        let file = try SettingsFile(path: config)
        let data = DataDirectory(option: dataDir ?? file.values["dataDir"])
        var settings = [
            Setting(
                name: "dataDir",
                value: data.url.path,
                origin: dataDir != nil
                    ? "--data-dir" : file.values["dataDir"] != nil ? file.name : "environment or default"
            )
        ]
        for entry in Self.table {
            settings.append(try resolve(entry, file, standard: defaults[entry.name] ?? entry.standard))
        }
        let url = try database.external().map(\.redacted)
        settings.append(
            Setting(
                name: "databaseUrl",
                value: url ?? "(a private server)",
                origin: url == nil ? "default" : "option or environment"
            )
        )
        try file.refuseUnknown(known: ["dataDir"] + Self.table.map(\.name))
        return settings
    }

    /// The settings as values.
    ///
    /// - Parameter defaults: as for ``settings(defaults:)``.
    /// - Returns: all of them, checked.
    /// - Throws: `Stop` that names the setting that cannot be used and what it should look like.
    func resolved(defaults: [String: String] = [:]) throws -> ProcessSettings {
        let byName = Dictionary(uniqueKeysWithValues: try settings(defaults: defaults).map { ($0.name, $0.value) })
        let loops = Int(byName["loops"] ?? "") ?? 0
        guard (1...256).contains(loops) else {
            throw Stop(.usage, "`\(byName["loops"] ?? "")` event loops: expected a number from 1 to 256")
        }
        guard let level = Log.level(byName["logLevel"] ?? "") else {
            throw Stop(
                .usage,
                "log level `\(byName["logLevel"] ?? "")`: expected trace, debug, info, notice, warning, error or critical"
            )
        }
        let gatewayListen = try ListenAddress(byName["gatewayListen"] ?? "", option: "--gateway-listen")
        return ProcessSettings(
            directory: DataDirectory(option: byName["dataDir"]),
            gatewayListen: gatewayListen,
            controlListen: try ListenAddress(byName["controlListen"] ?? "", option: "--control-listen"),
            metricsListen: try ListenAddress(byName["metricsListen"] ?? "", option: "--metrics-listen"),
            loops: loops,
            environment: byName["environment"] ?? "live",
            observe: try ObserveSettings(byName),
            upstreamFiles: byName["upstreamFiles"].flatMap { $0.isEmpty ? nil : $0 },
            tls: try TLSOptions.settings(byName, gateway: gatewayListen),
            logLevel: level,
            database: try database.external()
        )
    }

    /// A setting's name in the file, its variable, what its flag was given and its default.
    struct Entry {
        let name: String
        let variable: String
        let flag: String
        let given: @Sendable (ProcessOptions) -> String?
        let standard: String
    }

    private static let table: [Entry] = standard + ObserveOptions.entries

    private static let standard: [Entry] = [
        Entry(
            name: "gatewayListen",
            variable: "GATEHOUSE_GATEWAY_LISTEN",
            flag: "--gateway-listen",
            given: \.gatewayListen,
            standard: "127.0.0.1:8000"
        ),
        Entry(
            name: "controlListen",
            variable: "GATEHOUSE_CONTROL_LISTEN",
            flag: "--control-listen",
            given: \.controlListen,
            standard: "127.0.0.1:8080"
        ),
        Entry(
            name: "metricsListen",
            variable: "GATEHOUSE_METRICS_LISTEN",
            flag: "--metrics-listen",
            given: \.metricsListen,
            standard: "127.0.0.1:9090"
        ),
        Entry(
            name: "loops",
            variable: "GATEHOUSE_GATEWAY_LOOPS",
            flag: "--loops",
            given: { $0.loops.map(String.init) },
            standard: String(ProcessInfo.processInfo.activeProcessorCount)
        ),
        Entry(
            name: "environment",
            variable: "GATEHOUSE_GATEWAY_ENVIRONMENT",
            flag: "--environment",
            given: \.environment,
            standard: "live"
        ),
        Entry(
            name: "upstreamFiles",
            variable: "GATEHOUSE_GATEWAY_UPSTREAM_FILES",
            flag: "--upstream-files",
            given: \.upstreamFiles,
            standard: ""
        ),
        Entry(
            name: "tlsListen",
            variable: "GATEHOUSE_TLS_LISTEN",
            flag: "--tls-listen",
            given: \.tls.tlsListen,
            standard: ""
        ),
        Entry(
            name: "tlsCertificate",
            variable: "GATEHOUSE_TLS_CERTIFICATE",
            flag: "--tls-certificate",
            given: \.tls.certificateList,
            standard: ""
        ),
        Entry(
            name: "tlsFolder",
            variable: "GATEHOUSE_TLS_FOLDER",
            flag: "--tls-folder",
            given: \.tls.tlsFolder,
            standard: ""
        ),
        Entry(
            name: "tlsClientCa",
            variable: "GATEHOUSE_TLS_CLIENT_CA",
            flag: "--tls-client-ca",
            given: \.tls.tlsClientCa,
            standard: ""
        ),
        Entry(
            name: "tlsClientCertificates",
            variable: "GATEHOUSE_TLS_CLIENT_CERTIFICATES",
            flag: "--tls-client-certificates",
            given: \.tls.tlsClientCertificates,
            standard: ""
        ),
        Entry(
            name: "tlsMinimumVersion",
            variable: "GATEHOUSE_TLS_MINIMUM_VERSION",
            flag: "--tls-minimum-version",
            given: \.tls.tlsMinimumVersion,
            standard: ""
        ),
        Entry(
            name: "logLevel",
            variable: "GATEHOUSE_LOG_LEVEL",
            flag: "--log-level",
            given: \.logLevel,
            standard: "notice"
        ),
    ]

    private func resolve(_ entry: Entry, _ file: SettingsFile, standard: String) throws -> Setting {
        if let value = entry.given(self) { return Setting(name: entry.name, value: value, origin: entry.flag) }
        if let value = ProcessInfo.processInfo.environment[entry.variable], !value.isEmpty {
            return Setting(name: entry.name, value: value, origin: entry.variable)
        }
        if let value = file.values[entry.name] { return Setting(name: entry.name, value: value, origin: file.name) }
        return Setting(name: entry.name, value: standard, origin: "default")
    }
}

/// The settings of a process that serves.
struct ProcessSettings: Sendable {
    let directory: DataDirectory
    let gatewayListen: ListenAddress
    let controlListen: ListenAddress
    let metricsListen: ListenAddress
    let loops: Int
    let environment: String
    let observe: ObserveSettings
    /// Nil lets no upstream name files.
    let upstreamFiles: String?
    /// Nil speaks none to callers.
    let tls: TLSSettings?
    let logLevel: Logger.Level
    let database: ConnectionString?
}

/// `gatehouse.yaml`: one mapping of setting names to scalars.
private struct SettingsFile {
    private(set) var values: [String: String] = [:]
    private(set) var name = "default"
    private var places: [String: String] = [:]

    init(path: String?) throws {
        let standard = "gatehouse.yaml"
        guard path != nil || FileManager.default.fileExists(atPath: standard) else { return }
        name = path ?? standard
        let bytes = try InputFile.read(name)
        do throws(UnreadableDocument) {
            let document = try Document.read(bytes, name: name)
            for (key, value) in document.root.entries {
                let start = value.range.start
                places[key] = "\(name):\(start.line + 1):\(start.character + 1)"
                values[key] = value.scalarText ?? ""
            }
        } catch {
            throw Stop(.usage, error.findings.map(InputFile.line).joined(separator: "\n"))
        }
    }

    func refuseUnknown(known: [String]) throws {
        for key in values.keys.sorted() where !known.contains(key) {
            throw Stop(
                .usage,
                "\(places[key] ?? name): no setting is called `\(key)`; there are \(known.joined(separator: ", "))"
            )
        }
    }
}
