import CLibPQ
import Glibc

extension Wire {
    /// Connects, host after host.
    ///
    /// libpq goes through a list of hosts by itself as long as each answers or refuses; a host that does neither holds
    /// it up, so after the time limit the rest of the list is tried anew.
    ///
    /// - Throws: `PostgresError` of kind `.connectionFailed` (with the server's SQLSTATE if it sent one), `.cancelled` or
    ///   `.clientLibraryMissing`.
    func connect(cancellation: CancellationFlag) throws(PostgresError) {
        try ClientLibrary.load()
        var values = configuration.libpqValues
        while true {
            switch try attempt(values, cancellation) {
            case .connected(let handle):
                adopt(handle)
                try applySettings(cancellation: cancellation)
                return
            case .timedOut(let host):
                guard let rest = Self.hosts(after: host, in: values) else {
                    throw PostgresError(
                        .connectionFailed,
                        "no answer from \(host.isEmpty ? "the database" : "`\(host)`") within \(configuration.connectTimeout)"
                    )
                }
                values = rest
            }
        }
    }

    private enum Attempt {
        case connected(OpaquePointer)
        case timedOut(host: String)
    }

    private func attempt(
        _ values: [String: String],
        _ cancellation: CancellationFlag
    ) throws(PostgresError) -> Attempt {
        guard let handle = Self.start(values) else {
            throw PostgresError(.connectionFailed, "no memory for a connection")
        }
        // Verbose errors carry the SQLSTATE, which a failed connection tells in no other way.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        // Without a receiver of our own libpq writes notices to standard error. The farewell of a server that ends an
        // idle session comes as a notice too. The pointer is good: the wire closes the handle before it goes.
        PQsetNoticeReceiver(
            handle,
            { wire, notice in
                guard let wire, let text = PQresultErrorField(notice, Int32(UInt8(ascii: "V"))) else { return }
                let severity = String(cString: text)
                guard severity == "FATAL" || severity == "PANIC" else { return }
                Unmanaged<Wire>.fromOpaque(wire).takeUnretainedValue().isDismissed = true
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        var isKept = false
        defer { if !isKept { PQfinish(handle) } }
        let deadline = ContinuousClock.now + configuration.connectTimeout
        var events = POLLOUT
        while PQstatus(handle) != CONNECTION_BAD {
            switch wait(for: events, on: PQsocket(handle), until: deadline) {
            case .timedOut: return .timedOut(host: PQhost(handle).map { String(cString: $0) } ?? "")
            case .interrupted:
                guard cancellation.isSet else { continue }
                throw PostgresError(.cancelled, "cancelled while connecting to the database")
            case .ready: break
            }
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            case PGRES_POLLING_OK:
                guard PQsetnonblocking(handle, 1) == 0 else { throw connectionFailure(handle) }
                isKept = true
                return .connected(handle)
            default: throw connectionFailure(handle)
            }
        }
        throw connectionFailure(handle)
    }

    private func connectionFailure(_ handle: OpaquePointer) -> PostgresError {
        let message = connectionMessage(handle)
        let (state, text) = Self.splitState(message)
        return PostgresError(.connectionFailed, text, sqlState: state)
    }

    /// Takes `57P03: ` out of `connection to server … failed: FATAL:  57P03: the database system is starting up`.
    static func splitState(_ message: String) -> (SQLState?, String) {
        let bytes = Array(message.utf8)
        let isCodeByte = { (byte: UInt8) in (48...57).contains(byte) || (65...90).contains(byte) }
        var index = 0
        while index + 9 <= bytes.count {
            let window = bytes[index..<index + 9]
            if window.starts(with: [58, 32, 32]), bytes[index + 8] == 58,
                bytes[index + 3..<index + 8].allSatisfy(isCodeByte)
            {
                let code = String(decoding: bytes[index + 3..<index + 8], as: UTF8.self)
                let rest = bytes[(index + 9)...].drop { $0 == 32 }
                return (SQLState(rawValue: code), String(decoding: bytes[..<index] + [58, 32] + rest, as: UTF8.self))
            }
            index += 1
        }
        return (nil, message)
    }

    /// The keywords with the hosts up to and including `host` taken away; nil when none is left.
    static func hosts(after host: String, in values: [String: String]) -> [String: String]? {
        let key = values["hostaddr"] == nil ? "host" : "hostaddr"
        let split = { (text: String) in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let hosts = split(values[key] ?? "")
        guard hosts.count > 1, let index = hosts.firstIndex(of: host), index + 1 < hosts.count else { return nil }
        var rest = values
        for key in ["host", "hostaddr", "port"] {
            guard let list = values[key].map(split), list.count == hosts.count else { continue }
            rest[key] = list[(index + 1)...].joined(separator: ",")
        }
        return rest
    }

    private static func start(_ values: [String: String]) -> OpaquePointer? {
        // libpq copies what it needs before it returns.
        var keywords: [UnsafeMutablePointer<CChar>?] = []
        var texts: [UnsafeMutablePointer<CChar>?] = []
        defer { for pointer in keywords + texts { free(pointer) } }
        for (keyword, value) in values {
            keywords.append(strdup(keyword))
            texts.append(strdup(value))
        }
        let constantKeywords = keywords.map { UnsafePointer($0) } + [nil]
        let constantTexts = texts.map { UnsafePointer($0) } + [nil]
        return PQconnectStartParams(constantKeywords, constantTexts, 0)
    }

    private func applySettings(cancellation: CancellationFlag) throws(PostgresError) {
        let settings = configuration.sessionSettings
        let calls = settings.indices.map { "set_config($\($0 * 2 + 1), $\($0 * 2 + 2), false)" }
        let statement = Statement(unsafeSQL: "SELECT " + calls.joined(separator: ", "), isPrepared: false)
        do {
            _ = try execute(
                statement,
                settings.flatMap { [.text($0.name), .text($0.value)] },
                cancellation: cancellation,
                timeout: configuration.connectTimeout
            )
        } catch {
            close()
            var error = error
            if error.kind == .connectionLost || error.kind == .timedOut { error.kind = .connectionFailed }
            throw error
        }
    }
}
