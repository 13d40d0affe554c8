import Foundation

/// One request on a connection of its own, so that starting a client program is not measured.
enum RawHTTP {
    static func send(
        _ method: String,
        _ path: String,
        port: Int,
        token: String,
        body: [UInt8]
    ) throws -> (status: Int, text: String, seconds: Double) {
        let begin = Date.now
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(token)\r
            Content-Type: \(path.hasSuffix("/releases") ? "application/json" : "application/octet-stream")\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        let answer = try FreePort.exchange(port: port, Array(head.utf8) + body)
        let text = String(decoding: answer, as: UTF8.self)
        let words = text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        return (status, text, Date.now.timeIntervalSince(begin))
    }
}
