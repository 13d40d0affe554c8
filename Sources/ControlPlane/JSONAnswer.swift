import DocumentTree
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers of the control plane: JSON, with the fields that all of them share.
enum Answer {
    /// A JSON body.
    ///
    /// - Parameters:
    ///   - value: the body.
    ///   - status: 200 where nothing else is said.
    ///   - etag: the resource's entity tag, without quotes.
    /// - Returns: the answer.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, etag: String? = nil) -> Response {
        var fields: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if let etag { fields[.eTag] = "\"\(etag)\"" }
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: value.text())))
    }

    /// A page of a listing with the cursor of the next one, also as a `Link` (RFC 8288).
    static func page(_ items: [JSONValue], next: String?, request: Request) -> Response {
        let body = JSONValue.object([("items", .array(items)), ("nextCursor", next.map(JSONValue.string) ?? .null)])
        var response = json(body)
        if let next {
            var parameters = request.uri.queryParameters.map { ($0.key, $0.value) }.filter { $0.0 != "cursor" }
            parameters.append(("cursor", Substring(next)))
            let query = parameters.map { "\(URLText.encode($0.0))=\(URLText.encode($0.1))" }.joined(separator: "&")
            response.headers[.link] = "<\(request.uri.path)?\(query)>; rel=\"next\""
        }
        return response
    }

    /// Bytes as they are.
    static func bytes(_ bytes: [UInt8], type: String = "application/octet-stream", etag: String? = nil) -> Response {
        var fields: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        if let etag { fields[.eTag] = "\"\(etag)\"" }
        return Response(status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// No body.
    static var nothing: Response {
        Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}

/// Percent-encoding of what goes into a URL's query.
enum URLText {
    static func encode(_ text: Substring) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
