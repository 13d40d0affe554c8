import ArgumentParser
import Foundation
import Gateway

/// TLS towards callers: the flags, and what they amount to.
struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("ADDRESS:PORT for TLS; default the gateway's address and port 8443.", valueName: "address")
    )
    var tlsListen: String?
    @Option(
        help: ArgumentHelp(
            "Certificate chain with its key, PEM; repeatable, the first one answers unknown names.",
            valueName: "cert[:key]"
        )
    )
    var tlsCertificate: [String] = []
    @Option(
        help: ArgumentHelp("Folder of certificates: NAME.crt with NAME.key, or NAME.pem with both.", valueName: "dir")
    )
    var tlsFolder: String?
    @Option(help: ArgumentHelp("Authorities whose client certificates are believed, PEM.", valueName: "file"))
    var tlsClientCa: String?
    @Option(help: "Client certificates: off, request or require.")
    var tlsClientCertificates: String?
    @Option(help: "The oldest version of TLS that is spoken: 1.2 or 1.3.")
    var tlsMinimumVersion: String?

    /// The certificates as one text, as the environment and the file write them.
    var certificateList: String? { tlsCertificate.isEmpty ? nil : tlsCertificate.joined(separator: ",") }

    /// What the settings amount to.
    ///
    /// - Parameters:
    ///   - values: by name, empty for those that were not given.
    ///   - gateway: lends its address where none was given.
    /// - Returns: nil where no certificate was given.
    /// - Throws: `Stop` that names the setting that cannot be used.
    static func settings(_ values: [String: String], gateway: ListenAddress) throws -> TLSSettings? {
        func value(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
        let version = value("tlsMinimumVersion") ?? "1.2"
        guard let minimum = TLSRules.Version(rawValue: version) else {
            throw Stop(.usage, "--tls-minimum-version `\(version)`: expected 1.2 or 1.3; older ones are not safe")
        }
        let listen = value("tlsListen")
        let certificates = try (value("tlsCertificate") ?? "").split(separator: ",").map(certificate)
        var settings = TLSSettings()
        settings.certificates = certificates
        settings.folder = value("tlsFolder")
        guard !certificates.isEmpty || settings.folder != nil else {
            for name in ["tlsListen", "tlsClientCa"] where value(name) != nil {
                throw Stop(.usage, "TLS needs a certificate: give --tls-certificate or --tls-folder")
            }
            return nil
        }
        let address = try listen.map { try ListenAddress($0, option: "--tls-listen") }
        settings.host = address?.host ?? gateway.host
        settings.port = address?.port ?? 8443
        settings.clientAuthorities = value("tlsClientCa")
        settings.rules.clientCertificates = try clientCertificates(
            value("tlsClientCertificates"),
            hasAuthorities: settings.clientAuthorities != nil
        )
        settings.rules.minimumVersion = minimum
        return settings
    }

    private static func certificate(_ text: Substring) throws -> TLSSettings.Certificate {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let chain = parts.first, !chain.isEmpty, parts.last?.isEmpty == false else {
            throw Stop(.usage, "--tls-certificate `\(text)` is neither CERT nor CERT:KEY")
        }
        return TLSSettings.Certificate(chain: chain, key: parts.count == 2 ? parts[1] : nil)
    }

    /// Naming authorities without saying more means that a certificate is required.
    private static func clientCertificates(
        _ text: String?,
        hasAuthorities: Bool
    ) throws -> TLSRules.ClientCertificates {
        guard let text else { return hasAuthorities ? .require : .off }
        guard let mode = TLSRules.ClientCertificates(rawValue: text) else {
            throw Stop(.usage, "--tls-client-certificates `\(text)`: expected off, request or require")
        }
        guard mode == .off || hasAuthorities else {
            throw Stop(.usage, "--tls-client-certificates \(text) needs --tls-client-ca: whose certificates to believe")
        }
        return mode
    }
}
