import Foundation
import Testing

@testable import Gateway

/// A command-line program, run to its end.
struct Tool {
    let status: Int32
    /// What it printed, on both streams.
    let output: String

    /// Runs a program with `input` on its standard input; ends it after `seconds`.
    static func run(_ arguments: [String], input: String = "", within seconds: Int = 30) async -> Tool {
        await offPool {
            let process = Process()
            let (given, printed) = (Pipe(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["timeout", "\(seconds)"] + arguments
            process.standardInput = given
            process.standardOutput = printed
            process.standardError = printed
            do { try process.run() } catch { return Tool(status: -1, output: "\(error)") }
            given.fileHandleForWriting.write(Data(input.utf8))
            try? given.fileHandleForWriting.close()
            let data = (try? printed.fileHandleForReading.readToEnd()) ?? Data()
            process.waitUntilExit()
            return Tool(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
        }
    }
}

/// Makes authorities and certificates with the openssl command, in a folder that disappears with the test.
struct TLSWorkshop {
    let folder = TemporaryFolder()

    func path(_ name: String) -> String { folder.path + "/" + name }

    /// An authority: `NAME.crt` and `NAME.key`.
    func authority(_ name: String) async throws {
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=\(name)",
            "-keyout",
            path(name + ".key"),
            "-out",
            path(name + ".crt")
        )
    }

    /// A certificate of an authority for `names`: `NAME.crt` and `NAME.key`.
    func certificate(_ name: String, for names: [String], by authority: String, isExpired: Bool = false) async throws {
        try await openssl(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=\(name)",
            "-keyout",
            path(name + ".key"),
            "-out",
            path(name + ".csr")
        )
        let extensions =
            "subjectAltName="
            + names.map { $0.first?.isNumber == true ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
        try extensions.write(toFile: path(name + ".ext"), atomically: true, encoding: .utf8)
        var arguments = [
            "x509", "-req", "-in", path(name + ".csr"), "-CA", path(authority + ".crt"), "-CAkey",
            path(authority + ".key"), "-set_serial", "\(UInt32.random(in: 1...UInt32.max))", "-extfile",
            path(name + ".ext"), "-out", path(name + ".crt"),
        ]
        // `x509 -req` counts from now; a negative number of days ended before.
        arguments += ["-days", isExpired ? "-1" : "30"]
        try await openssl(arguments)
    }

    func openssl(_ arguments: String...) async throws { try await openssl(arguments) }

    private func openssl(_ arguments: [String]) async throws {
        let tool = await Tool.run(["openssl"] + arguments)
        try #require(tool.status == 0, "openssl \(arguments): \(tool.output)")
    }

    func settings(_ names: String..., change: (inout TLSSettings) -> Void = { _ in }) -> TLSSettings {
        var settings = TLSSettings()
        settings.port = 0
        settings.certificates = names.map { .init(chain: path($0 + ".crt"), key: path($0 + ".key")) }
        change(&settings)
        return settings
    }

    /// Replaces a certificate and its key by another's, one file after the other, as a tool of an operator would.
    func replace(_ name: String, with other: String) throws {
        for ending in [".key", ".crt"] {
            let data = try Data(contentsOf: URL(filePath: path(other + ending)))
            try data.write(to: URL(filePath: path(name + ending)), options: .atomic)
        }
    }
}

/// A gateway that speaks TLS in front of an upstream.
struct SecureGateway {
    let gateway: TestGateway
    let port: Int
    let notes = NoteBook()

    init(
        _ settings: TLSSettings,
        upstream: Int,
        configure: (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws {
        let notes = self.notes
        gateway = try await TestGateway(Sample.passthrough(port: upstream)) {
            $0.tls = settings
            $0.onNote = { notes.add($0) }
            configure(&$0)
        }
        port = gateway.securePort
    }

    /// `openssl s_client` with what is typed into it.
    func client(_ arguments: String..., input: String = "", within seconds: Int = 20) async -> Tool {
        await Tool.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(port)"] + arguments,
            input: input,
            within: seconds
        )
    }

    func curl(_ arguments: String..., host: String = "shop.test", path: String = "/") async -> Tool {
        let place = ["--resolve", "\(host):\(port):127.0.0.1", "https://\(host):\(port)\(path)"]
        return await Tool.run(["curl", "-sS", "--max-time", "20"] + arguments + place)
    }

    func metric(_ name: String, _ labels: String = "") -> Double { gateway.metric(name, labels) }

    func stop() async { await gateway.stop() }
}

/// TLS over a blocking socket, for what command-line clients cannot be asked to do.
final class SecureSocket {
    private let socket: RawSocket
    private let tls: TLSStream
    private var buffer: [UInt8] = []
    /// Whether the server said that nothing follows.
    private(set) var isEnded = false

    init?(port: Int, name: String, authorities: String) {
        guard let pem = FileManager.default.contents(atPath: authorities),
            let context = try? TLSClientContext(verifies: true, authorities: Array(pem), identity: nil),
            let tls = TLSStream(context, name: name, ticket: nil, pipe: TLSPipe())
        else { return nil }
        self.tls = tls
        socket = RawSocket(port: port)
        _ = tls.begin()
        flush()
        while !tls.isSecured { guard pump() else { return nil } }
    }

    /// The side that is called.
    init?(accepted socket: RawSocket, _ context: TLSServerContext) {
        guard let tls = TLSStream(context, pipe: TLSPipe()) else { return nil }
        self.tls = tls
        self.socket = socket
        while !tls.isSecured { guard pump() else { return nil } }
    }

    /// Reads until `marker` was received; false at the end.
    func receive(through marker: String) -> Bool {
        let wanted = Array(marker.utf8)
        while true {
            if let end = buffer.firstRange(of: wanted)?.upperBound {
                buffer.removeSubrange(..<end)
                return true
            }
            guard !isEnded, pump() else { return false }
        }
    }

    /// Says that nothing follows.
    func finish() {
        tls.finish()
        flush()
    }

    private func flush() {
        let span = tls.pipe.output.span
        socket.send((0..<span.count).map { span[$0] })
        tls.pipe.clearOutput()
    }

    private func pump() -> Bool {
        guard let bytes = socket.receive() else { return false }
        let step = bytes.withUnsafeBufferPointer { block in
            let (plain, step) = tls.receive(ByteView(start: block.baseAddress, count: block.count))
            let span = plain.span
            for index in 0..<span.count { buffer.append(span[index]) }
            return step
        }
        flush()
        if case .ended = step { isEnded = true }
        if case .more = step { return true }
        return false
    }

    func send(_ text: String) {
        Array(text.utf8).withUnsafeBufferPointer { tls.write(Span(_unsafeElements: $0)) }
        flush()
    }

    /// Everything until the end.
    func receiveAll() -> String {
        while !isEnded, pump() {}
        return String(decoding: buffer, as: UTF8.self)
    }

    /// One answer with a Content-Length.
    func response() -> RawResponse? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                var response = RawResponse(head: String(decoding: buffer[..<end], as: UTF8.self))
                let count = response.field("content-length").flatMap { Int($0) } ?? 0
                if buffer.count >= end + count {
                    response.body = String(decoding: buffer[end..<(end + count)], as: UTF8.self)
                    buffer.removeSubrange(..<(end + count))
                    return response
                }
            }
            guard !isEnded, pump() else { return nil }
        }
    }
}

/// Waits until something holds, on a thread of its own: the tests' own threads may be busy for long.
func settles(within seconds: Double = 30, _ holds: @escaping @Sendable () -> Bool) async -> Bool {
    await offPool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if holds() { return true }
            usleep(20_000)
        }
        return holds()
    }
}
